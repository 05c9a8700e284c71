import Glibc

/// Files without a name: nothing remains of them, however their owner ends.
extension FileDescriptor {
  /// A file in a directory that has no name and can be given one (open(2), O_TMPFILE); nil where the file system knows none,
  /// as FAT, exFAT and NFS, or where none can be made.
  static func unnamed(in directory: String, mode: mode_t) -> FileDescriptor? {
    try? FileDescriptor.open(directory, O_RDWR | O_TMPFILE, mode: mode)
  }

  /// A file in a directory that has no name, on any file system, for what is written and read back.
  ///
  /// - Throws: ``KernelError`` when none can be made there.
  public static func nameless(in directory: String, mode: mode_t = 0o600) throws(KernelError)
    -> FileDescriptor
  {
    if let file = unnamed(in: directory, mode: mode) { return file }
    return try unlinked(in: directory, mode: mode)
  }

  /// A file that has lost the name under which it was made.
  static func unlinked(in directory: String, mode: mode_t) throws(KernelError) -> FileDescriptor {
    while true {
      let name = "\(directory)/.panel-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
      do throws(KernelError) {
        let file = try FileDescriptor.open(name, O_RDWR | O_CREAT | O_EXCL, mode: mode)
        unlink(name)
        return file
      } catch {
        if error.code == EEXIST { continue }
        throw KernelError("make a temporary file in", directory, errno: error.code)
      }
    }
  }
}

/// Writes the names in a directory to disk: a new or renamed file is only there after a power cut once this has returned.
///
/// Some file systems cannot synchronise a directory; then its names are as safe as they get, and that is no error.
public func synchronise(directory path: String) throws(KernelError) {
  do throws(KernelError) {
    let file = try FileDescriptor.open(path, O_RDONLY | O_DIRECTORY)
    try valueOrError("write to disk", path) { fsync(file.raw) }
  } catch {
    guard [EINVAL, ENOTSUP, ENOSYS].contains(error.code) else { throw error }
  }
}
