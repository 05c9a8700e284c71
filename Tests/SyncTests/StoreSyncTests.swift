import Spool
import Testing

@testable import Sync

/// The same with real stores on a disk in memory.
@Suite("Stores that are synchronised", .serialized)
struct StoreSyncTests {
  private let stores: Stores

  init() throws { stores = try Stores() }

  @Test("all drawings arrive byte for byte, with names, and are confirmed")
  func whole() throws {
    let (panel, collector) = (try stores.panel(drawings: 30), try stores.open("collector"))
    let outcome = stores.sync(panel, collector)
    #expect(outcome.isComplete && outcome.report.stored == 30 && outcome.report.acknowledged == 30)
    #expect(!outcome.report.wantsAttention)
    #expect(try stores.records(panel) == stores.records(collector))
    #expect(try panel.statistics().unsent == 0 && panel.statistics().lastSync != nil)
    #expect(try collector.statistics().samples == 30 && collector.statistics().unsent == 30)
    #expect(
      try collector.leaderboard(limit: 50).compactMap(\.name).sorted()
        == panel.leaderboard(limit: 50).compactMap(\.name).sorted())
    let again = stores.sync(panel, collector)
    #expect(again.isComplete && again.report.offered == 0)
    let anchors = try collector.anchors()
    #expect(anchors.count == 1 && anchors.first?.source == panel.panel)
    #expect(anchors.first?.panel.boot == Timestamp.bootIdentifier)
  }

  @Test("the stream is cut at every byte, with real stores, and run again: lost 0, doubled 0")
  func everyByte() throws {
    do {
      let first = try stores.panel(drawings: 1)
      let collector = try stores.open("collector")
      #expect(stores.sync(first, collector).isComplete)
      try stores.draw(3, on: first)
      try collector.apply([Tombstone(id: .random(), kind: .session, wall: 1)])
      // The first visitor's name goes everywhere, and those of the three that come stay.
      try collector.anonymise()
    }
    var (lost, doubled, cuts, unsound) = (0, 0, 0, 0)
    var (down, up) = (1, 1)
    for isDown in [true, false] {
      var cut = -1
      while cut < (isDown ? down : up) {
        try stores.copy("panel", to: "p")
        try stores.copy("collector", to: "c")
        let panel = try Store.openBeside(directory: stores.path("p"))
        let collector = try Store.openBeside(directory: stores.path("c"))
        var link = Link(chunk: 500)
        // The first run is whole, to know how long the stream is.
        if cut >= 0, isDown { link.cutDown = cut }
        if cut >= 0, !isDown { link.cutUp = cut }
        let first = link.run(stores.source(panel), stores.sink(collector))
        if cut < 0 {
          (down, up) = (first.down, first.up)
          #expect(first.isComplete && first.report.stored == 3)
        } else {
          cuts += 1
          if first.isComplete { unsound += 1 }
          let confirmed = try panel.statistics().samples - panel.statistics().unsent
          if try collector.statistics().samples < confirmed { unsound += 1 }
          if !stores.sync(panel, collector).isComplete { unsound += 1 }
        }
        let (given, taken) = (try stores.records(panel), try stores.records(collector))
        lost += given.filter { taken[$0.key] != $0.value }.count
        doubled += try collector.statistics().samples - Set(taken.keys).count
        if try panel.statistics().unsent != 0 || panel.tombstones(limit: 9).count != 1 { unsound += 1 }
        for store in [panel, collector] {
          if try stores.names(store) != ["Ada 0", "Ada 1", "Ada 2"] { unsound += 1 }
        }
        stores.remove("p")
        stores.remove("c")
        cut += 1
      }
    }
    print("sync of real stores, cut at every byte: \(cuts) cuts, lost \(lost), doubled \(doubled)")
    #expect(lost == 0 && doubled == 0 && unsound == 0 && cuts > 2000)
  }

  @Test("marks thin out behind the newest, and offers begin behind the newest one that still holds")
  func marks() throws {
    let (panel, collector) = (try stores.panel(drawings: 0), try stores.open("collector"))
    for round in 0..<60 {
      try stores.draw(2, on: panel)
      #expect(stores.sync(panel, collector).report.offered == 2, "round \(round)")
    }
    let marks = try collector.marks(of: panel.panel)
    #expect(marks.first?.row == 120 && (5...Mark.limit).contains(marks.count))
    // The newest two drawings are withdrawn on the panel; another takes the row of one.
    var last: [Tombstone] = []
    try panel.forEachSample(after: 118) { (stored) throws(StoreError) in
      last.append(Tombstone(id: stored.id, kind: .sample, wall: 0))
    }
    try panel.apply(last)
    try stores.draw(1, on: panel)
    let outcome = stores.sync(panel, collector)
    #expect(outcome.report.stored == 1 && outcome.report.offered <= 4)
    #expect(try stores.records(panel) == stores.records(collector))
  }

  @Test("what was pruned by another's receipt is told as missing")
  func pruned() throws {
    let panel = try stores.panel(drawings: 4)
    let (first, second) = (
      try stores.open("first"), try stores.open("second")
    )
    #expect(stores.sync(panel, first).isComplete)
    try stores.sql("panel", "UPDATE samples SET record = NULL WHERE id <= 3")
    let outcome = stores.sync(panel, second)
    #expect(outcome.isComplete && outcome.report.pruned == 3 && outcome.report.stored == 1)
    #expect(outcome.report.wantsAttention)
    #expect(!stores.sync(panel, first).report.wantsAttention)
  }
}
