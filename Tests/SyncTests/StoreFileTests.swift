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
      guard case .drawings(_, let receipt, nil, let failure) = try read(stores.path("part")) else {
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
      guard case .drawings(let report, let receipt, nil, nil) = try read(file) else {
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
