import Spool

/// A database with our tables in it: what is asked of it and what it is told, each in one transaction.
struct PostgresDatabase: ~Copyable {
  let connection: PostgresConnection
  /// Names this database for ever, also in a copy of it; nil where our tables are not there and shall not be made.
  let identity: Identifier?
  /// How the web collector's table is served.
  var web: WebCollector

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

  /// Whether a batch was taken in here: what is known of one whose COMMIT was not answered.
  func has(_ batch: Identifier) throws(PostgresError) -> Bool {
    try connection.rows(
      "ask", "SELECT EXISTS (SELECT FROM digit_panel.batches WHERE batch = $1)", batch.description
    ).isTrue(0, 0)
  }

  /// The hashes of those samples that are here already; of an import whose drawing is here as its panel recorded it, that one's.
  func known(_ samples: [Identifier]) throws(PostgresError) -> [Identifier: String] {
    let imports = samples.filter(\.isImported)
    let rows = try connection.rows(
      "ask", "SELECT uuid, encode(hash, 'hex') FROM digit_panel.samples WHERE uuid = ANY ($1::uuid[])",
      PostgresDatabase.array((samples + imports.map(\.recorded)).map(\.description)))
    var known: [Identifier: String] = [:]
    for row in 0..<rows.count {
      if let id = rows.text(row, 0).flatMap({ Identifier($0) }), let hash = rows.text(row, 1) {
        known[id] = hash
      }
    }
    for id in imports where known[id] == nil { known[id] = known[id.recorded] }
    return known
  }

  /// Samples on their way there, in one transaction.
  struct Parcel {
    /// A whole COPY, and whose rows it has.
    let rows: [ArraySlice<UInt8>]
    let ids: [Identifier]
    /// Whose they are.
    let visitors: [(contributor: Identifier, name: String?)]
    let receipt: Identifier
    let store: Identifier
    /// Whether imports may be among them.
    let hasImports: Bool

    init(
      rows: [ArraySlice<UInt8>], ids: [Identifier], visitors: [(contributor: Identifier, name: String?)],
      receipt: Identifier, store: Identifier
    ) {
      (self.rows, self.ids, self.visitors, self.receipt, self.store) = (rows, ids, visitors, receipt, store)
      hasImports = ids.contains(where: \.isImported)
    }
  }

  /// Puts samples in that are not there, straight into the table: a third of the server's work with ``take(_:)``, which
  /// writes them twice and looks for each before it goes in.
  ///
  /// - Parameter withdrawals: tombstones there, as many as the store has taken into account; those of visits count twice, so
  ///   that it is another number when one of a sample becomes one of a visit.
  /// - Returns: how many of them were not there before; nil when there are other tombstones now, and nothing was done.
  /// - Throws: ``PostgresError`` of kind data when one of them was there after all; nothing of it stays.
  func put(_ parcel: Parcel, withdrawals: Int) throws(PostgresError) -> Int? {
    let operation = "upload to"
    var (found, holdsImports) = (0, false)
    try connection.script(
      operation,
      """
      \(PostgresDatabase.begin(with: parcel));
      SELECT count(*) + count(*) FILTER (WHERE kind = 'session'), \(PostgresDatabase.holdsImports)
        FROM digit_panel.tombstones
      """
    ) { number, rows in
      guard number == 3 else { return }
      found = rows.integer(0, 0).map(Int.init) ?? 0
      holdsImports = rows.isTrue(0, 1)
    }
    guard found == withdrawals else {
      try connection.rollBack()
      return nil
    }
    let columns = PostgresSchema.columns.map(\.0).joined(separator: ", ")
    try connection.copy(
      operation, "COPY digit_panel.samples (\(columns)) FROM STDIN (FORMAT binary)", parcel.rows)
    try note(parcel.visitors, where: "true")
    let gone = holdsImports || parcel.hasImports ? try dropImports(of: parcel) : 0
    try connection.script(
      operation,
      """
      INSERT INTO digit_panel.batches (batch, store, samples)
        VALUES ('\(parcel.receipt)', '\(parcel.store)', \(parcel.ids.count - gone));
      \(WebCollector.fallBehind);
      COMMIT
      """)
    return parcel.ids.count - gone
  }

  /// Takes samples in: those that are not there yet and were not withdrawn.
  ///
  /// It can be repeated with the same receipt after any error: the effect is that of once.
  func take(_ parcel: Parcel) throws(PostgresError) -> Taken {
    let operation = "upload to"
    let columns = PostgresSchema.columns.map(\.0).joined(separator: ", ")
    try connection.copy(operation, PostgresDatabase.beginBeside(with: parcel), parcel.rows)
    var taken = Taken()
    var holdsImports = false
    let withdrawn = "(SELECT uuid FROM digit_panel.tombstones WHERE kind = 'sample')"
    try connection.script(
      operation,
      """
      DELETE FROM pg_temp.digit_panel_incoming i
        WHERE i.uuid IN \(withdrawn) OR \(PostgresDatabase.imported("i.uuid")) IN \(withdrawn)
        OR \(PostgresDatabase.recorded("i.uuid")) IN \(withdrawn)
        OR i.session IN (SELECT uuid FROM digit_panel.tombstones WHERE kind = 'session') RETURNING i.uuid;
      WITH added AS (
        INSERT INTO digit_panel.samples (\(columns)) SELECT \(columns) FROM pg_temp.digit_panel_incoming
        ON CONFLICT (uuid) DO NOTHING RETURNING 1
      )
      INSERT INTO digit_panel.batches (batch, store, samples)
        SELECT '\(parcel.receipt)', '\(parcel.store)', count(*) FROM added ON CONFLICT (batch) DO NOTHING;
      SELECT samples FROM digit_panel.batches WHERE batch = '\(parcel.receipt)';
      SELECT i.uuid FROM pg_temp.digit_panel_incoming i JOIN digit_panel.samples s ON s.uuid = i.uuid
        WHERE s.hash <> i.hash AND s.panel <> '\(Sample.importPanel)' AND (SELECT count(*) FROM pg_temp.digit_panel_incoming)
          > (SELECT samples FROM digit_panel.batches WHERE batch = '\(parcel.receipt)');
      SELECT \(PostgresDatabase.holdsImports)
      """
    ) { number, rows in
      switch number {
      case 0: taken.withdrawn = rows.texts().compactMap { Identifier($0) }
      case 2: taken.added = rows.integer(0, 0).map(Int.init) ?? 0
      case 3: taken.conflicts = rows.texts().compactMap { Identifier($0) }
      case 4: holdsImports = rows.isTrue(0, 0)
      default: break
      }
    }
    try note(parcel.visitors, where: "pseudonym IN (SELECT contributor FROM pg_temp.digit_panel_incoming)")
    if holdsImports || parcel.hasImports { taken.added -= try dropImports(of: parcel) }
    try connection.script(
      operation,
      "\(web.add(where: "s.uuid IN (SELECT uuid FROM pg_temp.digit_panel_incoming)")); COMMIT")
    return taken
  }

  /// Takes imports away whose drawings are there as their panels recorded them: those of a parcel that was put in, and those whose
  /// records are in it; within its transaction.
  ///
  /// - Returns: how many of the parcel went.
  private func dropImports(of parcel: Parcel) throws(PostgresError) -> Int {
    let ids = Set(parcel.ids.map(\.imported)).map(\.description).joined(separator: ",")
    let own = Set(parcel.ids)
    var gone = 0
    try connection.script(
      "upload to",
      """
      CREATE TEMPORARY TABLE digit_panel_gone ON COMMIT DROP AS
        SELECT i.uuid, i.contributor FROM digit_panel.samples i
        WHERE i.uuid = ANY ('{\(ids)}'::uuid[]) AND i.panel = '\(Sample.importPanel)'
        AND EXISTS (SELECT FROM digit_panel.samples s
          WHERE s.uuid = \(PostgresDatabase.recorded("i.uuid")) AND s.panel <> i.panel);
      \(removeGone);
      SELECT uuid FROM pg_temp.digit_panel_gone
      \(parcel.hasImports ? PostgresDatabase.noteImports : "")
      """
    ) { number, rows in
      if number == 4 { gone = rows.texts().count { Identifier($0).map(own.contains) ?? false } }
    }
    return gone
  }

  /// Removes the samples that are in a table of this transaction, and the visitors of whom nothing is left: three statements.
  var removeGone: String {
    """
    \(web.remove(where: "w.sample IN (SELECT uuid FROM pg_temp.digit_panel_gone)"));
    DELETE FROM digit_panel.samples s USING pg_temp.digit_panel_gone gone WHERE s.uuid = gone.uuid;
    DELETE FROM digit_panel.contributors c WHERE pseudonym IN (SELECT contributor FROM pg_temp.digit_panel_gone)
      AND NOT c.dropped AND NOT EXISTS (SELECT FROM digit_panel.samples s WHERE s.contributor = c.pseudonym)
    """
  }

  /// Whether imports were ever brought there, in whose places records may come.
  private static let holdsImports = "EXISTS (SELECT FROM digit_panel.settings WHERE key = 'imports')"
  private static let noteImports =
    "; INSERT INTO digit_panel.settings VALUES ('imports', 'true') ON CONFLICT DO NOTHING"

  /// As ``Spool/Identifier/imported`` and ``Spool/Identifier/recorded``, of a column.
  private static func imported(_ id: String) -> String { "overlay(\(id)::text PLACING '8' FROM 15)::uuid" }
  private static func recorded(_ id: String) -> String { "overlay(\(id)::text PLACING '4' FROM 15)::uuid" }

  /// Notes visitors with their names, as far as those were not dropped there.
  private func note(
    _ visitors: [(contributor: Identifier, name: String?)], where condition: String
  ) throws(PostgresError) {
    _ = try connection.rows(
      "upload to",
      """
      INSERT INTO digit_panel.contributors AS c (pseudonym, name)
        SELECT pseudonym, name FROM unnest($1::uuid[], $2::text[]) AS visitors (pseudonym, name) WHERE \(condition)
        ON CONFLICT (pseudonym) DO UPDATE SET name = EXCLUDED.name
        WHERE NOT c.dropped AND c.name IS DISTINCT FROM EXCLUDED.name
      """, PostgresDatabase.array(visitors.map(\.contributor.description)),
      PostgresDatabase.array(visitors.map(\.name)))
  }

  /// An array as PostgreSQL reads it (postgresql.org/docs/current/arrays.html, "Array Input and Output Syntax").
  static func array(_ values: [String?]) -> String {
    let elements = values.map { value in
      guard let value else { return "NULL" }
      // Scalar by scalar: a quotation mark with an accent on it is another character, and yet a quotation mark.
      var quoted = String.UnicodeScalarView()
      for scalar in BinaryCopy.text(value).unicodeScalars {
        if scalar == "\\" || scalar == "\"" { quoted.append("\\") }
        quoted.append(scalar)
      }
      return "\"\(String(quoted))\""
    }
    return "{\(elements.joined(separator: ","))}"
  }

  /// Imports come beside nothing else: a record that comes beside them would not see them, nor they it.
  private static func begin(with parcel: Parcel) -> String {
    """
    BEGIN ISOLATION LEVEL READ COMMITTED;
    SELECT \(PostgresSchema.settings);
    SELECT \(parcel.hasImports ? PostgresSchema.withdrawalLock : PostgresSchema.sharedWithdrawalLock)
    """
  }

  /// Up to the rows, which come in the order of their keys and go in as they come, so that two uploaders of the same samples
  /// wait for each other in one direction only. The table is made in the transaction that uses it, as a pooler gives the next
  /// one another session.
  private static func beginBeside(with parcel: Parcel) -> String {
    """
    \(begin(with: parcel));
    CREATE TEMPORARY TABLE digit_panel_incoming (
      \(PostgresSchema.columns.map { "\($0.0) \($0.1)" }.joined(separator: ", "))
    ) WITH (toast_tuple_target = 8160) ON COMMIT DROP;
    ALTER TABLE pg_temp.digit_panel_incoming ALTER COLUMN record SET STORAGE EXTERNAL;
    COPY pg_temp.digit_panel_incoming FROM STDIN (FORMAT binary)
    """
  }
}
