import Glibc
import Kernel
import Spool
import Testing

@testable import Sync

/// A sync by USB stick.
@Suite("Stores that are synchronised by file", .serialized)
struct StoreFileTests {
  private let stores: Stores

  init() throws { stores = try Stores() }

  @Test("by file: the drawings one way, the receipt back, and every cut of either is told and repeatable")
  func file() throws {
    let (panel, collector) = (try stores.panel(drawings: 5), try stores.open("collector"))
    let file = stores.path("stick")
    let written = try SyncFile.write(stores.source(panel), to: file)
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
      let part = try FileDescriptor.open(stores.path("part"), O_WRONLY | O_CREAT | O_TRUNC)
      try part.writeAll(Array(bytes.prefix(cut)), to: "part")
      guard case .drawings(_, let receipt?, nil, let failure) = try read(stores.path("part")) else {
        Issue.record("cut at \(cut)")
        continue
      }
      #expect(failure == .ended)
      guard case .receipt(_, _, let acknowledged, _, _, _) = try read(receipt) else {
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
      guard case .drawings(let report, let receipt?, nil, nil) = try read(file) else {
        Issue.record("the whole file, round \(round)")
        continue
      }
      #expect(report.isComplete && report.stored + report.known == 5)
      guard case .receipt(let by, 5, _, 0, 0, 0) = try read(receipt) else {
        Issue.record("the whole receipt, round \(round)")
        continue
      }
      #expect(by.store == collector.panel)
    }
    #expect(try stores.records(panel) == stores.records(collector) && panel.statistics().unsent == 0)
    #expect(try collector.anchors().isEmpty, "a file's clock says nothing about now")
    #expect(try SyncFile.write(stores.source(panel), to: file).samples == 0, "all is confirmed")
  }

  @Test("the store that wrote a receipt does not take it, and a store cannot confirm anything to itself")
  func ownReceipt() throws {
    let (panel, collector) = (try stores.panel(drawings: 3), try stores.open("collector"))
    let file = stores.path("stick")
    _ = try SyncFile.write(stores.source(panel), to: file)
    func read(_ place: String, at store: Store) throws(SyncError) -> SyncFile.Taken {
      try SyncFile.read(place) { () throws(SyncError) in
        stores.sink(store)
      } source: { () throws(SyncError) in
        stores.source(store)
      }
    }
    guard case .drawings(_, let receipt?, nil, nil) = try read(file, at: collector) else {
      throw Failed("it was not taken")
    }
    #expect(failure { () throws(SyncError) in _ = try read(receipt, at: collector) } == .ownReceipt)
    #expect(try collector.statistics().unsent == 3 && collector.statistics().lastSync == nil)
    let offers = try collector.offers(after: 0, limit: 3, bytes: .max).map { (id: $0.id, hash: $0.hash) }
    let refusal = #expect(throws: StoreError.self) {
      try collector.acknowledge(offers, by: collector.panel, wall: 1_795_000_000_000)
    }
    #expect(refusal?.kind == .refused)
    #expect(try collector.statistics().unsent == 3)
    // Where there is no other end that looks, the panel's own refuses its double too.
    var serving = Serving(stores.source(panel))
    var hello = try stores.sink(panel).hello()
    _ = try serving.next()
    #expect(
      failure { () throws(SyncError) in try serving.receive(.hello(hello)) } == .ownIdentity(panel.panel))
    hello.store = collector.panel
    #expect(failure { () throws(SyncError) in try serving.receive(.hello(hello)) } == nil)
  }

  @Test("a file that is taken to where it came from leaves the receipt beside it as it is")
  func wrongMachine() throws {
    let (panel, collector) = (try stores.panel(drawings: 3), try stores.open("collector"))
    let file = stores.path("stick")
    _ = try SyncFile.write(stores.source(panel), to: file)
    func read(at store: Store) throws -> SyncFile.Taken {
      try SyncFile.read(file) { () throws(SyncError) in
        stores.sink(store)
      } source: { () throws(SyncError) in
        stores.source(store)
      }
    }
    _ = try read(at: collector)
    let receipt = try contentsOfFile(file + ".receipt", limit: 1 << 20)
    guard case .drawings(_, nil, nil, .ownIdentity(panel.panel)) = try read(at: panel) else {
      throw Failed("it was taken")
    }
    #expect(try contentsOfFile(file + ".receipt", limit: 1 << 20) == receipt && receipt.count > 100)
  }

  @Test("a file that is something else is told, and nothing is opened for it")
  func otherFile() throws {
    let file = try FileDescriptor.open(stores.path("other"), O_WRONLY | O_CREAT)
    try file.writeAll(Array("PK\u{3}\u{4} some zip file".utf8), to: "other")
    let error = failure { () throws(SyncError) in
      _ = try SyncFile.read(stores.path("other")) { () throws(SyncError) in
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
}
