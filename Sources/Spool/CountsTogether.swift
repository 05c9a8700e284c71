/// What the triggers count for each sample that is added, gathered for many: it is written once for all of them.
struct CountsTogether {
  /// What samples add to one contributor.
  private struct Visitor {
    var samples = 0
    var score = 0
    /// The row of the newest sample that counts on the board.
    var scoredAt: Int64?
    /// The digits in the order in which they came.
    var labels: [Int] = []
  }

  private var visitors: [Int64: Visitor] = [:]
  private var digits = [Int](repeating: 0, count: 10)
  /// Those of them that this store's own panel has drawn.
  private var own = [Int](repeating: 0, count: 10)

  /// - Parameters:
  ///   - row: of the sample, above those before it.
  ///   - contributor: the visitor's row.
  mutating func add(row: Int64, label: Int, isScored: Bool, isOwn: Bool, contributor: Int64) {
    var visitor = visitors[contributor] ?? Visitor()
    visitor.samples += 1
    visitor.labels.append(label)
    if isScored {
      visitor.score += 1
      visitor.scoredAt = row
    }
    visitors[contributor] = visitor
    digits[label] += 1
    if isOwn { own[label] += 1 }
  }

  func write(to connection: borrowing Connection) throws(StoreError) {
    var counters = [(Schema.Counter.samples, digits.reduce(0, +))]
    for digit in 0..<10 {
      counters += [(Schema.Counter.digit(digit), digits[digit]), (Schema.Counter.own(digit), own[digit])]
    }
    for (name, count) in counters where count > 0 {
      try connection.run(
        "UPDATE counters SET value = value + ? WHERE name = ?", .integer(count), .text(name))
    }
    for (row, visitor) in visitors.sorted(by: { $0.key < $1.key }) {
      var round = try connection.integer("SELECT round FROM contributors WHERE id = ?", .integer(row)) ?? 0
      for label in visitor.labels {
        round |= 1 << Int64(label)
        if round == 1023 { round = 0 }
      }
      try connection.run(
        """
        UPDATE contributors SET samples = samples + ?1, score = score + ?2, scored_at = coalesce(?3, scored_at),
          round = ?4 WHERE id = ?5
        """, .integer(visitor.samples), .integer(visitor.score),
        visitor.scoredAt.map { .integer($0) } ?? .null,
        .integer(round), .integer(row))
    }
  }
}

extension Store {
  /// Adds samples, one after the other, and counts them at the end; within a transaction, which must not go on after an error.
  ///
  /// - Parameter body: adds by ``insert(_:record:name:_:leavesName:)`` with the rows that it is given, and removes none.
  func addingTogether(_ body: (inout VisitRows) throws(StoreError) -> Void) throws(StoreError) {
    var rows = VisitRows(counts: CountsTogether())
    try uncounted { () throws(StoreError) in try body(&rows) }
    try rows.counts?.write(to: connection)
  }

  /// Within a transaction: what `body` adds is counted by no trigger, so it is for the caller to count.
  func uncounted(_ body: () throws(StoreError) -> Void) throws(StoreError) {
    try connection.run("INSERT INTO settings VALUES ('together', 1)")
    try body()
    try connection.run("DELETE FROM settings WHERE key = 'together'")
  }
}
