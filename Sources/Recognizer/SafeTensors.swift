/// The safetensors container: a JSON header that says where each tensor lies, then the bytes of all of them.
///
/// The format is <https://huggingface.co/docs/safetensors>: eight bytes of header length, little-endian; the header; the
/// data. This reader is strict: what it does not know, it refuses. Tensors must cover the data without gap or overlap, so that a
/// damaged header can never point outside of it.
struct SafeTensors {
  enum ElementType: Int {
    /// Signed bytes, 16-bit and 32-bit integers, little-endian; the value is the size in bytes.
    case int8 = 1
    case int16 = 2
    case int32 = 4
  }

  struct Tensor {
    let name: [UInt8]
    let type: ElementType
    let shape: [Int]
    /// Where its bytes lie in the file.
    let bytes: Range<Int>
  }

  /// A header longer than this is none of ours.
  static let headerLimit = 1 << 16
  static let tensorLimit = 256

  let file: [UInt8]
  private(set) var tensors: [Tensor] = []
  private(set) var metadata: [(key: [UInt8], value: [UInt8])] = []

  init(_ file: [UInt8]) throws(ModelError) {
    self.file = file
    guard file.count >= 8 else { throw SafeTensors.damaged("ends before its header") }
    var length: UInt64 = 0
    for i in (0..<8).reversed() { length = length << 8 | UInt64(file[i]) }
    guard length <= UInt64(SafeTensors.headerLimit) else {
      throw SafeTensors.damaged("is no safetensors file")
    }
    let dataStart = 8 + Int(length)
    guard dataStart <= file.count else { throw SafeTensors.damaged("ends inside its header") }
    var scanner = HeaderScanner(bytes: file, position: 8, end: dataStart)
    try readHeader(&scanner, dataStart: dataStart)
    try checkCoverage(dataStart: dataStart)
  }

  private static func damaged(_ reason: String) -> ModelError {
    ModelError(object: "the file", reason: reason)
  }

  private mutating func readHeader(_ scanner: inout HeaderScanner, dataStart: Int) throws(ModelError) {
    try scanner.expect("{")
    if try scanner.accept("}") { return try scanner.expectEnd() }
    repeat {
      let name = try scanner.string()
      try scanner.expect(":")
      if name.elementsEqual("__metadata__".utf8) {
        guard metadata.isEmpty else { throw SafeTensors.damaged("has its metadata twice") }
        try readMetadata(&scanner)
      } else {
        guard tensors.count < SafeTensors.tensorLimit else {
          throw SafeTensors.damaged("has too many tensors")
        }
        let tensor = try SafeTensors.readTensor(&scanner, name: name, dataStart: dataStart, end: file.count)
        for other in tensors where other.name == name { throw SafeTensors.damaged("has a tensor twice") }
        tensors.append(tensor)
      }
    } while try scanner.accept(",")
    try scanner.expect("}")
    try scanner.expectEnd()
  }

  private mutating func readMetadata(_ scanner: inout HeaderScanner) throws(ModelError) {
    try scanner.expect("{")
    if try scanner.accept("}") { return }
    repeat {
      let key = try scanner.string()
      try scanner.expect(":")
      let value = try scanner.string()
      for other in metadata where other.key == key { throw SafeTensors.damaged("has a metadata key twice") }
      metadata.append((key, value))
    } while try scanner.accept(",")
    try scanner.expect("}")
  }

  private static func readTensor(
    _ scanner: inout HeaderScanner, name: [UInt8], dataStart: Int, end: Int
  ) throws(ModelError) -> Tensor {
    var type: ElementType?
    var shape: [Int]?
    var offsets: [Int]?
    try scanner.expect("{")
    repeat {
      let key = try scanner.string()
      try scanner.expect(":")
      if key.elementsEqual("dtype".utf8), type == nil {
        let value = try scanner.string()
        if value.elementsEqual("I8".utf8) { type = .int8 }
        if value.elementsEqual("I16".utf8) { type = .int16 }
        if value.elementsEqual("I32".utf8) { type = .int32 }
        if type == nil { throw ModelError(object: tensor(name), reason: "has an unknown element type") }
      } else if key.elementsEqual("shape".utf8), shape == nil {
        shape = try scanner.integers(atMost: 8)
      } else if key.elementsEqual("data_offsets".utf8), offsets == nil {
        offsets = try scanner.integers(atMost: 2)
      } else {
        throw ModelError(object: tensor(name), reason: "has an unknown or repeated key")
      }
    } while try scanner.accept(",")
    try scanner.expect("}")
    guard let type, let shape, let offsets, offsets.count == 2 else {
      throw ModelError(object: tensor(name), reason: "lacks its type, shape or offsets")
    }
    // Each factor is below 2^40 and the file below 2^40 bytes; a product that overflows is no tensor of this file.
    var size = type.rawValue
    for side in shape {
      let (product, overflow) = size.multipliedReportingOverflow(by: side)
      guard !overflow else { throw ModelError(object: tensor(name), reason: "has an impossible shape") }
      size = product
    }
    guard offsets[0] <= offsets[1], offsets[1] <= end - dataStart else {
      throw ModelError(object: tensor(name), reason: "lies outside the file")
    }
    guard offsets[1] - offsets[0] == size else {
      throw ModelError(object: tensor(name), reason: "has a size that does not match its shape")
    }
    return Tensor(
      name: name, type: type, shape: shape, bytes: dataStart + offsets[0]..<dataStart + offsets[1])
  }

  /// Every byte of the data belongs to exactly one tensor.
  private func checkCoverage(dataStart: Int) throws(ModelError) {
    var reached = dataStart
    for tensor in tensors.sorted(by: { $0.bytes.lowerBound < $1.bytes.lowerBound })
    where !tensor.bytes.isEmpty {
      guard tensor.bytes.lowerBound == reached else {
        throw ModelError(object: SafeTensors.tensor(tensor.name), reason: "overlaps another, or leaves a gap")
      }
      reached = tensor.bytes.upperBound
    }
    guard reached == file.count else { throw SafeTensors.damaged("has bytes that belong to no tensor") }
  }

  static func tensor(_ name: [UInt8]) -> String { "tensor " + String(decoding: name, as: UTF8.self) }

  /// The text under a metadata key, or nil.
  func text(_ key: String) -> [UInt8]? {
    for entry in metadata where entry.key.elementsEqual(key.utf8) { return entry.value }
    return nil
  }

  /// The whole number under a metadata key.
  func number(_ key: String, in range: ClosedRange<Int>) throws(ModelError) -> Int {
    guard let text = text(key) else { throw ModelError(object: "metadata " + key, reason: "is missing") }
    var value = 0
    guard !text.isEmpty, text.count <= 9 else {
      throw ModelError(object: "metadata " + key, reason: "is no number")
    }
    for digit in text {
      guard digit >= 0x30, digit <= 0x39 else {
        throw ModelError(object: "metadata " + key, reason: "is no number")
      }
      value = value * 10 + Int(digit - 0x30)
    }
    guard range.contains(value) else {
      throw ModelError(object: "metadata " + key, reason: "is out of range")
    }
    return value
  }

  /// The tensor of this name and element type with so many dimensions.
  func tensor(_ name: String, _ type: ElementType, dimensions: Int) throws(ModelError) -> Tensor {
    for tensor in tensors where tensor.name.elementsEqual(name.utf8) {
      guard tensor.type == type else {
        throw ModelError(object: "tensor " + name, reason: "has the wrong element type")
      }
      guard tensor.shape.count == dimensions else {
        throw ModelError(object: "tensor " + name, reason: "has the wrong number of dimensions")
      }
      return tensor
    }
    throw ModelError(object: "tensor " + name, reason: "is missing")
  }

  /// The elements of a tensor, sign-extended.
  func elements(of tensor: Tensor) -> [Int32] {
    let size = tensor.type.rawValue
    var result: [Int32] = []
    result.reserveCapacity(tensor.bytes.count / size)
    for start in stride(from: tensor.bytes.lowerBound, to: tensor.bytes.upperBound, by: size) {
      var value: UInt32 = 0
      for i in (0..<size).reversed() { value = value << 8 | UInt32(file[start + i]) }
      let unused = UInt32(32 - 8 * size)
      result.append(Int32(bitPattern: value << unused) >> Int32(unused))
    }
    return result
  }
}
