import Glibc
import Kernel
import Randomness
import Spool
import Testing

@testable import Sync

/// Stores that are drained into each other and pruned: whatever the order, one whole record of every drawing stays.
@Suite("Stores that rely on each other", .serialized)
struct ChainTests {
  private let stores: Stores

  init() throws { stores = try Stores() }

  /// Takes a file in, a panel's or a receipt; the receipt's place where it was a panel's.
  @discardableResult
  private func take(_ file: String, at store: Store) throws -> String? {
    let taken = try SyncFile.read(file) { () throws(SyncError) in
      stores.sink(store)
    } source: { () throws(SyncError) in
      stores.source(store)
    }
    guard case .drawings(_, let receipt, _, _) = taken else { return nil }
    return receipt
  }

  /// A whole sync by stick.
  private func carry(_ name: String, _ panel: Store, _ collector: Store) throws {
    _ = try SyncFile.write(stores.source(panel), to: stores.path(name))
    if let receipt = try take(stores.path(name), at: collector) { try take(receipt, at: panel) }
  }

  private func prune(_ store: Store) throws -> Int { try store.prune(confirmedBefore: .max).samples }

  /// Drawings that are whole in at least one of the stores.
  private func whole(_ all: [Store]) throws -> Set<Identifier> {
    var found: Set<Identifier> = []
    for store in all {
      try store.forEachSample { (stored) throws(StoreError) in
        if stored.record != nil { found.insert(stored.id) }
      }
    }
    return found
  }

  @Test("the ordinary chain: the booth prunes by the desk's receipt, the desk by the main collector's")
  func chain() throws {
    let booth = try stores.panel(drawings: 5)
    let (desk, main) = (try stores.open("desk"), try stores.open("main"))
    #expect(stores.sync(booth, desk).report.acknowledged == 5)
    #expect(stores.sync(desk, main).report.acknowledged == 5)
    let before = try stores.records(booth)
    #expect(try prune(booth) == 5 && prune(desk) == 5)
    #expect(try prune(main) == 0 && stores.records(main) == before)
    try stores.draw(3, on: booth)
    #expect(stores.sync(booth, desk).report.acknowledged == 3)
    #expect(stores.sync(desk, main).report.acknowledged == 3)
    #expect(try desk.statistics().unsent == 0 && booth.statistics().unsent == 0)
  }

  @Test("a booth whose receipts were lost gets them again, also when its collector was drained meanwhile")
  func lostReceipts() throws {
    let booth = try stores.panel(drawings: 4)
    let (desk, main) = (try stores.open("desk"), try stores.open("main"))
    _ = try SyncFile.write(stores.source(booth), to: stores.path("lost"))
    try take(stores.path("lost"), at: desk)
    #expect(stores.sync(desk, main).report.acknowledged == 4)
    let again = stores.sync(booth, desk).report
    #expect(again.known == 4 && again.held == 0 && again.acknowledged == 4 && !again.wantsAttention)
  }

  @Test("one main collector of two desks with the same drawings confirms them to both")
  func twoWays() throws {
    let booth = try stores.panel(drawings: 4)
    let desks = [try stores.open("one"), try stores.open("two")]
    let main = try stores.open("main")
    for desk in desks {
      #expect(stores.sync(booth, desk).isComplete)
      try stores.sql("panel", "DELETE FROM acknowledgements; DELETE FROM settings WHERE key = 'last_sync'")
    }
    for desk in desks { #expect(stores.sync(desk, main).report.acknowledged == 4) }
    for desk in desks { #expect(try prune(desk) == 4) }
    #expect(try stores.records(main).count == 4)
  }

  @Test("two stores that carry their drawings to each other by stick do not both prune them")
  func bySticks() throws {
    let (one, other) = (try stores.panel("one", drawings: 5), try stores.open("other"))
    try carry("f1", one, other)
    try carry("f2", other, one)
    #expect(try other.statistics().unsent == 5, "the store that drew them confirms them to nobody")
    _ = try (prune(one), prune(other))
    #expect(try whole([one, other]).count == 5)
  }

  @Test("a ring of three, the panel that drew among them")
  func ring() throws {
    let a = try stores.panel("a", drawings: 5)
    let (b, c) = (try stores.open("b"), try stores.open("c"))
    for (panel, collector) in [(a, b), (b, c), (c, a)] {
      let report = stores.sync(panel, collector).report
      #expect(report.isComplete && !report.wantsAttention)
    }
    #expect(try c.statistics().unsent == 5)
    #expect(try [prune(a), prune(b), prune(c)] == [5, 5, 0])
    #expect(try whole([a, b, c]).count == 5)
  }

  @Test(
    "a ring of three that pass on what a booth drew, live and by sticks that are all on their way at once")
  func ringWithoutOrigin() throws {
    let a = try stores.panel("a", drawings: 5)
    let (b, c, d) = (try stores.open("b"), try stores.open("c"), try stores.open("d"))
    #expect(stores.sync(a, b).isComplete)
    #expect(stores.sync(b, c).isComplete && stores.sync(c, d).isComplete)
    let last = stores.sync(d, b).report
    #expect(last.known == 5 && last.held == 5 && last.acknowledged == 0 && !last.wantsAttention)
    #expect(try [prune(a), prune(b), prune(c), prune(d)] == [5, 5, 5, 0])
    #expect(try whole([a, b, c, d]).count == 5)

    // All receipts are written before any is taken in.
    let e = try stores.panel("e", drawings: 5)
    let ring = [try stores.open("f"), try stores.open("g"), try stores.open("h")]
    #expect(try stores.sync(e, ring[0]).isComplete && prune(e) == 5)
    var receipts: [(String, Store)] = []
    for index in 0..<3 {
      let file = stores.path("stick\(index)")
      _ = try SyncFile.write(stores.source(ring[index]), to: file)
      if let receipt = try take(file, at: ring[(index + 1) % 3]) { receipts.append((receipt, ring[index])) }
    }
    for (receipt, store) in receipts.reversed() { try take(receipt, at: store) }
    for store in ring { _ = try prune(store) }
    #expect(try whole(ring).count == 5)
  }

  @Test(
    "a store that has pruned a drawing confirms it to nobody, and the receipt for one is refused by another")
  func notHere() throws {
    let booth = try stores.panel(drawings: 3)
    let (desk, main) = (try stores.open("desk"), try stores.open("main"))
    _ = try SyncFile.write(stores.source(booth), to: stores.path("late"))
    let receipt = try #require(try take(stores.path("late"), at: desk))
    #expect(try stores.sync(desk, main).isComplete && prune(desk) == 3)
    let report = stores.sync(booth, desk).report
    #expect(report.held == 3 && report.acknowledged == 0)
    // The main collector has the same drawings, and offers them on; it is not the one whose file this answers.
    _ = try SyncFile.write(stores.source(main), to: stores.path("on"))
    let refusal = #expect(throws: SyncError.self) { try take(receipt, at: main) }
    #expect(refusal == .othersReceipt)
    #expect(try main.statistics().unsent == 3 && prune(main) == 0)
    try take(receipt, at: booth)
    #expect(try booth.statistics().unsent == 0)
  }

  @Test("a receipt for drawings of others that were never offered from here does not count")
  func neverOffered() throws {
    let booth = try stores.panel(drawings: 3)
    let (desk, other) = (try stores.open("desk"), Identifier.random())
    #expect(stores.sync(booth, desk).isComplete)
    let receipts = try desk.offers(after: 0, limit: 9, bytes: .max).map { (id: $0.id, hash: $0.hash) }
    #expect(try desk.acknowledge(receipts, by: other, wall: Timestamp.now().wall) == 0)
    #expect(try desk.noteOffered(upTo: 3) == 3)
    #expect(try desk.acknowledge(receipts, by: other, wall: Timestamp.now().wall) == 3)
  }

  @Test("a panel that gets its drawings back from a collector does not confirm them to it")
  func broughtBack() throws {
    let (booth, desk) = (try stores.panel(drawings: 3), try stores.open("desk"))
    #expect(stores.sync(booth, desk).isComplete)
    let identity = booth.panel.bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    do { _ = try stores.open("new") }
    try stores.sql("new", "UPDATE settings SET value = x'\(identity)' WHERE key = 'panel'")
    let new = try stores.open("new")
    let report = stores.sync(desk, new).report
    #expect(report.stored == 3 && report.acknowledged == 0)
    #expect(stores.sync(new, desk).report.acknowledged == 3)
    _ = try (prune(new), prune(desk))
    #expect(try whole([new, desk]).count == 3)
  }

  @Test("stores that an earlier software wrote: what may have been offered is not vouched for, booths are")
  func older() throws {
    let booth = try stores.panel(drawings: 3)
    let (desk, main) = (try stores.open("desk"), try stores.open("main"))
    #expect(stores.sync(booth, desk).isComplete && stores.sync(desk, main).isComplete)
    try stores.sql("desk", "DELETE FROM settings WHERE key = 'offered'")
    try stores.sql("main", "DELETE FROM acknowledgements")
    #expect(stores.sync(main, desk).report.held == 3)
    try stores.sql("panel", "DELETE FROM acknowledgements; DELETE FROM settings WHERE key = 'last_sync'")
    try stores.sql("desk", "DELETE FROM marks")
    #expect(stores.sync(booth, desk).report.acknowledged == 3)
  }

  @Test("five stores in any order, live and by stick, with every prune that is allowed: no drawing is lost")
  func anyOrder() throws {
    var (pruned, drawn, confirmed) = (0, 0, 0)
    for seed in 0..<40 {
      var generator = SplitMix64(seed: UInt64(seed))
      let stores = try Stores()
      let all = try (0..<5).map { try stores.open("s\($0)") }
      // A ring, and one way across it: were each drained into every other, none could prune anything.
      let ring = (0..<5).shuffled(using: &generator)
      let chord = (ring[0], ring[Int.random(in: 2...3, using: &generator)])
      func collector(of place: Int) -> Int {
        if place == chord.0, Int.random(in: 0..<3, using: &generator) == 0 { return chord.1 }
        return ring[((ring.firstIndex(of: place) ?? 0) + 1) % 5]
      }
      var ever: Set<Identifier> = []
      var sticks: [(file: String, at: Int)] = []
      for step in 0..<80 {
        let from = Int.random(in: 0..<5, using: &generator)
        let to = collector(of: from)
        switch Int.random(in: 0..<8, using: &generator) {
        case 0:
          let id = Identifier(using: &generator)
          // Two of them are collectors, that never draw.
          try all[from % 3].append(Drawings.sample(step % 10, id: id))
          ever.insert(id)
        case 1, 2: confirmed += stores.sync(all[from], all[to]).report.acknowledged
        case 3:
          let file = stores.path("f\(step)")
          _ = try SyncFile.write(stores.source(all[from]), to: file)
          sticks.append((file, from))
        case 4, 5:
          guard let stick = sticks.randomElement(using: &generator), stick.at >= 0 else { break }
          let to = collector(of: stick.at)
          let sink = { () throws(SyncError) in stores.sink(all[to]) as any SyncSink }
          let taken = try SyncFile.read(
            stick.file, sink: sink, source: { () throws(SyncError) in throw .ended })
          if case .drawings(_, let receipt?, _, _) = taken {
            // Receipts come late, and out of order.
            let kept = stores.path("r\(step)")
            #expect(rename(receipt, kept) == 0)
            sticks.append((kept, -1 - stick.at))
          }
        case 6:
          guard let index = sticks.indices.randomElement(using: &generator), sticks[index].at < 0 else {
            break
          }
          let place = -1 - sticks[index].at
          let source = { () throws(SyncError) in stores.source(all[place]) as any SyncSource }
          let taken = try SyncFile.read(
            sticks[index].file, sink: { () throws(SyncError) in throw .ended }, source: source)
          if case .receipt(_, _, let count, _, _, _) = taken { confirmed += count }
        default: pruned += try prune(all[from])
        }
      }
      for store in all { pruned += try prune(store) }
      drawn += ever.count
      #expect(try whole(all) == ever, "seed \(seed)")
    }
    print("stores in any order: \(drawn) drawings, \(confirmed) receipts, \(pruned) records pruned")
    #expect(drawn > 200 && pruned > 100 && confirmed > 400)
  }
}
