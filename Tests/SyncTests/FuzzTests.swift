import Randomness
import Spool
import Testing

@testable import Sync

/// Ends of a sync that get what no honest other end sends: they never crash, hold little, and do no harm to their stores.
@Suite("An end among enemies")
struct FuzzTests {
  /// Frames with contents by chance that fit together often enough to get far.
  private struct Enemy {
    var generator: SplitMix64
    let panel: MemoryStore
    let isCollector: Bool

    mutating func frame() -> Frame {
      let batch = UInt32.random(in: 0...3, using: &generator)
      let offers = panel.offers(after: Int64.random(in: -2...9, using: &generator), limit: 4, bytes: 1 << 20)
      switch Int.random(in: 0...15, using: &generator) {
      case 0, 1:
        var hello = panel.hello()
        hello.role = Bool.random(using: &generator) == isCollector ? .collector : .source
        if Int.random(in: 0...5, using: &generator) == 0 { hello.versions = 2...9 }
        if Bool.random(using: &generator) { hello.tombstoneDigest = Digest(of: [1]) }
        if Bool.random(using: &generator) { hello.nameDigest = Digest(of: [2]) }
        hello.store = Identifier(using: &generator)
        hello.samples = UInt64.max
        hello.unsent = UInt64.max
        return .hello(hello)
      case 2, 3: return .marks(offers.map { Mark(row: $0.row, id: $0.id) })
      case 4:
        // Strangers, and real numbers as what they are not: nothing stands for them.
        let row = panel.rows[Int.random(in: 0..<panel.rows.count, using: &generator)]
        let stones = [
          Tombstone(id: Identifier(using: &generator), kind: .session, wall: Int64.min),
          Tombstone(id: row.sample.session, kind: .sample, wall: 1),
          Tombstone(id: row.sample.id, kind: .session, wall: 1),
        ]
        return .tombstones(stones.shuffled(using: &generator))
      case 5, 6: return .offer(batch: batch, offers)
      case 7, 8:
        let count = Bool.random(using: &generator) ? 4 : Int.random(in: 0...1024, using: &generator)
        return .want(batch: batch, (0..<count).map { _ in Bool.random(using: &generator) })
      case 9, 10:
        let row = panel.rows[Int.random(in: 0..<panel.rows.count, using: &generator)]
        return .record(
          batch: batch, index: Int.random(in: 0...4, using: &generator), name: "x",
          CarriedRecord(
            Bool.random(using: &generator) ? row.bytes : Array(row.bytes.shuffled(using: &generator))))
      case 11:
        return .answer(
          batch: batch,
          offers.map {
            Answer(
              id: $0.id, hash: $0.hash,
              settlement: Settlement.allCases.randomElement(using: &generator) ?? .stored)
          })
      case 12: return .gone(batch: batch, index: Int.random(in: 0...65_535, using: &generator), reason: "so")
      case 13: return .done(offered: UInt64.max)
      case 14: return .names([Identifier(using: &generator), Identifier(using: &generator)])
      default: return Bool.random(using: &generator) ? .bye : .marked(batch: batch, count: Int.max >> 33)
      }
    }
  }

  @Test("frames in any order and with any contents end in an error or a sync, at the panel's end")
  func panel() {
    var refused = 0
    var generator = SplitMix64(seed: 31)
    let drawn = MemoryStore()
    drawn.draw(10, using: &generator)
    for round in 0..<4000 {
      let store = MemoryStore(copyOf: drawn)
      var enemy = Enemy(generator: SplitMix64(seed: UInt64(round)), panel: drawn, isCollector: true)
      var serving = Serving(store)
      do throws(SyncError) {
        for _ in 0..<40 {
          while try serving.next() != nil {}
          try serving.receive(enemy.frame())
        }
      } catch {
        refused += 1
      }
      #expect(store.ids.count == 10, "no tombstone named a visit or a drawing of its own as what it is")
    }
    #expect(refused > 3900)
  }

  @Test("frames in any order and with any contents end in an error or a sync, at the collector's end")
  func collector() {
    var refused = 0
    var generator = SplitMix64(seed: 32)
    let drawn = MemoryStore()
    drawn.draw(10, using: &generator)
    for round in 0..<4000 {
      let store = MemoryStore()
      var enemy = Enemy(generator: SplitMix64(seed: UInt64(round)), panel: drawn, isCollector: false)
      var collecting = Collecting(MemorySink(store), round % 2 == 0 ? .live : .oneWay)
      do throws(SyncError) {
        for _ in 0..<40 {
          while try collecting.next() != nil {}
          try collecting.receive(enemy.frame())
        }
      } catch {
        refused += 1
      }
      #expect(Set(store.ids).isSubset(of: drawn.ids) && Set(store.ids).count == store.ids.count)
      #expect(store.rows.allSatisfy { row in drawn.rows.contains { $0.bytes == row.bytes } })
    }
    #expect(refused > 3000)
  }

  @Test("real streams with bytes changed, lost and added by chance: no crash, little memory, stores whole")
  func bentStreams() throws {
    var generator = SplitMix64(seed: 33)
    let drawn = MemoryStore()
    drawn.draw(6, using: &generator)
    // Both directions of a whole sync.
    var panel = Peer(Serving(drawn), noise: 0, acceptsRecords: false)
    var collector = Peer(Collecting(MemorySink(MemoryStore())), noise: 0, acceptsRecords: true)
    var (down, up): ([UInt8], [UInt8]) = ([], [])
    while !(panel.isEnded && collector.isEnded) {
      try panel.fill()
      down += panel.output
      let out = Array(panel.output)
      panel.sent(out.count)
      try collector.receive(out)
      try collector.fill()
      up += collector.output
      let back = Array(collector.output)
      collector.sent(back.count)
      try panel.receive(back)
    }
    var most = 0
    for round in 0..<6000 {
      var bytes = round % 2 == 0 ? down : up
      for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty {
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0...3, using: &generator) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
        case 1:
          bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...50, using: &generator)))
        case 2: bytes.insert(contentsOf: bytes.prefix(Int.random(in: 1...200, using: &generator)), at: place)
        default: bytes = Array(bytes.prefix(place + 1))
        }
      }
      if round % 2 == 0 {
        let store = MemoryStore()
        var end = Peer(Collecting(MemorySink(store)), noise: 1000, acceptsRecords: true)
        _ = failure { () throws(SyncError) in
          try end.receive(bytes)
          try end.fill()
        }
        most = max(most, end.held)
        #expect(Set(store.ids).isSubset(of: drawn.ids))
      } else {
        let store = MemoryStore(copyOf: drawn)
        var end = Peer(Serving(store), noise: 0, acceptsRecords: false)
        _ = failure { () throws(SyncError) in
          try end.fill()
          try end.receive(bytes)
          try end.fill()
        }
        most = max(most, end.held)
        #expect(store.ids == drawn.ids)
      }
    }
    #expect(most < 1 << 20)
  }

  /// A panel with drawings whose first batch was offered to a collector that has none.
  private func offered(_ count: Int, seed: UInt64) throws -> (Serving, MemoryStore, [Offer]) {
    var generator = SplitMix64(seed: seed)
    let store = MemoryStore()
    store.draw(count, using: &generator)
    var serving = Serving(store)
    _ = try serving.next()
    var hello = MemoryStore().hello()
    hello.role = .collector
    try serving.receive(.hello(hello))
    try serving.receive(.marks([]))
    guard case .offer(0, let offers) = try serving.next() else { throw Failed("no offer") }
    return (serving, store, offers)
  }

  @Test("a panel is not made to hold or give more than it has, by whoever asks again and again")
  func greedyCollector() throws {
    var (serving, _, offers) = try offered(8, seed: 34)
    try serving.receive(.want(batch: 0, offers.map { _ in true }))
    #expect(throws: SyncError.self) { try serving.receive(.want(batch: 0, offers.map { _ in true })) }
    // Nobody answers: it offers no further than its window.
    var offered = 1
    var served = 0
    while let frame = try serving.next() {
      if case .offer = frame { offered += 1 }
      if case .record = frame { served += 1 }
    }
    #expect(served == offers.count && offered <= 1 + SyncLimits.offeredAhead)
  }

  @Test("a receipt for other bytes than were offered confirms nothing")
  func falseReceipt() throws {
    var (serving, store, offers) = try offered(2, seed: 35)
    try serving.receive(.want(batch: 0, offers.map { _ in false }))
    let lies = offers.map { Answer(id: $0.id, hash: Digest(of: [1]), settlement: .stored) }
    #expect(throws: SyncError.self) { try serving.receive(.answer(batch: 0, lies)) }
    #expect(store.confirmed.isEmpty)
  }
}
