/// What was withdrawn and must never come back.
public struct Tombstone: Hashable, Sendable {
  public enum Kind: String, Sendable, CaseIterable {
    /// A visit with all its samples.
    case session
    case sample
  }

  public let id: Identifier
  public let kind: Kind
  /// When it was withdrawn, by the clock of the store where that was done: milliseconds since 1970.
  public let wall: Int64

  public init(id: Identifier, kind: Kind, wall: Int64) {
    self.id = id
    self.kind = kind
    self.wall = wall
  }
}

extension Store {
  /// The tombstones in the order of their ids, from behind one of them.
  public func tombstones(after id: Identifier? = nil, limit: Int) throws(StoreError) -> [Tombstone] {
    let statement = try connection.statement(
      "SELECT uuid, kind, wall FROM tombstones WHERE uuid > ? ORDER BY uuid LIMIT ?",
      [.blob(id?.bytes ?? []), .integer(limit)])
    var found: [Tombstone] = []
    while try statement.step() {
      guard let id = Identifier(bytes: statement.blob(0)),
        let kind = Tombstone.Kind(rawValue: statement.text(1))
      else { continue }
      found.append(Tombstone(id: id, kind: kind, wall: statement.integer(2)))
    }
    return found
  }

  /// Lays tombstones down, and removes what they stand for. One that is there already changes nothing.
  ///
  /// - Returns: how many samples went.
  @discardableResult
  public func apply(_ tombstones: [Tombstone]) throws(StoreError) -> Int {
    try apply(tombstones, day: 0, limit: Int.max).removed
  }

  /// The tombstones in the order in which they are sent: visits first, so that what comes for their drawings is done already
  /// and counts for nothing in a day's number.
  public func tombstonesToSend(after last: Tombstone?, limit: Int) throws(StoreError) -> [Tombstone] {
    var found: [Tombstone] = []
    for kind in [Tombstone.Kind.session, .sample] {
      if last?.kind == .sample, kind == .session { continue }
      let statement = try connection.statement(
        "SELECT uuid, wall FROM tombstones WHERE kind = ? AND uuid > ? ORDER BY uuid LIMIT ?",
        [
          .text(kind.rawValue), .blob(last?.kind == kind ? last?.id.bytes ?? [] : []),
          .integer(limit - found.count),
        ])
      while try statement.step() {
        guard let id = Identifier(bytes: statement.blob(0)) else { continue }
        found.append(Tombstone(id: id, kind: kind, wall: statement.integer(1)))
      }
    }
    return found
  }

  /// Lays tombstones down as long as no more of them than a day's numbers have come today; the others are put off.
  ///
  /// - Parameters:
  ///   - day: days since 1970; the counts begin anew with another day.
  ///   - limit: the most that remove something in a day. A visit counts once, whatever it holds.
  ///   - strangers: the most that stand for nothing here and are only remembered.
  /// - Returns: how many samples went, and how many tombstones were put off; those of drawings whose visit is put off too are
  ///   not counted besides.
  public func apply(
    _ tombstones: [Tombstone], day: Int64, limit: Int, strangers: Int = .max
  ) throws(StoreError) -> (removed: Int, putOff: Int) {
    guard !tombstones.isEmpty else { return (0, 0) }
    do throws(StoreError) {
      let (removed, putOff, waiting) = try connection.transaction("IMMEDIATE") { () throws(StoreError) in
        var removing = DailyCount("withdrawals", day: day, limit: limit)
        var remembered = DailyCount("foreign_withdrawals", day: day, limit: strangers)
        try removing.load(connection)
        try remembered.load(connection)
        var (removed, putOff, waiting) = (0, 0, visitsPutOff)
        let visits = tombstones.filter { $0.kind == .session }
        for tombstone in visits + tombstones.filter({ $0.kind == .sample }) {
          if try connection.integer("SELECT 1 FROM tombstones WHERE uuid = ?", .blob(tombstone.id)) != nil {
            continue
          }
          let isHere = try stands(forSomething: tombstone)
          guard isHere ? removing.take() : remembered.take() else {
            if tombstone.kind == .session { waiting.insert(tombstone.id) }
            let session = tombstone.kind == .sample ? try visit(of: tombstone.id) : nil
            if session.map({ !waiting.contains($0) }) ?? true { putOff += 1 }
            continue
          }
          removed += try layDown(tombstone)
        }
        try removing.save(connection)
        try remembered.save(connection)
        return (removed, putOff, waiting)
      }
      visitsPutOff = waiting
      // What cannot be erased from the log now is erased by the next checkpoint that can.
      if mustErase { _ = try? erase() }
      mustErase = false
      return (removed, putOff)
    } catch {
      throw error.during("withdraw drawings in")
    }
  }

  /// Whether there are drawings here that a tombstone takes away.
  private func stands(forSomething tombstone: Tombstone) throws(StoreError) -> Bool {
    let sql =
      switch tombstone.kind {
      case .session:
        "SELECT 1 FROM samples WHERE receipt = (SELECT id FROM receipts WHERE session = ?) LIMIT 1"
      case .sample: "SELECT 1 FROM samples WHERE uuid = ?"
      }
    return try connection.integer(sql, .blob(tombstone.id)) != nil
  }

  /// The visit that a sample belongs to; nil where it is not here.
  private func visit(of sample: Identifier) throws(StoreError) -> Identifier? {
    let bytes = try connection.blob(
      "SELECT r.session FROM samples s JOIN receipts r ON r.id = s.receipt WHERE s.uuid = ?", .blob(sample))
    return bytes.flatMap { Identifier(bytes: $0) }
  }

  /// Lays one down that is not there yet, and removes what it stands for; within a transaction.
  ///
  /// With a visit the drawings of it that are here get tombstones of their own: a collector that had to set a damaged record
  /// aside knows the drawing's id and not the visit, and learns by them that it must not keep those bytes.
  ///
  /// The receipt stays, or is made where the visit never came here: with it the code is known as withdrawn. A visitor of
  /// whom nothing is left goes, with the name.
  /// - Returns: how many samples went.
  func layDown(_ tombstone: Tombstone) throws(StoreError) -> Int {
    try connection.run(
      "INSERT INTO tombstones (uuid, kind, wall) VALUES (?, ?, ?)", .blob(tombstone.id),
      .text(tombstone.kind.rawValue), .integer(tombstone.wall))
    let (which, value): (String, SQLValue) =
      switch tombstone.kind {
      case .session: ("receipt = ?", .integer(try receiptRow(of: tombstone.id)))
      case .sample: ("uuid = ?", .blob(tombstone.id))
      }
    if tombstone.kind == .session {
      try connection.run(
        "INSERT OR IGNORE INTO tombstones (uuid, kind, wall) SELECT uuid, 'sample', ?2 FROM samples WHERE receipt = ?1",
        value, .integer(tombstone.wall))
    }
    var contributors: [Int64] = []
    do {
      let statement = try connection.statement(
        "SELECT DISTINCT contributor FROM samples WHERE \(which)", [value])
      while try statement.step() { contributors.append(statement.integer(0)) }
    }
    try connection.run("DELETE FROM samples WHERE \(which)", value)
    let removed = connection.changes
    for contributor in contributors {
      try connection.run("DELETE FROM contributors WHERE id = ? AND samples = 0", .integer(contributor))
    }
    // After the last loop, so that the number of changes is that of this statement.
    try connection.run("DELETE FROM set_aside WHERE ?1 IN (uuid, session)", .blob(tombstone.id))
    if removed + connection.changes > 0 {
      try noteErasure()
      mustErase = true
    }
    return removed
  }
}
