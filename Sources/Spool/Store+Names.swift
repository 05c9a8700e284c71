/// Dropping names without touching a drawing: they lie in the table of contributors and nowhere else.
extension Store {
  /// Drops the names of all visitors of this store. What comes of these visitors later, from this panel or by sync, does
  /// not bring them back, and every store and database that this one is synchronised with drops them, too.
  ///
  /// - Returns: how many names went, and whether their bytes have left the disk: see ``erase(patience:)``.
  @discardableResult
  public func anonymise() throws(StoreError) -> (names: Int, isErased: Bool) {
    do throws(StoreError) {
      let names = try connection.transaction("IMMEDIATE") { () throws(StoreError) in
        try connection.run(
          "INSERT OR IGNORE INTO dropped_names (pseudonym) SELECT pseudonym FROM contributors WHERE is_anonymous = 0"
        )
        try connection.run(
          "UPDATE contributors SET name = NULL, name_key = NULL, is_anonymous = 1 WHERE name IS NOT NULL")
        let names = connection.changes
        try connection.run("UPDATE contributors SET is_anonymous = 1 WHERE is_anonymous = 0")
        if names > 0 { try noteErasure() }
        return names
      }
      return (names, (try? erase()) ?? false)
    } catch {
      throw error.during("drop the names in")
    }
  }

  /// Visitors whose names were dropped for good, in the order of their pseudonyms, from behind one of them.
  public func droppedNames(after visitor: Identifier? = nil, limit: Int) throws(StoreError) -> [Identifier] {
    let statement = try connection.statement(
      "SELECT pseudonym FROM dropped_names WHERE pseudonym > ? ORDER BY pseudonym LIMIT ?",
      [.blob(visitor?.bytes ?? []), .integer(limit)])
    var found: [Identifier] = []
    while try statement.step() {
      if let visitor = Identifier(bytes: statement.blob(0)) { found.append(visitor) }
    }
    return found
  }

  /// How many visitors' names were dropped for good.
  public func droppedNameCount() throws(StoreError) -> Int {
    Int(try connection.integer("SELECT count(*) FROM dropped_names") ?? 0)
  }

  /// Drops names that were dropped in another store, for good; visitors who are not known here are remembered.
  ///
  /// - Parameters:
  ///   - day: days since 1970; the count begins anew with another day.
  ///   - limit: the most visitors unknown here that are remembered in a day; the others are put off.
  /// - Returns: how many names went here, and how many visitors were put off.
  @discardableResult
  public func dropNames(
    of visitors: [Identifier], day: Int64 = 0, limit: Int = .max
  ) throws(StoreError) -> (dropped: Int, putOff: Int) {
    guard !visitors.isEmpty else { return (0, 0) }
    do throws(StoreError) {
      let answer = try connection.transaction("IMMEDIATE") { () throws(StoreError) in
        var strangers = DailyCount("foreign_names", day: day, limit: limit)
        try strangers.load(connection)
        var (dropped, putOff) = (0, 0)
        for visitor in visitors {
          if try connection.integer("SELECT 1 FROM dropped_names WHERE pseudonym = ?", .blob(visitor)) != nil
          {
            continue
          }
          let shown = try connection.integer(
            "SELECT name IS NOT NULL FROM contributors WHERE pseudonym = ?", .blob(visitor))
          if shown == nil, !strangers.take() {
            putOff += 1
            continue
          }
          try connection.run("INSERT INTO dropped_names (pseudonym) VALUES (?)", .blob(visitor))
          try connection.run(
            "UPDATE contributors SET name = NULL, name_key = NULL, is_anonymous = 1 WHERE pseudonym = ?",
            .blob(visitor))
          if shown == 1 { dropped += 1 }
        }
        try strangers.save(connection)
        if dropped > 0 { try noteErasure() }
        return (dropped, putOff)
      }
      // What cannot be erased from the log now is erased by the next checkpoint that can.
      if answer.0 > 0 { _ = try? erase() }
      return answer
    } catch {
      throw error.during("drop names in")
    }
  }

  /// Whether names of visitors who come later are kept, if they may be shown.
  public func keepsNames() throws(StoreError) -> Bool { try connection.keepsNames() }

  /// Keeps names of visitors who come later, or none from now on.
  public func setKeepsNames(_ keeps: Bool) throws(StoreError) {
    do throws(StoreError) {
      try connection.setKeepsNames(keeps)
    } catch {
      throw error.during("choose what becomes of names in")
    }
  }

  private func name(ofContributor row: Int64) throws(StoreError) -> String? {
    let statement = try connection.statement("SELECT name FROM contributors WHERE id = ?", [.integer(row)])
    return try statement.step() ? statement.optionalText(0) : nil
  }

  /// Notes the name of a visitor, unless it was dropped here; nil takes it away.
  func setName(_ name: String?, contributor: Int64) throws(StoreError) {
    // Most samples are not a visitor's first: then the name is there as it was cleaned, and nothing is written.
    if try self.name(ofContributor: contributor) == name { return }
    let shown = name.map(ContributorName.cleaned) ?? ""
    let key = ContributorName.key(shown)
    try connection.run(
      """
      UPDATE contributors SET name = ?1, name_key = ?2 WHERE id = ?3 AND name IS NOT ?1 AND is_anonymous = 0
        AND NOT EXISTS (SELECT 1 FROM settings WHERE key = 'nameless')
      """, shown.isEmpty ? .null : .text(shown), key.isEmpty ? .null : .text(key), .integer(contributor))
  }
}

extension Connection {
  /// See ``Store/keepsNames()``.
  borrowing func keepsNames() throws(StoreError) -> Bool {
    try integer("SELECT 1 FROM settings WHERE key = 'nameless'") == nil
  }

  /// See ``Store/setKeepsNames(_:)``.
  borrowing func setKeepsNames(_ keeps: Bool) throws(StoreError) {
    if keeps {
      try run("DELETE FROM settings WHERE key = 'nameless'")
    } else {
      try run("INSERT INTO settings VALUES ('nameless', 1) ON CONFLICT DO NOTHING")
    }
  }
}
