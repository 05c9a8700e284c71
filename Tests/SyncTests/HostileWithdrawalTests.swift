import Randomness
import Spool
import Testing

@testable import Sync

/// Withdrawals from an end that lies, at real stores.
@Suite("Withdrawals among enemies", .serialized)
struct HostileWithdrawalTests {
  private let stores: Stores

  init() throws { stores = try Stores() }

  /// Draws visits of four drawings each.
  private func visits(_ count: Int, on store: Store) throws -> [[Sample]] {
    try (0..<count).map { _ in
      let (session, contributor) = (Identifier.random(), Identifier.random())
      let samples = (0..<4).map { Drawings.sample($0, contributor: contributor, session: session) }
      for sample in samples { try store.append(sample, name: "Ada") }
      return samples
    }
  }

  /// Every number of some visits, named as what it is not.
  private func lies(_ visits: [[Sample]]) -> [Tombstone] {
    visits.flatMap { visit in
      [Tombstone(id: visit[0].session, kind: .sample, wall: 1)]
        + visit.map { Tombstone(id: $0.id, kind: .session, wall: 1) }
    }
  }

  @Test(
    "a visit that is named as a drawing, or a drawing as a visit, stays, is collected, and can be withdrawn")
  func wrongKind() throws {
    let (panel, desk) = (try stores.open("panel"), try stores.open("desk"))
    let drawn = try visits(3, on: panel)
    let done = try stores.source(panel).apply(lies(drawn))
    #expect(done.removed == 0 && done.putOff == 0)
    #expect(try panel.statistics().samples == 12)
    // The visits go on, and an honest collector that learns all of it takes them.
    try panel.append(Drawings.sample(7, session: drawn[0][0].session))
    let report = stores.sync(panel, desk).report
    #expect(report.isComplete && report.stored == 13 && report.withdrawn == 0)
    #expect(try desk.tombstones(limit: 100).count == 15)
    // As does one that has heard the lies before it is offered anything.
    let late = try stores.open("late")
    try late.apply(lies(drawn))
    #expect(stores.sync(panel, late).report.stored == 13)

    let code = ReceiptCode(session: drawn[0][0].session)
    #expect(try panel.visits(code: code).map(\.withdrawn) == [nil])
    #expect(try panel.withdraw(code: code) == .done(samples: 5, isErased: true))
    #expect(try late.withdraw(session: drawn[1][0].session) == .done(samples: 4, isErased: true))
    try panel.apply([Tombstone(id: drawn[2][1].id, kind: .sample, wall: 2)])
    for store in [desk, late, desk] { #expect(stores.sync(panel, store).isComplete) }
    let left = Set(drawn[2].map(\.id)).subtracting([drawn[2][1].id])
    for store in [panel, desk, late] { #expect(Set(try stores.records(store).keys) == left) }
    let again = stores.sync(panel, desk).report
    #expect(again.tombstonesSent + again.tombstonesReceived + again.removed == 0)
    #expect(throws: StoreError.self) {
      () throws(StoreError) in try panel.append(Drawings.sample(1, session: drawn[0][0].session))
    }
  }

  @Test("a day's number holds whatever the numbers are named")
  func limit() throws {
    let panel = try stores.open("panel")
    let drawn = try visits(6, on: panel)
    let honest = drawn.map { Tombstone(id: $0[0].session, kind: .session, wall: 1) }
    var (removed, putOff) = (0, 0)
    for stones in [lies(drawn), honest, lies(drawn), honest] {
      let done = try panel.apply(stones, day: 20_000, limit: 2, strangers: 1000)
      removed += done.removed
      putOff = done.putOff
    }
    #expect(removed == 8 && putOff == 4)
    #expect(try panel.statistics().samples == 16)
  }

  @Test(
    "tombstones by chance, of all kinds of numbers, remove what they name and nothing else, in pieces of any size"
  )
  func byChance() throws {
    var generator = SplitMix64(seed: 61)
    let panel = try stores.open("panel")
    let drawn = try visits(80, on: panel).flatMap { $0 }
    var (gone, named): (Set<Identifier>, Set<Tombstone>) = ([], [])
    for _ in 0..<60 {
      var stones: [Tombstone] = []
      for _ in 0..<Int.random(in: 1...40, using: &generator) {
        let sample = drawn[Int.random(in: 0..<drawn.count, using: &generator)]
        let id =
          [sample.id, sample.session, sample.contributor, .none, Identifier(using: &generator)]
          .randomElement(using: &generator) ?? .none
        // Mostly lies.
        let kind: Tombstone.Kind =
          id == sample.session && Int.random(in: 0...4, using: &generator) > 0 ? .sample : .session
        stones.append(
          Tombstone(id: id, kind: Int.random(in: 0...9, using: &generator) == 0 ? .sample : kind, wall: 0))
      }
      named.formUnion(stones)
      let before = gone.count
      for stone in stones {
        gone.formUnion(
          drawn.filter { stone.id == (stone.kind == .sample ? $0.id : $0.session) }.map(\.id))
      }
      #expect(try panel.apply(stones) == gone.count - before)
    }
    #expect(Set(try stores.records(panel).keys) == Set(drawn.map(\.id)).subtracting(gone))
    #expect(gone.count > 20 && gone.count < drawn.count)
    let kept = try panel.tombstones(limit: 10_000)
    #expect(named.isSubset(of: kept.map { Tombstone(id: $0.id, kind: $0.kind, wall: 0) }))
    #expect(Set(kept).count == kept.count)
    // A frame that removes more than one transaction should.
    let rest = drawn.filter { !gone.contains($0.id) }
    #expect(rest.count > 120)
    let all = rest.map { Tombstone(id: $0.id, kind: .sample, wall: 0) }
    let day = try panel.apply(all, day: 20_000, limit: rest.count - 3)
    #expect(day.removed == rest.count - 3 && day.putOff == 3)
    #expect(try panel.statistics().samples == 3 && !panel.hasTraces())
  }
}
