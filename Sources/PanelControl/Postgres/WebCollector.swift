/// The table of the web collector that came before the panels, `home_drawndigit` (id, digit_label, image_data, created_at,
/// username): whatever reads it goes on working, with the drawings of the panels in it.
///
/// Where there is no such table, a view takes its place. Where there is one, with the web collector's own rows, drawings are put
/// into it under numbers of its own sequence, once each, and `digit_panel.web_rows` knows which they are. Only drawings
/// whose visitors agreed to the data set are in either. The picture is the stored one, 255 = ink, which is what the web
/// collector's export takes for granted ("MNIST-compatible") and its own rows, black ink on transparent paper read as gray,
/// never were.
enum WebCollector: Equatable {
  case view
  /// The table's name with its schema, quoted, and its sequence.
  case table(name: String, sequence: String)
  /// It is not served, and why.
  case absent(String)

  /// Finds it, and where there is nothing makes the view.
  ///
  /// - Parameter changes: without it nothing is made.
  init(_ connection: borrowing PostgresConnection, changes: Bool) throws(PostgresError) {
    let operation = "look for home_drawndigit in"
    let found = try connection.rows(
      operation,
      """
      SELECT c.relkind, quote_ident(n.nspname) || '.' || quote_ident(c.relname), c.oid::text,
        coalesce(obj_description(c.oid, 'pg_class'), '') = $1
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = to_regclass('home_drawndigit')
      """, WebCollector.comment)
    switch found.text(0, 0) {
    case nil: self = try WebCollector.makeView(connection, changes: changes)
    case "v" where found.isTrue(0, 3): self = .view
    case "r", "p":
      let name = found.text(0, 1) ?? "", number = found.text(0, 2) ?? ""
      if let reason = try WebCollector.obstacle(connection, name) {
        self = .absent(reason)
      } else {
        let sequence = try connection.rows(operation, "SELECT pg_get_serial_sequence($1, 'id')", name)
        self = .table(name: name, sequence: sequence.text(0, 0) ?? "")
        if changes, let reason = try fill(connection, number) { self = .absent(reason) }
      }
    default: self = .absent("there is something else of that name")
    }
  }

  /// By it our view is known from others.
  private static let comment = "Digit Panel: the drawings of the panels as the web collector had its own"

  private static func makeView(
    _ connection: borrowing PostgresConnection, changes: Bool
  ) throws(PostgresError) -> WebCollector {
    let operation = "make home_drawndigit in"
    let place = try connection.rows(
      operation,
      """
      SELECT quote_ident(current_schema()), has_schema_privilege(current_schema(), 'CREATE'),
        EXISTS (SELECT FROM digit_panel.settings WHERE key = 'web_view')
      """)
    if place.isTrue(0, 2) {
      return .absent("it was removed; it is made again without 'web_view' in digit_panel.settings")
    }
    guard let schema = place.text(0, 0), place.isTrue(0, 1) else {
      return .absent("this user may not make a view in the schema \(place.text(0, 0) ?? "public")")
    }
    guard changes else { return .view }
    try connection.script(
      operation,
      """
      BEGIN ISOLATION LEVEL READ COMMITTED;
      SELECT \(PostgresSchema.migrationLock);
      CREATE OR REPLACE VIEW \(schema).home_drawndigit AS
        SELECT s.id, \(columns) FROM digit_panel.samples s
        LEFT JOIN digit_panel.contributors c ON c.pseudonym = s.contributor WHERE s.data_set;
      COMMENT ON VIEW \(schema).home_drawndigit IS '\(comment)';
      INSERT INTO digit_panel.settings VALUES ('web_view', '\(schema)') ON CONFLICT DO NOTHING;
      COMMIT
      """)
    return .view
  }

  /// Its columns but the first, of a sample `s` and its contributor `c`. encode() breaks lines, which no data URL may have.
  private static let columns = """
    s.label::integer AS digit_label,
      'data:image/png;base64,' || translate(encode(substring(s.record FROM s.png_start FOR s.png_length), 'base64'),
        E'\\n', '') AS image_data,
      s.drawn_at AS created_at, coalesce(c.name, 'Anonymous')::character varying(100) AS username
    """

  /// Why nothing can be put into a table, or nil.
  private static func obstacle(
    _ connection: borrowing PostgresConnection, _ name: String
  ) throws(PostgresError) -> String? {
    let operation = "look at home_drawndigit in"
    let columns = try connection.rows(
      operation,
      """
      SELECT attname, attnotnull AND NOT atthasdef AND attidentity = '' AND attgenerated = '' FROM pg_attribute
      WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped
      """, name)
    let wanted = ["id", "digit_label", "image_data", "created_at", "username"]
    let there = columns.texts()
    if let missing = wanted.first(where: { !there.contains($0) }) {
      return "the table has no column \(missing)"
    }
    for row in 0..<columns.count {
      if let column = columns.text(row, 0), !wanted.contains(column), columns.isTrue(row, 1) {
        return "the table asks for a column \(column), which is not known here"
      }
    }
    let rights = try connection.rows(
      operation,
      """
      SELECT sequence IS NOT NULL, has_table_privilege($1, 'SELECT') AND has_table_privilege($1, 'INSERT')
          AND has_table_privilege($1, 'UPDATE') AND has_table_privilege($1, 'DELETE')
          AND has_sequence_privilege(sequence, 'USAGE')
      FROM (SELECT pg_get_serial_sequence($1, 'id') AS sequence) AS own
      """, name)
    if !rights.isTrue(0, 0) { return "the table gives no numbers to its column id by itself" }
    if !rights.isTrue(0, 1) {
      return
        "this user needs SELECT, INSERT, UPDATE and DELETE on the table and USAGE on the sequence of its id"
    }
    let late = try connection.rows(
      operation,
      """
      SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence($1, 'id')::regclass), 0) < max(id) FROM \(name)
      """, name)
    if late.isTrue(0, 0) {
      return "the sequence of its id is behind its largest id; put it right with setval"
    }
    return nil
  }

  /// Puts all drawings into a table that was not met before, or says why it will not have them.
  private func fill(
    _ connection: borrowing PostgresConnection, _ number: String
  ) throws(PostgresError) -> String? {
    let operation = "fill home_drawndigit in"
    let key = try connection.rows(operation, "SELECT value FROM digit_panel.settings WHERE key = 'web_table'")
    if key.text(0, 0) == number { return nil }
    do throws(PostgresError) {
      try connection.script(
        operation,
        """
        BEGIN ISOLATION LEVEL READ COMMITTED;
        SELECT \(PostgresSchema.withdrawalLock);
        DELETE FROM digit_panel.web_rows WHERE NOT EXISTS
          (SELECT FROM digit_panel.settings WHERE key = 'web_table' AND value = '\(number)');
        \(add(where: "true"));
        INSERT INTO digit_panel.settings VALUES ('web_table', '\(number)')
          ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value;
        COMMIT
        """)
      return nil
    } catch {
      guard error.kind == .data else { throw error }
      try connection.rollBack()
      return error.reason
    }
  }

  /// Whether nothing needs to be put into it.
  var isPassive: Bool { if case .table = self { false } else { true } }

  /// Puts samples into the table that are not in it; nothing for a view.
  ///
  /// - Parameter condition: on a sample `s`.
  func add(where condition: String) -> String {
    guard case .table(let name, let sequence) = self else { return "SELECT 1 WHERE false" }
    return """
      WITH chosen AS (
        INSERT INTO digit_panel.web_rows (sample, id)
          SELECT s.uuid, nextval('\(WebCollector.quoted(sequence))') FROM digit_panel.samples s WHERE s.data_set AND \(condition)
          ON CONFLICT (sample) DO NOTHING RETURNING sample, id
      )
      INSERT INTO \(name) (id, digit_label, image_data, created_at, username)
        SELECT chosen.id, \(WebCollector.columns) FROM chosen JOIN digit_panel.samples s ON s.uuid = chosen.sample
          LEFT JOIN digit_panel.contributors c ON c.pseudonym = s.contributor ORDER BY chosen.id
      """
  }

  /// Takes samples out of the table again; nothing for a view.
  ///
  /// - Parameter condition: on a row `w` of `digit_panel.web_rows`.
  func remove(where condition: String) -> String {
    guard case .table(let name, _) = self else { return "SELECT 1 WHERE false" }
    return """
      WITH gone AS (DELETE FROM digit_panel.web_rows w WHERE \(condition) RETURNING w.id)
      DELETE FROM \(name) t USING gone WHERE t.id = gone.id
      """
  }

  /// Takes the names off samples in the table; nothing for a view.
  ///
  /// - Parameter condition: on a sample `s`.
  func dropNames(where condition: String) -> String {
    guard case .table(let name, _) = self else { return "SELECT 1 WHERE false" }
    return """
      UPDATE \(name) t SET username = 'Anonymous' FROM digit_panel.web_rows w, digit_panel.samples s
        WHERE t.id = w.id AND s.uuid = w.sample AND \(condition)
      """
  }

  private static func quoted(_ text: String) -> String {
    text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''")
  }

  /// In the report: `view`, `table`, or null.
  var word: String? {
    switch self {
    case .view: "view"
    case .table: "table"
    case .absent: nil
    }
  }
}
