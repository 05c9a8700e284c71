import Glibc

/// A file that appears under its name only when it is whole and on the disk. Until then it has no name at all, so that
/// nothing is left behind when it is given up or its writer is killed; where the file system knows no nameless files, it
/// has another name beside its own.
public final class OutputFile {
  public let path: String
  /// What gets its name in the end: where `path` is a symbolic link, the file that it leads to.
  private let place: String
  private let file: FileDescriptor
  /// The name that it has meanwhile; nil while it has none.
  private var temporary: String?
  private var buffer: [UInt8] = []
  private var flushed: UInt64 = 0
  private var isFinished = false
  /// What a person can do where it cannot be made or written.
  private let next: String

  private static let bufferSize = 1 << 18

  /// - Parameters:
  ///   - mode: of the new file, less the umask.
  ///   - next: what a person can do where it cannot be made or written.
  /// - Throws: ``KernelError``, also when something is there that is not an ordinary file: a device is never replaced.
  public init(
    _ path: String, mode: mode_t = 0o644, next: String = "choose another place for the file"
  ) throws(KernelError) {
    self.path = path
    self.next = next
    place = OutputFile.target(of: path)
    var info = stat()
    if stat(path, &info) == 0, info.st_mode & S_IFMT != S_IFREG {
      let reason = info.st_mode & S_IFMT == S_IFDIR ? "it is a directory" : "it is not an ordinary file"
      throw KernelError("write", path, reason: reason, next: next)
    }
    // A file that was bound to this name (mount --bind) cannot be replaced: it is told before the work and not after it.
    if Directory.isMountPoint(place) {
      throw KernelError("write", path, reason: "another file is mounted there", next: next)
    }
    let parent = OutputFile.parent(of: place)
    // Its name is given through /proc (open(2), O_TMPFILE).
    if access("/proc/self/fd", X_OK) == 0,
      let nameless = FileDescriptor.unnamed(in: parent, mode: mode)
    {
      file = nameless
    } else {
      let name = "\(place).partial-\(getpid())"
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
      if n >= 0 {
        done += n
      } else if errno != EINTR {
        throw KernelError("write", path, errno: errno, next: next)
      }
    }
  }

  /// Writes all to disk and gives the file its name, in place of one that had it before.
  public func finish() throws(KernelError) {
    try flush()
    try valueOrError("write to disk", path, next: next) { fsync(file.raw) }
    let name = try nameBeside()
    do throws(KernelError) {
      try valueOrError("name", path, next: next) { rename(name, place) }
    } catch {
      unlink(name)
      throw error
    }
    isFinished = true
    // The file is whole and named by now: a name that the disk does not take yet is told by whoever uses that disk next.
    try? synchronise(directory: OutputFile.parent(of: place))
  }

  /// The name that it has beside its own. A nameless file gets one now: link(2) cannot replace what is there, rename(2) can.
  private func nameBeside() throws(KernelError) -> String {
    if let temporary { return temporary }
    let name = "\(place).partial-\(getpid())"
    unlink(name)
    try valueOrError("name", path, next: next) {
      linkat(AT_FDCWD, "/proc/self/fd/\(file.raw)", AT_FDCWD, name, AT_SYMLINK_FOLLOW)
    }
    temporary = name
    return name
  }

  private func flush() throws(KernelError) {
    try file.writeAll(buffer, to: path, next: next)
    flushed += UInt64(buffer.count)
    buffer.removeAll(keepingCapacity: true)
  }

  /// Where a path leads to: what it names itself, or the end of a chain of symbolic links, whether anything is there or not.
  ///
  /// A link in front of a file that is replaced would otherwise become the file, and what it led to would stay as it was.
  public static func target(of path: String) -> String {
    var path = path
    // As many as the kernel follows (path_resolution(7)).
    for _ in 0..<40 {
      var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
      let length = readlink(path, &buffer, buffer.count)
      guard length > 0 else { return path }
      let next = String(decoding: buffer[..<length], as: UTF8.self)
      path = next.hasPrefix("/") ? next : "\(parent(of: path))/\(next)"
    }
    return path
  }

  /// The directory in which a path lies.
  public static func parent(of path: String) -> String {
    let name = path.last == "/" && path.count > 1 ? path.dropLast() : path[...]
    guard let slash = name.lastIndex(of: "/") else { return "." }
    return slash == name.startIndex ? "/" : String(name[..<slash])
  }

  /// Writes a file whole or not at all, durably; a device or a pipe is written to as it stands, since only a file can be
  /// replaced.
  ///
  /// It waits for the disk, so it belongs into a thread that may wait.
  /// - Parameters:
  ///   - mode: of a new file, less the umask.
  ///   - next: what a person can do where it cannot be written.
  /// - Throws: ``KernelError``; a file that was there is then as it was.
  public static func write(
    _ bytes: [UInt8], to path: String, mode: mode_t = 0o644, next: String = "choose another file"
  ) throws(KernelError) {
    var info = stat()
    if stat(path, &info) == 0, info.st_mode & S_IFMT != S_IFREG, info.st_mode & S_IFMT != S_IFDIR {
      let file = try FileDescriptor.open(path, O_WRONLY, next: next)
      try file.writeAll(bytes, to: path)
      return
    }
    let file = try OutputFile(path, mode: mode, next: next)
    try file.write(bytes)
    try file.finish()
  }
}
