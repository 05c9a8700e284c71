import Glibc

@testable import Spool

/// A store as an earlier software left it.
enum OlderStore {
  /// Makes one with the tables of a version, by the migrations that are released, and a visitor with a drawing of which only
  /// the row is there.
  static func make(in path: String, version: Int) throws {
    let directory = StoreDirectory(path)
    try directory.create()
    try directory.createDatabase()
    let connection = try directory.connect(.readWrite)
    try connection.script("PRAGMA journal_mode = WAL")
    for migration in Schema.migrations.prefix(version) { try connection.script(migration) }
    try connection.script(
      """
      PRAGMA application_id = \(Schema.applicationID); PRAGMA user_version = \(version);
      INSERT INTO settings VALUES ('panel', x'\(String(repeating: "5A", count: 16))');
      INSERT INTO panels VALUES (1, x'\(String(repeating: "5A", count: 16))');
      INSERT INTO contributors (id, pseudonym, name, name_key) VALUES (1, x'\(String(repeating: "01", count: 16))', 'Ada', 'ada');
      INSERT INTO receipts VALUES (1, x'\(String(repeating: "02", count: 16))', '00000000');
      INSERT INTO samples VALUES (1, x'\(String(repeating: "03", count: 16))', 1, 1, 1, 1, 7, NULL, NULL, NULL, 0, 1, 1,
        1795000000000, 2, x'\(String(repeating: "04", count: 32))', NULL);
      """)
  }
}
