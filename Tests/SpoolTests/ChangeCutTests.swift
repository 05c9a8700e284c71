import Glibc
import Kernel
import Randomness
import Testing

@testable import Spool

/// Serialised with the other tests that use the disk that fails.
extension PowerCutTests {
  /// What a store holds, as far as changes after the fact can change it.
  private struct Holding: Equatable {
    /// The samples, each with whether its record is there.
    var samples: [Identifier: Bool] = [:]
    var names: Set<String> = []
    var tombstones: Set<Identifier> = []
    var counted = 0

    init(_ store: Store) throws {
      try store.forEachSample { samples[$0.id] = $0.record != nil }
      names = Set(try store.leaderboard(limit: 1000).compactMap(\.name))
      tombstones = Set(try store.tombstones(limit: 1000).map(\.id))
      let statistics = try store.statistics()
      let contributors = try store.connection.integer("SELECT count(DISTINCT contributor) FROM samples") ?? -1
      counted = statistics.samples
      var own = [Int](repeating: 0, count: 10)
      let rows = try store.connection.statement(
        "SELECT label FROM samples WHERE panel = (SELECT id FROM panels WHERE uuid = ?)", [.blob(store.panel)]
      )
      while try rows.step() { own[Int(rows.integer(0))] += 1 }
      // Counters that do not agree with each other are a state that was never there.
      let counters = try store.ownCounts()
      if statistics.perDigit.reduce(0, +) != counted || samples.count != counted
        || Int64(statistics.contributors) != contributors || own != counters
      {
        counted = -1
      }
    }
  }

  @Test(
    "power cut after every operation of withdrawing, pruning, dropping names and receiving: each is whole or was never begun"
  )
  func changes() throws {
    let scratch = try Scratch()
    var generator = SplitMix64(seed: 75)
    let disk = FaultyDisk.begin()
    /// After each change: how many operations there had been, and what the store held.
    var done: [(operations: Int, holding: Holding)] = []
    var withdrawn: [Sample] = []
    do {
      let store = try Store.open(StoreDirectory(scratch.path + "/store", files: FaultyDisk.name))
      func note() throws { done.append((disk.operations.count, try Holding(store))) }
      try note()
      var visits: [[Sample]] = []
      for visit in 0..<6 {
        let (session, contributor) = (Identifier(using: &generator), Identifier(using: &generator))
        var samples: [Sample] = []
        for label in 0..<3 {
          samples.append(
            Drawings.sample(label: label, contributor: contributor, session: session, using: &generator))
          try store.append(samples[label], name: "Visitor \(visit)")
          try note()
        }
        visits.append(samples)
      }
      try store.connection.script("PRAGMA wal_checkpoint(PASSIVE)")
      #expect(try store.withdraw(session: visits[1][0].session) == .done(samples: 3, isErased: true))
      withdrawn = visits[1]
      try note()
      for sample in visits[0] + visits[2] {
        try store.connection.run(
          "INSERT INTO acknowledgements SELECT id, ?, ? FROM samples WHERE uuid = ?", .blob(.random()),
          .integer(sample.time.wall), .blob(sample.id))
        try note()
      }
      #expect(try store.prune(confirmedBefore: .max).samples == 6)
      try note()
      // What comes from another store: its records and its tombstones.
      try store.connection.transaction("IMMEDIATE") { () throws(StoreError) in
        for number in 1...3 {
          var sample = Drawings.sample(using: &generator)
          (sample.panel, sample.sequence) = (Identifier(high: 7, low: 7), UInt64(number))
          guard let record = try? SampleRecord.encode(sample) else { continue }
          try store.insert(sample, record: record, name: "From afar \(number)")
        }
      }
      try note()
      #expect(
        try store.apply([
          Tombstone(id: visits[2][0].session, kind: .session, wall: 3),
          Tombstone(id: visits[3][1].id, kind: .sample, wall: 3),
        ]) == 4)
      try note()
      #expect(
        try store.dropNames(of: [visits[4][0].contributor, Identifier(using: &generator)]).dropped == 1)
      try note()
      try store.anonymise()
      try note()
      try store.append(Drawings.sample(using: &generator), name: "Somebody new")
      try note()
    }
    let operations = disk.operations
    let place = scratch.path + "/cut"
    var (cuts, lost, unsound, returned) = (0, 0, 0, 0)
    try FaultyDisk.cut(operations, in: place, using: &generator) { end in
      let last = (done.lastIndex { $0.operations <= end }) ?? 0
      cuts += 1
      let store = try Store.open(directory: place)
      let found = try Holding(store)
      if !store.findings.isEmpty || found.counted < 0 { unsound += 1 }
      // Either what was done by then, or with the change that was under way.
      if done[last...].prefix(2).allSatisfy({ $0.holding != found }) { lost += 1 }
      if found.tombstones.contains(withdrawn[0].session) {
        let again = error { () throws(StoreError) in try store.append(withdrawn[0]) }
        if again?.kind != .withdrawn { returned += 1 }
      }
    }
    print(
      "power cuts in withdrawing, pruning, receiving and dropping names: \(cuts) after \(operations.count) operations; "
        + "changes lost or half done: \(lost); stores unsound: \(unsound); withdrawn drawings that came back: \(returned)"
    )
    #expect(cuts > 1000 && lost == 0 && unsound == 0 && returned == 0)
  }
}
