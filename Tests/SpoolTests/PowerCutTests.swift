import Glibc
import Ink
import Kernel
import Randomness
import Testing

@testable import Spool

@Suite("Failing disks and power cuts at every operation", .serialized)
struct PowerCutTests {
  /// What a store holds after a cut.
  private struct Found {
    var ids: [Identifier] = []
    var findings = 0
    /// Whether every record is whole and numbered in order, and all counts agree with a full count.
    var isSound = true
  }

  private func look(_ path: String) throws -> Found {
    let store = try Store.open(directory: path)
    var found = Found()
    found.findings = store.findings.count
    try store.forEachSample { stored throws(StoreError) in
      found.ids.append(stored.id)
      if (try? stored.sample())?.sequence != UInt64(found.ids.count) { found.isSound = false }
    }
    let statistics = try store.statistics()
    let board = try store.leaderboard(limit: 1000)
    if statistics.samples != found.ids.count || statistics.perDigit.reduce(0, +) != found.ids.count
      || board.reduce(0, { $0 + $1.score }) != found.ids.count
    {
      found.isSound = false
    }
    return found
  }

  /// Stores drawings on a disk that logs, and then looks at what a power cut after each operation would have left.
  ///
  /// - Parameters:
  ///   - settings: SQL that is run before.
  ///   - step: looks at every so manieth operation only.
  /// - Returns: how many cuts there were, how many saved drawings were missing after them, and how many stores were unsound
  ///   or held something that nobody had stored.
  private func cut(
    settings: String, step: Int, seed: UInt64
  ) throws -> (cuts: Int, operations: Int, lost: Int, unsound: Int) {
    let scratch = try Scratch()
    var generator = SplitMix64(seed: seed)
    let disk = FaultyDisk.begin()
    var all: [Identifier] = []
    /// For each saved drawing, how many operations there had been when the visitor read it.
    var savedAt: [Int] = []
    do {
      let store = try Store.open(StoreDirectory(scratch.path + "/store", files: FaultyDisk.name))
      try store.connection.script(settings)
      for round in 0..<18 {
        let sample = Drawings.sample(label: try store.nextDigit(), using: &generator)
        all.append(sample.id)
        try store.append(sample, name: "Visitor \(round / 3)")
        savedAt.append(disk.operations.count)
        // Sooner than the panel does it, so that cuts fall into it, too.
        if round % 6 == 5 { try store.connection.script("PRAGMA wal_checkpoint(PASSIVE)") }
      }
    }
    let operations = disk.operations
    let place = scratch.path + "/cut"
    var (cuts, lost, unsound) = (0, 0, 0)
    try FaultyDisk.cut(operations, step: step, in: place, using: &generator) { end in
      let saved = Array(all.prefix(savedAt.prefix { $0 <= end }.count))
      let found = try look(place)
      cuts += 1
      lost += saved.count { !found.ids.contains($0) }
      // Besides the saved ones there may be the one that was just being saved.
      if !found.isSound || found.findings > 0 || !all.starts(with: found.ids) { unsound += 1 }
    }
    return (cuts, operations.count, lost, unsound)
  }

  @Test("power cut after every single operation: each drawing that was saved is there and whole")
  func cuts() throws {
    let result = try cut(settings: "", step: 1, seed: 70)
    print(
      "power cuts: \(result.cuts) after \(result.operations) operations; saved drawings lost: \(result.lost); "
        + "stores unsound: \(result.unsound)")
    #expect(result.cuts > 1000 && result.lost == 0 && result.unsound == 0)
  }

  @Test("a store that would not wait for the disk does lose drawings in this test")
  func control() throws {
    let result = try cut(settings: "PRAGMA synchronous = NORMAL", step: 7, seed: 74)
    #expect(result.lost > 0)
  }

  @Test(
    "an error of the disk at any operation of an append is told, and the same drawing is saved once afterwards",
    arguments: FaultyDisk.Fault.allCases, [false, true])
  func errors(_ fault: FaultyDisk.Fault, isLasting: Bool) throws {
    var generator = SplitMix64(seed: 71)
    var failures = 0
    for index in 0..<200 {
      let scratch = try Scratch()
      let disk = FaultyDisk.begin()
      var all: [Identifier] = []
      do {
        let store = try Store.open(StoreDirectory(scratch.path, files: FaultyDisk.name))
        for _ in 0..<3 {
          let sample = Drawings.sample(using: &generator)
          all.append(sample.id)
          try store.append(sample)
        }
        disk.fail(fault, at: index, isLasting: isLasting)
        let sample = Drawings.sample(using: &generator)
        all.append(sample.id)
        let failure = error { () throws(StoreError) in try store.append(sample) }
        if let failure {
          #expect(failure.kind == (fault == .full ? .full : .inputOutput))
          failures += 1
        }
        // While it lasts it may be tried again.
        if isLasting && failure != nil {
          #expect(error { () throws(StoreError) in try store.append(sample) } != nil)
        }
        disk.heal()
        #expect(try store.append(sample).sequence == 4)
      }
      let found = try look(scratch.path)
      #expect(found.ids == all && found.isSound && found.findings == 0)
      if !disk.hasFailed { break }
    }
    // An append writes some ten pages, and synchronises once.
    #expect(failures >= (fault == .synchroniseError ? 1 : 10))
  }

  @Test(
    "an error of the disk while a new store is made leaves nothing that stops the next start",
    arguments: FaultyDisk.Fault.allCases)
  func creation(_ fault: FaultyDisk.Fault) throws {
    var generator = SplitMix64(seed: 72)
    var failures = 0
    for index in 0..<400 {
      let scratch = try Scratch()
      let disk = FaultyDisk.begin()
      disk.fail(fault, at: index, isLasting: true)
      let failure = error { () throws(StoreError) in
        _ = try Store.open(StoreDirectory(scratch.path, files: FaultyDisk.name))
      }
      if let failure {
        #expect(failure.kind == (fault == .full ? .full : .inputOutput))
        failures += 1
      }
      let hasFailed = disk.hasFailed
      disk.heal()
      let store = try Store.open(directory: scratch.path)
      #expect(store.findings.isEmpty)
      #expect(try store.append(Drawings.sample(using: &generator)).sequence == 1)
      if !hasFailed { break }
    }
    #expect(failures >= (fault == .synchroniseError ? 1 : 10))
  }

  @Test("a damaged store that cannot be replaced yet is set aside once, and replaced when that can be done")
  func recovery() throws {
    var generator = SplitMix64(seed: 74)
    let scratch = try Scratch()
    let disk = FaultyDisk.begin()
    let store = try Store.open(StoreDirectory(scratch.path, files: FaultyDisk.name))
    let sample = Drawings.sample(using: &generator)
    try store.append(sample)
    let damage = StoreError(.damaged, "read", scratch.path, reason: "it is torn")
    disk.fail(.full, at: 0, isLasting: true)
    for _ in 0..<3 {
      let failure = error { () throws(StoreError) in try store.recover(because: damage) }
      #expect(failure?.kind == .full)
    }
    #expect(store.findings.isEmpty)
    disk.heal()
    try store.recover(because: damage)
    #expect(try store.statistics().setAside.count == 1)
    #expect(store.findings.count == 1)
    #expect(try store.append(sample).sequence == 2)
    #expect(try Store.openReadOnly(directory: scratch.path).panel == store.panel)
  }

  @Test("a log that cannot be tidied is told and stops no drawing", arguments: FaultyDisk.Fault.allCases)
  func checkpoint(_ fault: FaultyDisk.Fault) throws {
    var generator = SplitMix64(seed: 73)
    let scratch = try Scratch()
    let disk = FaultyDisk.begin()
    var all: [Identifier] = []
    do {
      let store = try Store.open(StoreDirectory(scratch.path, files: FaultyDisk.name))
      while store.log.pages < Store.checkpointPages {
        let sample = Drawings.sample(using: &generator)
        all.append(sample.id)
        try store.append(sample)
      }
      disk.fail(fault, at: 0, isLasting: true)
      let failure = error { () throws(StoreError) in try store.checkpoint() }
      #expect(failure?.kind == (fault == .full ? .full : .inputOutput))
      disk.heal()
      let sample = Drawings.sample(using: &generator)
      all.append(sample.id)
      try store.append(sample)
      try store.checkpoint()
      #expect(store.log.pages == 0)
    }
    let found = try look(scratch.path)
    #expect(found.ids == all && found.isSound && found.findings == 0)
  }
}
