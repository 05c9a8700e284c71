import Spool
import Testing

@testable import Sync

/// What contradicts what is there already, or cannot be trusted.
@Suite("Stores that contradict each other", .serialized)
struct StoreConflictTests {
  private let stores: Stores

  init() throws { stores = try Stores() }

  @Test("a cloned store: both are kept, and the conflict is told")
  func clone() throws {
    do { _ = try stores.panel(drawings: 5) }
    try stores.copy("panel", to: "clone")
    let (panel, clone) = (try stores.open("panel"), try stores.open("clone"))
    #expect(panel.panel == clone.panel)
    try stores.draw(3, on: panel)
    try stores.draw(2, on: clone)
    let collector = try stores.open("collector")
    #expect(!stores.sync(panel, collector).report.hasConflict)
    let second = stores.sync(clone, collector)
    #expect(second.isComplete && second.report.stored == 2 && second.report.diverged == 2)
    #expect(second.report.hasConflict)
    #expect(try stores.records(collector).count == 10)
    #expect(try panel.statistics().unsent == 0 && clone.statistics().unsent == 0)
    // Nothing new: nothing to tell again, and both go on.
    #expect(!stores.sync(panel, collector).report.hasConflict)
    try stores.draw(1, on: panel)
    #expect(stores.sync(panel, collector).report.stored == 1)
    try stores.draw(4, on: clone)
    let last = stores.sync(clone, collector).report
    #expect(last.stored == 4 && last.diverged == 2)
    #expect(try stores.records(collector).count == 15)
  }

  @Test("imported drawings have numbers of many tables: two under one number are no copied store")
  func imported() throws {
    let (panel, other) = (try stores.panel(drawings: 1), try stores.open("other"))
    func take(_ count: Int, into store: Store) throws {
      let samples = (0..<count).map { Drawings.sample($0, panel: Sample.importPanel, sequence: 1) }
      #expect(try store.takeIn(samples.map { ImportedDrawing($0) }).added == count)
    }
    try take(3, into: panel)
    try take(2, into: other)
    let collector = try stores.open("collector")
    for (store, count) in [(panel, 4), (other, 2)] {
      let report = stores.sync(store, collector).report
      #expect(report.stored == count && report.diverged == 0 && !report.wantsAttention)
    }
    #expect(try panel.statistics().unsent == 0 && stores.records(collector).count == 6)
  }

  @Test(
    "another drawing under the id of one that is here is a conflict: both are kept, and it is not confirmed")
  func sameIdentifier() throws {
    let (panel, other) = (try stores.panel(drawings: 2), try stores.panel("other", drawings: 0))
    let collector = try stores.open("collector")
    let id = Identifier.random()
    try panel.append(Drawings.sample(1, id: id))
    try other.append(Drawings.sample(2, id: id))
    #expect(stores.sync(panel, collector).report.stored == 3)
    for round in 0..<2 {
      let outcome = stores.sync(other, collector)
      #expect(
        outcome.isComplete && outcome.report.conflicts == 1 && outcome.report.hasConflict, "round \(round)")
    }
    #expect(try other.statistics().unsent == 1 && collector.recordsAside().count == 1)
    #expect(try stores.records(collector)[id] == stores.records(panel)[id])
  }

  @Test("records of a panel that is not in the list are set aside, and taken once it is")
  func stranger() throws {
    let (panel, collector) = (try stores.panel(drawings: 3), try stores.open("collector"))
    let outcome = stores.sync(panel, collector, panels: [])
    #expect(outcome.isComplete && outcome.report.setAside == 3 && outcome.report.stored == 0)
    #expect(try panel.statistics().unsent == 3 && collector.statistics().samples == 0)
    #expect(try collector.reconsider(takes: { _ in false }, wall: 0) == 0)
    #expect(try collector.reconsider(takes: { $0 == panel.panel }, wall: 0) == 3)
    #expect(try collector.recordsAside().count == 0 && stores.records(collector) == stores.records(panel))
    let later = stores.sync(panel, collector, panels: [panel.panel]).report
    #expect(later.known == 3 && later.acknowledged == 3 && !later.wantsAttention)
  }

  @Test("a record that the disk has changed is set aside, and the others arrive")
  func damaged() throws {
    let (panel, collector) = (try stores.panel(drawings: 4), try stores.open("collector"))
    try stores.sql("panel", "CREATE TABLE whole AS SELECT id, record FROM samples")
    try stores.sql(
      "panel",
      "UPDATE samples SET record = CAST(substr(record, 1, 99) || x'FF' || substr(record, 101) AS BLOB) WHERE id = 2"
    )
    let outcome = stores.sync(panel, collector)
    #expect(outcome.isComplete && outcome.report.stored == 3 && outcome.report.setAside == 1)
    let problem = try #require(outcome.report.problems.first)
    #expect(problem.contains("was set aside: ") && problem.contains("SHA-256"))
    #expect(try panel.statistics().unsent == 1 && collector.recordsAside().count == 1)
    // The next ones tell the reason as the first did.
    let again = stores.sync(panel, collector).report
    #expect(again.setAside == 1 && again.problems.count == 1)
    let reason = try #require(problem.split(separator: "was set aside: ").last)
    #expect(again.problems.first?.hasSuffix("was set aside: \(reason)") == true)
    let aside = try collector.recordsAside()
    #expect(aside.newest == RecordsAside.Entry(kind: .damaged, reason: String(reason)))
    // A dry run asks for nothing.
    #expect(stores.sync(panel, collector, over: Link(manner: .dryRun)).report.setAside == 1)
    // The panel's disk gives it whole again.
    try stores.sql(
      "panel", "UPDATE samples SET record = (SELECT record FROM whole WHERE id = 2) WHERE id = 2")
    let whole = stores.sync(panel, collector).report
    #expect(whole.isComplete && whole.stored == 1 && whole.setAside == 0 && whole.problems.isEmpty)
    #expect(try panel.statistics().unsent == 0 && collector.recordsAside().count == 0)
  }
}
