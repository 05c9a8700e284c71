import Glibc
import Kernel

/// Bytes that are written once and read back once, on disk and not in memory: a column of the data set while its rows are
/// gathered. The file has no name, so nothing remains of it whatever happens.
final class SpillFile {
  private let file: FileDescriptor
  private let path: String
  private var buffer: [UInt8] = []
  private var position = 0
  private var isReading = false

  private static let bufferSize = 1 << 16

  /// - Parameter directory: where there is room for it.
  init(in directory: String) throws(KernelError) {
    path = directory
    file = try SpillFile.nameless(directory)
  }

  func write(_ bytes: some Collection<UInt8>) throws(KernelError) {
    buffer.append(contentsOf: bytes)
    if buffer.count >= SpillFile.bufferSize {
      try file.writeAll(buffer, to: "a temporary file in \(path)")
      buffer.removeAll(keepingCapacity: true)
    }
  }

  /// Ends writing and goes to the first byte.
  func rewind() throws(KernelError) {
    try file.writeAll(buffer, to: "a temporary file in \(path)")
    buffer.removeAll(keepingCapacity: true)
    isReading = true
    position = 0
    lseek(file.raw, 0, SEEK_SET)
  }

  /// The next bytes; exactly so many must have been written.
  func read(_ count: Int) throws(KernelError) -> ArraySlice<UInt8> {
    if buffer.count - position < count {
      var rest = Array(buffer[position...])
      position = 0
      var chunk = [UInt8](repeating: 0, count: max(SpillFile.bufferSize, count))
      while rest.count < count {
        let n = chunk.withUnsafeMutableBytes { Glibc.read(file.raw, $0.baseAddress, $0.count) }
        if n > 0 {
          rest.append(contentsOf: chunk[..<n])
        } else if n == 0 {
          throw KernelError(
            "read", "a temporary file in \(path)", reason: "it is shorter than what was written")
        } else if errno != EINTR {
          throw KernelError("read", "a temporary file in \(path)", errno: errno)
        }
      }
      buffer = rest
    }
    defer { position += count }
    return buffer[position..<(position + count)]
  }

  private static func nameless(_ directory: String) throws(KernelError) -> FileDescriptor {
    if let file = try? FileDescriptor.open(directory, O_RDWR | O_TMPFILE, mode: 0o600) { return file }
    // Not every file system has O_TMPFILE (open(2)).
    var name = Array("\(directory)/.panel-export-XXXXXX".utf8CString)
    let descriptor = try valueOrError("make a temporary file in", directory) { mkostemp(&name, O_CLOEXEC) }
    unlink(name)
    return FileDescriptor(owning: descriptor)
  }
}
