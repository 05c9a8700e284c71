/// An array of bytes in the form of MNIST's files: two zeros, the type (8: unsigned bytes), the number of dimensions, each
/// of them in 32 bits, big-endian, and the elements (LeCun, Cortes, Burges: "The MNIST database").
struct IDXFile: Equatable, Sendable {
  let dimensions: [Int]
  let elements: ArraySlice<UInt8>

  struct Problem: Error, Equatable, CustomStringConvertible {
    let description: String
  }

  /// - Throws: ``Problem`` for everything that is no such file to its last byte.
  init(_ bytes: [UInt8]) throws(Problem) {
    guard bytes.count >= 4, bytes[0] == 0, bytes[1] == 0, bytes[2] == 8, (1...4).contains(bytes[3]) else {
      throw Problem(description: "it is no idx file of unsigned bytes")
    }
    let head = 4 + 4 * Int(bytes[3])
    guard bytes.count >= head else { throw Problem(description: "it ends within its head") }
    dimensions = stride(from: 4, to: head, by: 4).map { i in
      bytes[i..<i + 4].reduce(0) { $0 << 8 | Int($1) }
    }
    // An empty dimension makes the file empty, but a slice along the others has its size all the same.
    var size = 1
    for dimension in dimensions {
      let (product, overflow) = size.multipliedReportingOverflow(by: max(1, dimension))
      guard !overflow else { throw Problem(description: "its dimensions are impossible") }
      size = product
    }
    let count = dimensions.contains(0) ? 0 : size
    guard bytes.count == head + count else {
      throw Problem(description: "it has \(bytes.count - head) elements where its head says \(count)")
    }
    elements = bytes[head...]
  }
}
