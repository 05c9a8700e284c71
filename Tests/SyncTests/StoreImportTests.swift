import Spool
import Testing

@testable import Sync

/// Drawings that came into a store by a data set, and the panels' own records of them.
@Suite("Imports and the records of panels", .serialized)
struct StoreImportTests {
  private let stores: Stores

  init() throws { stores = try Stores() }

  /// The drawings of a store as an import of its data set has them.
  private func imports(
    of store: Store, version: String = "1", session: Identifier? = nil, label: Int? = nil
  ) throws -> [ImportedDrawing] {
    var found: [ImportedDrawing] = []
    try store.forEachSample { (stored) throws(StoreError) in
      guard var sample = try? stored.sample() else { return }
      (sample.id, sample.panel, sample.sequence) = (sample.id.imported, Sample.importPanel, 1)
      (sample.strokes, sample.softwareVersion) = ([], Sample.importSoftware)
      (sample.session, sample.label) = (session ?? sample.session, label ?? sample.label)
      sample.consent = Consent(version: version, dataSet: true, nameShown: true)
      found.append(ImportedDrawing(sample, name: stored.name))
    }
    return found
  }

  @Test("a data set that was imported before the sync gives its place to the records, in either order")
  func before() throws {
    let panel = try stores.panel(drawings: 5)
    let imports = try imports(of: panel)
    for isImportedFirst in [true, false] {
      let desk = try stores.open("desk-\(isImportedFirst)")
      if isImportedFirst { #expect(try desk.takeIn(imports).added == 5) }
      let first = stores.sync(panel, desk)
      #expect(first.isComplete && first.report.stored == 5 && !first.report.wantsAttention)
      #expect(try stores.records(desk) == stores.records(panel))
      #expect(try desk.takeIn(imports) == desk.wouldTakeIn(imports) && desk.takeIn(imports).known == 5)
      let (here, there) = (try desk.statistics(), try panel.statistics())
      #expect(here.samples == 5 && here.contributors == 5 && here.perDigit == there.perDigit)
      #expect(there.unsent == 0)
      #expect(try stores.names(desk) == stores.names(panel))
      #expect(stores.sync(panel, desk).report.offered == 0)
    }
  }

  @Test("what people said of imported drawings is said of the records")
  func verdicts() throws {
    let panel = try stores.panel(drawings: 5)
    let desk = try stores.open("desk")
    // The last two were relabelled before the data set was written.
    let imports = Array(try imports(of: panel).prefix(3) + imports(of: panel, label: 9).suffix(2))
    #expect(try desk.takeIn(imports).added == 5)
    let given: [Verdict?] = [.reject, .relabel(8), nil, nil, .accept]
    for (drawing, verdict) in zip(imports, given) {
      if let verdict { _ = try desk.give([(drawing.sample.id, verdict)]) }
    }
    #expect(stores.sync(panel, desk).report.stored == 5)
    var said: [Int: Verdict] = [:]
    try desk.reviewCandidates(limit: 9, reviewed: true) { (drawing) throws(StoreError) in
      said[drawing.label] = drawing.verdict
      return true
    }
    #expect(said == [0: .reject, 1: .relabel(8), 3: .relabel(9), 4: .relabel(9)])
  }

  @Test(
    "an import that is offered where the record is, or another import of the drawing, is neither taken nor confirmed"
  )
  func offered() throws {
    let panel = try stores.panel(drawings: 3)
    let (first, second) = (try stores.open("first"), try stores.open("second"))
    #expect(stores.sync(panel, second).report.stored == 3)
    let third = try stores.open("third")
    #expect(try first.takeIn(imports(of: panel)).added == 3)
    #expect(try third.takeIn(imports(of: panel, version: "2")).added == 3)
    for collector in [second, third] {
      let before = try stores.records(collector)
      for _ in 0..<2 {
        let outcome = stores.sync(first, collector)
        #expect(outcome.isComplete && outcome.report.stored == 0 && outcome.report.held == 3)
        #expect(!outcome.report.hasConflict && outcome.report.acknowledged == 0)
        #expect(try stores.records(collector) == before && first.statistics().unsent == 3)
      }
    }
    // The other way the records come, and go on to who has an import too.
    #expect(stores.sync(second, first).report.stored == 3)
    #expect(stores.sync(first, third).report.stored == 3)
    for store in [first, third] { #expect(try stores.records(store) == stores.records(panel)) }
    #expect(try first.statistics().unsent == 0)
  }

  @Test(
    "an imported visit that was withdrawn takes the panel's records with it, though its number is another one"
  )
  func withdrawn() throws {
    let panel = try stores.panel(drawings: 2)
    let desk = try stores.open("desk")
    let visit = Identifier.random()
    #expect(try desk.takeIn(imports(of: panel, session: visit)).added == 2)
    try stores.draw(1, on: panel)
    guard case .done(2, _) = try desk.withdraw(session: visit) else { throw Failed("nothing was withdrawn") }
    let outcome = stores.sync(panel, desk)
    #expect(outcome.isComplete && outcome.report.stored == 1)
    #expect(try stores.records(desk).count == 1 && stores.records(panel) == stores.records(desk))
    // And the other way round: what the visitor withdrew at the panel is not imported.
    let other = try stores.panel("other", drawings: 2)
    let imports = try imports(of: other, session: visit)
    let late = try stores.open("late")
    #expect(try late.takeIn(imports).added == 2)
    try other.apply(stores.records(other).keys.map { Tombstone(id: $0, kind: .sample, wall: 1) })
    #expect(stores.sync(other, late).report.removed == 2)
    #expect(try late.takeIn(imports).withdrawn == 2)
  }

  @Test("a record that was set aside takes the place of its import when its panel is known")
  func reconsidered() throws {
    let panel = try stores.panel(drawings: 3)
    let desk = try stores.open("desk")
    #expect(try desk.takeIn(imports(of: panel)).added == 3)
    #expect(stores.sync(panel, desk, panels: []).report.setAside == 3)
    #expect(try desk.statistics().samples == 3)
    #expect(try desk.reconsider(takes: { _ in true }, wall: 0) == 3)
    #expect(try stores.records(desk) == stores.records(panel))
  }
}
