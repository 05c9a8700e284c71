extension Store {
  /// The samples after a row in the order in which they came, with their lengths and hashes.
  ///
  /// Nothing is held open afterwards, so that a running panel can tidy its log between two calls.
  /// - Parameters:
  ///   - limit: the most samples.
  ///   - bytes: ends the list when their records add up to this.
  public func offers(after row: Int64, limit: Int, bytes: Int) throws(StoreError) -> [Offer] {
    let statement = try connection.statement(
      "SELECT id, uuid, length(record), hash FROM samples WHERE id > ? ORDER BY id LIMIT ?",
      [.integer(row), .integer(limit)])
    var offers: [Offer] = []
    var total = 0
    while total < bytes, try statement.step() {
      guard let offer = Store.offer(statement) else { throw unreadableRow() }
      offers.append(offer)
      total += offer.length
    }
    return offers
  }

  /// The sample in a row; nil when there is none.
  public func offer(row: Int64) throws(StoreError) -> Offer? {
    let statement = try connection.statement(
      "SELECT id, uuid, length(record), hash FROM samples WHERE id = ?", [.integer(row)])
    guard try statement.step() else { return nil }
    guard let offer = Store.offer(statement) else { throw unreadableRow() }
    return offer
  }

  /// Whether the sample of a mark still lies in its row.
  public func holds(_ mark: Mark) throws(StoreError) -> Bool {
    try connection.blob("SELECT uuid FROM samples WHERE id = ?", .integer(mark.row)) == mark.id.bytes
  }

  /// The rows up to `row` that no collector has confirmed, ascending.
  ///
  /// In the usual case there are none, and then this costs as much as what came after the row, not the whole store.
  public func unconfirmedRows(upTo row: Int64) throws(StoreError) -> [Int64] {
    let unsent = try counter(Schema.Counter.samples) - counter(Schema.Counter.acknowledged)
    let later =
      try connection.integer(
        """
        SELECT (SELECT count(*) FROM samples WHERE id > ?1) - (SELECT count(*) FROM acknowledgements WHERE sample > ?1)
        """, .integer(row)) ?? 0
    guard unsent > later else { return [] }
    // The small index holds every row; the table itself would be read with all its records.
    let statement = try connection.statement(
      """
      SELECT s.id FROM samples s INDEXED BY samples_by_receipt
      WHERE s.id <= ? AND NOT EXISTS (SELECT 1 FROM acknowledgements a WHERE a.sample = s.id)
      """, [.integer(row)])
    var rows: [Int64] = []
    while try statement.step() { rows.append(statement.integer(0)) }
    return rows.sorted()
  }

  /// The record of an offered sample and its visitor's name; nil when it is not there any more.
  public func record(of offer: Offer) throws(StoreError) -> (bytes: [UInt8], name: String?)? {
    let statement = try connection.statement(
      """
      SELECT s.record, c.name FROM samples s JOIN contributors c ON c.id = s.contributor
      WHERE s.id = ? AND s.uuid = ? AND s.record IS NOT NULL
      """, [.integer(offer.row), .blob(offer.id)])
    guard try statement.step() else { return nil }
    return (statement.blob(0), statement.optionalText(1))
  }

  /// Notes that a collector has these samples durably: from now on they may be pruned.
  ///
  /// An id with another hash than ours is passed over: the collector has something else. So is a drawing of another panel that
  /// was never offered from here: its receipt was given to another store, or to a state of this one that is gone.
  /// - Parameter wall: milliseconds since 1970.
  /// - Returns: how many are new. Those that were confirmed before stay as they were, unless that was at a time that cannot be:
  ///   before this software, or more than a day after `wall`.
  /// - Throws: ``StoreError``, of kind refused for a collector that is this store.
  @discardableResult
  public func acknowledge(
    _ receipts: [(id: Identifier, hash: Digest)], by collector: Identifier, wall: Int64
  ) throws(StoreError) -> Int {
    guard !receipts.isEmpty else { return 0 }
    guard collector != panel else {
      throw StoreError(.refused, "note receipts in", connection.path, reason: "this store wrote them itself")
    }
    do throws(StoreError) {
      return try connection.transaction("IMMEDIATE") { () throws(StoreError) in
        var marked = 0
        let rule = try receiptRule(for: nil)
        let (offered, own) = (SQLValue.integer(rule.offered), rule.own.map { SQLValue.integer($0) } ?? .null)
        try uncounted { () throws(StoreError) in
          for receipt in receipts {
            try connection.run(
              """
              INSERT INTO acknowledgements SELECT id, ?1, ?2 FROM samples
              WHERE uuid = ?3 AND hash = ?4 AND (id <= ?5 OR panel = ?6)
              ON CONFLICT DO NOTHING
              """, .blob(collector), .integer(wall), .blob(receipt.id), .blob(receipt.hash.bytes), offered,
              own)
            if connection.changes > 0 {
              marked += 1
            } else if ClockQuality.plausible.contains(wall) {
              try correct(receipt, by: collector, wall: wall)
            }
          }
        }
        try connection.run(
          "UPDATE counters SET value = value + ? WHERE name = ?", .integer(marked),
          .text(Schema.Counter.acknowledged))
        return marked
      }
    } catch {
      throw error.during("note receipts in")
    }
  }

  /// Gives a receipt that was noted at a time which cannot be the time of this one.
  private func correct(
    _ receipt: (id: Identifier, hash: Digest), by collector: Identifier, wall: Int64
  ) throws(StoreError) {
    let day: Int64 = 86_400_000
    try connection.run(
      """
      UPDATE acknowledgements SET collector = ?1, wall = ?2
      WHERE sample = (SELECT id FROM samples WHERE uuid = ?3 AND hash = ?4)
        AND (wall NOT BETWEEN ?5 AND ?6 OR collector = ?7)
      """, .blob(collector), .integer(wall), .blob(receipt.id), .blob(receipt.hash.bytes),
      .integer(ClockQuality.earliest), .integer(wall + day), .blob(panel))
  }

  /// Notes that a collector was here and has finished.
  ///
  /// - Parameters:
  ///   - wall: milliseconds since 1970.
  ///   - name: what the collector calls itself.
  public func noteSync(wall: Int64, by name: String) throws(StoreError) {
    do throws(StoreError) {
      try connection.transaction("IMMEDIATE") { () throws(StoreError) in
        for (key, value) in [("last_sync", SQLValue.integer(wall)), ("last_sync_by", .text(name))] {
          try connection.run(
            "INSERT INTO settings VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = ?2", .text(key),
            value)
        }
      }
    } catch {
      throw error.during("note the sync in")
    }
  }

  private static func offer(_ statement: borrowing Statement) -> Offer? {
    guard let id = Identifier(bytes: statement.blob(1)), let hash = Digest(bytes: statement.blob(3)) else {
      return nil
    }
    return Offer(row: statement.integer(0), id: id, length: Int(statement.integer(2)), hash: hash)
  }

  private func unreadableRow() -> StoreError {
    connection.contradiction("read", "a row of it has no id or hash")
  }
}
