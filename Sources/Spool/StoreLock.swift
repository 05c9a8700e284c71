import Glibc
import Kernel

/// A lock on `panel.lock`: one panel has a store, until it closes it or dies.
///
/// panelctl reads, and withdraws, without it: those are transactions like any other.
struct StoreLock: ~Copyable {
  private let lock: FileLock

  /// - Throws: ``StoreError/Kind/inUse`` when another process has it, with that one's number.
  init(_ directory: StoreDirectory) throws(StoreError) {
    let lock = try StoreError.mapping { () throws(KernelError) in
      try FileLock.take(directory.lock, mode: 0o640)
    }
    guard let lock else {
      let owner = (try? contentsOfFile(directory.lock, limit: 64)).flatMap {
        Int32(String(decoding: $0.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
      }
      throw StoreError(
        .inUse, "open the store", directory.path,
        reason: owner.map { "another panel uses it (process \($0))" } ?? "another panel uses it",
        code: EWOULDBLOCK)
    }
    // Who has it, for the sentence above. Without room on the disk the lock holds all the same.
    lock.file.give(toOwnerOf: directory.path)
    let text = Array("\(getpid())\n".utf8)
    if ftruncate(lock.file.raw, 0) == 0 {
      text.withUnsafeBytes { _ = pwrite(lock.file.raw, $0.baseAddress, $0.count, 0) }
    }
    self.lock = lock
  }
}
