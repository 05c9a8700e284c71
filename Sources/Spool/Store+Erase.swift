import CSQLite
import Glibc
import Kernel

/// Bytes that must not lie on the disk any more: a visitor's drawings and name.
///
/// SQLite writes zeros over what is deleted (sqlite.org/pragma.html#pragma_secure_delete), but into the log at first: until a
/// checkpoint the database file still has the old bytes, and after it the log has old copies of its pages. So what is
/// deleted here is noted, and the note goes once the log was put into the database and cut to nothing. What the disk itself
/// keeps of blocks that were written over, a flash card for one, no program can say.
extension Store {
  /// Notes that something was deleted which must leave the disk; within the transaction that deletes it.
  func noteErasure() throws(StoreError) {
    try connection.run(
      """
      INSERT INTO settings VALUES ('erase', 1) ON CONFLICT (key) DO UPDATE SET value = value + 1
      """)
  }

  /// Whether bytes of something that was deleted may still lie in the log or the file.
  public func hasTraces() throws(StoreError) -> Bool {
    try connection.integer("SELECT value FROM settings WHERE key = 'erase'") != nil
  }

  /// Has the bytes of what was deleted leave the disk, if any are left there.
  ///
  /// Nobody who writes waits while this waits for who reads: it tries again and again, and holds no lock between.
  /// - Parameter patience: milliseconds to wait for whoever reads an older state of the store, an export for one.
  /// - Returns: whether none are left; false while somebody still reads an older state.
  func erase(patience: Int32 = 5000) throws(StoreError) -> Bool {
    guard let noted = try connection.integer("SELECT value FROM settings WHERE key = 'erase'") else {
      return true
    }
    let end = MonotonicClock.now() + UInt64(max(0, patience)) * 1_000_000
    sqlite3_busy_timeout(connection.handle, 0)
    defer { sqlite3_busy_timeout(connection.handle, busyTimeout) }
    while try !cutLog() {
      guard MonotonicClock.now() < end else { return false }
      usleep(20_000)
    }
    log.pages = 0
    sqlite3_busy_timeout(connection.handle, min(patience, busyTimeout))
    // Another one may have noted something meanwhile: that note stays.
    do throws(StoreError) {
      try connection.run("DELETE FROM settings WHERE key = 'erase' AND value = ?", .integer(noted))
    } catch {
      // The note is worth no more waiting: the next checkpoint takes it away.
      guard error.kind == .busy else { throw error }
      return false
    }
    return try !hasTraces()
  }

  /// Puts the log into the database and cuts it to nothing, unless somebody is in the way.
  private func cutLog() throws(StoreError) -> Bool {
    // What can be copied while others write is copied first; the second holds them up for what is left.
    for mode in [SQLITE_CHECKPOINT_PASSIVE, SQLITE_CHECKPOINT_TRUNCATE] {
      let code = sqlite3_wal_checkpoint_v2(connection.handle, "main", mode, nil, nil)
      if code & 0xFF == SQLITE_BUSY { return false }
      guard code == SQLITE_OK else { throw connection.error(code, nil).during("erase what was deleted from") }
    }
    return true
  }
}
