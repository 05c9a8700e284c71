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
          var again = try PostgresDatabase(address, interrupt, changes: false)
          guard again.identity == identity else {
            throw PostgresError(
              .refused, "go on with", address.name, reason: "another database answers there now",
              next: "run it again")
          }
          // What the web collector's table has refused is not seen by looking at it.
          again.web = database.web
          database = again
          isConnected = true
        }
        return try body(database)
      } catch {
        switch error.kind {
        case .lost, .unreachable: isConnected = false
        case .busy: do { try database.connection.rollBack() } catch { isConnected = false }
        case .data, .refused:
          // Where that fails, the next to use the connection finds it lost.
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

  /// Does something of which a part is done in the web collector's table. Where the server refuses it, it is done again without
  /// that table: if that goes, it was the table that refused, and nothing more is done in it by this run.
  ///
  /// - Parameters:
  ///   - isFixed: whether something is taken out of the table, and not put into it.
  ///   - isSplit: whether a row that is not to the server's liking is first looked for by the caller.
  mutating func attemptWithWeb<Result>(
    isFixed: Bool, isSplit: Bool = false,
    _ body: (borrowing PostgresDatabase) throws(PostgresError) -> Result
  ) throws(PostgresError) -> Result {
    do throws(PostgresError) {
      return try attempt(body)
    } catch {
      guard error.isRefusal, !(isSplit && error.kind == .data),
        let closed = database.web.closed(error.reason, isFixed: isFixed)
      else { throw error }
      let web = database.web
      database.web = closed
      do throws(PostgresError) {
        return try attempt(body)
      } catch {
        database.web = web
        throw error
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
