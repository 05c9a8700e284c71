/// Whether an offered sample is in a store already.
public enum Presence: Equatable, Sendable {
  case missing
  /// It is there, with the same bytes.
  case known
  /// It is there, but who offers it must not rely on that: its record was pruned here, or the other store may have it from this
  /// one, or it is an import of a drawing that is there with other bytes.
  case held
  /// Another sample has its id.
  case conflict
  /// Its bytes lie apart, for the reason that was found then; true when another sample has its id.
  case setAside(isConflict: Bool, reason: String)
  /// What came of it lies apart, and is not what is offered: it was damaged on its way, or on a disk that may have it whole by now.
  case spoilt(reason: String)
  /// It was withdrawn.
  case withdrawn
}

extension Store {
  /// Which of the samples that a store offers are here already.
  public func presence(of offers: [Offer], from source: Identifier) throws(StoreError) -> [Presence] {
    // One look at the database for all of them, not a lock and an unlock for each.
    try connection.transaction("DEFERRED") { () throws(StoreError) in
      let hasTombstones = try connection.integer("SELECT 1 FROM tombstones LIMIT 1") != nil
      let hasSetAside = try connection.integer("SELECT 1 FROM set_aside LIMIT 1") != nil
      let rule = try receiptRule(for: source)
      var found: [Presence] = []
      found.reserveCapacity(offers.count)
      for offer in offers {
        if let known = try known(offer, rule) {
          let lies = known.isSame || !hasSetAside ? nil : try setAside(offer)
          found.append(
            known.isSame
              ? known.isVouchedFor ? .known : .held
              : lies.map { .setAside(isConflict: true, reason: $0.reason) } ?? .conflict)
        } else if hasTombstones, try isWithdrawn(offer.id, nil) {
          found.append(.withdrawn)
        } else if hasSetAside, let lies = try setAside(offer) {
          let isSpoilt = lies.kind == .damaged ? try isSpoilt(offer) : false
          found.append(
            isSpoilt
              ? .spoilt(reason: lies.reason)
              : .setAside(isConflict: lies.kind == .conflict, reason: lies.reason))
        } else {
          found.append(.missing)
        }
      }
      return found
    }
  }

  /// What is here under an offered sample's id: whether it is the same, and whether a receipt may be given for it; nil when there
  /// is nothing. An import is not needed where the panel's own record is, or another import of the drawing, and never confirmed for
  /// those: they have other bytes.
  private func known(
    _ offer: Offer, _ rule: ReceiptRule
  ) throws(StoreError) -> (isSame: Bool, isVouchedFor: Bool)? {
    let statement = try connection.statement(
      "SELECT id, panel, hash, record IS NOT NULL FROM samples WHERE uuid = ?", [.blob(offer.id)])
    guard try statement.step() else {
      guard offer.id.isImported, try holds(offer.id.recorded) else { return nil }
      return (true, false)
    }
    let panel = statement.integer(1)
    guard statement.blob(2) == offer.hash.bytes else { return (panel == rule.imports, false) }
    return (
      true,
      rule.allows(row: statement.integer(0), panel: panel, isWhole: statement.integer(3) == 1)
    )
  }

  /// Takes what came from another store: sound samples among the samples, all others apart. All of it and the mark are
  /// durable when this returns, or nothing is.
  ///
  /// - Parameters:
  ///   - mark: how far the other store is settled with these.
  ///   - wall: milliseconds since 1970, noted beside what is set aside.
  /// - Returns: what became of each, and where the other store and another copy of it went different ways.
  public func collect(
    _ arrivals: [Arrival], from source: Identifier, mark: Mark?, wall: Int64
  ) throws(StoreError) -> (settlements: [Settlement], divergences: [Divergence]) {
    do throws(StoreError) {
      let answer = try connection.transaction("IMMEDIATE") { () throws(StoreError) in
        var settlements: [Settlement] = []
        var divergences: [Divergence] = []
        let rule = try receiptRule(for: source)
        let hasSetAside = try connection.integer("SELECT 1 FROM set_aside LIMIT 1") != nil
        try addingTogether { rows throws(StoreError) in
          for arrival in arrivals {
            let settlement = try settle(arrival, from: source, rule, wall: wall, &rows, &divergences)
            settlements.append(settlement)
            // It came damaged before, and whole now.
            if hasSetAside && settlement == .stored {
              try connection.run(
                "DELETE FROM set_aside WHERE uuid = ? AND hash = ?", .blob(arrival.offer.id),
                .blob(arrival.offer.hash.bytes))
            }
          }
        }
        try replaceImports(of: arrivals, &settlements)
        if let mark { try keep(mark, of: source) }
        return (settlements, divergences)
      }
      if copying.isDue(log.pages, in: directory) { try? checkpoint() }
      return answer
    } catch {
      if error.kind == .damaged { directory.noteDamage(error.reason) }
      throw error.during("store collected drawings in")
    }
  }

  /// Gives stored records the places of imports of their drawings; within the transaction that has stored them, once they are
  /// counted.
  private func replaceImports(
    of arrivals: [Arrival], _ settlements: inout [Settlement]
  ) throws(StoreError) {
    guard let imports = try panelRow(Sample.importPanel) else { return }
    var replaced: Set<Identifier> = []
    for (arrival, settlement) in zip(arrivals, settlements) where settlement == .stored {
      if try replaceImport(of: arrival.offer.id, among: imports) {
        replaced.insert(arrival.offer.id.imported)
      }
    }
    // They may have come together: a receipt is for what stays.
    for index in arrivals.indices where replaced.contains(arrivals[index].offer.id) {
      settlements[index] = .notTaken
    }
  }

  /// The marks of a store that is drained into this one, the newest first.
  public func marks(of source: Identifier) throws(StoreError) -> [Mark] {
    let statement = try connection.statement(
      "SELECT source_row, uuid FROM marks WHERE source = ? ORDER BY source_row DESC LIMIT ?",
      [.blob(source), .integer(Mark.limit)])
    var marks: [Mark] = []
    while try statement.step() {
      guard let id = Identifier(bytes: statement.blob(1)) else { continue }
      marks.append(Mark(row: statement.integer(0), id: id))
    }
    return marks
  }

  /// Looks again at what was set aside, and takes what is sound by now: a later software may read it, its panel may have
  /// been allowed meanwhile.
  ///
  /// - Returns: how many it took.
  public func reconsider(takes: (Identifier) -> Bool, wall: Int64) throws(StoreError) -> Int {
    var taken = 0
    var last: Int64 = 0
    while let next = try nextSetAside(after: last) {
      last = next.row
      let record = CarriedRecord(next.bytes)
      guard case .sound(let sample) = Arrival(record, name: nil, for: next.offer, takes: takes).kind
      else {
        continue
      }
      // The name lies with the visitor's other drawings, if anywhere; it stays as it is.
      let arrival = Arrival(
        record, name: try name(of: sample.contributor), for: next.offer, takes: takes)
      taken += try connection.transaction("IMMEDIATE") { () throws(StoreError) in
        var divergences: [Divergence] = []
        var rows = VisitRows()
        let settlement = try settle(
          arrival, from: next.source, receiptRule(for: nil), wall: wall, &rows, &divergences)
        guard settlement != .conflict else { return 0 }
        if settlement == .stored, let imports = try panelRow(Sample.importPanel) {
          try replaceImport(of: sample.id, among: imports)
        }
        try connection.run("DELETE FROM set_aside WHERE id = ?", .integer(next.row))
        return settlement == .stored ? 1 : 0
      }
    }
    return taken
  }

  /// What a visitor is called here; nil where no name is shown.
  private func name(of contributor: Identifier) throws(StoreError) -> String? {
    let statement = try connection.statement(
      "SELECT name FROM contributors WHERE pseudonym = ? AND name IS NOT NULL", [.blob(contributor)])
    return try statement.step() ? statement.text(0) : nil
  }

  /// One arrival, within a transaction.
  private func settle(
    _ arrival: Arrival, from source: Identifier, _ rule: ReceiptRule, wall: Int64, _ rows: inout VisitRows,
    _ divergences: inout [Divergence]
  ) throws(StoreError) -> Settlement {
    let offer = arrival.offer
    let sample: Sample
    switch arrival.kind {
    case .damaged(let reason):
      // Its own header may be what is damaged; who offered it knew which drawing it was.
      if try isWithdrawn(offer.id, nil) { return .withdrawn }
      try setAside(arrival, .damaged, reason, session: nil, source, wall)
      return .setAside
    case .stranger(let stranger):
      if try isWithdrawn(stranger.id, stranger.session) { return .withdrawn }
      try setAside(
        arrival, .unknownPanel, "the panel \(stranger.panel) is not in the list of panels",
        session: stranger.session, source, wall)
      return .setAside
    case .sound(let sound): sample = sound
    }
    // Another session may have brought it since it was looked up.
    if let known = try known(offer, rule) {
      if known.isSame { return known.isVouchedFor ? .known : .notTaken }
      try setAside(
        arrival, .conflict, "another drawing has the id \(offer.id)", session: sample.session, source, wall)
      return .conflict
    }
    let divergence = try divergence(of: sample, &rows)
    do throws(StoreError) {
      try insert(sample, record: arrival.bytes, name: arrival.name, &rows)
    } catch {
      // That is looked up before anything is written.
      guard error.kind == .withdrawn else { throw error }
      return .withdrawn
    }
    if let divergence { divergences.append(divergence) }
    return .stored
  }

  /// The samples that have a new sample's number on its panel already.
  private func divergence(
    of sample: Sample, _ rows: inout VisitRows
  ) throws(StoreError) -> Divergence? {
    // Imports have the numbers of the tables that they come from, and each table counts from 1.
    if sample.panel == Sample.importPanel { return nil }
    // Samples come in the order of their numbers, so that most have one that is above all others.
    let isNew = try rows.exceeds(sample.sequence, of: sample.panel) { id throws(StoreError) in
      try connection.integer(
        "SELECT max(sequence) FROM samples WHERE panel = (SELECT id FROM panels WHERE uuid = ?)", .blob(id))
        ?? .min
    }
    if isNew { return nil }
    let statement = try connection.statement(
      """
      SELECT uuid FROM samples WHERE panel = (SELECT id FROM panels WHERE uuid = ?) AND sequence = ?
      """, [.blob(sample.panel), .integer(Int64(bitPattern: sample.sequence))])
    var others: [Identifier] = []
    while try statement.step() { others.append(Identifier(bytes: statement.blob(0)) ?? .none) }
    guard !others.isEmpty else { return nil }
    return Divergence(panel: sample.panel, sequence: sample.sequence, ids: others + [sample.id])
  }

  private func setAside(
    _ arrival: Arrival, _ kind: RecordsAside.Kind, _ reason: String, session: Identifier?,
    _ source: Identifier, _ wall: Int64
  ) throws(StoreError) {
    try connection.run(
      """
      INSERT INTO set_aside (uuid, hash, session, source, source_row, kind, reason, wall, record)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (uuid, hash) DO UPDATE SET record = excluded.record,
        kind = excluded.kind, reason = excluded.reason, session = excluded.session, wall = excluded.wall
      """, .blob(arrival.offer.id), .blob(arrival.offer.hash.bytes), session.map { .blob($0) } ?? .null,
      .blob(source), .integer(arrival.offer.row), .text(kind.rawValue), .text(reason), .integer(wall),
      .blob(arrival.bytes))
  }

  /// Why the bytes of an offered record lie apart; nil when they do not.
  private func setAside(_ offer: Offer) throws(StoreError) -> RecordsAside.Entry? {
    try RecordsAside.entry(
      connection.statement(
        "SELECT kind, reason FROM set_aside WHERE uuid = ? AND hash = ?",
        [.blob(offer.id), .blob(offer.hash.bytes)]))
  }

  /// Whether the bytes that lie apart for an offered record are others than those that are offered.
  private func isSpoilt(_ offer: Offer) throws(StoreError) -> Bool {
    let bytes =
      try connection.blob(
        "SELECT record FROM set_aside WHERE uuid = ? AND hash = ?", .blob(offer.id), .blob(offer.hash.bytes))
      ?? []
    return SampleRecord.digest(of: bytes) != offer.hash
      || Digest(of: bytes.dropLast(Digest.length)) != offer.hash
  }

  private func nextSetAside(
    after row: Int64
  ) throws(StoreError) -> (row: Int64, offer: Offer, source: Identifier, bytes: [UInt8])? {
    let statement = try connection.statement(
      """
      SELECT id, uuid, hash, source, source_row, record FROM set_aside WHERE id > ? AND kind <> 'conflict'
      ORDER BY id LIMIT 1
      """, [.integer(row)])
    guard try statement.step(), let id = Identifier(bytes: statement.blob(1)),
      let hash = Digest(bytes: statement.blob(2)), let source = Identifier(bytes: statement.blob(3))
    else { return nil }
    let bytes = statement.blob(5)
    let offer = Offer(row: statement.integer(4), id: id, length: bytes.count, hash: hash)
    return (statement.integer(0), offer, source, bytes)
  }

  private func keep(_ mark: Mark, of source: Identifier) throws(StoreError) {
    try connection.run(
      """
      INSERT INTO marks VALUES (?1, ?2, ?3) ON CONFLICT (source, source_row) DO UPDATE SET uuid = ?3
      """, .blob(source), .integer(mark.row), .blob(mark.id))
    let statement = try connection.statement(
      "SELECT source_row FROM marks WHERE source = ?", [.blob(source)])
    var rows: [Int64] = []
    while try statement.step() { rows.append(statement.integer(0)) }
    let kept = Set(Mark.kept(rows))
    for row in rows where !kept.contains(row) {
      try connection.run(
        "DELETE FROM marks WHERE source = ? AND source_row = ?", .blob(source), .integer(row))
    }
  }
}
