import Glibc
import Kernel

/// A lock on a file in the store's directory: one sync at a time gives from a store, and one takes into it. It goes with the
/// process, however that ends; a running panel is not kept from anything.
public struct SyncLock: ~Copyable {
  /// What is done under the lock.
  public enum Part: String, Sendable {
    case serve
    case collect
  }

  private let lock: FileLock

  /// Takes the lock; nil when another process has it.
  public static func take(_ part: Part, in directory: String) throws(KernelError) -> SyncLock? {
    let path = "\(directory)/\(part.rawValue).lock"
    let lock = try FileLock.take(
      path, mode: 0o660, next: "run it as the user who owns the spool, or as root")
    guard let lock else { return nil }
    // What root makes here belongs to whoever owns the directory, who could not lock it otherwise.
    lock.file.give(toOwnerOf: directory)
    return SyncLock(lock: lock)
  }

  private init(lock: consuming FileLock) {
    self.lock = lock
  }
}
