import Glibc

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
  /// The tombstones in the order of their ids, a sample's before a visit's of the same, from behind one of them.
  public func tombstones(after last: Tombstone? = nil, limit: Int) throws(StoreError) -> [Tombstone] {
    let statement = try connection.statement(
      "SELECT uuid, kind, wall FROM tombstones WHERE (uuid, kind) > (?, ?) ORDER BY uuid, kind LIMIT ?",
      [.blob(last?.id.bytes ?? []), .text(last?.kind.rawValue ?? ""), .integer(limit)])
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

  /// Samples that go in one transaction, or all of one visit: a panel beside waits no longer than for these.
  private static let withdrawalBatch = 100
  /// Microseconds between two of these transactions, in which another one can begin to write.
  private static let withdrawalPause: UInt32 = 20_000

  /// Lays tombstones down as long as no more of them than a day's numbers have come today; the others are put off. What is laid
  /// down is durable when this returns; after an error some of it may be.
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
    let visits = tombstones.filter { $0.kind == .session }
    var left = (visits + tombstones.filter { $0.kind == .sample })[...]
    var (removed, putOff) = (0, 0)
    do throws(StoreError) {
      while !left.isEmpty {
        var removing = DailyCount("withdrawals", day: day, limit: limit)
        var remembered = DailyCount("foreign_withdrawals", day: day, limit: strangers)
        let done = try connection.transaction("IMMEDIATE") { () throws(StoreError) in
          try layDown(left, &removing, &remembered)
        }
        visitsPutOff = done.waiting
        removed += done.removed
        putOff += done.putOff
        left = left.dropFirst(done.tombstones)
        if !left.isEmpty {
          try? checkpoint()
          usleep(Store.withdrawalPause)
        }
      }
      // What cannot be erased from the log now is erased by the next checkpoint that can.
      if mustErase { _ = try? erase() }
      mustErase = false
      return (removed, putOff)
    } catch {
      throw error.during("withdraw drawings in")
    }
  }

  /// What one transaction has done of what came.
  private struct Laid {
    var tombstones = 0
    var removed = 0
    var putOff = 0
    /// Visits whose withdrawal was put off so far.
    var waiting: Set<Identifier>
  }

  /// Lays the first of some tombstones down, as many as one transaction should; within that transaction.
  private func layDown(
    _ tombstones: ArraySlice<Tombstone>, _ removing: inout DailyCount, _ remembered: inout DailyCount
  ) throws(StoreError) -> Laid {
    try removing.load(connection)
    try remembered.load(connection)
    var laid = Laid(waiting: visitsPutOff)
    for tombstone in tombstones where laid.removed < Store.withdrawalBatch {
      laid.tombstones += 1
      if try connection.integer(
        "SELECT 1 FROM tombstones WHERE uuid = ? AND kind = ?", .blob(tombstone.id),
        .text(tombstone.kind.rawValue)) != nil
      {
        continue
      }
      let isHere = try stands(forSomething: tombstone)
      guard isHere ? removing.take() : remembered.take() else {
        if tombstone.kind == .session { laid.waiting.insert(tombstone.id) }
        let session = tombstone.kind == .sample ? try visit(of: tombstone.id) : nil
        if session.map({ !laid.waiting.contains($0) }) ?? true { laid.putOff += 1 }
        continue
      }
      laid.removed += try layDown(tombstone)
    }
    try removing.save(connection)
    try remembered.save(connection)
    return laid
  }

  /// Whether there are drawings here that a tombstone takes away.
  private func stands(forSomething tombstone: Tombstone) throws(StoreError) -> Bool {
    switch tombstone.kind {
    case .session:
      try connection.integer(
        "SELECT 1 FROM samples WHERE receipt = (SELECT id FROM receipts WHERE session = ?) LIMIT 1",
        .blob(tombstone.id)) != nil
    case .sample: try visit(of: tombstone.id) != nil
    }
  }

  /// The visit that a sample belongs to; nil where it is not here.
  private func visit(of sample: Identifier) throws(StoreError) -> Identifier? {
    let bytes = try connection.blob(
      "SELECT r.session FROM samples s JOIN receipts r ON r.id = s.receipt WHERE s.uuid IN (?, ?)",
      .blob(sample), .blob(sample.otherForm))
    return bytes.flatMap { Identifier(bytes: $0) }
  }

  /// Lays one down that is not there yet, and removes what it stands for, recorded or imported; within a transaction.
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
    let forms = [SQLValue.blob(tombstone.id), .blob(tombstone.id.otherForm)]
    let (which, values): (String, [SQLValue]) =
      switch tombstone.kind {
      case .session: ("receipt = ?", [.integer(try receiptRow(of: tombstone.id))])
      case .sample: ("uuid IN (?, ?)", forms)
      }
    if tombstone.kind == .session {
      try connection.run(
        "INSERT OR IGNORE INTO tombstones (uuid, kind, wall) SELECT uuid, 'sample', ?2 FROM samples WHERE receipt = ?1",
        values + [.integer(tombstone.wall)])
    }
    var contributors: [Int64] = []
    do {
      let statement = try connection.statement(
        "SELECT DISTINCT contributor FROM samples WHERE \(which)", values)
      while try statement.step() { contributors.append(statement.integer(0)) }
    }
    try connection.run("DELETE FROM samples WHERE \(which)", values)
    let removed = connection.changes
    for contributor in contributors {
      try connection.run("DELETE FROM contributors WHERE id = ? AND samples = 0", .integer(contributor))
    }
    // After the last loop, so that the number of changes is that of this statement.
    switch tombstone.kind {
    case .session: try connection.run("DELETE FROM set_aside WHERE session = ?", .blob(tombstone.id))
    case .sample: try connection.run("DELETE FROM set_aside WHERE uuid IN (?, ?)", forms)
    }
    if removed + connection.changes > 0 {
      try noteErasure()
      mustErase = true
    }
    return removed
  }
}
