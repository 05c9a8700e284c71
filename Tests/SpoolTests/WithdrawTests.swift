import Glibc
import Kernel
import Randomness
import Testing

@testable import Spool

@Suite("Withdrawing, dropping names, pruning")
struct WithdrawTests {
  private let scratch: Scratch
  private let store: Store

  init() throws {
    scratch = try Scratch()
    store = try Store.open(directory: scratch.path)
  }

  /// Stores `count` drawings of a visit.
  @discardableResult
  private func visit(
    _ count: Int, name: String? = "Ada", contributor: Identifier = .random(), session: Identifier = .random(),
    seed: UInt64
  ) throws -> [Sample] {
    var generator = SplitMix64(seed: seed)
    var samples: [Sample] = []
    for label in 0..<count {
      // Times that differ, so that no two records hold the same bytes for long.
      var strokes = Drawings.seven(dx: Float(seed), dy: Float(label))
      strokes[0].points[0].size = Float(seed * 100) + Float(label)
      let sample = Drawings.sample(
        label: label % 10, contributor: contributor, session: session, strokes: strokes, using: &generator)
      try store.append(sample, name: name)
      samples.append(sample)
    }
    return samples
  }

  /// Whether bytes stand anywhere in the files of the store.
  private func isOnDisk(_ bytes: [UInt8]) throws -> Bool {
    try ["panel.db", "panel.db-wal"].contains { name in
      let file = try contentsOfFile("\(scratch.path)/\(name)", limit: 1 << 26)
      return memmem(file, file.count, bytes, bytes.count) != nil
    }
  }

  /// What the counters say beside what a full count says.
  private func expectSound(sourceLocation: SourceLocation = #_sourceLocation) throws {
    let statistics = try store.statistics()
    var labels = [Int](repeating: 0, count: 10)
    var scores: [Identifier: Int] = [:]
    let rows = try store.connection.statement(
      "SELECT label, pseudonym, scored FROM samples s JOIN contributors c ON c.id = s.contributor")
    while try rows.step() {
      labels[Int(rows.integer(0))] += 1
      scores[try #require(Identifier(bytes: rows.blob(1))), default: 0] += Int(rows.integer(2))
    }
    #expect(statistics.perDigit == labels, sourceLocation: sourceLocation)
    #expect(statistics.samples == labels.reduce(0, +), sourceLocation: sourceLocation)
    #expect(statistics.contributors == scores.count, sourceLocation: sourceLocation)
    for entry in try store.leaderboard(limit: 1000) {
      #expect(entry.score == scores[entry.contributor], sourceLocation: sourceLocation)
      #expect(
        entry.rank == 1 + scores.values.filter { $0 > entry.score }.count, sourceLocation: sourceLocation)
    }
    #expect(
      try store.connection.integer("SELECT coalesce(sum(contributors), 0) FROM scores")
        == Int64(scores.values.filter { $0 > 0 }.count), sourceLocation: sourceLocation)
  }

  @Test("a visit goes with its name, the counts and the board follow, and it is never taken again")
  func byCode() throws {
    let mine = try visit(5, name: "Grace", seed: 1)
    try visit(3, name: "Ada", seed: 2)
    let code = ReceiptCode(session: mine[0].session)
    #expect(try store.visits(code: code).map(\.samples) == [5])
    #expect(try store.withdraw(code: code) == .done(samples: 5, isErased: true))
    try expectSound()
    #expect(try store.statistics().samples == 3)
    #expect(try store.leaderboard(limit: 10).map(\.name) == ["Ada"])
    for sample in mine {
      #expect(error { () throws(StoreError) in try store.append(sample) }?.kind == .withdrawn)
    }
    var another = mine[0]
    another.id = .random()
    #expect(error { () throws(StoreError) in try store.append(another) }?.kind == .withdrawn)
    guard case .before(let wall) = try store.withdraw(code: code) else {
      Issue.record("it was not withdrawn before")
      return
    }
    #expect(wall > ClockQuality.earliest)
    try expectSound()
  }

  @Test("nothing of a withdrawn drawing or name is left in the files")
  func bytes() throws {
    let mine = try visit(6, name: "Grace Hopper", seed: 3)
    try visit(6, name: "Ada", seed: 4)
    try store.connection.script("PRAGMA wal_checkpoint(PASSIVE)")
    try visit(2, name: "Ada", seed: 5)
    let strokes = try mine.map { Array(try StrokeCodec.encode($0.strokes).prefix(200)) }
    #expect(try strokes.allSatisfy { try isOnDisk($0) })
    #expect(try isOnDisk(Array("Grace Hopper".utf8)))
    #expect(
      try store.withdraw(code: ReceiptCode(session: mine[0].session)) == .done(samples: 6, isErased: true))
    for part in strokes { #expect(try !isOnDisk(part)) }
    // Of its drawings only the ids stay, in tombstones: by them a copy is known that comes later or lies damaged elsewhere.
    for sample in mine {
      let stones = try store.connection.integer(
        "SELECT count(*) FROM tombstones WHERE uuid = ?", .blob(sample.id))
      #expect(stones == 1)
    }
    #expect(try !isOnDisk(Array("Grace Hopper".utf8)))
  }

  @Test("what a reader of an older state holds back is erased once it has ended")
  func reader() throws {
    let mine = try visit(4, seed: 6)
    let strokes = Array(try StrokeCodec.encode(mine[2].strokes).prefix(200))
    let reader = try Store.openReadOnly(directory: scratch.path)
    try reader.connection.run("BEGIN")
    #expect(try reader.connection.integer("SELECT count(*) FROM samples") == 4)
    // It does not wait for the reader longer than the reader may last.
    try store.connection.transaction("IMMEDIATE") { () throws(StoreError) in
      _ = try store.layDown(Tombstone(id: mine[0].session, kind: .session, wall: 1))
    }
    #expect(try store.erase(patience: 10) == false)
    #expect(try store.hasTraces() && isOnDisk(strokes))
    try reader.connection.run("COMMIT")
    #expect(try store.erase(patience: 10))
    #expect(try !store.hasTraces() && !isOnDisk(strokes))
  }

  @Test("a code that two visits have withdraws neither")
  func ambiguous() throws {
    let first = try visit(2, seed: 7)
    let second = try visit(3, seed: 8)
    let code = ReceiptCode(session: first[0].session)
    try store.connection.run("UPDATE receipts SET code = ?", .text(code.characters))
    guard case .ambiguous(let visits) = try store.withdraw(code: code) else {
      Issue.record("it was guessed")
      return
    }
    #expect(visits.map(\.session) == [first[0].session, second[0].session])
    #expect(visits.map(\.samples) == [2, 3])
    #expect(try store.statistics().samples == 5)
    #expect(try store.withdraw(session: second[0].session) == .done(samples: 3, isErased: true))
    // A stranger's code must not become the other's only because one is gone.
    guard case .ambiguous(let left) = try store.withdraw(code: code) else {
      Issue.record("it was guessed")
      return
    }
    #expect(left.map { $0.withdrawn != nil } == [false, true])
    try expectSound()
  }

  @Test("an unknown code changes nothing")
  func unknown() throws {
    try visit(2, seed: 9)
    #expect(try store.withdraw(code: ReceiptCode(session: .random())) == .unknown)
    #expect(try store.statistics().samples == 2)
    #expect(try store.tombstones(limit: 10).isEmpty)
  }

  @Test("a panel that has the store open sees the withdrawal of another process, and goes on")
  func beside() throws {
    let mine = try visit(5, name: "Grace", seed: 10)
    try visit(2, name: "Ada", seed: 11)
    do {
      let beside = try Store.openBeside(directory: scratch.path)
      #expect(
        try beside.withdraw(code: ReceiptCode(session: mine[0].session)) == .done(samples: 5, isErased: true))
    }
    try expectSound()
    #expect(try store.statistics().samples == 2)
    #expect(try store.standing(of: mine[0].contributor) == Standing(samples: 0, score: 0, rank: 2))
    #expect(try visit(1, name: "Grace", seed: 12).count == 1)
    #expect(try store.leaderboard(limit: 5).map(\.name) == ["Ada", "Grace"])
    try expectSound()
  }

  @Test("tombstones are listed page by page, and applied to another store once")
  func tombstones() throws {
    var all: [Identifier] = []
    for seed in 20..<27 { all.append(try visit(1, seed: UInt64(seed))[0].session) }
    for session in all { _ = try store.withdraw(session: session, wall: 5) }
    var listed: [Tombstone] = []
    while true {
      let page = try store.tombstones(after: listed.last, limit: 3)
      if page.isEmpty { break }
      listed += page
    }
    #expect(Set(listed.filter { $0.kind == .session }.map(\.id)) == Set(all))
    #expect(listed.count == 14 && listed.allSatisfy { $0.wall == 5 }, "a visit's and its drawing's each")

    let other = try Store.open(directory: scratch.path + "/other")
    var generator = SplitMix64(seed: 30)
    for session in all.prefix(2) { try other.append(Drawings.sample(session: session, using: &generator)) }
    let single = Drawings.sample(using: &generator)
    try other.append(single)
    try other.append(Drawings.sample(session: single.session, using: &generator))
    listed.append(Tombstone(id: single.id, kind: .sample, wall: 6))
    #expect(try other.apply(listed) == 3)
    #expect(try other.apply(listed) == 0)
    #expect(try other.statistics().samples == 1)
    #expect(
      try other.tombstones(limit: 100).count == 14 + 1 + 2, "with those of the drawings that went there")
    for session in all {
      let late = Drawings.sample(session: session, using: &generator)
      #expect(error { () throws(StoreError) in try other.append(late) }?.kind == .withdrawn)
      #expect(try other.withdraw(code: ReceiptCode(session: session)) == .before(5))
    }
  }

  @Test("names are dropped for all, and what comes of those visitors later does not bring them back")
  func anonymise() throws {
    let ada = Identifier.random()
    try visit(2, name: "Ada Lovelace", contributor: ada, seed: 40)
    try visit(1, name: nil, seed: 41)
    let dropped = try store.anonymise()
    #expect(dropped.names == 1 && dropped.isErased)
    #expect(try !isOnDisk(Array("Ada Lovelace".utf8)) && !isOnDisk(Array("ada lovelace".utf8)))
    try visit(1, name: "Ada Lovelace", contributor: ada, seed: 42)
    #expect(try store.leaderboard(limit: 9).allSatisfy { $0.name == nil })
    #expect(try store.contributor(named: "ada lovelace") == nil)
    try visit(1, name: "Grace", seed: 43)
    #expect(try store.leaderboard(limit: 9).compactMap(\.name) == ["Grace"])
    try store.setKeepsNames(false)
    try visit(1, name: "Alan", seed: 44)
    #expect(try store.leaderboard(limit: 9).compactMap(\.name) == ["Grace"])
    try store.setKeepsNames(true)
    try visit(1, name: "Edsger", seed: 45)
    #expect(try store.leaderboard(limit: 9).compactMap(\.name) == ["Grace", "Edsger"])
    #expect(try store.statistics().samples == 7)
    try expectSound()
  }

  @Test("names that another store has dropped leave the disk too, also those of visitors who come later")
  func droppedElsewhere() throws {
    let (ada, later) = (Identifier.random(), Identifier.random())
    try visit(2, name: "Ada Lovelace", contributor: ada, seed: 46)
    #expect(try store.dropNames(of: [ada, later]).dropped == 1)
    #expect(try store.dropNames(of: [later, ada]).dropped == 0)
    #expect(try !isOnDisk(Array("Ada Lovelace".utf8)) && !isOnDisk(Array("ada lovelace".utf8)))
    try visit(1, name: "Ada Lovelace", contributor: ada, seed: 47)
    try visit(1, name: "Grace Hopper", contributor: later, seed: 48)
    #expect(try store.leaderboard(limit: 9).allSatisfy { $0.name == nil })
    #expect(try !isOnDisk(Array("Grace Hopper".utf8)))
    #expect(try store.droppedNames(limit: 1).count == 1 && store.droppedNameCount() == 2)
    try expectSound()
  }

  @Test("a sample whose consent shows no name is no dropped name: the next one may show it again")
  func hiddenOnce() throws {
    let ada = Identifier.random()
    try visit(1, name: "Ada", contributor: ada, seed: 49)
    try visit(1, name: nil, contributor: ada, seed: 30)
    #expect(try store.leaderboard(limit: 9).map(\.name) == [nil] && store.droppedNameCount() == 0)
    try visit(1, name: "Ada", contributor: ada, seed: 31)
    #expect(try store.leaderboard(limit: 9).map(\.name) == ["Ada"])
  }

  /// Confirms samples as a collector does.
  private func acknowledge(_ rows: ClosedRange<Int64>, wall: Int64) throws {
    for row in rows {
      try store.connection.run(
        "INSERT INTO acknowledgements VALUES (?, ?, ?)", .integer(row), .blob(.random()), .integer(wall))
    }
  }

  @Test(
    "only confirmed drawings that are old by clocks that were set are pruned, and their room is used again")
  func prune() throws {
    for seed in 50..<70 { try visit(10, seed: UInt64(seed)) }
    let drawn: Int64 = 1_795_000_000_123
    try acknowledge(1...120, wall: drawn + 1000)
    try acknowledge(121...140, wall: drawn + 9_000_000)
    try acknowledge(141...150, wall: 5000)
    try store.connection.script("PRAGMA wal_checkpoint(TRUNCATE)")
    let before = try store.statistics()
    let board = try store.leaderboard(limit: 30)

    let trial = try store.prune(confirmedBefore: drawn + 2000, isTrial: true)
    #expect(
      (trial.samples, trial.young, trial.undated, trial.unconfirmed) == (120, 20, 10, 50))
    // All but the room of the disk, which others use too.
    let after = try store.statistics()
    #expect(
      (after.perDigit, after.unsent, after.contributors) == (
        before.perDigit, before.unsent, before.contributors
      ))
    #expect((after.storeBytes, after.reusableBytes) == (before.storeBytes, before.reusableBytes))
    let pruning = try store.prune(confirmedBefore: drawn + 2000)
    #expect((pruning.samples, pruning.bytes) == (120, trial.bytes))
    #expect(pruning.reusable > pruning.bytes / 2)
    let again = try store.prune(confirmedBefore: drawn + 2000)
    #expect((again.samples, again.young, again.undated) == (0, 20, 10))
    try expectSound()
    #expect(try store.statistics().samples == 200 && store.statistics().unsent == before.unsent)
    #expect(try store.leaderboard(limit: 30) == board)
    var left: [Int64] = []
    try store.forEachSample { if $0.record != nil { left.append($0.row) } }
    #expect(left == Array(121...200))

    // New drawings go where the pruned ones were.
    try store.connection.script("PRAGMA wal_checkpoint(TRUNCATE)")
    let size = try store.statistics().storeBytes
    for seed in 70..<78 { try visit(10, seed: UInt64(seed)) }
    try store.connection.script("PRAGMA wal_checkpoint(TRUNCATE)")
    #expect(try store.statistics().storeBytes == size)
  }

  @Test("two stores that are drained into each other do not both prune what the other has confirmed")
  func mutual() throws {
    try visit(4, seed: 81)
    try acknowledge(1...4, wall: 1_795_000_000_500)
    let one = try #require(
      try store.connection.blob("SELECT collector FROM acknowledgements WHERE sample = 2"))
    let time = Timestamp(wall: 1_795_000_000_600, quality: .ntp, boot: .random(), sinceBoot: 1)
    try store.noteSource(
      ClockAnchor(source: try #require(Identifier(bytes: one)), panel: time, collector: time), name: "desk")
    let trial = try store.prune(confirmedBefore: 1_795_000_001_000, isTrial: true)
    #expect((trial.samples, trial.mutual, trial.unconfirmed) == (3, 1, 0))
    let pruning = try store.prune(confirmedBefore: 1_795_000_001_000)
    #expect((pruning.samples, pruning.bytes, pruning.mutual) == (3, trial.bytes, 1))
    #expect(try store.connection.integer("SELECT count(*) FROM samples WHERE record IS NOT NULL") == 1)
  }

  @Test("a pruned drawing can still be withdrawn, and its tombstone reaches the collector")
  func prunedAndWithdrawn() throws {
    let mine = try visit(3, seed: 80)
    try acknowledge(1...3, wall: 1_795_000_000_500)
    #expect(try store.prune(confirmedBefore: 1_795_000_001_000).samples == 3)
    #expect(
      try store.withdraw(code: ReceiptCode(session: mine[0].session)) == .done(samples: 3, isErased: true))
    try expectSound()
    #expect(try store.statistics().unsent == 0)
    #expect(Set(try store.tombstones(limit: 9).map(\.id)) == Set([mine[0].session] + mine.map(\.id)))
  }
}
