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
  /// Whether the array has in place of the numbers their sums so far: 0 first, and one more than there are rows.
  private let isOffsets: Bool
  private var sum: Int64 = 0
  private var isReading = false

  /// Chunks that are compressed as one: enough that a piece of the stream is worth its end, few enough for any memory.
  private static let pieceBytes = 1 << 16

  init(
    _ name: String, _ kind: NumpyKind, offsets isOffsets: Bool = false, in directory: String
  ) {
    self.name = name
    self.kind = kind
    self.isOffsets = isOffsets
    spill = SpillFile(in: directory)
  }

  /// Adds what a batch has of it, which must be whole rows.
  func append(_ bytes: [UInt8], rows count: Int) throws(KernelError) {
    if kind == .text { width = max(width, NumpyTexts.longest(bytes)) }
    rows += count
    try spill.write(bytes)
  }

  /// Writes arrays into an archive, one after the other.
  ///
  /// Their pieces are compressed side by side, also those of different arrays: most are so short that they would keep but one
  /// thread busy.
  static func write(_ columns: [NumpyColumn], to zip: ZipWriter) throws(KernelError) {
    let pool = try NumpyColumn.pool()
    // The columns that have been read, and those that have been written.
    var (read, written) = (0, 0)
    var isBegun = false
    while written < columns.count {
      while read < columns.count && pool.inWork <= 2 * pool.threads {
        let chunk = try columns[read].next()
        if chunk.isLast { read += 1 }
        pool.submit(chunk)
      }
      guard let piece = pool.next() else { return }
      if !isBegun { try columns[written].begin(in: zip) }
      try zip.write(try piece.deflated.get())
      isBegun = !piece.isLast
      if piece.isLast {
        try zip.end()
        written += 1
      }
    }
  }

  /// Begins the array in an archive.
  private func begin(in zip: ZipWriter) throws(KernelError) {
    let (type, shape, size) = layout
    let header = NumpyColumn.header(type: type, shape: shape)
    try zip.begin(
      "\(name).npy", size: UInt64(header.count) + UInt64(shape[0]) * UInt64(size), head: header)
  }

  /// The next of what was gathered; after the last there is nothing more to be asked for.
  private func next() throws(KernelError) -> Chunk {
    var chunk = Chunk(width: kind == .text ? width : nil)
    if !isReading {
      isReading = true
      try spill.rewind()
      if isOffsets { chunk.bytes = [UInt8](repeating: 0, count: 8) }
    }
    while chunk.bytes.count < NumpyColumn.pieceBytes {
      guard let more = try spill.next() else {
        chunk.isLast = true
        break
      }
      chunk.bytes += isOffsets ? sums(more) : more
    }
    return chunk
  }

  /// Type, shape, and bytes of a row.
  private var layout: (String, [Int], Int) {
    switch kind {
    case .integer: ("<i8", [rows + (isOffsets ? 1 : 0)], 8)
    case .word: ("<u4", [rows], 4)
    case .reals(let count): ("<f4", count == 1 ? [rows] : [rows, count], 4 * count)
    case .text: ("<U\(width)", [rows], 4 * width)
    }
  }

  /// Bytes of a column on their way to a thread.
  private struct Chunk: Sendable {
    var bytes: [UInt8] = []
    /// Characters that each text is to have; nil for what is no text.
    let width: Int?
    /// Whether the column ends with it.
    var isLast = false

    init(width: Int?) { self.width = width }
  }

  /// What a thread made of a chunk.
  private struct Piece: Sendable {
    let deflated: Result<DeflatedPiece, KernelError>
    let isLast: Bool
  }

  private static func pool() throws(KernelError) -> OrderedPool<Chunk, Piece> {
    try OrderedPool(threads: OrderedPool<Chunk, Piece>.processors, name: "compress") {
      let deflater = Deflater(for: .columns)
      return { chunk in
        let bytes = chunk.width.map { NumpyTexts.wide(chunk.bytes, $0) } ?? chunk.bytes
        return Piece(
          deflated: Result { () throws(KernelError) in try deflater.piece(bytes) }, isLast: chunk.isLast)
      }
    }
  }

  /// The sums of numbers up to each, from those of the chunks before on.
  private func sums(_ chunk: [UInt8]) -> [UInt8] {
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
