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
    #expect(try second.tombstones(limit: 10).count == 2)
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
}
