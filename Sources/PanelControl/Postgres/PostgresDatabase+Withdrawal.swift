import Spool

/// What visitors have withdrawn, and names that were dropped: gone there as here, for ever.
extension PostgresDatabase {
  /// All tombstones there.
  func tombstones() throws(PostgresError) -> [Tombstone] {
    let rows = try connection.rows(
      "ask",
      "SELECT uuid, kind, (extract(epoch FROM withdrawn_at) * 1000)::bigint FROM digit_panel.tombstones")
    var found: [Tombstone] = []
    for row in 0..<rows.count {
      guard let id = rows.text(row, 0).flatMap({ Identifier($0) }),
        let kind = rows.text(row, 1).flatMap({ Tombstone.Kind(rawValue: $0) }),
        let wall = rows.integer(row, 2)
      else { continue }
      found.append(Tombstone(id: id, kind: kind, wall: wall))
    }
    return found
  }

  /// Lays tombstones down there and removes what they stand for, in one transaction.
  ///
  /// A number has one tombstone there. Should one come as a sample's and as a visit's, the visit's stays: whoever named it wrongly
  /// before keeps no visit from being withdrawn.
  /// - Returns: how many samples went.
  func withdraw(_ tombstones: [Tombstone]) throws(PostgresError) -> Int {
    // Recorded or imported, a drawing is one.
    func those(_ kind: Tombstone.Kind) -> String {
      let ids = tombstones.filter { $0.kind == kind }.flatMap {
        kind == .sample ? [$0.id, $0.id.otherForm] : [$0.id]
      }
      return "ANY ('{\(ids.map(\.description).joined(separator: ","))}'::uuid[])"
    }
    let visits = Set(tombstones.filter { $0.kind == .session }.map(\.id))
    let single = tombstones.filter { $0.kind == .session || !visits.contains($0.id) }
    let values = single.map { tombstone in
      let seconds = Double(min(max(tombstone.wall, 0), 253_402_300_799_999)) / 1000
      return "('\(tombstone.id)'::uuid, '\(tombstone.kind.rawValue)', to_timestamp(\(seconds)))"
    }
    var removed = 0
    try connection.script(
      "withdraw drawings from",
      """
      BEGIN ISOLATION LEVEL READ COMMITTED;
      SELECT \(PostgresSchema.settings);
      SELECT \(PostgresSchema.withdrawalLock);
      CREATE TEMPORARY TABLE digit_panel_gone ON COMMIT DROP AS SELECT uuid, contributor FROM digit_panel.samples
        WHERE uuid = \(those(.sample)) OR session = \(those(.session));
      \(removeGone);
      INSERT INTO digit_panel.tombstones AS t (uuid, kind, withdrawn_at) VALUES \(values.joined(separator: ", "))
        ON CONFLICT (uuid) DO UPDATE SET kind = EXCLUDED.kind WHERE t.kind = 'sample' AND EXCLUDED.kind = 'session';
      COMMIT
      """
    ) { number, rows in
      if number == 5 { removed = rows.changed }
    }
    return removed
  }

  /// Drops visitors' names there, so that no later upload brings them back; in one transaction.
  func dropNames(of visitors: [Identifier]) throws(PostgresError) {
    let list = "'{\(visitors.map(\.description).joined(separator: ","))}'::uuid[]"
    try connection.script(
      "drop names from",
      """
      BEGIN ISOLATION LEVEL READ COMMITTED;
      SELECT \(PostgresSchema.settings);
      SELECT \(PostgresSchema.withdrawalLock);
      INSERT INTO digit_panel.contributors AS c (pseudonym, dropped) SELECT unnest(\(list)), true
        ON CONFLICT (pseudonym) DO UPDATE SET name = NULL, dropped = true WHERE NOT c.dropped;
      \(web.dropNames(where: "s.contributor = ANY (\(list))"));
      COMMIT
      """)
  }

  /// How many visitors' names were dropped there.
  func droppedNameCount() throws(PostgresError) -> Int {
    let rows = try connection.rows("ask", "SELECT count(*) FROM digit_panel.contributors WHERE dropped")
    return rows.integer(0, 0).map { Int(clamping: $0) } ?? 0
  }

  /// Visitors whose names were dropped there, in the order of their pseudonyms, from behind one of them.
  func droppedNames(after visitor: Identifier?, limit: Int) throws(PostgresError) -> [Identifier] {
    let rows = try connection.rows(
      "ask",
      """
      SELECT pseudonym FROM digit_panel.contributors WHERE dropped AND ($1::uuid IS NULL OR pseudonym > $1::uuid)
      ORDER BY pseudonym LIMIT \(limit)
      """, visitor?.description)
    return rows.texts().compactMap { Identifier($0) }
  }
}
