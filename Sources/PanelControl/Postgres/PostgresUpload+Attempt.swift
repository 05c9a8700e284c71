import Spool

/// Trying again what passes.
extension PostgresUpload {
  /// Does something with the database, again after what passes: a lost connection, a server that restarts, a transaction that was
  /// given up for another's sake.
  mutating func attempt<Result>(
    _ body: (borrowing PostgresDatabase) throws(PostgresError) -> Result
  ) throws(PostgresError) -> Result {
    var failures = 0
    var isConnected = true
    while true {
      do throws(PostgresError) {
        if !isConnected {
          let again = try PostgresDatabase(address, interrupt, changes: false)
          guard again.identity == identity else {
            throw PostgresError(
              .refused, "go on with", address.name, reason: "another database answers there now",
              next: "run it again")
          }
          database = again
          isConnected = true
        }
        return try body(database)
      } catch {
        switch error.kind {
        case .lost, .unreachable: isConnected = false
        case .busy: do { try database.connection.rollBack() } catch { isConnected = false }
        case .data:
          // Where that fails, the next to use the connection finds it lost.
          try? database.connection.rollBack()
          throw error
        case .refused where error.state == PostgresError.notSupported:
          try? database.connection.rollBack()
          throw error
        default: throw error
        }
        failures += 1
        guard failures < PostgresUpload.attempts else { throw error }
        try PostgresUpload.pause(interrupt, after: failures, error)
      }
    }
  }

  static func pause(
    _ interrupt: Interrupt, after failures: Int, _ error: PostgresError
  ) throws(PostgresError) {
    guard interrupt.sleep(milliseconds: min(100 << UInt64(failures), longestPause)) else {
      throw PostgresError(.interrupted, error.operation, error.object, reason: "interrupted")
    }
  }
}
