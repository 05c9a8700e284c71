import Glibc
import Kernel
import Randomness
import Synchronization
import Testing

@testable import Spool

/// Who waits for whom where several programs have one store open, and for how long.
@Suite("Waiting for others", .serialized)
struct WaitingTests {
  private let scratch: Scratch
  private let store: Store

  init() throws {
    scratch = try Scratch()
    store = try Store.open(directory: scratch.path)
  }

  /// Milliseconds that something takes.
  private func time(_ body: () throws -> Void) rethrows -> UInt64 {
    let began = MonotonicClock.now()
    try body()
    return (MonotonicClock.now() - began) / 1_000_000
  }

  @Test("who waits for a reader to erase what was withdrawn keeps no drawing from being stored")
  func erasing() throws {
    var generator = SplitMix64(seed: 70)
    let sample = Drawings.sample(using: &generator)
    try store.append(sample)
    let reader = try Store.openReadOnly(directory: scratch.path)
    try reader.connection.run("BEGIN")
    #expect(try reader.connection.integer("SELECT count(*) FROM samples") == 1)
    let (path, session, shared) = (scratch.path, sample.session, Shared())
    try Thread.start(name: "withdraw") {
      let other = try? Store.openBeside(directory: path)
      shared.began.store(true, ordering: .releasing)
      let answer = try? other?.withdraw(session: session, patience: 1500)
      shared.answer.withLock { $0 = .some(answer ?? .unknown) }
    }
    while !shared.began.load(ordering: .acquiring) { usleep(1000) }
    usleep(200_000)
    var longest: UInt64 = 0
    for _ in 0..<20 {
      longest = max(longest, try time { _ = try store.append(Drawings.sample(using: &generator)) })
      usleep(20_000)
    }
    #expect(shared.answer.withLock { $0 == nil }, "it has waited all the time")
    #expect(longest < 700, "\(longest) ms")
    while shared.answer.withLock({ $0 == nil }) { usleep(1000) }
    #expect(shared.answer.withLock { $0 } == .done(samples: 1, isErased: false))
    try reader.connection.run("COMMIT")
    #expect(try store.erase(patience: 1000) && !store.hasTraces())
  }

  /// What two threads share.
  private final class Shared: Sendable {
    let began = Atomic(false)
    let answer = Mutex<Withdrawal?>(nil)
  }

  @Test("a store that was opened with little patience waits for another writer no longer, whatever it does")
  func impatient() throws {
    var generator = SplitMix64(seed: 71)
    let place = scratch.path + "/other"
    let panel = try Store.open(directory: place, patience: 100)
    let sample = Drawings.sample(using: &generator)
    try panel.append(sample)
    let writer = try Store.openBeside(directory: place)
    // Also after it has erased something, when the time is set anew.
    #expect(try panel.withdraw(session: sample.session, patience: 10) == .done(samples: 1, isErased: true))
    try writer.connection.run("BEGIN IMMEDIATE")
    var kinds: [StoreError.Kind?] = []
    let taken = time {
      for _ in 0..<3 {
        kinds.append(
          error { () throws(StoreError) in try panel.append(Drawings.sample(using: &generator)) }?.kind)
      }
      try? panel.checkpoint()
    }
    #expect(kinds == [.busy, .busy, .busy])
    #expect(taken < 2000, "\(taken) ms")
    try writer.connection.run("ROLLBACK")
    try panel.append(Drawings.sample(using: &generator))
  }

  @Test("tombstones of many drawings let others write between them")
  func betweenWithdrawals() throws {
    var generator = SplitMix64(seed: 72)
    try store.connection.script("PRAGMA synchronous = OFF")
    var stones: [Tombstone] = []
    for label in 0..<1000 {
      let sample = Drawings.sample(label: label % 10, using: &generator)
      try store.append(sample)
      stones.append(Tombstone(id: sample.id, kind: .sample, wall: 1))
    }
    let (path, list, shared) = (scratch.path, stones, Shared())
    try Thread.start(name: "withdraw") {
      let other = try? Store.openBeside(directory: path)
      shared.began.store(true, ordering: .releasing)
      let removed = (try? other?.apply(list)) ?? -1
      shared.answer.withLock { $0 = .done(samples: removed, isErased: true) }
    }
    while !shared.began.load(ordering: .acquiring) { usleep(100) }
    // Some of what goes is gone while the rest is still there.
    var seen: Set<Int> = []
    while shared.answer.withLock({ $0 == nil }) {
      seen.insert(try store.statistics().samples)
      usleep(1000)
    }
    #expect(shared.answer.withLock { $0 } == .done(samples: 1000, isErased: true))
    #expect(seen.subtracting([0, 1000]).count >= 3, "\(seen.sorted())")
    #expect(try store.statistics().samples == 0)
  }

  @Test("nothing that is deleted has a whole table searched for what refers to it")
  func foreignKeys() throws {
    var missing: [String] = []
    let keys = try store.connection.statement(
      """
      SELECT m.name, f."from" FROM sqlite_schema m, pragma_foreign_key_list(m.name) f
      WHERE m.type = 'table' AND f."table" IN ('samples', 'contributors')
      """)
    while try keys.step() {
      let (table, column) = (keys.text(0), keys.text(1))
      let indexed = try store.connection.integer(
        """
        SELECT 1 FROM pragma_index_list(?1) l, pragma_index_info(l.name) i WHERE i.seqno = 0 AND i.name = ?2
        UNION SELECT 1 FROM pragma_table_info(?1) WHERE name = ?2 AND pk = 1
        """, .text(table), .text(column))
      if indexed == nil { missing.append("\(table).\(column)") }
    }
    #expect(missing.isEmpty, "\(missing)")
    for (sql, index) in [
      ("DELETE FROM set_aside WHERE session = ?", "set_aside_by_session"),
      ("DELETE FROM set_aside WHERE uuid = ?", "sqlite_autoindex_set_aside_1"),
      ("SELECT 1 FROM tombstones WHERE (uuid, kind) > (?, ?) ORDER BY uuid, kind LIMIT 9", "PRIMARY KEY"),
    ] {
      var plan = ""
      let rows = try store.connection.statement("EXPLAIN QUERY PLAN " + sql)
      while try rows.step() { plan += rows.text(3) + "\n" }
      #expect(plan.contains(index) && !plan.contains("SCAN"), "\(plan)")
    }
  }

  @Test("a store that is brought up to date tells that it goes forward, and keeps its tombstones")
  func progress() throws {
    let place = scratch.path + "/older"
    try OlderStore.make(in: place, version: 7)
    do {
      let connection = try StoreDirectory(place).connect(.readWrite)
      try connection.script(
        """
        INSERT INTO tombstones VALUES (x'\(String(repeating: "0A", count: 16))', 'session', 5),
          (x'\(String(repeating: "0B", count: 16))', 'sample', 6);
        WITH RECURSIVE rows (n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM rows WHERE n < 5000)
        INSERT INTO samples SELECT n, randomblob(16), 1, n, 1, 1, 7, NULL, NULL, NULL, 0, 1, 1, 1795000000000, 2,
          zeroblob(32), NULL FROM rows;
        """)
    }
    var calls = 0
    let opened = try Store.open(directory: place) { calls += 1 }
    #expect(calls > 10, "\(calls) calls")
    let stones = try opened.tombstones(limit: 9)
    #expect(stones.map(\.kind) == [.session, .sample] && stones.map(\.wall) == [5, 6])
    calls = 0
    _ = try opened.statistics()
    _ = try Store.openBeside(directory: place)
    #expect(calls == 0, "nothing is told later")
  }
}
