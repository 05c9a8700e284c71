import Kernel

/// A column of the data set as it becomes a NumPy array: gathered batch by batch on disk, then written as `.npy`.
final class NumpyColumn {
  /// The array's name in the archive, without `.npy`.
  let name: String
  let kind: NumpyKind
  private let spill: SpillFile
  private var rows = 0
  /// Characters of the longest text.
  private var width = 1

  /// Chunks that are compressed as one: enough that a piece of the stream is worth its end, few enough for any memory.
  private static let pieceBytes = 1 << 16

  init(_ name: String, _ kind: NumpyKind, in directory: String) throws(KernelError) {
    self.name = name
    self.kind = kind
    spill = try SpillFile(in: directory)
  }

  /// Adds what a batch has of it, which must be whole rows.
  func append(_ bytes: [UInt8], rows count: Int) throws(KernelError) {
    if kind == .text { width = max(width, NumpyColumn.longest(bytes)) }
    rows += count
    try spill.write(bytes)
  }

  /// Writes the array into an archive.
  ///
  /// - Parameter offsets: writes in place of the numbers their sums so far: 0 first, and one more than there are rows.
  func write(to zip: ZipWriter, offsets: Bool = false) throws(KernelError) {
    let (type, shape, size) = layout(offsets: offsets)
    let header = NumpyColumn.header(type: type, shape: shape)
    try zip.begin(
      "\(name).npy", size: UInt64(header.count) + UInt64(shape[0]) * UInt64(size), head: header)
    let pool = try NumpyColumn.pool(kind, width: width)
    try spill.rewind()
    var sum: Int64 = 0
    var chunk: [UInt8] = offsets ? [UInt8](repeating: 0, count: 8) : []
    var isDone = false
    while !isDone || pool.inWork > 0 {
      while !isDone && pool.inWork <= 2 * pool.threads {
        while !isDone && chunk.count < NumpyColumn.pieceBytes {
          if let more = try spill.next() {
            chunk += offsets ? NumpyColumn.sums(more, from: &sum) : more
          } else {
            isDone = true
          }
        }
        if !chunk.isEmpty { pool.submit(chunk) }
        chunk = []
      }
      guard let answer = pool.next() else { continue }
      switch answer {
      case .success(let piece): try zip.write(piece)
      case .failure(let error): throw error
      }
    }
    try zip.end()
  }

  private func layout(offsets: Bool) -> (String, [Int], Int) {
    switch kind {
    case .integer: ("<i8", [rows + (offsets ? 1 : 0)], 8)
    case .word: ("<u4", [rows], 4)
    case .reals(let count): ("<f4", count == 1 ? [rows] : [rows, count], 4 * count)
    case .text: ("<U\(width)", [rows], 4 * width)
    }
  }

  private static func pool(
    _ kind: NumpyKind, width: Int
  ) throws(KernelError) -> OrderedPool<[UInt8], Result<DeflatedPiece, KernelError>> {
    try OrderedPool(threads: OrderedPool<Int, Int>.processors, name: "compress") {
      let deflater = Deflater(for: .columns)
      return { chunk in
        let bytes = kind == .text ? NumpyColumn.wide(chunk, width) : chunk
        return Result { () throws(KernelError) in try deflater.piece(bytes) }
      }
    }
  }

  /// Texts as `<U`: UTF-32, each as long as the longest, with zeros after its end.
  private static func wide(_ chunk: [UInt8], _ width: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(chunk.count * 4)
    texts(of: chunk) { text in
      let start = bytes.count
      if text.allSatisfy({ $0 < 0x80 }) {
        for byte in text {
          bytes.append(byte)
          bytes.append(0)
          bytes.append(0)
          bytes.append(0)
        }
      } else {
        for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
          bytes.append(little: scalar.value)
        }
      }
      bytes.append(contentsOf: repeatElement(0, count: max(0, 4 * width - (bytes.count - start))))
    }
    return bytes
  }

  /// Characters of the longest text.
  private static func longest(_ chunk: [UInt8]) -> Int {
    var longest = 0
    texts(of: chunk) { text in
      // Every character has one byte that does not continue another.
      longest = max(longest, text.count { $0 & 0xC0 != 0x80 })
    }
    return longest
  }

  private static func texts(of chunk: [UInt8], _ body: (ArraySlice<UInt8>) -> Void) {
    var position = 0
    while position + 2 <= chunk.count {
      let count = Int(chunk[position]) | Int(chunk[position + 1]) << 8
      let start = position + 2
      position = min(start + count, chunk.count)
      body(chunk[start..<position])
    }
  }

  private static func sums(_ chunk: [UInt8], from sum: inout Int64) -> [UInt8] {
    var bytes: [UInt8] = []
    for start in stride(from: 0, to: chunk.count, by: 8) {
      sum += Int64(bitPattern: (0..<8).reduce(0) { $0 | UInt64(chunk[start + $1]) << UInt64(8 * $1) })
      bytes.append(little: sum)
    }
    return bytes
  }

  /// The head of a `.npy` file of version 1.0, padded to 64 bytes (numpy.lib.format). For images it is 128 bytes long however
  /// many there are.
  static func header(type: String, shape: [Int]) -> [UInt8] {
    let tuple = shape.count == 1 ? "(\(shape[0]),)" : "(\(shape.map(String.init).joined(separator: ", ")))"
    var text = Array("{'descr': '\(type)', 'fortran_order': False, 'shape': \(tuple), }".utf8)
    while (10 + text.count + 1) % 64 != 0 { text.append(UInt8(ascii: " ")) }
    text.append(UInt8(ascii: "\n"))
    var header: [UInt8] = [0x93]
    header.append(text: "NUMPY")
    header += [1, 0]
    header.append(little: UInt16(text.count))
    return header + text
  }
}
