import CSQLite
import Glibc
import Kernel
import Synchronization

/// Puts what the write-ahead log holds into the database file while whoever has the store goes on writing: SQLite's passive
/// checkpoint (sqlite.org/c3ref/wal_checkpoint_v2.html), in a thread and over a connection of its own.
///
/// Sendable: all that changes is behind the lock.
final class LogCopier: Sendable {
  private struct Work {
    var isWanted = false
    var isOver = false
  }

  private let work = Mutex(Work())
  private let wakeup: Wakeup
  private let directory: StoreDirectory

  /// - Throws: ``KernelError`` when there is no thread to be had.
  init(_ directory: StoreDirectory) throws(KernelError) {
    self.directory = directory
    wakeup = try Wakeup()
    try Thread.start(name: "store-copy", stack: 512 << 10) { [self] in run() }
  }

  /// Whether it is at work.
  var isBusy: Bool { work.withLock { $0.isWanted } }

  /// Has what the log holds by now copied.
  func copy() {
    work.withLock { $0.isWanted = true }
    wakeup.signal()
  }

  /// Returns when it is not at work.
  func wait() {
    while isBusy { usleep(1000) }
  }

  /// Ends the thread after the work in hand, without waiting for it.
  func stop() {
    work.withLock { $0.isOver = true }
    wakeup.signal()
  }

  private func run() {
    do throws(StoreError) {
      // It synchronises as the store's own connection does.
      let connection = try Store.openForWriting(directory)
      while sleepUntilWanted() {
        // What fails here fails for whoever writes too, and is told there.
        sqlite3_wal_checkpoint_v2(connection.handle, "main", SQLITE_CHECKPOINT_PASSIVE, nil, nil)
        work.withLock { $0.isWanted = false }
      }
    } catch {
      // Whoever writes copies everything then.
      while sleepUntilWanted() { work.withLock { $0.isWanted = false } }
    }
  }

  /// Returns when there is something to copy; false at the end.
  private func sleepUntilWanted() -> Bool {
    while true {
      let (isWanted, isOver) = work.withLock { ($0.isWanted, $0.isOver) }
      if isWanted || isOver { return !isOver }
      var watched = pollfd(fd: wakeup.raw, events: Int16(POLLIN), revents: 0)
      poll(&watched, 1, -1)
      wakeup.acknowledge()
    }
  }
}

/// How a store that takes drawing after drawing keeps its log short.
///
/// The log can be written from the front again only when all of it is in the file, and while drawings come there is always a
/// rest. So most of it is copied while they come, and only what is left at the end keeps them waiting.
struct LogCopying: ~Copyable {
  /// Pages of the log from which on the rest is copied before more is written: 32 MiB.
  private static let rest = 2 * Store.longestLog
  /// Pages that no log should have, however slow the disk is: 64 MiB.
  private static let limit = 4 * Store.longestLog

  private(set) var copier: LogCopier?
  /// Pages of the log that are copied, or being copied.
  private var begun: Int32 = 0

  deinit { copier?.stop() }

  /// Returns when nothing is being copied.
  func wait() { copier?.wait() }

  /// Looks at a log of so many pages, after a commit; returns whether it is to be copied to its end now.
  mutating func isDue(_ pages: Int32, in directory: StoreDirectory) -> Bool {
    if pages < begun { begun = 0 }
    guard pages - begun >= Store.longestLog || pages >= LogCopying.rest else { return false }
    if copier == nil { copier = try? LogCopier(directory) }
    // Without a thread it is done here.
    guard let copier else { return true }
    if pages >= LogCopying.limit { copier.wait() }
    if copier.isBusy { return false }
    if pages >= LogCopying.rest { return true }
    begun = pages
    copier.copy()
    return false
  }
}
