import Glibc
import Kernel

/// An flock(2) on a file in the store's directory: one sync at a time gives from a store, and one takes into it. It goes with
/// the process, however that ends; a running panel is not kept from anything.
public struct SyncLock: ~Copyable {
  /// What is done under the lock.
  public enum Part: String, Sendable {
    case serve
    case collect
  }

  private let file: FileDescriptor

  /// Takes the lock; nil when another process has it.
  public static func take(_ part: Part, in directory: String) throws(KernelError) -> SyncLock? {
    let path = "\(directory)/\(part.rawValue).lock"
    let file = try FileDescriptor.open(
      path, O_RDWR | O_CREAT, mode: 0o660, next: "run it as the user who owns the spool, or as root")
    guard try file.lock(path) else { return nil }
    return SyncLock(file: file)
  }

  private init(file: consuming FileDescriptor) {
    self.file = file
  }
}
