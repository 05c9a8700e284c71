import Glibc
import Kernel
import Spool
import Testing

@testable import Sync

/// The panel's end over descriptors, as sshd starts it.
@Suite("A panel's end that waits", .serialized)
struct ServeLoopTests {
  private let stores: Stores

  init() throws { stores = try Stores() }

  /// Serves a collector who says nothing; returns the error with which that ends, and what the collector was told.
  private func serve(_ patience: ServeLoop.Patience) throws -> (SyncError?, [Frame]) {
    var (input, output): ([Int32], [Int32]) = ([0, 0], [0, 0])
    try #require(pipe(&input) == 0 && pipe(&output) == 0)
    let silent = FileDescriptor(owning: input[1])
    let told = FileDescriptor(owning: output[0])
    let error: SyncError?
    do {
      let reads = FileDescriptor(owning: input[0])
      let writes = FileDescriptor(owning: output[1])
      let (from, to) = (reads.raw, writes.raw)
      error = failure { () throws(SyncError) in
        _ = try ServeLoop(input: from, output: to, patience: patience).run(
          directory: stores.path("panel"), name: "booth", software: "1")
      }
      _ = consume reads
      _ = consume writes
    }
    _ = consume silent
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = read(told.raw, &bytes, bytes.count)
    var decoder = FrameDecoder(noise: 0, acceptsRecords: true)
    decoder.append(bytes.prefix(max(0, count)))
    var frames: [Frame] = []
    while let frame = try decoder.next() { frames.append(frame) }
    return (error, frames)
  }

  @Test("who says nothing is told so after a while, and the panel is free for the next")
  func silence() throws {
    _ = try stores.panel(drawings: 1)
    var patience = ServeLoop.Patience()
    patience.idle = 100
    for _ in 0..<2 {
      let (error, told) = try serve(patience)
      #expect(error == .silence(seconds: 0))
      guard told.count == 2, case .hello(let hello) = told[0], case .refusal(.other, _) = told[1] else {
        Issue.record("\(told)")
        return
      }
      #expect(hello.samples == 1 && hello.role == .source)
    }
  }

  @Test("who comes while another is at the store is told to wait, and in the end that it is busy")
  func busy() throws {
    _ = try stores.panel(drawings: 1)
    guard let lock = try SyncLock.take(.serve, in: stores.path("panel")) else { throw Failed("it is taken") }
    var patience = ServeLoop.Patience()
    patience.busy = 150
    let (error, told) = try serve(patience)
    #expect(error == .busy(seconds: 0))
    guard told.count == 2, case .refusal(.busy, let sentence) = told[1] else {
      Issue.record("\(told)")
      return
    }
    #expect(told[0] == .wait && sentence.contains("try again later"))
    _ = consume lock
  }

  @Test(
    "a lock that root makes belongs to whoever owns the store",
    .enabled(if: geteuid() == 0, "only root can make one in another user's directory"),
    arguments: [SyncLock.Part.serve, .collect])
  func lockOwner(part: SyncLock.Part) throws {
    let place = stores.path("another's")
    try #require(mkdir(place, 0o750) == 0 && chown(place, 12_345, 12_345) == 0)
    guard let lock = try SyncLock.take(part, in: place) else { throw Failed("it is taken") }
    var info = stat()
    #expect(
      stat("\(place)/\(part.rawValue).lock", &info) == 0 && info.st_uid == 12_345 && info.st_gid == 12_345)
    _ = consume lock
  }
}
