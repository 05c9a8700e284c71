/// What a statement answered (postgresql.org/docs/current/libpq-exec.html), freed with its owner. Values are in text form.
struct PostgresRows: ~Copyable {
  private let result: OpaquePointer
  private let libpq: PostgresLibrary

  init(owning result: OpaquePointer, _ libpq: PostgresLibrary) {
    self.result = result
    self.libpq = libpq
  }

  deinit { libpq.clear(result) }

  var count: Int { Int(libpq.ntuples(result)) }

  /// Rows that the statement changed.
  var changed: Int {
    libpq.cmdTuples(result).flatMap { Int(String(cString: $0)) } ?? 0
  }

  /// A value as text; nil where it is NULL or there is no such row.
  func text(_ row: Int, _ column: Int) -> String? {
    let (row, column) = (Int32(row), Int32(column))
    guard row >= 0, row < libpq.ntuples(result), column < libpq.nfields(result),
      libpq.getisnull(result, row, column) == 0,
      let value = libpq.getvalue(result, row, column)
    else { return nil }
    return String(cString: value)
  }

  func integer(_ row: Int, _ column: Int) -> Int64? { text(row, column).flatMap { Int64($0) } }

  func isTrue(_ row: Int, _ column: Int) -> Bool { text(row, column) == "t" }

  /// A column of every row, as text.
  func texts(_ column: Int = 0) -> [String] { (0..<count).compactMap { text($0, column) } }
}
