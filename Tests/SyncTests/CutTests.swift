import Randomness
import Spool
import Testing

@testable import Sync

/// A sync that is cut, repeated, run in parallel and restored from copies, on stores in memory: every cut that there is.
@Suite("A sync that is cut")
struct CutTests {
  /// A panel with drawings, some of them confirmed before and withdrawn at either end, and a collector that has some.
  private func stores() -> (panel: MemoryStore, collector: MemoryStore) {
    var generator = SplitMix64(seed: 21)
    let panel = MemoryStore(Identifier(using: &generator))
    // More batches than may be open at once.
    panel.offersAtOnce = 1
    let collector = MemoryStore(Identifier(using: &generator))
    panel.draw(3, using: &generator)
    _ = Link().run(panel, MemorySink(collector))
    panel.draw(7, using: &generator)
    panel.bury([Tombstone(id: panel.rows[0].sample.session, kind: .session, wall: 1)])
    collector.bury([Tombstone(id: panel.rows[4].sample.session, kind: .session, wall: 2)])
    panel.forget([panel.rows[1].sample.contributor])
    collector.forget([panel.rows[6].sample.contributor, Identifier(using: &generator)])
    return (panel, collector)
  }

  /// What a complete sync makes of both.
  private func check(_ panel: MemoryStore, _ collector: MemoryStore, lost: inout Int, doubled: inout Int) {
    let wanted = Set(panel.ids)
    lost += wanted.subtracting(collector.ids).count
    doubled += collector.ids.count - Set(collector.ids).count
    #expect(panel.confirmed.isSuperset(of: wanted))
    #expect(Set(panel.graves.map(\.id)) == Set(collector.graves.map(\.id)))
    #expect(panel.nameless == collector.nameless)
    for store in [panel, collector] { #expect(store.nameless.isDisjoint(with: store.names.keys)) }
    #expect(collector.rows.allSatisfy { row in panel.rows.contains { $0.bytes == row.bytes } })
  }

  /// What holds however little has come: nothing is confirmed that the collector does not have.
  private func checkHalf(_ panel: MemoryStore, _ collector: MemoryStore) {
    let withdrawn = Set(panel.graves.map(\.id)).union(collector.graves.map(\.id))
    for row in panel.rows where panel.confirmed.contains(row.sample.id) {
      #expect(collector.ids.contains(row.sample.id) || withdrawn.contains(row.sample.session))
    }
  }

  @Test("at every byte of either direction, then run again: lost 0, doubled 0")
  func everyByte() {
    let (panel, collector) = stores()
    let whole = Link().run(MemoryStore(copyOf: panel), MemorySink(MemoryStore(copyOf: collector)))
    #expect(whole.isComplete)
    var (lost, doubled, cuts) = (0, 0, 0)
    for isDown in [true, false] {
      for cut in 0..<(isDown ? whole.down : whole.up) {
        let (panel, collector) = (MemoryStore(copyOf: panel), MemoryStore(copyOf: collector))
        let first = Link(
          chunk: 997, cutDown: isDown ? cut : .max, cutUp: isDown ? .max : cut
        ).run(panel, MemorySink(collector))
        #expect(!first.isComplete)
        checkHalf(panel, collector)
        let second = Link().run(panel, MemorySink(collector))
        #expect(second.isComplete, "after a cut at \(cut): \(String(describing: second.sinkError))")
        check(panel, collector, lost: &lost, doubled: &doubled)
        cuts += 1
      }
    }
    print("sync in memory, cut at every byte: \(cuts) cuts, lost \(lost), doubled \(doubled)")
    #expect(lost == 0 && doubled == 0 && cuts == whole.down + whole.up && cuts > 6000)
  }

  @Test("a flipped bit at every byte of either direction never stores or confirms what is wrong")
  func everyFlip() {
    let (panel, collector) = stores()
    let whole = Link().run(MemoryStore(copyOf: panel), MemorySink(MemoryStore(copyOf: collector)))
    var (lost, doubled, flips) = (0, 0, 0)
    for isDown in [true, false] {
      for place in 0..<(isDown ? whole.down : whole.up) {
        let (panel, collector) = (MemoryStore(copyOf: panel), MemoryStore(copyOf: collector))
        let first = Link(
          flipDown: isDown ? place : nil, flipUp: isDown ? nil : place
        ).run(panel, MemorySink(collector))
        #expect(!first.isComplete)
        #expect(first.held < 9 << 20)
        checkHalf(panel, collector)
        #expect(Link().run(panel, MemorySink(collector)).isComplete)
        check(panel, collector, lost: &lost, doubled: &doubled)
        flips += 1
      }
    }
    print("sync in memory, a bit flipped in every byte: \(flips) flips, lost \(lost), doubled \(doubled)")
    #expect(lost == 0 && doubled == 0 && flips > 6000)
  }

  @Test("time and again at random bytes, while the panel goes on: lost 0, doubled 0")
  func again() {
    var generator = SplitMix64(seed: 5)
    var (lost, doubled, cuts) = (0, 0, 0)
    for _ in 0..<30 {
      let (panel, collector) = stores()
      for _ in 0..<20 {
        panel.draw(Int.random(in: 0...3, using: &generator), using: &generator)
        let link = Link(
          chunk: Int.random(in: 1...3000, using: &generator),
          cutDown: Int.random(in: 0...9000, using: &generator),
          cutUp: Int.random(in: 0...3000, using: &generator))
        _ = link.run(panel, MemorySink(collector))
        checkHalf(panel, collector)
        cuts += 1
      }
      #expect(Link().run(panel, MemorySink(collector)).isComplete)
      check(panel, collector, lost: &lost, doubled: &doubled)
    }
    print(
      "sync in memory, cut at random while drawing goes on: \(cuts) cuts, lost \(lost), doubled \(doubled)")
    #expect(lost == 0 && doubled == 0 && cuts == 600)
  }

  @Test("restored from a copy at either end, between any two syncs: lost 0, doubled 0")
  func restored() {
    var generator = SplitMix64(seed: 6)
    var (lost, doubled, restored) = (0, 0, 0)
    for round in 0..<200 {
      var (panel, collector) = stores()
      var copies = [(MemoryStore(copyOf: panel), MemoryStore(copyOf: collector))]
      var everDrawn = Set(panel.ids)
      for _ in 0..<6 {
        panel.draw(Int.random(in: 0...4, using: &generator), using: &generator)
        everDrawn.formUnion(panel.ids)
        if Bool.random(using: &generator) {
          _ = Link(cutDown: Int.random(in: 0...9000, using: &generator)).run(panel, MemorySink(collector))
        } else {
          _ = Link().run(panel, MemorySink(collector))
        }
        copies.append((MemoryStore(copyOf: panel), MemoryStore(copyOf: collector)))
      }
      let copy = copies[Int.random(in: 0..<copies.count, using: &generator)]
      if round % 2 == 0 { panel = copy.0 } else { collector = copy.1 }
      panel.draw(2, using: &generator)
      restored += 1
      #expect(Link().run(panel, MemorySink(collector)).isComplete)
      let wanted = Set(panel.ids)
      lost += wanted.subtracting(collector.ids).count
      doubled += collector.ids.count - Set(collector.ids).count
      #expect(panel.confirmed.isSuperset(of: wanted))
    }
    print("sync in memory, one end restored from a copy: \(restored) times, lost \(lost), doubled \(doubled)")
    #expect(lost == 0 && doubled == 0)
  }

  @Test("two at once from one panel into one store, in any order of their steps: lost 0, doubled 0")
  func twoAtOnce() throws {
    var generator = SplitMix64(seed: 8)
    var (lost, doubled) = (0, 0)
    for _ in 0..<300 {
      let (panel, collector) = stores()
      var pairs = (0..<2).map { _ in
        (
          Peer(Serving(panel), noise: 0, acceptsRecords: false),
          Peer(Collecting(MemorySink(collector)), noise: 0, acceptsRecords: true)
        )
      }
      var steps = 0
      while !pairs.allSatisfy({ $0.0.isEnded && $0.1.isEnded }) && steps < 100_000 {
        steps += 1
        let i = Int.random(in: 0...1, using: &generator)
        let count = Int.random(in: 1...2500, using: &generator)
        if Bool.random(using: &generator) {
          try pairs[i].0.fill()
          let bytes = Array(pairs[i].0.output.prefix(count))
          pairs[i].0.sent(bytes.count)
          try pairs[i].1.receive(bytes)
        } else {
          try pairs[i].1.fill()
          let bytes = Array(pairs[i].1.output.prefix(count))
          pairs[i].1.sent(bytes.count)
          try pairs[i].0.receive(bytes)
        }
      }
      #expect(steps < 100_000)
      check(panel, collector, lost: &lost, doubled: &doubled)
    }
    print("sync in memory, two at once: 300 times, lost \(lost), doubled \(doubled)")
    #expect(lost == 0 && doubled == 0)
  }

  @Test("a second sync offers nothing again, and one after the marks were lost finds all there")
  func repeated() {
    var generator = SplitMix64(seed: 9)
    let (panel, collector) = stores()
    #expect(Link().run(panel, MemorySink(collector)).report.stored == 6)
    let again = Link().run(panel, MemorySink(collector))
    #expect(again.isComplete && again.report.offered == 0 && again.report.stored == 0)
    panel.draw(2, using: &generator)
    let more = Link().run(panel, MemorySink(collector)).report
    #expect(more.offered == 2 && more.stored == 2 && more.acknowledged == 2)
  }

  @Test("a collector that is full confirms nothing, and goes on when there is room")
  func fullCollector() {
    let (panel, collector) = stores()
    let before = panel.confirmed
    collector.isFull = true
    let failed = Link().run(panel, MemorySink(collector))
    #expect(!failed.isComplete && panel.confirmed == before)
    guard case .refused(.store, let sentence) = failed.sourceError else {
      Issue.record("the panel was told \(String(describing: failed.sourceError))")
      return
    }
    #expect(sentence.contains("no space left"))
    collector.isFull = false
    #expect(Link().run(panel, MemorySink(collector)).report.stored == 6)
  }

  @Test("a panel that cannot note receipts gives all the same, and is asked again")
  func fullPanel() {
    let (panel, collector) = stores()
    panel.isFull = true
    let first = Link().run(panel, MemorySink(collector))
    #expect(first.isComplete && first.report.stored == 6 && first.report.acknowledged == 0)
    #expect(first.report.wantsAttention && first.report.problems.contains { $0.contains("receipts") })
    panel.isFull = false
    let second = Link().run(panel, MemorySink(collector))
    #expect(second.report.stored == 0 && second.report.known == 6 && second.report.acknowledged == 6)
  }

  @Test("a second collector that could not get a drawing asks again, though the first one has confirmed it")
  func unreadable() {
    var generator = SplitMix64(seed: 11)
    let (panel, first, second) = (MemoryStore(), MemoryStore(), MemoryStore())
    panel.draw(12, using: &generator)
    #expect(Link().run(panel, MemorySink(first)).report.acknowledged == 12)
    panel.unreadable = [panel.ids[5]]
    let without = Link().run(panel, MemorySink(second)).report
    #expect(without.isComplete && without.unreadable == 1 && without.stored == 11 && without.wantsAttention)
    #expect(Link().run(panel, MemorySink(second)).report.unreadable == 1, "it is told as long as it lasts")
    panel.unreadable = []
    #expect(Link().run(panel, MemorySink(second)).report.stored == 1 && second.ids.count == 12)
    #expect(Link().run(panel, MemorySink(second)).report.offered == 0)
  }

  @Test("a drawing that is withdrawn while it is offered holds no later sync back")
  func withdrawnMeanwhile() throws {
    var generator = SplitMix64(seed: 12)
    let (panel, collector) = (MemoryStore(), MemoryStore())
    panel.draw(6, using: &generator)
    var serving = Serving(panel)
    var collecting = Collecting(MemorySink(collector))
    func talk() throws {
      var isMoving = true
      while isMoving {
        isMoving = false
        while let frame = try serving.next() {
          // Between the offer and the record.
          if case .offer(0, _) = frame {
            panel.bury([Tombstone(id: panel.ids[1], kind: .sample, wall: 1)])
          }
          try collecting.receive(frame)
          isMoving = true
        }
        while let frame = try collecting.next() {
          try serving.receive(frame)
          isMoving = true
        }
      }
    }
    try talk()
    #expect(
      collecting.report.isComplete && collecting.report.unreadable == 1 && collecting.report.stored == 5)
    #expect(Link().run(panel, MemorySink(collector)).report.known == 5)
    #expect(Link().run(panel, MemorySink(collector)).report.offered == 0)
  }

  @Test("a bad record is set aside, is not confirmed, and stops no other")
  func badRecord() {
    let (panel, collector) = stores()
    let index = panel.rows.count - 2
    panel.damage(index)
    let (bad, bytes) = (panel.rows[index].sample.id, panel.rows[index].bytes)
    let report = Link().run(panel, MemorySink(collector)).report
    #expect(report.isComplete && report.stored == 5 && report.setAside == 1 && report.wantsAttention)
    #expect(!panel.confirmed.contains(bad) && collector.apart[bad] == bytes)
    // It is asked for each time: the panel may have it whole again.
    let again = Link().run(panel, MemorySink(collector)).report
    #expect(again.offered == 1 && again.setAside == 1 && again.bytes == bytes.count)
    panel.repair(bad)
    let repaired = Link().run(panel, MemorySink(collector)).report
    #expect(repaired.stored == 1 && repaired.setAside == 0 && collector.apart.isEmpty)
    #expect(panel.confirmed.contains(bad))
  }

  @Test("a panel that sends nothing but broken records fills no collector's disk with them")
  func manyBadRecords() {
    var generator = SplitMix64(seed: 10)
    let (panel, collector) = (MemoryStore(), MemoryStore())
    panel.draw(SyncLimits.setAside + 30, using: &generator)
    for index in panel.rows.indices { panel.damage(index) }
    let report = Link().run(panel, MemorySink(collector)).report
    #expect(report.isComplete && report.setAside == SyncLimits.setAside && report.refused == 30)
    #expect(report.wantsAttention && collector.apart.count == SyncLimits.setAside && panel.confirmed.isEmpty)
    // What was refused is offered again, and comes to lie apart by the next one.
    #expect(Link().run(panel, MemorySink(collector)).report.isComplete)
    #expect(collector.apart.count == SyncLimits.setAside + 30)
  }

  @Test("a dry run counts what would come and changes nothing at either end")
  func dryRun() {
    let (panel, collector) = stores()
    let (before, had, finished) = (panel.confirmed, collector.ids, panel.finished)
    let outcome = Link(manner: .dryRun).run(panel, MemorySink(collector))
    #expect(outcome.sinkError == nil && outcome.report.isComplete && outcome.report.wanted == 7)
    #expect(outcome.report.bytes == panel.rows.suffix(7).reduce(0) { $0 + $1.bytes.count })
    #expect(panel.confirmed == before && collector.ids == had && panel.graves.count == 1)
    #expect(panel.finished == finished, "the panel does not say that it was collected")
  }

  @Test("a store is not drained into a copy of itself")
  func ownIdentity() {
    let (panel, _) = stores()
    let copy = MemoryStore(copyOf: panel)
    let outcome = Link().run(panel, MemorySink(copy))
    #expect(outcome.sinkError == .ownIdentity(panel.identity) && outcome.sinkError?.isCritical == true)
  }

  @Test("a login banner stands before the magic")
  func banner() {
    let (panel, collector) = stores()
    let text = Array(String(repeating: "Authorised users only.\r\n", count: 200).utf8)
    let outcome = Link(chunk: 100, banner: text).run(panel, MemorySink(collector))
    #expect(outcome.isComplete && outcome.report.stored == 6)
  }
}
