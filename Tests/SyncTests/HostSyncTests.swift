import Glibc
import Kernel
import Spool
import Testing

@testable import Sync

/// The collector's end of an ssh, for which a script stands in.
@Suite("A panel behind ssh")
struct HostSyncTests {
  private let stores: Stores

  init() throws { stores = try Stores() }

  @Test("what comes after the end is taken and not answered: ssh can end, and nothing turns round and round")
  func after() throws {
    signal(SIGPIPE, SIG_IGN)
    let desk = try stores.open("desk")
    // More than a pipe holds, and no word of a panel in it; then it lingers.
    let script = stores.path("ssh")
    do {
      let file = try FileDescriptor.open(script, O_WRONLY | O_CREAT, mode: 0o600)
      let text = "head -c 400000 /dev/zero | tr '\\0' x\nsleep 1\nhead -c 400000 /dev/zero\nexit 3\n"
      try file.writeAll(Array(text.utf8), to: script)
    }
    let sync = try HostSync(
      "booth", command: ["/bin/sh", script], sink: stores.sink(desk), isDryRun: false)
    var buffer = [UInt8](repeating: 0, count: 4096)
    var rounds = 0
    let began = MonotonicClock.now()
    while sync.result == nil, MonotonicClock.now() - began < 30_000_000_000 {
      var watched = sync.watched
      Wire.wait(&watched, milliseconds: watched.isEmpty ? 20 : 100)
      sync.step(&buffer)
      rounds += 1
    }
    let result = try #require(sync.result)
    #expect(result.failure != nil)
    #expect(result.duration < 4_500_000_000, "it has ended by itself: \(result.duration / 1_000_000) ms")
    #expect(rounds < 5000, "\(rounds) rounds")
  }
}
