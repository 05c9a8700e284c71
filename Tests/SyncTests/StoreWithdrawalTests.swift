import Spool
import Testing

@testable import Sync

/// What was withdrawn in one store.
@Suite("Withdrawals that are synchronised", .serialized)
struct StoreWithdrawalTests {
  private let stores: Stores

  init() throws { stores = try Stores() }

  @Test("a withdrawal reaches every store, whichever way it comes, and nothing comes back")
  func withdrawn() throws {
    let panel = try stores.panel(drawings: 6)
    let (first, second) = (
      try stores.open("first"), try stores.open("second")
    )
    #expect(stores.sync(panel, first).report.stored == 6)
    var visits: [Identifier] = []
    try panel.forEachSample { (stored) throws(StoreError) in
      if let sample = try? stored.sample() { visits.append(sample.session) }
    }
    // One is withdrawn at the panel, one at the collector.
    try panel.apply([Tombstone(id: visits[0], kind: .session, wall: 5)])
    try first.apply([Tombstone(id: visits[1], kind: .session, wall: 6)])
    let outcome = stores.sync(panel, first)
    #expect(outcome.report.removed == 1 && outcome.report.tombstonesSent == 1)
    #expect(try stores.records(panel).count == 4 && stores.records(first) == stores.records(panel))
    #expect(stores.sync(panel, first).report.tombstonesReceived == 0, "both have the same now")
    #expect(stores.sync(panel, second).report.stored == 4)
    // A store from before the withdrawals brings nothing back.
    try stores.copy("first", to: "old")
    let stones = try second.tombstones(limit: 10)
    #expect(stones.count { $0.kind == .session } == 2 && stones.count == 4, "each with that of its drawing")
    let revived = try stores.panel("revived", drawings: 0)
    let sample = Drawings.sample(3, session: visits[0])
    try revived.append(sample)
    let late = stores.sync(revived, second).report
    #expect(late.removed == 0 && late.tombstonesSent == 2)
    #expect(try stores.records(revived).isEmpty && stores.records(second).count == 4)
  }

  @Test("a stolen key withdraws no more than a day's number")
  func withdrawalsAreLimited() throws {
    let panel = try stores.panel(drawings: 12)
    var stones: [Tombstone] = []
    try panel.forEachSample { (stored) throws(StoreError) in
      stones.append(Tombstone(id: stored.id, kind: .sample, wall: 0))
    }
    let first = try panel.apply(stones, day: 20_000, limit: 5)
    #expect(first.removed == 5 && first.putOff == 7)
    let second = try panel.apply(stones, day: 20_000, limit: 5)
    #expect(second.removed == 0 && second.putOff == 7)
    let nextDay = try panel.apply(stones, day: 20_001, limit: 5)
    #expect(nextDay.removed == 5 && nextDay.putOff == 2)
  }

  @Test(
    "a visit counts once in a day's number, however many drawings it has, and whichever way they are named")
  func visitsAreLimited() throws {
    let (panel, desk) = (try stores.open("panel"), try stores.open("desk"))
    let visits = try (0..<3).map { _ in try visit(8, on: panel) }
    #expect(stores.sync(panel, desk).report.stored == 24)
    for visit in visits { _ = try desk.withdraw(session: visit[0].session) }
    var sent: [Tombstone] = []
    while true {
      // Pages that end between the kinds, and within them.
      let page = try desk.tombstonesToSend(after: sent.last, limit: 4)
      sent += page
      if page.count < 4 { break }
    }
    #expect(sent.map(\.kind) == Array(repeating: .session, count: 3) + Array(repeating: .sample, count: 24))
    #expect(Set(sent) == Set(try desk.tombstones(limit: 100)))
    var (removed, putOff) = (0, 0)
    for start in stride(from: 0, to: sent.count, by: 4) {
      let done = try panel.apply(Array(sent[start..<min(start + 4, sent.count)]), day: 20_000, limit: 2)
      removed += done.removed
      putOff += done.putOff
    }
    #expect(removed == 16 && putOff == 1, "\(removed) removed, \(putOff) put off")
    let nextDay = try panel.apply(sent, day: 20_001, limit: 2)
    #expect(nextDay.removed == 8 && nextDay.putOff == 0)
    #expect(try panel.statistics().samples == 0)
  }

  /// Draws a visit.
  private func visit(_ count: Int, on store: Store) throws -> [Sample] {
    let (session, contributor) = (Identifier.random(), Identifier.random())
    let samples = (0..<count).map { Drawings.sample($0 % 10, contributor: contributor, session: session) }
    for sample in samples { try store.append(sample, name: "Ada") }
    return samples
  }

  /// Changes the record of a drawing on the panel's disk, where the header is or where the picture is.
  private func damage(_ sample: Sample, header: Bool) throws {
    let place = header ? 30 : 400
    let id = sample.id.description.filter { $0 != "-" }
    try stores.sql(
      "panel",
      "UPDATE samples SET record = CAST(substr(record, 1, \(place)) || x'FFFF' || substr(record, \(place + 3)) AS BLOB) "
        + "WHERE uuid = x'\(id)'")
  }

  @Test(
    "a record that came damaged goes with its visit too, withdrawn at the panel or at the collector, live or by file",
    arguments: [true, false], [true, false])
  func damagedRecord(header: Bool, atThePanel: Bool) throws {
    var (gone, left): ([Sample], [Sample]) = ([], [])
    do {
      let panel = try stores.open("panel")
      (gone, left) = (try visit(4, on: panel), try visit(3, on: panel))
    }
    try damage(gone[2], header: header)
    try damage(left[1], header: header)
    try stores.copy("panel", to: "copy")
    let (panel, desk, stick) = (
      try stores.open("panel"), try stores.open("desk"), try stores.open("stick")
    )
    try carry(panel, to: stick)
    #expect(stores.sync(panel, desk).report.setAside == 2)
    #expect(try desk.recordsAside().count == 2 && stick.recordsAside().count == 2)
    #expect(
      try (atThePanel ? panel : desk).withdraw(session: gone[0].session)
        == .done(samples: atThePanel ? 4 : 3, isErased: true))

    let report = stores.sync(panel, desk).report
    #expect(report.isComplete && report.tombstonesReceived == 1, "visits are counted, not drawings")
    #expect(report.removed == (atThePanel ? 3 : 0))
    try carry(panel, to: stick)
    for store in [desk, stick] {
      #expect(try store.recordsAside().count == 1 && !store.hasTraces())
      #expect(Set(try stores.records(store).keys) == [left[0].id, left[2].id])
    }
    #expect(Set(try stores.records(panel).keys) == Set(left.map(\.id)))
    let again = stores.sync(panel, desk).report
    #expect(again.tombstonesReceived + again.tombstonesSent == 0 && again.setAside == 1)
    // Nor does a copy from before it bring the bytes back.
    let copy = try stores.open("copy")
    let late = stores.sync(copy, desk).report
    #expect(late.isComplete && late.setAside == 1 && late.removed == 0)
    #expect(try desk.recordsAside().count == 1 && copy.statistics().samples == 3)
  }

  @Test("a damaged record of a drawing that is withdrawn already is not set aside at all")
  func damagedAfterwards() throws {
    let panel = try stores.open("panel")
    let mine = try visit(3, on: panel)
    try damage(mine[1], header: false)
    let file = stores.path("early")
    #expect(try SyncFile.write(stores.source(panel), to: file).samples == 3)
    let desk = try stores.open("desk")
    _ = try panel.withdraw(session: mine[0].session)
    #expect(stores.sync(panel, desk).isComplete)
    try take(file, into: desk)
    #expect(try desk.recordsAside().count == 0 && desk.statistics().samples == 0)
    // Also one that was asked for before the withdrawal came.
    let offer = Offer(row: 2, id: mine[1].id, length: 9, hash: Digest(of: [1]))
    let arrival = Arrival(CarriedRecord([1, 2, 3]), name: nil, for: offer) { _ in true }
    let settlements = try desk.collect([arrival], from: panel.panel, mark: nil, wall: 1).settlements
    #expect(try settlements == [.withdrawn] && desk.recordsAside().count == 0)
  }

  /// Brings a panel's drawings and withdrawals to a collector by file.
  private func carry(_ panel: Store, to collector: Store) throws {
    let file = stores.path("carried")
    _ = try SyncFile.write(stores.source(panel), to: file)
    try take(file, into: collector)
  }

  private func take(_ file: String, into collector: Store) throws {
    let taken = try SyncFile.read(file) { () throws(SyncError) in
      StoreSink(collector, name: "stick", software: "1", panels: nil)
    } source: { () throws(SyncError) in
      throw .ended
    }
    guard case .drawings(let report, _, _, nil) = taken, report.isComplete else {
      throw Failed("the file was not taken whole")
    }
  }
}
