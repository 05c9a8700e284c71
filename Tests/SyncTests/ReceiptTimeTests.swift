import Spool
import Testing

@testable import Sync

/// When a drawing was confirmed decides when it may be pruned: who has a collector's key must not choose it.
@Suite("The time of a receipt", .serialized)
struct ReceiptTimeTests {
  private let stores: Stores
  private let now: Int64 = 1_795_000_000_000

  init() throws { stores = try Stores() }

  private func wall(_ own: (Int64, ClockQuality), _ collector: (Int64, ClockQuality)) -> Int64 {
    func stamp(_ clock: (Int64, ClockQuality)) -> Timestamp {
      Timestamp(wall: clock.0, quality: clock.1, boot: .none, sinceBoot: 0)
    }
    return StoreSource.wall(own: stamp(own), collector: stamp(collector))
  }

  @Test("a panel's clock that keeps time is believed, whatever a collector says")
  func ownClock() {
    for quality in [ClockQuality.rtc, .ntp] {
      for told in [Int64.min, 0, now - 1, now + 1, .max] {
        #expect(wall((now, quality), (told, .ntp)) == now)
      }
    }
  }

  @Test(
    "a panel's clock that was never set gives way to a possible time, one that was put back to a later one")
  func betterClock() {
    #expect(wall((5000, .unset), (now, .ntp)) == now)
    #expect(wall((5000, .unset), (now, .restored)) == now)
    #expect(wall((5000, .unset), (4000, .unset)) == 5000)
    #expect(wall((now, .restored), (now + 1, .rtc)) == now + 1)
    #expect(wall((now, .restored), (now - 1, .ntp)) == now)
    #expect(wall((now, .restored), (5000, .unset)) == now)
    for told in [
      Int64.min, -1, 0, ClockQuality.earliest - 1, 4_102_444_800_001, 9_000_000_000_000_000_000, .max,
    ] {
      #expect(wall((5000, .unset), (told, .ntp)) == 5000)
      #expect(wall((now, .restored), (told, .ntp)) == now)
    }
  }

  @Test("a receipt of a time that cannot be is noted anew by the next one, any other stays")
  func corrected() throws {
    let panel = try stores.panel(drawings: 5)
    let receipts = try panel.offers(after: 0, limit: 5, bytes: .max).map { (id: $0.id, hash: $0.hash) }
    let (thief, honest) = (Identifier.random(), Identifier.random())
    let walls = [Int64.min, 5000, now - 1000, now + 1000, 9_000_000_000_000_000_000]
    for (receipt, wall) in zip(receipts, walls) {
      #expect(try panel.acknowledge([receipt], by: thief, wall: wall) == 1)
    }
    // A clock that was not set corrects nothing.
    #expect(try panel.acknowledge(receipts, by: honest, wall: 6000) == 0)
    #expect(try panel.prune(confirmedBefore: .max, isTrial: true).undated == 2)
    #expect(try panel.acknowledge(receipts, by: honest, wall: now) == 0)
    #expect(try panel.statistics().unsent == 0)
    try stores.sql("panel", "UPDATE samples SET wall = \(now - 5000)")
    let before = try panel.prune(confirmedBefore: now, isTrial: true)
    #expect((before.samples, before.young, before.undated) == (1, 4, 0))
    let after = try panel.prune(confirmedBefore: now + 1001, isTrial: true)
    #expect((after.samples, after.young, after.undated) == (5, 0, 0))
  }

  @Test("what a store has once confirmed to itself is not pruned, and counts as confirmed by nobody again")
  func ownReceipts() throws {
    let panel = try stores.panel(drawings: 4)
    let receipts = try panel.offers(after: 0, limit: 3, bytes: .max).map { (id: $0.id, hash: $0.hash) }
    #expect(try panel.acknowledge(receipts, by: .random(), wall: now) == 3)
    try stores.sql("panel", "UPDATE samples SET wall = \(now)")
    try stores.sql(
      "panel",
      "UPDATE acknowledgements SET collector = (SELECT value FROM settings WHERE key = 'panel') WHERE sample < 3"
    )
    for isTrial in [true, false] {
      let pruning = try panel.prune(confirmedBefore: .max, isTrial: isTrial)
      #expect((pruning.samples, pruning.young, pruning.undated, pruning.unconfirmed) == (1, 0, 0, 3))
    }
    #expect(try panel.statistics().unsent == 3)
    let collector = try stores.open("collector")
    #expect(stores.sync(panel, collector).report.stored == 3)
    #expect(try panel.statistics().unsent == 0)
  }
}
