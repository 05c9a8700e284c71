/// The table of the web collector that came before the panels, `home_drawndigit` (id, digit_label, image_data, created_at,
/// username): whatever reads it goes on working, with the drawings of the panels in it.
///
/// Where there is no such table, a view takes its place. Where there is one, with the web collector's own rows, drawings are put
/// into it under numbers of its own sequence, once each, and `digit_panel.web_rows` knows which they are. Only drawings
/// whose visitors agreed to the data set are in either. The picture is the stored one, 255 = ink, which is what the web
/// collector's export takes for granted ("MNIST-compatible") and its own rows, black ink on transparent paper read as gray,
/// never were.
///
/// What a table did not get while it could not be changed it gets later: `web_current` in `digit_panel.settings` says that it
/// lacks nothing, and every transaction that passes it over takes that away.
enum WebCollector: Equatable {
  case view
  /// The table's name with its schema, quoted, and its sequence.
  case table(name: String, sequence: String)
  /// A table with drawings of ours that takes no more of them, and why. What is withdrawn leaves it all the same, unless
  /// nothing in it can be changed.
  case closed(name: String, reason: String, isFixed: Bool)
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
      let settings = try connection.rows(
        operation,
        """
        SELECT (SELECT value FROM digit_panel.settings WHERE key = 'web_table'),
          (SELECT value FROM digit_panel.settings WHERE key = 'web_current')
        """)
      let obstacle = try WebCollector.obstacle(connection, name)
      var isOurs = settings.text(0, 0) == number
      if !isOurs, settings.text(0, 0) != nil, obstacle?.isReadable ?? true {
        isOurs = try WebCollector.holdsDrawings(connection, name)
      }
      switch (obstacle, isOurs) {
      case (let obstacle?, true):
        self = .closed(name: name, reason: obstacle.reason, isFixed: obstacle.isFixed)
      case (let obstacle?, false): self = .absent(obstacle.reason)
      case (nil, _):
        let sequence = try connection.rows(operation, "SELECT pg_get_serial_sequence($1, 'id')", name)
        self = .table(name: name, sequence: sequence.text(0, 0) ?? "")
      }
      if changes, settings.text(0, 1) != number { self = try caughtUp(connection, number, isOurs: isOurs) }
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

  /// The picture of a sample `s` as a data URL. encode() breaks lines, which none may have.
  private static let picture = """
    'data:image/png;base64,' || translate(encode(substring(s.record FROM s.png_start FOR s.png_length), 'base64'),
        E'\\n', '')
    """

  /// Its columns but the first, of a sample `s` and its contributor `c`.
  private static let columns = """
    s.label::integer AS digit_label, \(picture) AS image_data,
      s.drawn_at AS created_at, coalesce(c.name, 'Anonymous')::character varying(100) AS username
    """

  /// Why nothing can be put into a table.
  private struct Obstacle {
    let reason: String
    /// Whether nothing can be taken out of it either, nor a name off it.
    let isFixed: Bool
    /// Whether its pictures can be read.
    let isReadable: Bool
  }

  private static func obstacle(
    _ connection: borrowing PostgresConnection, _ name: String
  ) throws(PostgresError) -> Obstacle? {
    let operation = "look at home_drawndigit in"
    let columns = try connection.rows(
      operation,
      """
      SELECT attname, attnotnull AND NOT atthasdef AND attidentity = '' AND attgenerated = '' FROM pg_attribute
      WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped
      """, name)
    let wanted = ["id", "digit_label", "image_data", "created_at", "username"]
    let there = columns.texts()
    let missing = wanted.first { !there.contains($0) }
    let rights = try connection.rows(
      operation,
      """
      SELECT has_table_privilege($1, 'SELECT'), has_table_privilege($1, 'INSERT'),
        has_table_privilege($1, 'UPDATE') AND has_table_privilege($1, 'DELETE')
      """, name)
    let isRead = rights.isTrue(0, 0), isChanged = isRead && rights.isTrue(0, 2)
    func found(_ reason: String) -> Obstacle {
      Obstacle(
        reason: reason, isFixed: !isChanged || !there.contains("id") || !there.contains("username"),
        isReadable: isRead && missing == nil)
    }
    if let missing { return found("the table has no column \(missing)") }
    for row in 0..<columns.count {
      if let column = columns.text(row, 0), !wanted.contains(column), columns.isTrue(row, 1) {
        return found("the table asks for a column \(column), which is not known here")
      }
    }
    let sequence = try connection.rows(
      operation,
      """
      SELECT sequence IS NOT NULL, has_sequence_privilege(sequence, 'USAGE')
      FROM (SELECT pg_get_serial_sequence($1, 'id') AS sequence) AS own
      """, name)
    if !sequence.isTrue(0, 0) { return found("the table gives no numbers to its column id by itself") }
    if !isChanged || !rights.isTrue(0, 1) || !sequence.isTrue(0, 1) {
      return found(
        "this user needs SELECT, INSERT, UPDATE and DELETE on the table and USAGE on the sequence of its id")
    }
    let late = try connection.rows(
      operation,
      """
      SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence($1, 'id')::regclass), 0) < max(id) FROM \(name)
      """, name)
    if late.isTrue(0, 0) {
      return found("the sequence of its id is behind its largest id; put it right with setval")
    }
    return nil
  }

  /// Whether a table has the drawings in it that `web_rows` tells, under their numbers: after a dump and its restoration it is
  /// the same table, and yet another one to the server.
  private static func holdsDrawings(
    _ connection: borrowing PostgresConnection, _ name: String
  ) throws(PostgresError) -> Bool {
    let found = try connection.rows(
      "look at home_drawndigit in",
      """
      SELECT EXISTS (
        SELECT FROM (SELECT sample, id FROM digit_panel.web_rows ORDER BY sample LIMIT 1000) w
          JOIN digit_panel.samples s ON s.uuid = w.sample JOIN \(name) t ON t.id = w.id
        WHERE t.image_data::text = \(picture))
      """)
    return found.isTrue(0, 0)
  }

  /// Does in a table what was not done while it could not be changed, or what was there before it.
  ///
  /// - Parameter isOurs: whether the drawings of `web_rows` are in this table.
  /// - Returns: how it is served from now on.
  private func caughtUp(
    _ connection: borrowing PostgresConnection, _ number: String, isOurs: Bool
  ) throws(PostgresError) -> WebCollector {
    let operation = "fill home_drawndigit in"
    let begin = """
      BEGIN ISOLATION LEVEL READ COMMITTED;
      SELECT \(PostgresSchema.settings);
      SELECT \(PostgresSchema.withdrawalLock)
      """
    // What must go goes first, whether or not anything can be added.
    if isOurs, let name {
      let reason = try WebCollector.refusal(
        connection, operation,
        """
        \(begin);
        UPDATE digit_panel.settings SET value = '\(number)' WHERE key = 'web_table';
        \(remove(where: "NOT EXISTS (SELECT FROM digit_panel.samples s WHERE s.uuid = w.sample)"));
        \(dropNames(
          where: "t.username <> 'Anonymous' AND s.contributor IN (SELECT pseudonym FROM digit_panel.contributors WHERE dropped)"));
        COMMIT
        """)
      if let reason { return .closed(name: name, reason: reason, isFixed: true) }
    }
    guard case .table(let name, _) = self else { return self }
    let reason = try WebCollector.refusal(
      connection, operation,
      """
      \(begin);
      DELETE FROM digit_panel.web_rows WHERE NOT EXISTS
        (SELECT FROM digit_panel.settings WHERE key = 'web_table' AND value = '\(number)');
      \(add(where: "NOT EXISTS (SELECT FROM digit_panel.web_rows r WHERE r.sample = s.uuid)"));
      INSERT INTO digit_panel.settings VALUES ('web_table', '\(number)'), ('web_current', '\(number)')
        ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value;
      COMMIT
      """)
    guard let reason else { return self }
    return isOurs ? .closed(name: name, reason: reason, isFixed: false) : .absent(reason)
  }

  /// Runs a whole transaction; why the server will not have it, or nil.
  private static func refusal(
    _ connection: borrowing PostgresConnection, _ operation: String, _ sql: String
  ) throws(PostgresError) -> String? {
    do throws(PostgresError) {
      try connection.script(operation, sql)
      return nil
    } catch {
      guard error.isRefusal else { throw error }
      try connection.rollBack()
      return error.reason
    }
  }

  /// How many drawings that were withdrawn, and names that were dropped, are still in a table which cannot be changed.
  func leftovers(_ connection: borrowing PostgresConnection) throws(PostgresError) -> Int {
    guard case .closed(let name, _, isFixed: true) = self else { return 0 }
    let operation = "look at home_drawndigit in"
    let gone = "NOT EXISTS (SELECT FROM digit_panel.samples s WHERE s.uuid = w.sample)"
    do throws(PostgresError) {
      let found = try connection.rows(
        operation,
        """
        SELECT count(*) FROM \(name) t JOIN digit_panel.web_rows w ON w.id = t.id WHERE \(gone)
          OR t.username <> 'Anonymous' AND EXISTS (SELECT FROM digit_panel.samples s JOIN digit_panel.contributors c
            ON c.pseudonym = s.contributor WHERE s.uuid = w.sample AND c.dropped)
        """)
      return found.integer(0, 0).map { Int(clamping: $0) } ?? 0
    } catch {
      guard error.kind == .refused && !error.state.isEmpty else { throw error }
    }
    // It cannot even be read: what was withdrawn is known without it.
    let found = try connection.rows(operation, "SELECT count(*) FROM digit_panel.web_rows w WHERE \(gone)")
    return found.integer(0, 0).map { Int(clamping: $0) } ?? 0
  }

  /// The table in which rows can be changed.
  private var name: String? {
    switch self {
    case .table(let name, _), .closed(let name, _, isFixed: false): name
    case .closed, .view, .absent: nil
    }
  }

  /// The same table when it has refused something; nil where nothing would be done in it anyway.
  ///
  /// - Parameter isFixed: whether it has refused to let something go, and not to take something.
  func closed(_ reason: String, isFixed: Bool) -> WebCollector? {
    guard let name, isFixed || !isPassive else { return nil }
    return .closed(name: name, reason: reason, isFixed: isFixed)
  }

  /// A statement that notes that something was not done which belongs into a table.
  static let fallBehind = "DELETE FROM digit_panel.settings WHERE key = 'web_current'"

  /// Whether nothing needs to be put into it.
  var isPassive: Bool { if case .table = self { false } else { true } }

  /// Puts samples into the table that are not in it, in one statement, or notes that they are not.
  ///
  /// - Parameter condition: on a sample `s`.
  func add(where condition: String) -> String {
    guard case .table(let name, let sequence) = self else { return WebCollector.fallBehind }
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

  /// Takes samples out of the table again, in one statement, or notes that they are still there.
  ///
  /// - Parameter condition: on a row `w` of `digit_panel.web_rows`.
  func remove(where condition: String) -> String {
    guard let name else { return WebCollector.fallBehind }
    return """
      WITH gone AS (DELETE FROM digit_panel.web_rows w WHERE \(condition) RETURNING w.id)
      DELETE FROM \(name) t USING gone WHERE t.id = gone.id
      """
  }

  /// Takes the names off samples in the table, in one statement, or notes that they are still there.
  ///
  /// - Parameter condition: on a sample `s` and its row `t`.
  func dropNames(where condition: String) -> String {
    guard let name else { return WebCollector.fallBehind }
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
    case .closed, .absent: nil
    }
  }

  /// Why it is not served; nil where it is.
  var reason: String? {
    switch self {
    case .view, .table: nil
    case .closed(_, let reason, _), .absent(let reason): reason
    }
  }
}
