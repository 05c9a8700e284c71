import CLinux
import Glibc

/// A file descriptor that is closed when its owner goes.
public struct FileDescriptor: ~Copyable, Sendable {
  /// The number, for ioctl, poll and mmap; it stays owned by this value.
  public let raw: Int32

  /// Takes a descriptor over.
  public init(owning raw: Int32) {
    self.raw = raw
  }

  deinit {
    close(raw)
  }

  /// Gives the descriptor to the caller, who closes it.
  public consuming func release() -> Int32 {
    let number = raw
    discard self
    return number
  }

  /// Opens a file, always close-on-exec.
  public static func open(
    _ path: String, _ flags: Int32, mode: mode_t = 0o644, next: String? = nil
  ) throws(KernelError) -> FileDescriptor {
    let fd = try valueOrError("open", path, next: next) { Glibc.open(path, flags | O_CLOEXEC, mode) }
    return FileDescriptor(owning: fd)
  }

  /// Gives a file that root has made to whoever owns a directory: its owner could not open it otherwise. Nothing happens where root is not
  /// who asks, or the file is another's already.
  public func give(toOwnerOf directory: String) {
    var (own, owner) = (stat(), stat())
    guard geteuid() == 0, fstat(raw, &own) == 0, own.st_uid == 0, stat(directory, &owner) == 0 else { return }
    _ = fchown(raw, owner.st_uid, owner.st_gid)
  }

  /// Reads what is there, at most the buffer's size; returns the number of bytes, 0 at the end of the file.
  ///
  /// - Throws: ``KernelError``, of EAGAIN when a non-blocking descriptor has nothing now.
  public func read<Element: BitwiseCopyable>(
    into buffer: inout [Element], from object: @autoclosure () -> String
  ) throws(KernelError) -> Int {
    while true {
      let n = buffer.withUnsafeMutableBytes { Glibc.read(raw, $0.baseAddress, $0.count) }
      if n >= 0 { return n }
      if errno != EINTR { throw KernelError("read", object(), errno: errno) }
    }
  }

  /// Writes all elements' bytes, waiting as often as the descriptor needs it.
  public func writeAll<Element: BitwiseCopyable>(
    _ elements: [Element], to object: @autoclosure () -> String, next: String? = nil
  ) throws(KernelError) {
    let count = elements.count * MemoryLayout<Element>.stride
    var done = 0
    while done < count {
      let n = elements.withUnsafeBytes { Glibc.write(raw, $0.baseAddress?.advanced(by: done), count - done) }
      if n >= 0 {
        done += n
      } else if errno != EINTR {
        throw KernelError("write", object(), errno: errno, next: next)
      }
    }
  }
}

/// The result of a system call, repeated while a signal interrupts it, or its errno as an error.
@discardableResult
public func valueOrError(
  _ operation: String, _ object: @autoclosure () -> String, next: String? = nil, _ call: () -> Int32
) throws(KernelError) -> Int32 {
  while true {
    let value = call()
    if value >= 0 { return value }
    if errno != EINTR { throw KernelError(operation, object(), errno: errno, next: next) }
  }
}

/// The whole of a file, at most `limit` bytes.
///
/// - Throws: ``KernelError`` when it cannot be read or is larger.
public func contentsOfFile(_ path: String, limit: Int, next: String? = nil) throws(KernelError) -> [UInt8] {
  try contents(of: FileDescriptor.open(path, O_RDONLY, next: next), path, limit: limit, next: next)
}

/// The whole of a file; for `-` what is left of standard input: a file, a pipe or a socket, also another user's. (/dev/stdin
/// would open it anew: from its beginning, with a look at its permissions, and no socket.)
///
/// - Throws: ``KernelError`` when it cannot be read, or is larger than `limit` bytes.
public func contentsOfFileOrInput(_ name: String, limit: Int) throws(KernelError) -> [UInt8] {
  guard name == "-" else { return try contentsOfFile(name, limit: limit) }
  let own = try valueOrError("read", "standard input") { fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3) }
  return try contents(of: FileDescriptor(owning: own), "standard input", limit: limit)
}

private func contents(
  of file: consuming FileDescriptor, _ path: String, limit: Int, next: String? = nil
) throws(KernelError) -> [UInt8] {
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 65_536)
  while true {
    let n = try file.read(into: &chunk, from: path)
    if n == 0 { return bytes }
    bytes.append(contentsOf: chunk[..<n])
    if bytes.count > limit {
      throw KernelError("read", path, reason: "larger than \(limit) bytes", next: next)
    }
  }
}
