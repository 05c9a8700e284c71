import Glibc
import Kernel

/// A file that appears under its name only when it is whole and on the disk; until then it has another name beside it, and it
/// leaves nothing behind when it is given up.
final class OutputFile {
  let path: String
  private let temporary: String
  private let file: FileDescriptor
  private var buffer: [UInt8] = []
  private var flushed: UInt64 = 0
  private var isFinished = false

  private static let bufferSize = 1 << 18

  init(_ path: String) throws(KernelError) {
    self.path = path
    temporary = "\(path).partial-\(getpid())"
    file = try FileDescriptor.open(
      temporary, O_RDWR | O_CREAT | O_TRUNC, next: "give a directory that can be written to with --output")
    buffer.reserveCapacity(OutputFile.bufferSize)
  }

  deinit {
    if !isFinished { unlink(temporary) }
  }

  /// Bytes written so far.
  var count: UInt64 { flushed + UInt64(buffer.count) }

  func write(_ bytes: some Collection<UInt8>) throws(KernelError) {
    buffer.append(contentsOf: bytes)
    if buffer.count >= OutputFile.bufferSize { try flush() }
  }

  /// Overwrites bytes that were written before.
  func patch(_ bytes: [UInt8], at offset: UInt64) throws(KernelError) {
    try flush()
    var done = 0
    while done < bytes.count {
      let n = bytes.withUnsafeBytes {
        pwrite(file.raw, $0.baseAddress?.advanced(by: done), bytes.count - done, Int(offset) + done)
      }
      if n >= 0 { done += n } else if errno != EINTR { throw KernelError("write", path, errno: errno) }
    }
  }

  /// Writes all to disk and gives the file its name, in place of one that had it before.
  func finish() throws(KernelError) {
    try flush()
    try valueOrError("write to disk", path) { fsync(file.raw) }
    try valueOrError("rename", "\(temporary) to \(path)") { rename(temporary, path) }
    isFinished = true
    let slash = path.lastIndex(of: "/")
    let parent = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let directory = try FileDescriptor.open(parent, O_RDONLY | O_DIRECTORY)
    // Where a file system cannot do this, the name is as safe as it gets.
    fsync(directory.raw)
  }

  private func flush() throws(KernelError) {
    try file.writeAll(buffer, to: path)
    flushed += UInt64(buffer.count)
    buffer.removeAll(keepingCapacity: true)
  }
}
