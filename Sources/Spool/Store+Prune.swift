/// What pruning took, or would take.
public struct Pruning: Equatable, Sendable {
  /// Drawings whose records went. Their rows stay, so counts, board and what sync knows of them do not change.
  public internal(set) var samples = 0
  /// Bytes of those records.
  public internal(set) var bytes: Int64 = 0
  /// Confirmed drawings that stay, as they are too young.
  public internal(set) var young = 0
  /// Confirmed drawings that stay, as the clock was not set when they were drawn or confirmed: nobody knows how old they are.
  public internal(set) var undated = 0
  /// Confirmed drawings that stay, as they were confirmed by a store that is drained into this one: were each to prune what the
  /// other has confirmed, nobody would have them.
  public internal(set) var mutual = 0
  /// Drawings that no collector has confirmed; they always stay.
  public internal(set) var unconfirmed = 0
  /// Bytes of the database file that are free for new drawings afterwards.
  public internal(set) var reusable: Int64 = 0
}

extension Store {
  /// Samples that are pruned in one transaction: a panel beside waits no longer than for these.
  private static let pruneBatch = 200

  /// Takes the records of drawings away that a collector has confirmed, and that were drawn and confirmed before a time.
  ///
  /// The pages go to the database's list of free pages, and the next drawings are written into them: the file does not
  /// shrink, and does not grow again either until they are used up. ``Statistics/isFull`` counts them as room.
  /// - Parameters:
  ///   - wall: milliseconds since 1970.
  ///   - isTrial: only counts.
  ///   - progress: called now and then with the drawings done.
  public func prune(
    confirmedBefore wall: Int64, isTrial: Bool = false, progress: (Int) -> Void = { _ in }
  ) throws(StoreError) -> Pruning {
    do throws(StoreError) {
      if !isTrial { try dropOwnReceipts() }
      var pruning = try pruned(before: wall)
      if !isTrial, pruning.samples > 0 {
        (pruning.samples, pruning.bytes) = (0, 0)
        var last: Int64 = 0
        while let batch = try pruneBatch(after: last, before: wall) {
          last = batch.last
          pruning.samples += batch.samples
          pruning.bytes += batch.bytes
          progress(pruning.samples)
          try checkpoint()
        }
      }
      pruning.reusable = try reusableBytes()
      return pruning
    } catch {
      if error.kind == .damaged { directory.noteDamage(error.reason) }
      throw error.during("prune")
    }
  }

  /// Takes back what this store has confirmed to itself, as an earlier software let it: nobody else need have those drawings.
  private func dropOwnReceipts() throws(StoreError) {
    let any = "SELECT 1 FROM acknowledgements WHERE collector = ? LIMIT 1"
    guard try connection.integer(any, .blob(panel)) != nil else { return }
    try connection.run(
      """
      DELETE FROM acknowledgements WHERE collector = ?
        AND (SELECT record FROM samples s WHERE s.id = sample) IS NOT NULL
      """, .blob(panel))
  }

  /// Bytes of free pages in the database file.
  func reusableBytes() throws(StoreError) -> Int64 {
    (try connection.integer("PRAGMA freelist_count") ?? 0) * (try connection.integer("PRAGMA page_size") ?? 0)
  }

  /// Confirmed drawings that are still here. Both clocks must have been set, and both times must be long enough ago.
  private static let dated = "min(a.wall, s.wall) >= \(ClockQuality.earliest)"
  private static let mutual = "a.collector IN (SELECT uuid FROM sources)"

  private func pruned(before wall: Int64) throws(StoreError) -> Pruning {
    let statement = try connection.statement(
      """
      SELECT count(*) FILTER (WHERE free AND old), coalesce(sum(bytes) FILTER (WHERE free AND old), 0),
        count(*) FILTER (WHERE free AND dated AND NOT old), count(*) FILTER (WHERE free AND NOT dated),
        count(*) FILTER (WHERE mutual), count(*) FILTER (WHERE own)
      FROM (
        SELECT length(s.record) AS bytes, a.collector = ?2 AS own, \(Store.mutual) AS mutual,
          a.collector <> ?2 AND NOT \(Store.mutual) AS free, \(Store.dated) AS dated,
          \(Store.dated) AND max(a.wall, s.wall) < ?1 AS old
        FROM acknowledgements a JOIN samples s ON s.id = a.sample WHERE s.record IS NOT NULL
      )
      """, [.integer(wall), .blob(panel)])
    var pruning = Pruning()
    if try statement.step() {
      pruning.samples = Int(statement.integer(0))
      pruning.bytes = statement.integer(1)
      pruning.young = Int(statement.integer(2))
      pruning.undated = Int(statement.integer(3))
      pruning.mutual = Int(statement.integer(4))
      pruning.unconfirmed = Int(statement.integer(5))
    }
    pruning.unconfirmed += Int(
      try counter(Schema.Counter.samples) - counter(Schema.Counter.acknowledged))
    return pruning
  }

  private func pruneBatch(
    after row: Int64, before wall: Int64
  ) throws(StoreError) -> (last: Int64, samples: Int, bytes: Int64)? {
    try connection.transaction("IMMEDIATE") { () throws(StoreError) in
      var rows: [Int64] = []
      var bytes: Int64 = 0
      do {
        let statement = try connection.statement(
          """
          SELECT s.id, length(s.record) FROM acknowledgements a JOIN samples s ON s.id = a.sample
          WHERE a.sample > ? AND s.record IS NOT NULL AND \(Store.dated) AND max(a.wall, s.wall) < ?
            AND a.collector <> ? AND NOT \(Store.mutual) ORDER BY a.sample LIMIT ?
          """, [.integer(row), .integer(wall), .blob(panel), .integer(Store.pruneBatch)])
        while try statement.step() {
          rows.append(statement.integer(0))
          bytes += statement.integer(1)
        }
      }
      guard let last = rows.last else { return nil }
      // SQLite joins pages that have become nearly empty when rows leave them, not when rows become smaller: so each row
      // goes away without its record and comes back. What refers to it is checked when the transaction ends.
      try connection.run("PRAGMA defer_foreign_keys = ON")
      for row in rows {
        try connection.run("UPDATE samples SET id = -id, record = NULL WHERE id = ?", .integer(row))
      }
      for row in rows { try connection.run("UPDATE samples SET id = -id WHERE id = ?", .integer(-row)) }
      return (last, rows.count, bytes)
    }
  }
}
