import Glibc
import Kernel
import Spool
import Testing

@testable import Sync

/// Several panels at once, each a child process.
@Suite("A collector of several panels", .serialized)
struct CollectLoopTests {
  private let stores: Stores

  init() throws { stores = try Stores() }

  @Test("panels that say impossible numbers of themselves end no collector")
  func impossibleNumbers() throws {
    let collector = try stores.open("collector")
    let hosts = ["a", "b"]
    for host in hosts {
      let hello = Hello(
        role: .source, store: .random(), time: .now(), samples: .max, unsent: .max, tombstones: .max,
        tombstoneDigest: Hello.emptyDigest, names: .max, name: host, software: "1")
      try write(Frame.magic + Frame.hello(hello).bytes, to: host)
    }
    // As ssh: options, then the host and the command.
    try write(
      Array("while [ $# -gt 2 ]; do shift; done\ncat '\(stores.path(""))'$1\n".utf8), to: "shell")
    var most = 0
    let results = CollectLoop(command: ["sh", stores.path("shell")], jobs: 2, isDryRun: false).run(
      hosts, into: stores.sink(collector)
    ) { most = max(most, $0.unsent) }
    #expect(results.map(\.host) == hosts)
    #expect(results.allSatisfy { $0.report.source?.unsent == .max && $0.failure != nil })
    #expect(most >= 1 << 40)
  }

  @Test("a panel that says nothing of use is left after a while, and the others are drained")
  func stalled() throws {
    let collector = try stores.open("collector")
    let panel = try stores.panel(drawings: 3)
    let hello = Hello(
      role: .source, store: .random(), time: .now(), samples: 1, unsent: 1, tombstones: 0,
      tombstoneDigest: Hello.emptyDigest, name: "talker", software: "1")
    try write(Frame.magic, to: "magic")
    try write(Frame.magic + Frame.hello(hello).bytes, to: "greeting")
    try write(Frame.wait.bytes, to: "wait")
    try write(Frame.notice("soon").bytes, to: "notice")
    try write(Frame.marked(batch: 0, count: 0).bytes, to: "marked")
    try write(Frame.tombstones([]).bytes, to: "nothing")
    _ = try SyncFile.write(stores.source(panel), to: stores.path("honest"))
    let place = stores.path("")
    try write(
      Array(
        """
        while [ $# -gt 2 ]; do shift; done
        cd '\(place)'
        say() { cat $1; n=0; while [ $n -lt 300 ] && cat $2; do sleep 0.1; n=$((n + 1)); done; }
        case $1 in
          waiting) say magic wait ;;
          noticing) say greeting notice ;;
          marking) say greeting marked ;;
          listing) say greeting nothing ;;
          honest) cat honest; sleep 0.2 ;;
        esac

        """.utf8), to: "shell")
    var patience = HostSync.Patience()
    patience.waiting = 1_000_000_000
    let talkers = ["waiting", "noticing", "marking", "listing"]
    let began = MonotonicClock.now()
    let results = CollectLoop(
      command: ["sh", stores.path("shell")], jobs: 8, isDryRun: false, patience: patience
    ).run(talkers + ["honest"], into: stores.sink(collector))
    #expect(MonotonicClock.now() - began < 20_000_000_000)
    for result in results.dropLast() {
      let isBusy = result.host == "waiting"
      let sentence =
        isBusy ? "another collector has been at this panel for 1 s" : "did not bring the sync forward"
      #expect(result.failure?.contains(sentence) == true, "\(result.host): \(result.failure ?? "none")")
    }
    #expect(results.last?.report.stored == 3)
  }

  private func write(_ bytes: [UInt8], to name: String) throws {
    let file = try FileDescriptor.open(stores.path(name), O_WRONLY | O_CREAT | O_TRUNC)
    try file.writeAll(bytes, to: name)
  }
}
