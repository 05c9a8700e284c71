import Glibc
import Ink
import Kernel
import Randomness
import Testing

@testable import Spool

/// The other process of the kill test: it stores drawings and tells of each after it was saved, until it is killed.
@Suite("A panel that is killed", .serialized)
struct KillTests {
  private static let variable = "DIGIT_PANEL_KILL_TEST"

  @Test(
    "stores drawings until it is killed",
    .enabled(if: getenv(KillTests.variable) != nil, "run by the next test"))
  func child() throws {
    let path = String(cString: try #require(getenv(Self.variable)))
    var generator = SystemRandomNumberGenerator()
    let store = try Store.open(directory: path)
    let told = try FileDescriptor.open(path + "/told", O_WRONLY | O_CREAT | O_APPEND)
    while true {
      let digit = try store.nextDigit()
      let sample = Drawings.sample(label: digit, using: &generator)
      try store.append(sample, name: "Ada")
      try store.checkpoint()
      try told.writeAll(sample.id.bytes, to: "told")
    }
  }

  @Test(
    "killed in the middle of storing, time and again: no drawing that was saved is missing, and the balance holds"
  )
  func kill() throws {
    guard getenv(Self.variable) == nil else { return }
    let scratch = try Scratch(isOnDisk: true)
    var generator = SplitMix64(seed: 90)
    var rounds = 0
    for round in 0..<12 {
      let child = try spawn(scratch.path)
      let wanted = told(scratch.path) + Int.random(in: 3...40, using: &generator)
      var waited = 0
      while told(scratch.path) < wanted && waited < 20_000 {
        usleep(1000)
        waited += 1
      }
      // Not when it has just told, but anywhere in its work.
      usleep(UInt32.random(in: 0...3000, using: &generator))
      Glibc.kill(child, SIGKILL)
      let status = ChildProgram.wait(for: child)
      #expect(status == 128 + SIGKILL, "the child ended by itself in round \(round): status \(status)")

      let bytes = try contentsOfFile(scratch.path + "/told", limit: 1 << 24)
      let saved = stride(from: 0, to: bytes.count / 16 * 16, by: 16).compactMap {
        Identifier(bytes: bytes[$0..<($0 + 16)])
      }
      let store = try Store.open(directory: scratch.path)
      #expect(store.findings.isEmpty)
      var found: Set<Identifier> = []
      var sequence: UInt64 = 0
      try store.forEachSample { stored throws(StoreError) in
        sequence += 1
        #expect((try? stored.sample())?.sequence == sequence)
        found.insert(stored.id)
      }
      #expect(saved.count >= wanted && saved.allSatisfy(found.contains))
      let counts = try store.statistics().perDigit
      #expect(counts.reduce(0, +) == found.count)
      #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 1)
      #expect(try store.connection.text("PRAGMA integrity_check") == "ok")
      rounds += 1
    }
    #expect(rounds == 12)
  }

  /// Drawings that the child has told of.
  private func told(_ path: String) -> Int {
    var info = stat()
    return stat(path + "/told", &info) == 0 ? Int(info.st_size) / 16 : 0
  }

  /// Starts this test program again, for the one test above.
  private func spawn(_ path: String) throws -> pid_t {
    let executable = try #require(CommandLine.arguments.first)
    let words = [executable, "--testing-library", "swift-testing", "--filter", "KillTests.child"]
    var variables = ["\(Self.variable)=\(path)"]
    var next = environ
    while let variable = next.pointee {
      variables.append(String(cString: variable))
      next += 1
    }
    return try ChildProgram.start(words, environment: variables) { actions in
      posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
      posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    }
  }
}
