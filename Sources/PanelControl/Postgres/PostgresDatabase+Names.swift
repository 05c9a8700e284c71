import Spool

/// Names that were dropped: gone there as here, for ever.
extension PostgresDatabase {
  /// Drops visitors' names there, so that no later upload brings them back; in one transaction.
  func dropNames(of visitors: [Identifier]) throws(PostgresError) {
    let list = "'{\(visitors.map(\.description).joined(separator: ","))}'::uuid[]"
    try connection.script(
      "drop names from",
      """
      BEGIN ISOLATION LEVEL READ COMMITTED;
      SELECT \(PostgresSchema.settings);
      SELECT \(PostgresSchema.withdrawalLock);
      INSERT INTO digit_panel.contributors (pseudonym, dropped) SELECT unnest(\(list)), true
        ON CONFLICT (pseudonym) DO UPDATE SET name = NULL, dropped = true;
      \(web.dropNames(where: "s.contributor = ANY (\(list))"));
      COMMIT
      """)
  }
}
