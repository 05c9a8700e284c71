/// What a new store takes over from a damaged one, where that can still be read: who the panel is, and how far it has
/// counted, so that neither its identity nor the number of a sample is ever used for something else; and whether it keeps names.
struct Remembered {
  let panel: Identifier
  let sequence: Int64
  /// Whether names of visitors who come later are kept.
  let keepsNames: Bool
  /// No panel draws so many: a larger number comes of damage, or of a record that lies.
  static let most: Int64 = 1 << 53

  init(panel: Identifier, sequence: Int64, keepsNames: Bool) {
    self.panel = panel
    self.sequence = sequence
    self.keepsNames = keepsNames
  }

  init?(readingFrom directory: StoreDirectory) {
    guard !directory.isLogAlone, let connection = try? directory.connect(.readOnly),
      let bytes = try? connection.blob("SELECT value FROM settings WHERE key = 'panel'"),
      let panel = Identifier(bytes: bytes)
    else { return nil }
    let counted = try? connection.integer(
      "SELECT value FROM counters WHERE name = 'sequence' AND value BETWEEN 0 AND ?",
      .integer(Remembered.most))
    let stored = try? Remembered.newest(of: panel, in: connection)
    // With the identity alone, numbers of samples would be given twice: then the new store is another panel.
    guard counted != nil || stored != nil else { return nil }
    self.panel = panel
    sequence = max(counted ?? 0, stored ?? 0)
    keepsNames = (try? connection.keepsNames()) ?? true
  }

  /// The number of the newest sample of a panel that is in a store; 0 without one. Those of other panels' and of imported samples
  /// say nothing of it.
  static func newest(of panel: Identifier, in connection: borrowing Connection) throws(StoreError) -> Int64 {
    try connection.integer(
      "SELECT max(sequence) FROM samples WHERE panel = (SELECT id FROM panels WHERE uuid = ?) AND sequence BETWEEN 0 AND ?",
      .blob(panel), .integer(most)) ?? 0
  }

  func apply(to connection: borrowing Connection) throws(StoreError) {
    try connection.transaction("IMMEDIATE") { () throws(StoreError) in
      try connection.run("UPDATE settings SET value = ? WHERE key = 'panel'", .blob(panel))
      try connection.run("UPDATE counters SET value = ? WHERE name = 'sequence'", .integer(sequence))
      if !keepsNames { try connection.setKeepsNames(false) }
    }
  }
}
