import Glibc
import Kernel

/// Chunks of bytes that are written once and read back once, on disk and not in memory: a column of the data set while its
/// rows are gathered. The file has no name, so nothing remains of it whatever happens; there is none for what fits the buffer.
final class SpillFile {
  private let directory: String
  private var file: FileDescriptor?
  private var buffer: [UInt8] = []
  /// What was not read yet of the buffer begins here.
  private var position = 0

  private static let bufferSize = 1 << 16

  /// - Parameter directory: where there is room for it.
  init(in directory: String) {
    self.directory = directory
  }

  func write(_ chunk: [UInt8]) throws(KernelError) {
    buffer.append(little: UInt32(chunk.count))
    buffer += chunk
    if buffer.count >= SpillFile.bufferSize { try flush() }
  }

  /// Ends writing and goes to the first chunk.
  func rewind() throws(KernelError) {
    if file == nil { return }
    try flush()
    if let number = file?.raw { lseek(number, 0, SEEK_SET) }
  }

  /// The next chunk; nil after the last.
  func next() throws(KernelError) -> [UInt8]? {
    guard try fill(4) else { return nil }
    let count = (0..<4).reduce(0) { $0 | Int(buffer[position + $1]) << (8 * $1) }
    guard try fill(4 + count) else {
      throw KernelError(
        "read", name, reason: "it is shorter than what was written")
    }
    defer { position += 4 + count }
    return Array(buffer[position + 4..<position + 4 + count])
  }

  private var name: String { "a temporary file in \(directory)" }

  /// Reads until so many bytes are in the buffer; false when the file ends before that.
  private func fill(_ count: Int) throws(KernelError) -> Bool {
    if buffer.count - position >= count { return true }
    if file == nil { return false }
    buffer.removeFirst(position)
    position = 0
    var piece = [UInt8](repeating: 0, count: max(SpillFile.bufferSize, count))
    while buffer.count < count {
      let n = try file?.read(into: &piece, from: name) ?? 0
      if n == 0 { return false }
      buffer += piece[..<n]
    }
    return true
  }

  private func flush() throws(KernelError) {
    if file == nil { file = try FileDescriptor.nameless(in: directory) }
    try file?.writeAll(buffer, to: name)
    buffer.removeAll(keepingCapacity: true)
  }
}
