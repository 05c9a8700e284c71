import CSQLite

/// A value that goes into a statement.
enum SQLValue {
  case integer(Int64)
  case text(String)
  case blob([UInt8])
  case null

  static func integer(_ value: Int) -> SQLValue { .integer(Int64(value)) }
  static func blob(_ identifier: Identifier) -> SQLValue { .blob(identifier.bytes) }
}

/// An open SQLite database (sqlite.org/c3ref/sqlite3.html), closed when its owner goes.
///
/// It is used by one thread: SQLite's own locks are off. Statements are prepared once and kept.
struct Connection: ~Copyable {
  /// How the file is opened.
  enum Access {
    case readWrite
    /// Other processes may write meanwhile.
    case readOnly
    /// Nobody can write: no lock and no -shm file is needed, so a directory that cannot be written to will do.
    case immutable
  }

  let handle: OpaquePointer
  /// The file, for errors.
  let path: String
  private let idle = IdleStatements()
  private let damage: DamageWatch

  /// Nobody asks SQLite how much memory it has: without the count of it no lock is taken for every piece.
  private static let isConfigured = sqlite_config_memory_statistics(0) == SQLITE_OK

  /// - Parameter files: SQLite's layer of file operations (sqlite.org/vfs.html); nil is the one that it comes with.
  /// - Parameter damage: is told when the database turns out to be damaged.
  init(
    _ path: String, _ access: Access, files: String? = nil, damage: DamageWatch = DamageWatch()
  ) throws(StoreError) {
    _ = Connection.isConfigured
    var flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
    var name = path
    switch access {
    case .readWrite: flags |= SQLITE_OPEN_READWRITE
    case .readOnly: flags |= SQLITE_OPEN_READONLY
    case .immutable:
      flags |= SQLITE_OPEN_READONLY | SQLITE_OPEN_URI
      name = "file:\(Connection.escaped(path))?immutable=1"
    }
    var opened: OpaquePointer?
    let code = sqlite3_open_v2(name, &opened, flags, files)
    guard let handle = opened else {
      throw StoreError(.other, "open", path, reason: "out of memory", code: SQLITE_NOMEM)
    }
    guard code == SQLITE_OK else {
      let error = StoreError(
        sqlite: code, message: String(cString: sqlite3_errmsg(handle)),
        errno: sqlite3_system_errno(handle), path: path, statement: nil)
      sqlite3_close_v2(handle)
      throw error
    }
    self.handle = handle
    self.path = path
    self.damage = damage
  }

  deinit {
    idle.close()
    sqlite3_close_v2(handle)
  }

  /// A statement with its values, not yet run.
  func statement(_ sql: String, _ values: [SQLValue] = []) throws(StoreError) -> Statement {
    let prepared: OpaquePointer
    if let idle = idle.take(sql) {
      prepared = idle
    } else {
      var made: OpaquePointer?
      let code = sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &made, nil)
      guard code == SQLITE_OK, let made else { throw error(code, sql) }
      prepared = made
    }
    let statement = Statement(prepared, sql: sql, path: path, home: idle, damage: damage)
    try statement.bind(values)
    return statement
  }

  /// Runs a statement to its end.
  func run(_ sql: String, _ values: SQLValue...) throws(StoreError) {
    try run(sql, values)
  }

  func run(_ sql: String, _ values: [SQLValue]) throws(StoreError) {
    let statement = try statement(sql, values)
    while try statement.step() {}
  }

  /// Runs several statements without values, for schemas and pragmas.
  func script(_ sql: String) throws(StoreError) {
    let code = sqlite3_exec(handle, sql, nil, nil, nil)
    guard code == SQLITE_OK else { throw error(code, sql) }
  }

  /// The first column of the first row as a number; nil without a row.
  func integer(_ sql: String, _ values: SQLValue...) throws(StoreError) -> Int64? {
    let statement = try statement(sql, values)
    return try statement.step() ? statement.integer(0) : nil
  }

  /// The first column of the first row as text; nil without a row or where it is NULL.
  func text(_ sql: String, _ values: SQLValue...) throws(StoreError) -> String? {
    let statement = try statement(sql, values)
    return try statement.step() && !statement.isNull(0) ? statement.text(0) : nil
  }

  /// The first column of the first row as bytes; nil without a row or where it is NULL.
  func blob(_ sql: String, _ values: SQLValue...) throws(StoreError) -> [UInt8]? {
    let statement = try statement(sql, values)
    return try statement.step() && !statement.isNull(0) ? statement.blob(0) : nil
  }

  /// All of `body` or nothing: committed when it returns, rolled back when it throws.
  ///
  /// - Parameter kind: "IMMEDIATE" takes the right to write at once, so that it cannot fail half-way; "DEFERRED" reads one
  ///   state of the database however long it takes.
  func transaction<Result>(
    _ kind: String, _ body: () throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    try run("BEGIN \(kind)")
    do throws(StoreError) {
      let result = try body()
      try run("COMMIT")
      return result
    } catch {
      // Where SQLite has rolled back by itself there is nothing left to do; the first error is the one that matters.
      if sqlite3_get_autocommit(handle) == 0 { try? run("ROLLBACK") }
      throw error
    }
  }

  /// Calls `progress` again and again while SQLite works for `body`: not while it waits, for a lock or for the disk
  /// (sqlite.org/c3ref/progress_handler.html).
  func reporting(
    _ progress: (() -> Void)?, _ body: () throws(StoreError) -> Void
  ) throws(StoreError) {
    guard let progress else { return try body() }
    let report = ProgressReport(call: progress)
    sqlite3_progress_handler(
      handle, ProgressReport.interval,
      { context in
        if let context { Unmanaged<ProgressReport>.fromOpaque(context).takeUnretainedValue().call() }
        return 0
      }, Unmanaged.passUnretained(report).toOpaque())
    defer {
      sqlite3_progress_handler(handle, 0, nil, nil)
      withExtendedLifetime(report) {}
    }
    try body()
  }

  /// Rows that the last INSERT, UPDATE or DELETE changed.
  var changes: Int { Int(sqlite3_changes64(handle)) }
  /// Whether nothing can be written through this connection.
  var isReadOnly: Bool { sqlite3_db_readonly(handle, "main") == 1 }
  var lastRow: Int64 { sqlite3_last_insert_rowid(handle) }

  func error(_ code: Int32, _ sql: String?) -> StoreError {
    damage.seen(
      StoreError(
        sqlite: code == SQLITE_OK ? SQLITE_ERROR : code, message: String(cString: sqlite3_errmsg(handle)),
        errno: sqlite3_system_errno(handle), path: path, statement: sql))
  }

  /// Damage that SQLite does not see: what lies in the database contradicts itself.
  func contradiction(_ operation: String, _ reason: String) -> StoreError {
    damage.seen(StoreError(.damaged, operation, path, reason: reason))
  }

  /// A path as it stands in an SQLite URI (sqlite.org/uri.html).
  private static func escaped(_ path: String) -> String {
    var result = ""
    for byte in path.utf8 {
      switch byte {
      case UInt8(ascii: "?"), UInt8(ascii: "#"), UInt8(ascii: "%"), 0x80...:
        result += "%" + String(byte, radix: 16)
      default: result.unicodeScalars.append(Unicode.Scalar(byte))
      }
    }
    return result
  }
}

/// Who is told that SQLite goes forward.
private final class ProgressReport {
  /// Steps of SQLite's machine from call to call: some hundred rows of a table, which a slow card reads in a tenth of a second.
  static let interval: Int32 = 1000

  let call: () -> Void

  init(call: @escaping () -> Void) { self.call = call }
}
