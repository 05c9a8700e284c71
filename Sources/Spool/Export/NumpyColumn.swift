import Kernel

/// A column of the data set as it becomes a NumPy array: gathered row by row on disk, then written as `.npy`.
///
/// Only plain dtypes are used, never objects, so that `numpy.load(allow_pickle=False)` reads all of them.
final class NumpyColumn {
  /// What an array holds in a row.
  enum Kind {
    /// `<i8`
    case integer
    /// `<u4`
    case word
    /// `<f4`, so many in a row.
    case floats(Int)
    /// `<U` with the width of the longest.
    case text
  }

  /// The array's name in the archive, without `.npy`.
  let name: String
  private let kind: Kind
  private let spill: SpillFile
  private(set) var rows = 0
  private var width = 1

  init(_ name: String, _ kind: Kind, in directory: String) throws(KernelError) {
    self.name = name
    self.kind = kind
    spill = try SpillFile(in: directory)
  }

  func append(_ value: Int64) throws(KernelError) {
    var bytes = ByteWriter()
    bytes.write(value)
    try spill.write(bytes.bytes)
    rows += 1
  }

  func append(_ value: UInt32) throws(KernelError) {
    var bytes = ByteWriter()
    bytes.write(value)
    try spill.write(bytes.bytes)
    rows += 1
  }

  func append(_ values: [Float]) throws(KernelError) {
    var bytes = ByteWriter()
    for value in values { bytes.write(value.bitPattern) }
    try spill.write(bytes.bytes)
    rows += 1
  }

  func append(_ text: String) throws(KernelError) {
    let scalars = text.unicodeScalars
    width = max(width, scalars.count)
    var bytes = ByteWriter()
    bytes.write(UInt32(scalars.count))
    for scalar in scalars { bytes.write(scalar.value) }
    try spill.write(bytes.bytes)
    rows += 1
  }

  /// Writes the array into an archive.
  func write(to zip: ZipWriter) throws(KernelError) {
    let (type, shape, size): (String, [Int], Int) =
      switch kind {
      case .integer: ("<i8", [rows], 8)
      case .word: ("<u4", [rows], 4)
      case .floats(let count): ("<f4", count == 1 ? [rows] : [rows, count], 4 * count)
      case .text: ("<U\(width)", [rows], 4 * width)
      }
    let header = NumpyColumn.header(type: type, shape: shape)
    try zip.begin("\(name).npy", size: UInt64(header.count + rows * size))
    try zip.write(header)
    try spill.rewind()
    var row = 0
    while row < rows {
      // Rows are put together, so that zlib is not called for a few bytes.
      var bytes: [UInt8] = []
      while row < rows && bytes.count < 1 << 16 {
        if case .text = kind {
          var reader = ByteReader(try spill.read(4))
          let count = Int(reader.read(UInt32.self) ?? 0)
          bytes += try spill.read(4 * count)
          bytes += [UInt8](repeating: 0, count: 4 * (width - count))
        } else {
          bytes += try spill.read(size)
        }
        row += 1
      }
      try zip.write(bytes)
    }
    try zip.end()
  }

  /// The head of a `.npy` file of version 1.0, padded to 64 bytes (numpy.lib.format).
  static func header(type: String, shape: [Int]) -> [UInt8] {
    let tuple = shape.count == 1 ? "(\(shape[0]),)" : "(\(shape.map(String.init).joined(separator: ", ")))"
    var text = Array("{'descr': '\(type)', 'fortran_order': False, 'shape': \(tuple), }".utf8)
    while (10 + text.count + 1) % 64 != 0 { text.append(UInt8(ascii: " ")) }
    text.append(UInt8(ascii: "\n"))
    var header = ByteWriter()
    header.write([0x93])
    header.write(Array("NUMPY".utf8))
    header.write([1, 0])
    header.write(UInt16(text.count))
    header.write(text)
    return header.bytes
  }
}
