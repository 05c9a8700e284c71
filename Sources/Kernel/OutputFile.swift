import Glibc

/// A file that appears under its name only when it is whole and on the disk. Until then it has no name at all, so that
/// nothing is left behind when it is given up or its writer is killed; where the file system knows no nameless files, it
/// has another name beside its own.
public final class OutputFile {
  public let path: String
  private let file: FileDescriptor
  /// The name that it has meanwhile; nil while it has none.
  private var temporary: String?
  private var buffer: [UInt8] = []
  private var flushed: UInt64 = 0
  private var isFinished = false

  private static let bufferSize = 1 << 18

  /// - Parameters:
  ///   - mode: of the new file, less the umask.
  ///   - next: what a person can do where it cannot be made.
  /// - Throws: ``KernelError``, also when something is there that is not an ordinary file: a device is never replaced.
  public init(
    _ path: String, mode: mode_t = 0o644, next: String = "choose another place for the file"
  ) throws(KernelError) {
    self.path = path
    var info = stat()
    if stat(path, &info) == 0, info.st_mode & S_IFMT != S_IFREG {
      let reason = info.st_mode & S_IFMT == S_IFDIR ? "it is a directory" : "it is not an ordinary file"
      throw KernelError("write", path, reason: reason, next: next)
    }
    let parent = OutputFile.parent(of: path)
    // Its name is given through /proc (open(2), O_TMPFILE).
    if access("/proc/self/fd", X_OK) == 0,
      let nameless = try? FileDescriptor.open(parent, O_RDWR | O_TMPFILE, mode: mode)
    {
      file = nameless
    } else {
      let name = "\(path).partial-\(getpid())"
      file = try OutputFile.named(name, for: path, mode: mode, next: next)
      temporary = name
    }
    buffer.reserveCapacity(OutputFile.bufferSize)
  }

  private static func named(
    _ name: String, for path: String, mode: mode_t, next: String
  ) throws(KernelError) -> FileDescriptor {
    do throws(KernelError) {
      return try FileDescriptor.open(name, O_RDWR | O_CREAT | O_TRUNC, mode: mode)
    } catch {
      throw KernelError("open", path, errno: error.code, next: next)
    }
  }

  deinit {
    if !isFinished, let temporary { unlink(temporary) }
  }

  /// Bytes written so far.
  public var count: UInt64 { flushed + UInt64(buffer.count) }

  public func write(_ bytes: some Collection<UInt8>) throws(KernelError) {
    buffer.append(contentsOf: bytes)
    if buffer.count >= OutputFile.bufferSize { try flush() }
  }

  /// Overwrites bytes that were written before.
  public func patch(_ bytes: [UInt8], at offset: UInt64) throws(KernelError) {
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
  public func finish() throws(KernelError) {
    try flush()
    try valueOrError("write to disk", path) { fsync(file.raw) }
    let name = try nameBeside()
    do throws(KernelError) {
      try valueOrError("name", path) { rename(name, path) }
    } catch {
      unlink(name)
      throw error
    }
    isFinished = true
    // Where a file system cannot synchronise a directory, its names are as safe as they get.
    if let parent = try? FileDescriptor.open(OutputFile.parent(of: path), O_RDONLY | O_DIRECTORY) {
      fsync(parent.raw)
    }
  }

  /// The name that it has beside its own. A nameless file gets one now: link(2) cannot replace what is there, rename(2) can.
  private func nameBeside() throws(KernelError) -> String {
    if let temporary { return temporary }
    let name = "\(path).partial-\(getpid())"
    unlink(name)
    try valueOrError("name", path) {
      linkat(AT_FDCWD, "/proc/self/fd/\(file.raw)", AT_FDCWD, name, AT_SYMLINK_FOLLOW)
    }
    temporary = name
    return name
  }

  private func flush() throws(KernelError) {
    try file.writeAll(buffer, to: path)
    flushed += UInt64(buffer.count)
    buffer.removeAll(keepingCapacity: true)
  }

  /// The directory in which a path lies.
  public static func parent(of path: String) -> String {
    let name = path.last == "/" && path.count > 1 ? path.dropLast() : path[...]
    guard let slash = name.lastIndex(of: "/") else { return "." }
    return slash == name.startIndex ? "/" : String(name[..<slash])
  }

  /// Writes a file whole or not at all; a device or a pipe is written to as it stands, since only a file can be replaced.
  public static func write(_ bytes: [UInt8], to path: String) throws(KernelError) {
    var info = stat()
    if stat(path, &info) == 0, info.st_mode & S_IFMT != S_IFREG, info.st_mode & S_IFMT != S_IFDIR {
      let file = try FileDescriptor.open(path, O_WRONLY, next: "choose another file")
      try file.writeAll(bytes, to: path)
      return
    }
    let file = try OutputFile(path)
    try file.write(bytes)
    try file.finish()
  }
}
