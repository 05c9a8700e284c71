import CLinux
import Glibc
import Ink
import Randomness
import Testing

@testable import Spool

@Suite("The store")
struct StoreTests {
  @Test("a stored sample is read back with the same bytes, also by another process's way")
  func append() throws {
    let scratch = try Scratch()
    var generator = SplitMix64(seed: 20)
    let sample = Drawings.sample(using: &generator)
    let store = try Store.open(directory: scratch.path)
    let stored = try store.append(sample, name: "Ada")
    #expect(stored.sequence == 1 && stored.total == 1)
    #expect(stored.standing == Standing(samples: 1, score: 1, rank: 1))
    #expect(stored.receipt == ReceiptCode(session: sample.session))

    let reader = try Store.openReadOnly(directory: scratch.path)
    #expect(reader.panel == store.panel && reader.panel != .none)
    var found: [StoredSample] = []
    try reader.forEachSample { found.append($0) }
    #expect(found.count == 1)
    let first = try #require(found.first)
    #expect(first.name == "Ada" && first.id == sample.id && first.hash == stored.hash)
    var expected = sample
    expected.panel = store.panel
    expected.sequence = 1
    #expect(try first.sample() == expected)
    #expect(first.record == (try SampleRecord.encode(expected)))
  }

  @Test("a sample that is handed in twice is stored once and answered twice")
  func idempotent() throws {
    let scratch = try Scratch()
    var generator = SplitMix64(seed: 21)
    let sample = Drawings.sample(using: &generator)
    var store: Store? = try Store.open(directory: scratch.path)
    let first = try store?.append(sample, name: "Ada")
    #expect(try store?.append(sample, name: "Ada") == first)
    try store?.append(Drawings.sample(using: &generator))
    store = nil
    let again = try Store.open(directory: scratch.path)
    let answer = try again.append(sample, name: "Ada")
    #expect(answer.sequence == 1 && answer.total == 2 && answer.hash == first?.hash)
    #expect(try again.statistics().samples == 2)
  }

  @Test(
    "a store that cannot be made in somebody else's directory says that it wants permission",
    .enabled(if: geteuid() == 0, "only root may act as another user"))
  func foreignDirectory() throws {
    let scratch = try Scratch()
    #expect(chmod(scratch.path, 0o755) == 0)
    // It holds for this thread alone.
    setfsuid(65534)
    let refusal = error { () throws(StoreError) in try StoreDirectory(scratch.path + "/spool").create() }
    setfsuid(0)
    #expect(refusal?.kind == .permission, "\(String(describing: refusal))")
  }

  @Test("another sample under a used id is refused, and changes nothing")
  func usedIdentifier() throws {
    let scratch = try Scratch()
    var generator = SplitMix64(seed: 22)
    var sample = Drawings.sample(using: &generator)
    let store = try Store.open(directory: scratch.path)
    try store.append(sample)
    sample.label = 3
    let refusal = error { () throws(StoreError) in try store.append(sample) }
    #expect(refusal?.kind == .refused)
    #expect(try store.statistics().perDigit == [0, 0, 0, 0, 0, 0, 0, 1, 0, 0])
  }

  @Test("a sample that breaks a rule of the record is refused with the rule")
  func brokenSample() throws {
    let scratch = try Scratch()
    var generator = SplitMix64(seed: 23)
    var sample = Drawings.sample(using: &generator)
    sample.label = 11
    let store = try Store.open(directory: scratch.path)
    let refusal = error { () throws(StoreError) in try store.append(sample) }
    #expect(refusal?.kind == .refused)
    #expect(refusal?.description.contains("its label is 11") == true)
    #expect(try store.statistics().samples == 0 && store.statistics().contributors == 0)
  }

  @Test("the digit asked for survives restarts, and the balance holds over thousands of samples")
  func balance() throws {
    let scratch = try Scratch()
    var generator = SplitMix64(seed: 24)
    var store = try Store.open(directory: scratch.path)
    // The durability of each commit is not what is tested here.
    try store.connection.script("PRAGMA synchronous = OFF")
    var contributor = Identifier(using: &generator)
    var drawn: DigitSet = []
    for step in 0..<2500 {
      if Int.random(in: 0..<9, using: &generator) == 0 {
        contributor = Identifier(using: &generator)
        drawn = []
      }
      let digit = try store.nextDigit(for: contributor)
      if step % 250 == 249 {
        store = try Self.reopen(&store, scratch.path)
        try store.connection.script("PRAGMA synchronous = OFF")
        #expect(try store.nextDigit(for: contributor) == digit)
      }
      #expect(!drawn.contains(digit: digit))
      try store.append(
        Drawings.sample(label: digit, contributor: contributor, using: &generator), name: nil)
      drawn.insert(DigitSet(digit))
      if drawn == .all { drawn = [] }
      let counts = try store.statistics().perDigit
      #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 1)
    }
    #expect(try store.statistics().samples == 2500)
  }

  /// Closes a store and opens it anew.
  private static func reopen(_ store: inout Store, _ path: String) throws(StoreError) -> Store {
    store = try Store.openReadOnly(directory: path)
    return try Store.open(directory: path)
  }

  @Test("counts, ranks and the board are those that a full count gives")
  func counters() throws {
    let scratch = try Scratch()
    var generator = SplitMix64(seed: 25)
    let store = try Store.open(directory: scratch.path)
    try store.connection.script("PRAGMA synchronous = OFF")
    let visitors = (0..<40).map { _ in Identifier(using: &generator) }
    var samples = [Identifier: Int]()
    var scores = [Identifier: Int]()
    for step in 0..<600 {
      let index = min(
        Int.random(in: 0..<40, using: &generator), Int.random(in: 0..<40, using: &generator))
      let visitor = visitors[index]
      let flags: QualityFlags =
        [[], [], [], .disagrees, .dot, .repeated].randomElement(using: &generator) ?? []
      let stored = try store.append(
        Drawings.sample(
          label: step % 10, contributor: visitor, nameShown: index % 2 == 0, flags: flags,
          using: &generator), name: "V\(index)")
      samples[visitor, default: 0] += 1
      if flags.isDisjoint(with: .unscored) { scores[visitor, default: 0] += 1 }
      let score = scores[visitor, default: 0]
      #expect(stored.standing.samples == samples[visitor] && stored.standing.score == score)
      #expect(stored.standing.rank == 1 + scores.values.count { $0 > score })
      #expect(stored.sequence == UInt64(step + 1))
    }
    let board = try store.leaderboard(limit: 1000)
    #expect(board.count == scores.values.count { $0 > 0 })
    #expect(board.map(\.score) == scores.values.filter { $0 > 0 }.sorted(by: >))
    for entry in board {
      let index = try #require(visitors.firstIndex(of: entry.contributor))
      #expect(entry.name == (index % 2 == 0 ? "V\(index)" : nil))
      #expect(entry.rank == 1 + scores.values.count { $0 > entry.score })
    }
    #expect(try store.leaderboard(limit: 3) == Array(board.prefix(3)))
    #expect(try store.leaderboard(limit: 1000, namedOnly: true) == board.filter { $0.name != nil })
    let statistics = try store.statistics()
    #expect(statistics.samples == 600 && statistics.unsent == 600)
    #expect(statistics.perDigit == [Int](repeating: 60, count: 10))
    #expect(statistics.contributors == samples.count)
    #expect(statistics.freeBytes > 0 && statistics.storeBytes > 0)
  }

  @Test("of two equal visitors the one who got there first stands higher")
  func ties() throws {
    let scratch = try Scratch()
    var generator = SplitMix64(seed: 26)
    let store = try Store.open(directory: scratch.path)
    let (a, b) = (Identifier(using: &generator), Identifier(using: &generator))
    for visitor in [b, a, a, b] {
      try store.append(Drawings.sample(contributor: visitor, using: &generator))
    }
    let board = try store.leaderboard(limit: 10)
    #expect(board.map(\.contributor) == [a, b] && board.map(\.rank) == [1, 1])
  }

  @Test("a name is kept only by consent, goes on counting, and is compared without case")
  func names() throws {
    let scratch = try Scratch()
    var generator = SplitMix64(seed: 27)
    let store = try Store.open(directory: scratch.path)
    let (a, b) = (Identifier(using: &generator), Identifier(using: &generator))
    try store.append(Drawings.sample(contributor: a, nameShown: true, using: &generator), name: " Zoë ")
    try store.append(Drawings.sample(contributor: b, nameShown: false, using: &generator), name: "Max")
    #expect(try store.contributor(named: "ZOË") == a)
    #expect(try store.contributor(named: "Max") == nil)
    #expect(try store.contributor(named: "  ") == nil)
    #expect(try store.connection.integer("SELECT count(*) FROM contributors WHERE name = 'Max'") == 0)
    // Taken back in the same visit.
    try store.append(Drawings.sample(contributor: a, nameShown: false, using: &generator), name: "Zoë")
    #expect(try store.contributor(named: "zoë") == nil)
    #expect(try store.leaderboard(limit: 1).first?.name == nil)
  }

  @Test("two panels cannot share a store, and the second learns who has it")
  func lock() throws {
    let scratch = try Scratch()
    let store = try Store.open(directory: scratch.path)
    let refusal = error { () throws(StoreError) in _ = try Store.open(directory: scratch.path) }
    #expect(refusal?.kind == .inUse)
    #expect(refusal?.description.contains("process \(getpid())") == true)
    #expect(store.findings.isEmpty)
  }

  @Test("a store is free again when its panel has gone")
  func unlock() throws {
    let scratch = try Scratch()
    do { _ = try Store.open(directory: scratch.path) }
    let store = try Store.open(directory: scratch.path)
    #expect(store.findings.isEmpty)
  }

  @Test("readers see what a running panel has stored, and hold it up in nothing")
  func concurrentReader() throws {
    let scratch = try Scratch()
    var generator = SplitMix64(seed: 28)
    let store = try Store.open(directory: scratch.path)
    try store.append(Drawings.sample(using: &generator))
    let reader = try Store.openReadOnly(directory: scratch.path)
    var cursor = try reader.samples()
    #expect(try cursor.next() != nil)
    // In the middle of its reading.
    try store.append(Drawings.sample(using: &generator))
    #expect(try cursor.next() == nil)
    #expect(try reader.statistics().samples == 2)
    #expect(try reader.nextDigit() == store.nextDigit())
    let refusal = error { () throws(StoreError) in
      try reader.append(Drawings.sample(using: &generator))
    }
    #expect(refusal?.kind == .readOnly)
  }

  @Test("the board and a second process's changes need no lock of the panel")
  func beside() throws {
    let scratch = try Scratch()
    var generator = SplitMix64(seed: 29)
    let store = try Store.open(directory: scratch.path)
    try store.append(Drawings.sample(using: &generator))
    let other = try Store.openBeside(directory: scratch.path)
    try other.append(Drawings.sample(using: &generator))
    let stored = try store.append(Drawings.sample(using: &generator))
    #expect(stored.sequence == 3 && stored.total == 3)
  }

  @Test("there is no store where there is none, and none is made by looking")
  func missing() throws {
    let scratch = try Scratch()
    let path = scratch.path + "/nothing/here"
    let refusal = error { () throws(StoreError) in _ = try Store.openReadOnly(directory: path) }
    #expect(refusal?.kind == .missing)
    #expect(access(path, F_OK) != 0)
    let beside = error { () throws(StoreError) in _ = try Store.openBeside(directory: path) }
    #expect(beside?.kind == .missing)
  }

  @Test("directories are made, for the panel's user and group only")
  func directories() throws {
    let scratch = try Scratch()
    let path = scratch.path + "/a/b/spool"
    _ = try Store.open(directory: path)
    var info = stat()
    #expect(stat(path, &info) == 0 && info.st_mode & 0o777 == 0o750)
    for name in ["panel.db", "panel.db-wal", "panel.lock"] {
      #expect(stat("\(path)/\(name)", &info) == 0 && info.st_mode & 0o137 == 0)
    }
  }

  @Test(
    "a store of any earlier version is read at once, and keeps what it has",
    arguments: 1..<Schema.migrations.count)
  func olderVersions(version: Int) throws {
    let scratch = try Scratch()
    try OlderStore.make(in: scratch.path, version: version)
    let reader = try Store.openReadOnly(directory: scratch.path)
    #expect(try reader.statistics().samples == 1 && reader.leaderboard(limit: 9).map(\.name) == ["Ada"])
    #expect(error { () throws(StoreError) in try reader.setKeepsNames(false) }?.kind == .readOnly)
    let panel = try Store.open(directory: scratch.path)
    #expect(panel.findings.isEmpty && panel.panel == reader.panel)
  }

  @Test("names that an earlier version dropped for good are on the list that goes to other stores")
  func olderDroppedNames() throws {
    let scratch = try Scratch()
    try OlderStore.make(in: scratch.path, version: 5)
    let visitor = try #require(Identifier(bytes: [UInt8](repeating: 1, count: 16)))
    do {
      let connection = try StoreDirectory(scratch.path).connect(.readWrite)
      try connection.script("UPDATE contributors SET name = NULL, name_key = NULL, is_anonymous = 1")
    }
    let store = try Store.open(directory: scratch.path)
    #expect(try store.droppedNames(limit: 9) == [visitor])
  }
}
