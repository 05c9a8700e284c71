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

  /// Lays tombstones down as long as no more than `limit` of them have removed something today; the others are put off.
  ///
  /// - Parameter day: days since 1970; the count begins anew with another day.
  public func apply(
    _ tombstones: [Tombstone], day: Int64, limit: Int
  ) throws(StoreError) -> (removed: Int, putOff: Int) {
    guard !tombstones.isEmpty else { return (0, 0) }
    do throws(StoreError) {
      let (removed, putOff) = try connection.transaction("IMMEDIATE") { () throws(StoreError) in
        var count = limit == Int.max ? 0 : try withdrawals(on: day)
        let before = count
        var (removed, putOff) = (0, 0)
        for tombstone in tombstones {
          if try connection.integer("SELECT 1 FROM tombstones WHERE uuid = ?", .blob(tombstone.id)) != nil {
            continue
          }
          guard count < limit else {
            putOff += 1
            continue
          }
          let gone = try layDown(tombstone)
          removed += gone
          if gone > 0 { count += 1 }
        }
        if count > before, limit != Int.max {
          try connection.run(
            "INSERT INTO settings VALUES ('withdrawals', ?1) ON CONFLICT (key) DO UPDATE SET value = ?1",
            .text("\(day) \(count)"))
        }
        return (removed, putOff)
      }
      // What cannot be erased from the log now is erased by the next checkpoint that can.
      if removed > 0 { _ = try? erase() }
      return (removed, putOff)
    } catch {
      throw error.during("withdraw drawings in")
    }
  }

  /// Tombstones that came by sync and removed something on a day.
  private func withdrawals(on day: Int64) throws(StoreError) -> Int {
    let text = try connection.text("SELECT value FROM settings WHERE key = 'withdrawals'") ?? ""
    let numbers = text.split(separator: " ").map { Int64($0) ?? 0 }
    return numbers.count == 2 && numbers[0] == day ? Int(clamping: numbers[1]) : 0
  }

  /// Lays one down that is not there yet, and removes what it stands for; within a transaction.
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
    try connection.run("DELETE FROM set_aside WHERE ?1 IN (uuid, session)", .blob(tombstone.id))
    if removed > 0 { try noteErasure() }
    return removed
  }
}
