import Spool
import Testing

@testable import Sync

/// Names that were dropped for all in one store.
@Suite("Dropped names that are synchronised", .serialized)
struct DroppedNameTests {
  private let stores: Stores

  init() throws { stores = try Stores() }

  @Test(
    "dropped at the collector: they go at the panel and at every store it reaches, and no sync brings them back"
  )
  func atTheCollector() throws {
    do { _ = try stores.panel(drawings: 6) }
    try stores.copy("panel", to: "old")
    let (panel, first) = (try stores.open("panel"), try stores.open("first"))
    #expect(stores.sync(panel, first).report.stored == 6)
    #expect(try first.anonymise().names == 6)
    try stores.draw(2, on: panel, first: 100)
    let outcome = stores.sync(panel, first)
    #expect(outcome.isComplete && outcome.report.namesSent == 6 && outcome.report.namesDropped == 0)
    #expect(try stores.names(panel) == ["Ada 100", "Ada 101"], "later visitors are shown")
    #expect(try stores.names(first) == stores.names(panel))
    let again = stores.sync(panel, first).report
    #expect(again.namesSent == 0 && again.namesReceived == 0, "both have the same now")
    // By way of the panel it reaches another collector, which takes the names from no older copy.
    let second = try stores.open("second")
    #expect(stores.sync(panel, second).report.namesReceived == 6)
    let old = try stores.open("old")
    #expect(try stores.names(old).count == 6)
    let late = stores.sync(old, second)
    #expect(late.isComplete && late.report.namesSent == 6)
    #expect(try stores.names(second) == ["Ada 100", "Ada 101"] && stores.names(old) == [])
    #expect(try second.statistics().samples == 8, "no drawing went")
  }

  @Test("dropped at the panel: they go at the collector, and another panel's copy does not bring them back")
  func atThePanel() throws {
    do { _ = try stores.panel(drawings: 4) }
    try stores.copy("panel", to: "copy")
    let (panel, collector) = (try stores.open("panel"), try stores.open("collector"))
    #expect(stores.sync(panel, collector).isComplete)
    try panel.anonymise()
    let outcome = stores.sync(panel, collector)
    #expect(outcome.isComplete && outcome.report.namesReceived == 4 && outcome.report.namesDropped == 4)
    #expect(try stores.names(collector) == [])
    // A drawing of one of these visitors that nobody has seen yet comes with the name.
    let copy = try stores.open("copy")
    var visitor = Identifier.none
    try copy.forEachSample { (stored) throws(StoreError) in
      if let sample = try? stored.sample() { visitor = sample.contributor }
    }
    try copy.append(Drawings.sample(7, contributor: visitor), name: "Ada 3")
    #expect(stores.sync(copy, collector).report.stored == 1)
    #expect(try stores.names(collector) == [] && stores.names(copy) == [])
  }

  @Test(
    "with an end of version 1 all else goes as ever, its names stay out, and they go there once it is newer")
  func olderPeer() throws {
    for isPanelOlder in [true, false] {
      let (panel, collector) = (
        try stores.panel("panel \(isPanelOlder)", drawings: 3), try stores.open("collector \(isPanelOlder)")
      )
      var link = Link()
      if isPanelOlder { link.panelSpeaks = 1...1 } else { link.collectorSpeaks = 1...1 }
      #expect(stores.sync(panel, collector, over: link).report.stored == 3)
      try collector.anonymise()
      try stores.draw(1, on: panel, first: 9)
      try panel.apply([Tombstone(id: .random(), kind: .session, wall: 1)])
      let older = stores.sync(panel, collector, over: link)
      #expect(older.isComplete && older.report.stored == 1 && older.report.tombstonesReceived == 1)
      #expect(older.report.namesSent == 0 && older.report.namesReceived == 0)
      #expect(try stores.names(collector) == ["Ada 9"] && stores.names(panel).count == 4)
      let newer = stores.sync(panel, collector)
      #expect(newer.isComplete && newer.report.namesSent == 3)
      #expect(try stores.names(collector) == ["Ada 9"] && stores.names(panel) == ["Ada 9"])
    }
  }

  private func read(_ file: String, _ panel: Store, _ collector: Store) throws(SyncError) -> SyncFile.Taken {
    try SyncFile.read(file) { () throws(SyncError) in
      stores.sink(collector)
    } source: { () throws(SyncError) in
      stores.source(panel)
    }
  }

  @Test("by file they go both ways: behind the drawings, and in the receipt")
  func byFile() throws {
    let (panel, collector) = (try stores.panel(drawings: 3), try stores.open("collector"))
    let file = stores.path("stick")
    _ = try SyncFile.write(stores.source(panel), to: file)
    guard case .drawings(_, let first?, nil, nil) = try read(file, panel, collector) else {
      throw Failed("no")
    }
    #expect(try stores.names(collector).count == 3)
    try collector.anonymise()
    _ = try SyncFile.write(stores.source(panel), to: file)
    guard case .drawings(let report, let receipt?, nil, nil) = try read(file, panel, collector) else {
      throw Failed("no")
    }
    #expect(report.isComplete)
    guard case .receipt(_, 3, 3, 0, 3, 0) = try read(receipt, panel, collector) else { throw Failed("no") }
    #expect(try stores.names(panel) == [])
    // An older receipt and an older file change nothing of it.
    guard case .receipt(_, _, 0, 0, 0, 0) = try read(first, panel, collector) else { throw Failed("no") }
    try stores.draw(2, on: panel, first: 50)
    try panel.anonymise()
    try stores.draw(1, on: panel, first: 70)
    _ = try SyncFile.write(stores.source(panel), to: file)
    guard case .drawings(let second, _, nil, nil) = try read(file, panel, collector) else {
      throw Failed("no")
    }
    #expect(second.isComplete && second.stored == 3 && second.namesReceived == 5)
    #expect(try stores.names(collector) == ["Ada 70"])
  }

  @Test(
    "a file of this version is read by version 1 to the end of its drawings, and one of version 1 by this")
  func olderFile() throws {
    for (writes, reads) in [(Hello.spoken, 1...1), (1...1, Hello.spoken)] {
      let panel = try stores.panel("panel \(writes)", drawings: 3)
      let collector = try stores.open("collector \(writes)")
      try panel.anonymise()
      try stores.draw(2, on: panel)
      var serving = Serving(stores.source(panel), isOneWay: true, speaks: writes)
      var collecting = Collecting(stores.sink(collector), .oneWay, speaks: reads)
      // As SyncFile reads: no further than the end.
      while !collecting.isEnded, let frame = try serving.next() {
        try collecting.receive(frame)
        while let said = try collecting.next() {
          if case .names = said { Issue.record("dropped names in a receipt for version 1") }
        }
      }
      #expect(collecting.isEnded && collecting.report.isComplete && collecting.report.stored == 5)
      #expect(collecting.report.namesReceived == 0)
    }
  }

  @Test(
    "a stolen key fills no disk with visitors and visits that are unknown here, and drops the names that are known"
  )
  func limits() throws {
    let panel = try stores.panel(drawings: 3)
    var known: [Identifier] = []
    try panel.forEachSample { (stored) throws(StoreError) in
      if let sample = try? stored.sample() { known.append(sample.contributor) }
    }
    let strangers = (0..<10).map { _ in Identifier.random() }
    let first = try panel.dropNames(of: strangers + known, day: 20_000, limit: 4)
    #expect(first.dropped == 3 && first.putOff == 6)
    #expect(try panel.dropNames(of: strangers + known, day: 20_000, limit: 4).putOff == 6)
    #expect(try panel.dropNames(of: strangers, day: 20_001, limit: 4).putOff == 2)
    #expect(try panel.droppedNameCount() == 11)
    let stones = strangers.map { Tombstone(id: $0, kind: .session, wall: 0) }
    #expect(try panel.apply(stones, day: 20_000, limit: 1, strangers: 3).putOff == 7)
    #expect(try panel.apply(stones, day: 20_001, limit: 1, strangers: 3).putOff == 4)
    #expect(try panel.tombstones(limit: 100).count == 6)
  }
}
