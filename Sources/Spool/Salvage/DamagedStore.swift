import CSQLite

/// What SQLite can still read of a damaged store, besides the records: the first damaged page ends each list.
struct DamagedStore {
  /// The names that may be shown, by pseudonym.
  private(set) var names: [Identifier: String] = [:]
  /// What was withdrawn there.
  private(set) var tombstones: [Tombstone] = []
  /// Visitors whose names were dropped for good there, or in a store that it was synchronised with.
  private(set) var nameless: [Identifier] = []
  /// Whether it keeps no names of visitors who come later.
  private(set) var isNameless = false
  /// Drawings that it says it has, those that were pruned among them; nil where that cannot be read.
  private(set) var count: Int?
  /// Those of which it says that they were pruned.
  private(set) var pruned = 0
  /// Hashes of records that were set aside there as suspicious: they are no samples.
  private(set) var suspicious: Set<Digest> = []
  /// What people said of its drawings.
  private(set) var verdicts: [(sample: Identifier, verdict: Verdict, wall: Int64)] = []

  init(_ path: String) {
    guard !StoreDirectory.isLogAlone(path), let connection = try? Connection(path, .readOnly) else { return }
    sqlite3_busy_timeout(connection.handle, Store.patience)
    isNameless = (try? connection.keepsNames()) == false
    count = (try? connection.integer("SELECT value FROM counters WHERE name = 'samples'")).flatMap { $0 }.map
    {
      Int($0)
    }
    if let statement = try? connection.statement("SELECT 1 FROM samples WHERE record IS NULL") {
      while (try? statement.step()) == true { pruned += 1 }
    }
    if let statement = try? connection.statement(
      "SELECT pseudonym, name FROM contributors WHERE name IS NOT NULL")
    {
      while (try? statement.step()) == true {
        if let id = Identifier(bytes: statement.blob(0)) { names[id] = statement.text(1) }
      }
    }
    if let statement = try? connection.statement("SELECT uuid, kind, wall FROM tombstones") {
      while (try? statement.step()) == true {
        if let id = Identifier(bytes: statement.blob(0)),
          let kind = Tombstone.Kind(rawValue: statement.text(1))
        {
          tombstones.append(Tombstone(id: id, kind: kind, wall: statement.integer(2)))
        }
      }
    }
    // A store of an older version has not all of these tables.
    if let statement = try? connection.statement("SELECT pseudonym FROM dropped_names") {
      while (try? statement.step()) == true {
        if let id = Identifier(bytes: statement.blob(0)) { nameless.append(id) }
      }
    }
    if let statement = try? connection.statement("SELECT hash FROM set_aside") {
      while (try? statement.step()) == true {
        if let hash = Digest(bytes: statement.blob(0)) { suspicious.insert(hash) }
      }
    }
    readVerdicts(connection)
  }

  private mutating func readVerdicts(_ connection: borrowing Connection) {
    guard let statement = try? connection.statement("SELECT verdict, label, wall, sample FROM verdicts")
    else {
      return
    }
    while (try? statement.step()) == true {
      guard let verdict = statement.verdict(0) else { continue }
      // Each drawing is looked up by itself: one whose page is damaged keeps no other from being found.
      let id = try? connection.blob("SELECT uuid FROM samples WHERE id = ?", .integer(statement.integer(3)))
      if let bytes = id.flatMap({ $0 }), let id = Identifier(bytes: bytes) {
        verdicts.append((id, verdict, statement.integer(2)))
      }
    }
  }
}
