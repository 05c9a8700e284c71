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

  private func write(_ bytes: [UInt8], to name: String) throws {
    let file = try FileDescriptor.open(stores.path(name), O_WRONLY | O_CREAT | O_TRUNC)
    try file.writeAll(bytes, to: name)
  }
}
