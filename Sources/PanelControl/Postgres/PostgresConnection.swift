import CPostgres
import Glibc
import Kernel
import Spool

/// A connection to a PostgreSQL server by libpq (postgresql.org/docs/current/libpq.html), closed with its owner.
///
/// It keeps no state on the server between transactions, so that a pooler may give each of them another session: nothing is
/// prepared under a name, nothing is SET but within a transaction. It never blocks in libpq: it waits for the socket and for the
/// operator's interrupt at once.
struct PostgresConnection: ~Copyable {
  private let libpq: PostgresLibrary
  private let handle: OpaquePointer
  /// The database in words.
  let name: String
  private let interrupt: Interrupt

  /// - Throws: ``PostgresError``: of kind unreachable when trying again may help, refused when it does not.
  init(_ address: PostgresAddress, _ interrupt: Interrupt) throws(PostgresError) {
    let libpq = address.libpq
    guard let handle = PostgresConnection.begin(address) else {
      throw PostgresError(.refused, "connect to", address.name, reason: "out of memory")
    }
    do throws(PostgresError) {
      try PostgresConnection.finish(handle, address, interrupt)
    } catch {
      libpq.finish(handle)
      throw error
    }
    // What the server remarks by the way is not the operator's.
    _ = libpq.setNoticeProcessor(handle, { _, _ in }, nil)
    _ = libpq.setErrorVerbosity(handle, PQERRORS_DEFAULT)
    _ = libpq.setnonblocking(handle, 1)
    self.libpq = libpq
    self.handle = handle
    self.name = address.name
    self.interrupt = interrupt
  }

  deinit { libpq.finish(handle) }

  private static func begin(_ address: PostgresAddress) -> OpaquePointer? {
    let keywords = address.parameters.map { UnsafePointer(strdup($0.keyword)) } + [nil]
    let values = address.parameters.map { UnsafePointer(strdup($0.value)) } + [nil]
    defer { (keywords + values).forEach { free(UnsafeMutablePointer(mutating: $0)) } }
    return address.libpq.connectStartParams(keywords, values, 1)
  }

  private static func finish(
    _ handle: OpaquePointer, _ address: PostgresAddress, _ interrupt: Interrupt
  ) throws(PostgresError) {
    let libpq = address.libpq
    func failure() -> PostgresError {
      PostgresError(unconnected: libpq.errorMessage(handle).map { String(cString: $0) } ?? "", address.name)
    }
    guard libpq.status(handle) != CONNECTION_BAD else { throw failure() }
    // At this verbosity the message holds SQLSTATE, which libpq tells in no other way while it connects.
    _ = libpq.setErrorVerbosity(handle, PQERRORS_VERBOSE)
    let deadline = MonotonicClock.now() + UInt64(address.patience) * 1_000_000_000
    var step = PGRES_POLLING_WRITING
    while step != PGRES_POLLING_OK {
      if step == PGRES_POLLING_FAILED { throw failure() }
      let events = step == PGRES_POLLING_READING ? POLLIN : POLLOUT
      switch interrupt.wait(for: libpq.socket(handle), Int16(events), until: deadline) {
      case .ready: break
      case .late:
        throw PostgresError(
          .unreachable, "connect to", address.name, reason: "no answer within \(address.patience) s",
          next: "check host and port, and whether a firewall drops what is sent there")
      case .interrupted: throw PostgresError(.interrupted, "connect to", address.name, reason: "interrupted")
      }
      step = libpq.connectPoll(handle)
    }
  }

  /// What the server says of itself: server_encoding, server_version.
  func parameter(_ name: String) -> String? {
    libpq.parameterStatus(handle, name).map { String(cString: $0) }
  }

  /// Runs a statement with values, as text, for $1, $2 …
  borrowing func rows(
    _ operation: String, _ sql: String, _ values: String?...
  ) throws(PostgresError) -> PostgresRows {
    let texts = values.map { UnsafePointer($0.flatMap { strdup($0) }) }
    defer { texts.forEach { free(UnsafeMutablePointer(mutating: $0)) } }
    guard libpq.sendQueryParams(handle, sql, Int32(texts.count), nil, texts, nil, nil, 0) == 1 else {
      throw failure(operation)
    }
    return PostgresRows(owning: try answer(operation), libpq)
  }

  /// Runs several statements, and hands each answer to `body` with its number.
  borrowing func script(
    _ operation: String, _ sql: String, _ body: (Int, borrowing PostgresRows) -> Void = { _, _ in }
  ) throws(PostgresError) {
    try send(operation, sql)
    try answers(operation, body)
  }

  /// Sends several statements; their answers are to be taken with ``answers(_:_:)``, and something else can be done meanwhile.
  borrowing func send(_ operation: String, _ sql: String) throws(PostgresError) {
    guard libpq.sendQuery(handle, sql) == 1 else { throw failure(operation) }
    try flush(operation)
  }

  /// Takes the answers to what was sent.
  borrowing func answers(
    _ operation: String, _ body: (Int, borrowing PostgresRows) -> Void = { _, _ in }
  ) throws(PostgresError) {
    var number = 0
    var failed: PostgresError?
    while let result = try next(operation) {
      if let error = error(in: result, operation) {
        if failed == nil { failed = error }
        libpq.clear(result)
      } else {
        let rows = PostgresRows(owning: result, libpq)
        if failed == nil { body(number, rows) }
        number += 1
      }
    }
    if let failed { throw failed }
  }

  /// Runs statements of which the last is COPY … FROM STDIN, and gives it these pieces.
  borrowing func copy(_ operation: String, _ sql: String, _ pieces: [ArraySlice<UInt8>]) throws(PostgresError)
  {
    try send(operation, sql)
    var isReady = false
    while !isReady {
      guard let result = try next(operation) else {
        throw PostgresError(.refused, operation, name, reason: "it does not take the rows")
      }
      defer { libpq.clear(result) }
      if let error = error(in: result, operation) {
        try drain(operation)
        throw error
      }
      isReady = libpq.resultStatus(result) == PGRES_COPY_IN
    }
    // In parts of a size at which libpq's own buffer stays small and few calls are made.
    var part: [UInt8] = []
    part.reserveCapacity(131_072)
    for piece in pieces {
      var rest = piece
      while !rest.isEmpty {
        let taken = rest.prefix(65_536)
        part += taken
        rest = rest.dropFirst(taken.count)
        if part.count >= 65_536 {
          try put(part, operation)
          part.removeAll(keepingCapacity: true)
        }
      }
    }
    try put(part, operation)
    while true {
      let done = libpq.putCopyEnd(handle, nil)
      if done == 1 { break }
      guard done == 0 else { throw failure(operation) }
      try wait(POLLIN | POLLOUT, operation)
    }
    try answers(operation)
  }

  private borrowing func put(_ bytes: [UInt8], _ operation: String) throws(PostgresError) {
    while true {
      let done = bytes.withUnsafeBytes { buffer in
        libpq.putCopyData(
          handle, buffer.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(buffer.count))
      }
      if done == 1 { break }
      guard done == 0 else { throw failure(operation) }
      try wait(POLLIN | POLLOUT, operation)
    }
    try flush(operation)
  }

  /// Waits until what libpq holds is sent; what the server says meanwhile is read, as it may wait for that.
  private borrowing func flush(_ operation: String) throws(PostgresError) {
    while true {
      let left = libpq.flush(handle)
      if left == 0 { return }
      guard left == 1 else { throw failure(operation) }
      try wait(POLLIN | POLLOUT, operation)
      guard libpq.consumeInput(handle) == 1 else { throw failure(operation) }
    }
  }

  /// Leaves a transaction that failed; where that fails too, the connection is of no use any more.
  borrowing func rollBack() throws(PostgresError) {
    try script("leave a transaction of", "ROLLBACK")
  }

  /// The next answer, or nil after the last.
  private borrowing func next(_ operation: String) throws(PostgresError) -> OpaquePointer? {
    while libpq.isBusy(handle) == 1 {
      let left = libpq.flush(handle)
      try wait(left == 1 ? POLLIN | POLLOUT : POLLIN, operation)
      guard libpq.consumeInput(handle) == 1 else { throw failure(operation) }
    }
    return libpq.getResult(handle)
  }

  /// The only answer to one statement.
  private borrowing func answer(_ operation: String) throws(PostgresError) -> OpaquePointer {
    guard let result = try next(operation) else {
      throw PostgresError(.lost, operation, name, reason: "the server gave no answer")
    }
    if let error = error(in: result, operation) {
      libpq.clear(result)
      try drain(operation)
      throw error
    }
    do throws(PostgresError) {
      try drain(operation)
    } catch {
      libpq.clear(result)
      throw error
    }
    return result
  }

  private borrowing func drain(_ operation: String) throws(PostgresError) {
    while let result = try next(operation) { libpq.clear(result) }
  }

  private borrowing func error(in result: OpaquePointer, _ operation: String) -> PostgresError? {
    switch libpq.resultStatus(result) {
    case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_COPY_IN, PGRES_EMPTY_QUERY: return nil
    default: break
    }
    let field = { [libpq] (code: UnicodeScalar) in
      libpq.resultErrorField(result, Int32(code.value)).map { String(cString: $0) }
    }
    // PG_DIAG_SQLSTATE and PG_DIAG_MESSAGE_PRIMARY, which Swift does not see as they are characters.
    guard let state = field("C"), libpq.status(handle) != CONNECTION_BAD || PostgresError.kind(state) == .lost
    else {
      return failure(operation)
    }
    return PostgresError(state: state, message: field("M") ?? "", operation, name)
  }

  /// What libpq says of the connection.
  private borrowing func failure(_ operation: String) -> PostgresError {
    PostgresError(
      .lost, operation, name,
      reason: PostgresError.sentence(libpq.errorMessage(handle).map { String(cString: $0) } ?? ""),
      next: "see whether the server still runs and can be reached")
  }

  private borrowing func wait(_ events: Int32, _ operation: String) throws(PostgresError) {
    switch interrupt.wait(for: libpq.socket(handle), Int16(events), until: nil) {
    case .ready, .late: return
    case .interrupted:
      // Without the connection nothing of a transaction stays.
      throw PostgresError(.interrupted, operation, name, reason: "interrupted")
    }
  }
}
