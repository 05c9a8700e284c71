/// Dropping names without touching a drawing: they lie in the table of contributors and nowhere else.
extension Store {
  /// Drops the names of all visitors of this store. What comes of these visitors later, from this panel or by sync, does
  /// not bring them back.
  ///
  /// - Returns: how many names went, and whether their bytes have left the disk: see ``erase(patience:)``.
  @discardableResult
  public func anonymise() throws(StoreError) -> (names: Int, isErased: Bool) {
    do throws(StoreError) {
      let names = try connection.transaction("IMMEDIATE") { () throws(StoreError) in
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

  /// Whether names of visitors who come later are kept, if they may be shown.
  public func keepsNames() throws(StoreError) -> Bool {
    try connection.integer("SELECT 1 FROM settings WHERE key = 'nameless'") == nil
  }

  /// Keeps names of visitors who come later, or none from now on.
  public func setKeepsNames(_ keeps: Bool) throws(StoreError) {
    do throws(StoreError) {
      if keeps {
        try connection.run("DELETE FROM settings WHERE key = 'nameless'")
      } else {
        try connection.run("INSERT INTO settings VALUES ('nameless', 1) ON CONFLICT DO NOTHING")
      }
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
