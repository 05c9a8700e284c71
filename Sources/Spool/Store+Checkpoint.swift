import CSQLite

/// How long the write-ahead log is: SQLite tells it with every commit.
final class LogLength {
  /// Pages of the log that are not yet known to be in the database file.
  var pages: Int32 = 0

  /// Has SQLite tell it, in place of SQLite's own checkpoints within a commit (sqlite.org/c3ref/wal_hook.html).
  func watch(_ connection: borrowing Connection) {
    // The connection and this object have one owner, which closes the connection first.
    sqlite3_wal_hook(
      connection.handle,
      { context, _, _, pages in
        guard let context else { return SQLITE_OK }
        Unmanaged<LogLength>.fromOpaque(context).takeUnretainedValue().pages = pages
        return SQLITE_OK
      }, Unmanaged.passUnretained(self).toOpaque())
  }
}

extension Store {
  /// Pages of the log from which on ``checkpoint()`` has work: 1 MiB, some 25 drawings.
  static let checkpointPages: Int32 = 256
  /// Pages of the log from which on an append does that work itself, when nobody called ``checkpoint()``, and a store that
  /// collects has it done beside itself (``LogCopying``): 16 MiB.
  static let longestLog: Int32 = 4096

  /// Puts what the log holds into the database file, so that it can be written from the front again.
  ///
  /// The worker calls it when nobody waits for a drawing: it takes two synchronisations of the disk and the writing of a
  /// megabyte, and nothing at all while the log is short. It waits for no reader: what one still needs stays in the log until
  /// the next time.
  public func checkpoint() throws(StoreError) {
    guard log.pages >= Store.checkpointPages else { return }
    // Two at once keep each other from it.
    copying.wait()
    var (all, done): (Int32, Int32) = (0, 0)
    let code = sqlite3_wal_checkpoint_v2(connection.handle, "main", SQLITE_CHECKPOINT_PASSIVE, &all, &done)
    if code & 0xFF == SQLITE_BUSY { return }
    guard code == SQLITE_OK else { throw connection.error(code, nil).during("tidy the log of") }
    if done == all { log.pages = 0 }
    _ = try erase(patience: 0)
  }
}
