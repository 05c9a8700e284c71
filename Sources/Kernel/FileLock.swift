import Glibc

/// An flock(2) on a file: one owner at a time, until this value or the process ends, however that ends.
public struct FileLock: ~Copyable {
  /// The locked file, which can be written.
  public let file: FileDescriptor

  private init(_ file: consuming FileDescriptor) {
    self.file = file
  }

  /// The lock belongs to the open file and not to the descriptor: a child that another thread starts has a copy of the
  /// descriptor until it runs its own program, and closing ours alone would leave the file locked for so long.
  deinit {
    flock(file.raw, LOCK_UN)
  }

  /// Opens the file, makes it where it is not there, and takes the lock without waiting; nil when another has it.
  ///
  /// - Throws: ``KernelError`` when the file can be neither opened nor made, or its file system has no locks.
  public static func take(
    _ path: String, mode: mode_t = 0o644, next: String? = nil
  ) throws(KernelError) -> FileLock? {
    let file = try FileDescriptor.open(path, O_RDWR | O_CREAT, mode: mode, next: next)
    while flock(file.raw, LOCK_EX | LOCK_NB) != 0 {
      if errno == EWOULDBLOCK { return nil }
      if errno != EINTR { throw KernelError("lock", path, errno: errno, next: next) }
    }
    return FileLock(file)
  }
}
