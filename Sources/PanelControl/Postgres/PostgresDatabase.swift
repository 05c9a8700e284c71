import Spool

/// A database with our tables in it: what is asked of it and what it is told, each in one transaction.
struct PostgresDatabase: ~Copyable {
  let connection: PostgresConnection
  /// Names this database for ever, also in a copy of it; nil where our tables are not there and shall not be made.
  let identity: Identifier?
  /// How the web collector's table is served.
  let web: WebCollector

  /// What became of a batch.
  struct Taken {
    /// Samples that were not there before.
    var added = 0
    /// Samples whose visits were withdrawn.
    var withdrawn: [Identifier] = []
    /// Samples whose ids belong to other bytes there.
    var conflicts: [Identifier] = []
  }

  /// Connects, and makes or renews the tables.
  ///
  /// - Parameter changes: without it nothing is made or changed.
  init(_ address: PostgresAddress, _ interrupt: Interrupt, changes: Bool) throws(PostgresError) {
    let connection = try PostgresConnection(address, interrupt)
    let operation = "use"
    if let encoding = connection.parameter("server_encoding"), encoding != "UTF8" {
      throw PostgresError(
        .refused, operation, connection.name,
        reason: "its texts are in \(encoding), which has no letters for many names",
        next: "make one with CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0")
    }
    var version = try PostgresDatabase.version(connection)
    if version < PostgresSchema.migrations.count, changes {
      try PostgresDatabase.migrate(connection)
      version = try PostgresDatabase.version(connection)
    }
    guard version <= PostgresSchema.migrations.count else {
      throw PostgresError(
        .refused, operation, connection.name,
        reason:
          "a later software made its tables (version \(version), this one knows \(PostgresSchema.migrations.count))",
        next: "update this software; nothing was changed there")
    }
    var identity: Identifier?
    if version > 0 {
      let row = try connection.rows(
        operation, "SELECT value FROM digit_panel.settings WHERE key = 'identity'")
      identity = row.text(0, 0).flatMap { Identifier($0) }
      guard identity != nil else {
        throw PostgresError(
          .refused, operation, connection.name, reason: "its table digit_panel.settings has no identity",
          next: "put one there: INSERT INTO digit_panel.settings VALUES ('identity', gen_random_uuid())")
      }
    }
    self.web =
      identity == nil
      ? .absent("our tables are not there yet") : try WebCollector(connection, changes: changes)
    self.connection = connection
    self.identity = identity
  }

  /// The version of the tables; 0 where there are none.
  private static func version(_ connection: borrowing PostgresConnection) throws(PostgresError) -> Int {
    // to_regclass would answer from what this session remembers, which another may have changed since.
    let found = try connection.rows(
      "use",
      """
      SELECT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = $1 AND c.relname = 'settings')
      """, PostgresSchema.name)
    guard found.isTrue(0, 0) else { return 0 }
    let version = try connection.rows("use", "SELECT value FROM digit_panel.settings WHERE key = 'version'")
    return version.text(0, 0).flatMap { Int($0) } ?? 0
  }

  private static func migrate(_ connection: borrowing PostgresConnection) throws(PostgresError) {
    let operation = "make the tables of"
    try connection.script(
      operation, "BEGIN ISOLATION LEVEL READ COMMITTED; SELECT \(PostgresSchema.migrationLock)")
    // Whoever had the lock before may have made them.
    let version = try version(connection)
    if version == 0 {
      // IF NOT EXISTS asks for the right to make one even where there is one already.
      let schema = try connection.rows(
        operation, "SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = $1)", PostgresSchema.name)
      if !schema.isTrue(0, 0) { try connection.script(operation, "CREATE SCHEMA \(PostgresSchema.name)") }
    }
    for (number, migration) in PostgresSchema.migrations.enumerated().dropFirst(version) {
      try connection.script(operation, migration)
      if number == 0 {
        try connection.script(
          operation,
          """
          INSERT INTO digit_panel.settings VALUES ('identity', '\(Identifier.random())'), ('version', '1')
          """)
      } else {
        try connection.script(
          operation, "UPDATE digit_panel.settings SET value = '\(number + 1)' WHERE key = 'version'")
      }
    }
    try connection.script(operation, "COMMIT")
  }

  /// The batches of a store that were taken in here.
  func batches(of store: Identifier) throws(PostgresError) -> Set<Identifier> {
    let rows = try connection.rows(
      "ask", "SELECT batch FROM digit_panel.batches WHERE store = $1", store.description)
    return Set(rows.texts().compactMap { Identifier($0) })
  }

  /// The hashes of those samples that are here already.
  func known(_ samples: [Identifier]) throws(PostgresError) -> [Identifier: String] {
    let rows = try connection.rows(
      "ask", "SELECT uuid, encode(hash, 'hex') FROM digit_panel.samples WHERE uuid = ANY ($1::uuid[])",
      "{" + samples.map(\.description).joined(separator: ",") + "}")
    var known: [Identifier: String] = [:]
    for row in 0..<rows.count {
      if let id = rows.text(row, 0).flatMap({ Identifier($0) }), let hash = rows.text(row, 1) {
        known[id] = hash
      }
    }
    return known
  }

  /// Takes samples in, in one transaction: those that are not there yet and were not withdrawn.
  ///
  /// It can be repeated with the same receipt after any error: the effect is that of once.
  /// - Parameter meanwhile: is called while the server works.
  func take(
    _ rows: [ArraySlice<UInt8>], receipt: Identifier, store: Identifier, meanwhile: () -> Void
  ) throws(PostgresError) -> Taken {
    let operation = "upload to"
    try connection.copy(operation, PostgresDatabase.begin, rows)
    try connection.send(operation, end(receipt: receipt, store: store))
    meanwhile()
    var taken = Taken()
    try connection.answers(operation) { number, rows in
      switch number {
      case 0: taken.withdrawn = rows.texts().compactMap { Identifier($0) }
      case 3: taken.added = rows.integer(0, 0).map(Int.init) ?? 0
      case 4: taken.conflicts = rows.texts().compactMap { Identifier($0) }
      default: break
      }
    }
    return taken
  }

  /// Up to the rows. The table is made in the transaction that uses it, as a pooler gives the next one another session.
  private static let begin = """
    BEGIN ISOLATION LEVEL READ COMMITTED;
    SELECT \(PostgresSchema.settings);
    SELECT \(PostgresSchema.sharedWithdrawalLock);
    CREATE TEMPORARY TABLE digit_panel_incoming (
      \(PostgresSchema.columns.map { "\($0.0) \($0.1)" }.joined(separator: ", ")), name text
    ) WITH (toast_tuple_target = 8160) ON COMMIT DROP;
    ALTER TABLE pg_temp.digit_panel_incoming ALTER COLUMN record SET STORAGE EXTERNAL;
    COPY pg_temp.digit_panel_incoming FROM STDIN (FORMAT binary)
    """

  /// After the rows. They come in the order of their keys, and go in as they come, so that two uploaders of the same samples wait
  /// for each other in one direction only.
  private func end(receipt: Identifier, store: Identifier) -> String {
    let columns = PostgresSchema.columns.map(\.0).joined(separator: ", ")
    return """
      DELETE FROM pg_temp.digit_panel_incoming i WHERE i.uuid IN (SELECT uuid FROM digit_panel.tombstones)
        OR i.session IN (SELECT uuid FROM digit_panel.tombstones) RETURNING i.uuid;
      INSERT INTO digit_panel.contributors AS c (pseudonym, name)
        SELECT DISTINCT ON (contributor) contributor, name FROM pg_temp.digit_panel_incoming
        ORDER BY contributor, sequence DESC
        ON CONFLICT (pseudonym) DO UPDATE SET name = EXCLUDED.name
        WHERE NOT c.dropped AND c.name IS DISTINCT FROM EXCLUDED.name;
      WITH added AS (
        INSERT INTO digit_panel.samples (\(columns)) SELECT \(columns) FROM pg_temp.digit_panel_incoming
        ON CONFLICT (uuid) DO NOTHING RETURNING 1
      )
      INSERT INTO digit_panel.batches (batch, store, samples) SELECT '\(receipt)', '\(store)', count(*) FROM added
        ON CONFLICT (batch) DO NOTHING;
      SELECT samples FROM digit_panel.batches WHERE batch = '\(receipt)';
      SELECT i.uuid FROM pg_temp.digit_panel_incoming i JOIN digit_panel.samples s ON s.uuid = i.uuid
        WHERE s.hash <> i.hash AND (SELECT count(*) FROM pg_temp.digit_panel_incoming)
          > (SELECT samples FROM digit_panel.batches WHERE batch = '\(receipt)');
      \(web.add(where: "s.uuid IN (SELECT uuid FROM pg_temp.digit_panel_incoming)"));
      COMMIT
      """
  }
}
