import CSQLite

/// A prepared statement that runs once, and goes back to its connection when its owner goes.
struct Statement: ~Copyable {
  private let handle: OpaquePointer
  private let sql: String
  private let path: String
  private let home: IdleStatements
  private let damage: DamageWatch

  init(_ handle: OpaquePointer, sql: String, path: String, home: IdleStatements, damage: DamageWatch) {
    self.handle = handle
    self.sql = sql
    self.path = path
    self.home = home
    self.damage = damage
  }

  deinit {
    sqlite3_reset(handle)
    sqlite3_clear_bindings(handle)
    home.give(handle, sql)
  }

  func bind(_ values: [SQLValue]) throws(StoreError) {
    for (offset, value) in values.enumerated() {
      let index = Int32(offset + 1)
      let code: Int32
      switch value {
      case .integer(let number): code = sqlite3_bind_int64(handle, index, number)
      case .text(let text):
        var copy = text
        code = copy.withUTF8 { bytes in
          // With a nil pointer SQLite would bind NULL.
          bytes.withMemoryRebound(to: CChar.self) {
            sqlite3_bind_text64(
              handle, index, $0.baseAddress ?? Statement.nothing, UInt64($0.count), Statement.copied,
              UInt8(SQLITE_UTF8))
          }
        }
      case .blob(let bytes):
        code = bytes.withUnsafeBytes {
          $0.isEmpty
            ? sqlite3_bind_zeroblob(handle, index, 0)
            : sqlite3_bind_blob64(handle, index, $0.baseAddress, UInt64($0.count), Statement.copied)
        }
      case .null: code = sqlite3_bind_null(handle, index)
      }
      guard code == SQLITE_OK else { throw error(code) }
    }
  }

  /// Goes to the next row; false after the last.
  func step() throws(StoreError) -> Bool {
    let code = sqlite3_step(handle)
    if code == SQLITE_ROW { return true }
    if code == SQLITE_DONE { return false }
    throw error(code)
  }

  func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

  func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }

  func text(_ column: Int32) -> String { String(decoding: blob(column), as: UTF8.self) }

  func optionalText(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }

  func blob(_ column: Int32) -> [UInt8] {
    guard let bytes = sqlite3_column_blob(handle, column) else { return [] }
    return Array(UnsafeRawBufferPointer(start: bytes, count: Int(sqlite3_column_bytes(handle, column))))
  }

  private func error(_ code: Int32) -> StoreError {
    let database = sqlite3_db_handle(handle)
    return damage.seen(
      StoreError(
        sqlite: code, message: String(cString: sqlite3_errmsg(database)),
        errno: sqlite3_system_errno(database), path: path, statement: sql))
  }

  /// Damage that SQLite does not see: a row of the database is not what it must be.
  func contradiction(_ reason: String) -> StoreError {
    damage.seen(StoreError(.damaged, "read", path, reason: reason))
  }

  /// SQLITE_TRANSIENT: SQLite copies the bytes before it returns. The C macro casts -1, which Swift cannot import.
  private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
  nonisolated(unsafe) private static let nothing: UnsafePointer<CChar> = {
    let empty = UnsafeMutablePointer<CChar>.allocate(capacity: 1)
    empty.pointee = 0
    return UnsafePointer(empty)
  }()
}

/// The prepared statements of a connection that nobody runs at the moment.
final class IdleStatements {
  /// A statement's text. Its length and a few letters of it tell it from the others, and texts of literals are told equal by
  /// their address: hashing a thousand letters for each of a drawing's dozen statements would cost as much as running one.
  private struct Text: Hashable {
    let sql: String

    func hash(into hasher: inout Hasher) {
      hasher.combine(sql.utf8.withContiguousStorageIfAvailable(Text.sum) ?? sql.utf8.count)
    }

    private static func sum(_ letters: UnsafeBufferPointer<UInt8>) -> Int {
      var sum = letters.count
      // The verb is the same in most; the tables and columns behind it are not.
      for place in stride(from: 7, to: letters.count, by: max(1, letters.count / 12)) {
        sum = sum &* 31 &+ Int(letters[place])
      }
      return sum
    }
  }

  private var handles: [Text: OpaquePointer] = [:]
  private var isClosed = false

  func take(_ sql: String) -> OpaquePointer? { handles.removeValue(forKey: Text(sql: sql)) }

  func give(_ handle: OpaquePointer, _ sql: String) {
    let text = Text(sql: sql)
    if isClosed || handles[text] != nil {
      sqlite3_finalize(handle)
    } else {
      handles[text] = handle
    }
  }

  /// Frees all; what is given back later is freed at once. The connection itself stays open for SQLite until then
  /// (sqlite.org/c3ref/close.html).
  func close() {
    isClosed = true
    for handle in handles.values { sqlite3_finalize(handle) }
    handles = [:]
  }
}
