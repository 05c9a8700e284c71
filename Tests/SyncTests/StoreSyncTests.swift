import CSQLite
import Glibc
import Kernel
import Spool
import Testing

@testable import Sync

/// The same with real stores on a disk in memory.
@Suite("Stores that are synchronised", .serialized)
struct StoreSyncTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func path(_ name: String) -> String { "\(scratch.path)/\(name)" }

  /// A panel's store with drawings of as many visitors.
  private func panel(_ name: String = "panel", drawings: Int) throws -> Store {
    let store = try Store.open(directory: path(name))
    try draw(drawings, on: store)
    return store
  }

  private func draw(_ count: Int, on store: Store, first: Int = 0) throws {
    for index in 0..<count { try store.append(Drawings.sample(index % 10), name: "Ada \(first + index)") }
  }

  private func sync(_ panel: Store, _ collector: Store, panels: Set<Identifier>? = nil) -> Link.Outcome {
    Link().run(source(panel), sink(collector, panels: panels))
  }

  private func source(_ store: Store) -> StoreSource { StoreSource(store, name: "booth", software: "1") }

  private func sink(_ store: Store, panels: Set<Identifier>? = nil) -> StoreSink {
    StoreSink(store, name: "desk", software: "1", panels: panels)
  }

  private func records(_ store: Store) throws -> [Identifier: [UInt8]] {
    var found: [Identifier: [UInt8]] = [:]
    try store.forEachSample { (stored) throws(StoreError) in
      found[stored.id] = stored.record
    }
    return found
  }

  /// A copy of a store that nobody uses, as a backup or an image of its card has it.
  private func copy(_ from: String, to: String) throws {
    mkdir(path(to), 0o750)
    for file in ["panel.db", "panel.db-wal"] where access("\(path(from))/\(file)", F_OK) == 0 {
      let bytes = try contentsOfFile("\(path(from))/\(file)", limit: 1 << 26)
      let target = try FileDescriptor.open("\(path(to))/\(file)", O_WRONLY | O_CREAT | O_TRUNC)
      try target.writeAll(bytes, to: file)
    }
  }

  @Test("all drawings arrive byte for byte, with names, and are confirmed")
  func whole() throws {
    let (panel, collector) = (try panel(drawings: 30), try Store.open(directory: path("collector")))
    let outcome = sync(panel, collector)
    #expect(outcome.isComplete && outcome.report.stored == 30 && outcome.report.acknowledged == 30)
    #expect(!outcome.report.wantsAttention)
    #expect(try records(panel) == records(collector))
    #expect(try panel.statistics().unsent == 0 && panel.statistics().lastSync != nil)
    #expect(try collector.statistics().samples == 30 && collector.statistics().unsent == 30)
    #expect(
      try collector.leaderboard(limit: 50).compactMap(\.name).sorted()
        == panel.leaderboard(limit: 50).compactMap(\.name).sorted())
    let again = sync(panel, collector)
    #expect(again.isComplete && again.report.offered == 0)
    let anchors = try collector.anchors()
    #expect(anchors.count == 1 && anchors.first?.source == panel.panel)
    #expect(anchors.first?.panel.boot == Timestamp.bootIdentifier)
  }

  @Test("the stream is cut at every byte, with real stores, and run again: lost 0, doubled 0")
  func everyByte() throws {
    do {
      let first = try panel(drawings: 1)
      let collector = try Store.open(directory: path("collector"))
      #expect(sync(first, collector).isComplete)
      try draw(3, on: first)
      try collector.apply([Tombstone(id: .random(), kind: .session, wall: 1)])
    }
    var (lost, doubled, cuts, unsound) = (0, 0, 0, 0)
    var (down, up) = (1, 1)
    for isDown in [true, false] {
      var cut = -1
      while cut < (isDown ? down : up) {
        try copy("panel", to: "p")
        try copy("collector", to: "c")
        let panel = try Store.openBeside(directory: path("p"))
        let collector = try Store.openBeside(directory: path("c"))
        var link = Link(chunk: 500)
        // The first run is whole, to know how long the stream is.
        if cut >= 0, isDown { link.cutDown = cut }
        if cut >= 0, !isDown { link.cutUp = cut }
        let first = link.run(source(panel), sink(collector))
        if cut < 0 {
          (down, up) = (first.down, first.up)
          #expect(first.isComplete && first.report.stored == 3)
        } else {
          cuts += 1
          if first.isComplete { unsound += 1 }
          let confirmed = try panel.statistics().samples - panel.statistics().unsent
          if try collector.statistics().samples < confirmed { unsound += 1 }
          if !sync(panel, collector).isComplete { unsound += 1 }
        }
        let (given, taken) = (try records(panel), try records(collector))
        lost += given.filter { taken[$0.key] != $0.value }.count
        doubled += try collector.statistics().samples - Set(taken.keys).count
        if try panel.statistics().unsent != 0 || panel.tombstones(limit: 9).count != 1 { unsound += 1 }
        Scratch.remove(path("p"))
        Scratch.remove(path("c"))
        cut += 1
      }
    }
    print("sync of real stores, cut at every byte: \(cuts) cuts, lost \(lost), doubled \(doubled)")
    #expect(lost == 0 && doubled == 0 && unsound == 0 && cuts > 2000)
  }

  @Test("a cloned store: both are kept, and the conflict is told")
  func clone() throws {
    do { _ = try panel(drawings: 5) }
    try copy("panel", to: "clone")
    let (panel, clone) = (try Store.open(directory: path("panel")), try Store.open(directory: path("clone")))
    #expect(panel.panel == clone.panel)
    try draw(3, on: panel)
    try draw(2, on: clone)
    let collector = try Store.open(directory: path("collector"))
    #expect(!sync(panel, collector).report.hasConflict)
    let second = sync(clone, collector)
    #expect(second.isComplete && second.report.stored == 2 && second.report.diverged == 2)
    #expect(second.report.hasConflict)
    #expect(try records(collector).count == 10)
    #expect(try panel.statistics().unsent == 0 && clone.statistics().unsent == 0)
    // Nothing new: nothing to tell again, and both go on.
    #expect(!sync(panel, collector).report.hasConflict)
    try draw(1, on: panel)
    #expect(sync(panel, collector).report.stored == 1)
    try draw(4, on: clone)
    let last = sync(clone, collector).report
    #expect(last.stored == 4 && last.diverged == 2)
    #expect(try records(collector).count == 15)
  }

  @Test(
    "another drawing under the id of one that is here is a conflict: both are kept, and it is not confirmed")
  func sameIdentifier() throws {
    let (panel, other) = (try panel(drawings: 2), try panel("other", drawings: 0))
    let collector = try Store.open(directory: path("collector"))
    let id = Identifier.random()
    try panel.append(Drawings.sample(1, id: id))
    try other.append(Drawings.sample(2, id: id))
    #expect(sync(panel, collector).report.stored == 3)
    for round in 0..<2 {
      let outcome = sync(other, collector)
      #expect(
        outcome.isComplete && outcome.report.conflicts == 1 && outcome.report.hasConflict, "round \(round)")
    }
    #expect(try other.statistics().unsent == 1 && collector.setAsideCount() == 1)
    #expect(try records(collector)[id] == records(panel)[id])
  }

  @Test("records of a panel that is not in the list are set aside, and taken once it is")
  func stranger() throws {
    let (panel, collector) = (try panel(drawings: 3), try Store.open(directory: path("collector")))
    let outcome = sync(panel, collector, panels: [])
    #expect(outcome.isComplete && outcome.report.setAside == 3 && outcome.report.stored == 0)
    #expect(try panel.statistics().unsent == 3 && collector.statistics().samples == 0)
    #expect(try collector.reconsider(takes: { _ in false }, wall: 0) == 0)
    #expect(try collector.reconsider(takes: { $0 == panel.panel }, wall: 0) == 3)
    #expect(try collector.setAsideCount() == 0 && records(collector) == records(panel))
    let later = sync(panel, collector, panels: [panel.panel]).report
    #expect(later.known == 3 && later.acknowledged == 3 && !later.wantsAttention)
  }

  @Test("a record that the disk has changed is set aside, and the others arrive")
  func damaged() throws {
    let (panel, collector) = (try panel(drawings: 4), try Store.open(directory: path("collector")))
    try sql(
      "panel",
      "UPDATE samples SET record = CAST(substr(record, 1, 99) || x'FF' || substr(record, 101) AS BLOB) WHERE id = 2"
    )
    let outcome = sync(panel, collector)
    #expect(outcome.isComplete && outcome.report.stored == 3 && outcome.report.setAside == 1)
    #expect(outcome.report.problems.first?.contains("SHA-256") == true)
    #expect(try panel.statistics().unsent == 1 && collector.setAsideCount() == 1)
    #expect(sync(panel, collector).report.setAside == 1)
  }

  @Test("what was pruned by another's receipt is told as missing")
  func pruned() throws {
    let panel = try panel(drawings: 4)
    let (first, second) = (
      try Store.open(directory: path("first")), try Store.open(directory: path("second"))
    )
    #expect(sync(panel, first).isComplete)
    try sql("panel", "UPDATE samples SET record = NULL WHERE id <= 3")
    let outcome = sync(panel, second)
    #expect(outcome.isComplete && outcome.report.pruned == 3 && outcome.report.stored == 1)
    #expect(outcome.report.wantsAttention)
    #expect(!sync(panel, first).report.wantsAttention)
  }

  @Test("a withdrawal reaches every store, whichever way it comes, and nothing comes back")
  func withdrawn() throws {
    let panel = try panel(drawings: 6)
    let (first, second) = (
      try Store.open(directory: path("first")), try Store.open(directory: path("second"))
    )
    #expect(sync(panel, first).report.stored == 6)
    var visits: [Identifier] = []
    try panel.forEachSample { (stored) throws(StoreError) in
      if let sample = try? stored.sample() { visits.append(sample.session) }
    }
    // One is withdrawn at the panel, one at the collector.
    try panel.apply([Tombstone(id: visits[0], kind: .session, wall: 5)])
    try first.apply([Tombstone(id: visits[1], kind: .session, wall: 6)])
    let outcome = sync(panel, first)
    #expect(outcome.report.removed == 1 && outcome.report.tombstonesSent == 1)
    #expect(try records(panel).count == 4 && records(first) == records(panel))
    #expect(sync(panel, first).report.tombstonesReceived == 0, "both have the same now")
    #expect(sync(panel, second).report.stored == 4)
    // A store from before the withdrawals brings nothing back.
    try copy("first", to: "old")
    #expect(try second.tombstones(limit: 10).count == 2)
    let revived = try self.panel("revived", drawings: 0)
    let sample = Drawings.sample(3, session: visits[0])
    try revived.append(sample)
    let late = sync(revived, second).report
    #expect(late.removed == 0 && late.tombstonesSent == 2)
    #expect(try records(revived).isEmpty && records(second).count == 4)
  }

  @Test("a stolen key withdraws no more than a day's number")
  func withdrawalsAreLimited() throws {
    let panel = try panel(drawings: 12)
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

  @Test("marks thin out behind the newest, and offers begin behind the newest one that still holds")
  func marks() throws {
    let (panel, collector) = (try panel(drawings: 0), try Store.open(directory: path("collector")))
    for round in 0..<60 {
      try draw(2, on: panel)
      #expect(sync(panel, collector).report.offered == 2, "round \(round)")
    }
    let marks = try collector.marks(of: panel.panel)
    #expect(marks.first?.row == 120 && (5...Mark.limit).contains(marks.count))
    // The newest two drawings are withdrawn on the panel; another takes the row of one.
    var last: [Tombstone] = []
    try panel.forEachSample(after: 118) { (stored) throws(StoreError) in
      last.append(Tombstone(id: stored.id, kind: .sample, wall: 0))
    }
    try panel.apply(last)
    try draw(1, on: panel)
    let outcome = sync(panel, collector)
    #expect(outcome.report.stored == 1 && outcome.report.offered <= 4)
    #expect(try records(panel) == records(collector))
  }

  @Test("by file: the drawings one way, the receipt back, and every cut of either is told and repeatable")
  func file() throws {
    let (panel, collector) = (try panel(drawings: 5), try Store.open(directory: path("collector")))
    let file = path("stick")
    let written = try SyncFile.write(source(panel), to: file)
    #expect(written.samples == 5)
    let bytes = try contentsOfFile(file, limit: 1 << 20)
    #expect(bytes.count == written.bytes)
    func read(_ place: String) throws(SyncError) -> SyncFile.Taken {
      try SyncFile.read(place) { () throws(SyncError) in
        StoreSink(collector, name: "desk", software: "1", panels: nil)
      } source: { () throws(SyncError) in
        StoreSource(panel, name: "booth", software: "1")
      }
    }
    // Cut short at every hundredth byte: what came is kept, and its receipt holds.
    var cuts = 0
    for cut in stride(from: 200, to: bytes.count, by: 100) {
      let part = try FileDescriptor.open(path("part"), O_WRONLY | O_CREAT | O_TRUNC)
      try part.writeAll(Array(bytes.prefix(cut)), to: "part")
      guard case .drawings(_, let receipt, nil, let failure) = try read(path("part")) else {
        Issue.record("cut at \(cut)")
        continue
      }
      #expect(failure == .ended)
      guard case .receipt(_, _, let acknowledged, _, _) = try read(receipt) else {
        Issue.record("the receipt of a cut at \(cut)")
        continue
      }
      #expect(acknowledged <= 5)
      let confirmed = try panel.statistics().samples - panel.statistics().unsent
      #expect(try collector.statistics().samples >= confirmed)
      cuts += 1
    }
    #expect(cuts > 20)
    for round in 0..<2 {
      guard case .drawings(let report, let receipt, nil, nil) = try read(file) else {
        Issue.record("the whole file, round \(round)")
        continue
      }
      #expect(report.isComplete && report.stored + report.known == 5)
      guard case .receipt(let by, 5, _, 0, 0) = try read(receipt) else {
        Issue.record("the whole receipt, round \(round)")
        continue
      }
      #expect(by.store == collector.panel)
    }
    #expect(try records(panel) == records(collector) && panel.statistics().unsent == 0)
    #expect(try collector.anchors().isEmpty, "a file's clock says nothing about now")
    #expect(try SyncFile.write(source(panel), to: file).samples == 0, "all is confirmed")
  }

  @Test("a file that is something else is told, and nothing is opened for it")
  func otherFile() throws {
    let file = try FileDescriptor.open(path("other"), O_WRONLY | O_CREAT)
    try file.writeAll(Array("PK\u{3}\u{4} some zip file".utf8), to: "other")
    let error = failure { () throws(SyncError) in
      _ = try SyncFile.read(path("other")) { () throws(SyncError) in
        throw .ended
      } source: { () throws(SyncError) in
        throw .ended
      }
    }
    guard case .noMagic = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  /// Changes a store behind its back.
  private func sql(_ name: String, _ statement: String) throws {
    var handle: OpaquePointer?
    guard sqlite3_open(path(name) + "/panel.db", &handle) == SQLITE_OK else {
      throw Failed("cannot open \(name)")
    }
    defer { sqlite3_close(handle) }
    guard sqlite3_exec(handle, statement, nil, nil, nil) == SQLITE_OK else {
      throw Failed(String(cString: sqlite3_errmsg(handle)))
    }
  }
}
