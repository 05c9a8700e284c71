import Glibc
import Ink
import Kernel
import Randomness
import Testing

@testable import Spool

@Suite("Recovering drawings from damaged stores")
struct SalvageTests {
  /// A store of many drawings, some of them longer than a page, as files; and where each drawing's bytes lie.
  private struct Specimen {
    var database: [UInt8]
    var log: [UInt8]
    let ids: Set<Identifier>
    let hashes: [Digest]
  }

  private static let drawings = 300

  /// - Parameter checkpointed: how many drawings lie in the database file; the others only in the log.
  private static func specimen(checkpointed: Int) throws -> Specimen {
    let scratch = try Scratch()
    var generator = SplitMix64(seed: UInt64(checkpointed) + 1)
    let store = try Store.open(directory: scratch.path)
    try store.connection.script("PRAGMA synchronous = OFF")
    var ids: Set<Identifier> = []
    var contributor = Identifier(using: &generator)
    for i in 0..<drawings {
      if i % 7 == 0 { contributor = Identifier(using: &generator) }
      // Every third one has long strokes, and needs overflow pages.
      var strokes = Drawings.seven(dx: Float(i % 20))
      for _ in 0..<(i % 3 == 0 ? 3 + i % 5 : 0) {
        strokes.append(
          Stroke(
            points: (0..<120).map {
              StrokePoint(
                x: Float.random(in: 0..<280, using: &generator),
                y: Float.random(in: 0..<280, using: &generator),
                t: UInt32($0 * 7), size: 20)
            }))
      }
      let sample = Drawings.sample(
        label: i % 10, contributor: contributor, strokes: strokes, using: &generator)
      try store.append(sample, name: "Visitor \(i / 7)")
      ids.insert(sample.id)
      // As the panel's worker does, so that the log holds no more than it does there.
      if i < checkpointed { try store.checkpoint() }
      if i + 1 == checkpointed { try store.connection.script("PRAGMA wal_checkpoint(RESTART)") }
    }
    var hashes: [Digest] = []
    try store.forEachSample { hashes.append($0.hash) }
    return Specimen(
      database: try contentsOfFile(scratch.path + "/panel.db", limit: 1 << 28),
      log: try contentsOfFile(scratch.path + "/panel.db-wal", limit: 1 << 28), ids: ids, hashes: hashes)
  }

  /// Puts damaged files where a store was set aside, beside a new store, and recovers them.
  private static func recover(
    _ database: [UInt8], _ log: [UInt8]?
  ) throws -> (salvage: Salvage, again: Salvage, ids: Set<Identifier>, names: Int) {
    let scratch = try Scratch()
    let store = try Store.open(directory: scratch.path)
    let name = "panel.db.damaged-1"
    let files: [(String, [UInt8]?)] = [("", database), ("-wal", log)]
    for (suffix, bytes) in files {
      guard let bytes else { continue }
      let file = try FileDescriptor.open("\(scratch.path)/\(name)\(suffix)", O_WRONLY | O_CREAT, mode: 0o640)
      try file.writeAll(bytes, to: name)
    }
    #expect(store.setAside == [name])
    let salvage = try store.salvage(name)
    let again = try store.salvage(name)
    var ids: Set<Identifier> = []
    var isSound = true
    try store.forEachSample { stored in
      if (try? stored.sample())?.id != stored.id || !ids.insert(stored.id).inserted { isSound = false }
    }
    #expect(isSound && store.setAside == [name])
    #expect(try store.statistics().samples == ids.count)
    let names = try store.leaderboard(limit: 1000, namedOnly: true).count
    #expect(try contentsOfFile("\(scratch.path)/\(name)", limit: 1 << 28) == database)
    return (salvage, again, ids, names)
  }

  @Test("every whole drawing comes back, whatever the damage, once; how many of them is printed")
  func damages() throws {
    let specimen = try Self.specimen(checkpointed: 240)
    let file = specimen.database
    let pages = file.count / 4096
    var generator = SplitMix64(seed: 99)
    func changed(_ change: (inout [UInt8]) -> Void) -> [UInt8] {
      var copy = file
      change(&copy)
      return copy
    }
    /// Whatever is not hit must come back: at least so many of the 300.
    let cases: [(name: String, database: [UInt8], log: [UInt8]?, least: Int)] = [
      ("nothing is damaged", file, specimen.log, 300),
      ("the log is lost", file, nil, 240),
      (
        "the first page is zeros",
        changed { $0.replaceSubrange(0..<4096, with: repeatElement(0, count: 4096)) },
        specimen.log, 300
      ),
      (
        "the first 32 pages are noise",
        changed { copy in
          for i in 0..<32 * 4096 { copy[i] = UInt8.random(in: 0...255, using: &generator) }
        }, specimen.log, 260
      ),
      (
        "one page in fifty is zeros",
        changed { copy in
          for _ in 0..<pages / 50 {
            let page = Int.random(in: 0..<pages, using: &generator) * 4096
            copy.replaceSubrange(page..<page + 4096, with: repeatElement(0, count: 4096))
          }
        }, specimen.log, 280
      ),
      (
        "a hundred bits are wrong",
        changed { copy in
          for _ in 0..<100 {
            copy[Int.random(in: 0..<copy.count, using: &generator)] ^=
              1 << UInt8.random(in: 0..<8, using: &generator)
          }
        }, specimen.log, 180
      ),
      ("the second half is gone", Array(file.prefix(file.count / 2)), specimen.log, 130),
      ("only the log is left", [], specimen.log, 60),
      (
        "512 bytes are missing at the front, so nothing lies where SQLite looks", Array(file.dropFirst(512)),
        specimen.log, 215
      ),
    ]
    print("whole drawings recovered of \(Self.drawings):")
    for each in cases {
      let result = try Self.recover(each.database, each.log)
      print("  \(result.salvage.found) \(each.name)")
      #expect(result.ids.isSubset(of: specimen.ids), "\(each.name)")
      #expect(
        result.salvage.added == result.ids.count && result.salvage.found == result.ids.count, "\(each.name)")
      #expect(result.salvage.found >= each.least, "\(each.name)")
      #expect(result.again.added == 0 && result.again.known == result.ids.count, "\(each.name)")
    }
    let whole = try Self.recover(file, specimen.log)
    #expect(whole.salvage.listed == 300 && whole.names == 43)
  }

  @Test("what was withdrawn stays so, and what is there already is not doubled")
  func withdrawn() throws {
    let scratch = try Scratch()
    var generator = SplitMix64(seed: 5)
    var samples: [Sample] = []
    do {
      let store = try Store.open(directory: scratch.path)
      for label in 0..<10 {
        samples.append(Drawings.sample(label: label, using: &generator))
        try store.append(samples[label], name: "Ada \(label)")
      }
    }
    let file = try contentsOfFile(scratch.path + "/panel.db", limit: 1 << 26)
    let log = try contentsOfFile(scratch.path + "/panel.db-wal", limit: 1 << 26)
    do {
      let old = try Store.open(directory: scratch.path)
      _ = try old.withdraw(session: samples[3].session)
      try old.dropNames(of: [samples[5].contributor])
      let name = try old.directory.setAside(time: 7)
      #expect(name.hasSuffix("-7"))
    }
    for (suffix, bytes) in [("", file), ("-wal", log)] {
      let copy = try FileDescriptor.open(
        "\(scratch.path)/panel.db.damaged-8\(suffix)", O_WRONLY | O_CREAT, mode: 0o640)
      try copy.writeAll(bytes, to: "a copy")
    }
    let store = try Store.open(directory: scratch.path)
    _ = try store.withdraw(session: samples[4].session)
    let first = try store.salvage("panel.db.damaged-7")
    #expect((first.found, first.added, first.tombstones, first.withdrawn) == (9, 8, 1, 1))
    // This copy is older than both withdrawals.
    let second = try store.salvage("panel.db.damaged-8")
    #expect((second.found, second.added, second.known, second.withdrawn) == (10, 0, 8, 2))
    #expect(try store.statistics().samples == 8)
    #expect(try store.leaderboard(limit: 20).compactMap(\.name).count == 7)
    #expect(try store.droppedNames(limit: 9) == [samples[5].contributor])
  }

  @Test("a panel that kept its identity goes on behind the numbers that were recovered")
  func numbers() throws {
    let scratch = try Scratch()
    var generator = SplitMix64(seed: 6)
    do {
      let store = try Store.open(directory: scratch.path)
      for _ in 0..<5 { try store.append(Drawings.sample(using: &generator)) }
      store.directory.noteDamage("for a test")
    }
    let store = try Store.open(directory: scratch.path)
    #expect(store.findings.count == 1)
    let next = try store.append(Drawings.sample(using: &generator))
    #expect(next.sequence == 6)
    let salvage = try store.salvage(try #require(store.setAside.first))
    #expect(salvage.added == 5)
    #expect(try store.append(Drawings.sample(using: &generator)).sequence == 7)
  }

  @Test("numbers of other panels, of imports and of records that lie do not become this panel's")
  func foreignNumbers() throws {
    let scratch = try Scratch()
    var generator = SplitMix64(seed: 7)
    func drawing(_ panel: Identifier, _ sequence: UInt64) -> Sample {
      var sample = Drawings.sample(using: &generator)
      (sample.panel, sample.sequence) = (panel, sequence)
      return sample
    }
    do {
      let store = try Store.open(directory: scratch.path)
      for _ in 0..<3 { try store.append(Drawings.sample(using: &generator)) }
      let imported = [drawing(Sample.importPanel, UInt64(Int64.max)), drawing(.random(), 700)]
      #expect(try store.takeIn(imported.map { ImportedDrawing($0) }).added == 2)
      // As a collector's store may have them of whoever knows its identity.
      for number in [UInt64.max, UInt64(Int64.max), 1 << 60] {
        let sample = drawing(store.panel, number)
        #expect(try store.takeIn([ImportedDrawing(sample)]).added == 1)
      }
      store.directory.noteDamage("for a test")
    }
    do {
      let store = try Store.open(directory: scratch.path)
      #expect(try store.append(Drawings.sample(using: &generator)).sequence == 4)
      #expect(try store.salvage(try #require(store.setAside.first)).added == 8)
      #expect(try store.append(Drawings.sample(using: &generator)).sequence == 5)
    }
    let store = try Store.open(directory: scratch.path)
    #expect(store.findings.isEmpty && store.lastSequence == 5)
    #expect(try store.append(Drawings.sample(using: &generator)).sequence == 6)
  }

  @Test(
    "a store that an earlier software left with the last number that there is goes on behind its newest drawing"
  )
  func lastNumber() throws {
    let scratch = try Scratch()
    var generator = SplitMix64(seed: 9)
    do {
      let store = try Store.open(directory: scratch.path)
      for _ in 0..<3 { try store.append(Drawings.sample(using: &generator)) }
      try store.connection.run("UPDATE counters SET value = ? WHERE name = 'sequence'", .integer(Int64.max))
    }
    let store = try Store.open(directory: scratch.path)
    #expect(store.findings.isEmpty && store.lastSequence == 3)
    #expect(try store.append(Drawings.sample(using: &generator)).sequence == 4)
    #expect(try store.append(Drawings.sample(using: &generator)).sequence == 5)
  }

  @Test("where only the log is left it is set aside with all that is in it, and recovered")
  func logAlone() throws {
    let scratch = try Scratch()
    var generator = SplitMix64(seed: 8)
    var log: [UInt8] = []
    do {
      let store = try Store.open(directory: scratch.path)
      for _ in 0..<5 { try store.append(Drawings.sample(using: &generator)) }
      log = try contentsOfFile(scratch.path + "/panel.db-wal", limit: 1 << 26)
    }
    let file = try FileDescriptor.open(scratch.path + "/panel.db-wal", O_WRONLY | O_TRUNC)
    try file.writeAll(log, to: "the log")
    #expect(truncate(scratch.path + "/panel.db", 0) == 0)
    let store = try Store.open(directory: scratch.path)
    #expect(store.findings.count == 1)
    #expect(try store.salvage(try #require(store.setAside.first)).added == 5)
  }

  @Test("what people said of drawings comes back with them, and not over what was said since")
  func verdicts() throws {
    let scratch = try Scratch()
    var generator = SplitMix64(seed: 9)
    let samples = (0..<4).map { Drawings.sample(label: $0, using: &generator) }
    do {
      let store = try Store.open(directory: scratch.path)
      for sample in samples { try store.append(sample) }
      _ = try store.give([
        (samples[0].id, .accept), (samples[1].id, .reject), (samples[2].id, .relabel(7)),
      ])
      store.directory.noteDamage("for a test")
    }
    let store = try Store.open(directory: scratch.path)
    let name = try #require(store.setAside.first)
    #expect(try store.salvage(name).verdicts == 3)
    _ = try store.give([(samples[1].id, .accept)])
    #expect(try store.salvage(name).verdicts == 0)
    let counts = try store.verdictCounts()
    #expect((counts.accepted, counts.rejected, counts.relabelled, counts.unreviewed) == (2, 0, 1, 1))
  }

  @Test(
    "a long chain that breaks is given up soon, though every page of it has two copies",
    .timeLimit(.minutes(1)))
  func brokenChain() throws {
    let scratch = try Scratch()
    let (size, length, depth) = (4096, 160_000, 30)
    // As SQLite cuts a row of 100 bytes before the record (sqlite.org/fileformat2.html, section 1.6).
    let least = (size - 12) * 32 / 255 - 23
    let local = least + (length + 100 - least) % (size - 4) - 100
    func number(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }
    func page(_ place: Int, filling: UInt8) -> [UInt8] {
      // Pages 3 and on are the chain; the last of them leads nowhere.
      number(place < 2 + depth ? place + 1 : 0) + [UInt8](repeating: filling, count: size - 4)
    }
    var database = [UInt8](repeating: 0, count: 2 * size)
    database.replaceSubrange(16..<18, with: [0x10, 0])
    let record =
      SampleRecord.magic + [1, 0, 0, 0] + [UInt8](number(length).reversed())
      + [UInt8](repeating: 3, count: local - 16)
    database.replaceSubrange(size + 100..<size + 100 + local, with: record)
    database.replaceSubrange(size + 100 + local..<size + 104 + local, with: number(3))
    var log = [UInt8](repeating: 0, count: 32)
    for place in 3..<3 + depth {
      database += page(place, filling: 1)
      log += number(place) + [UInt8](repeating: 0, count: 20) + page(place, filling: 2)
    }
    for (name, bytes) in [("file", database), ("log", log)] {
      let file = try FileDescriptor.open("\(scratch.path)/\(name)", O_WRONLY | O_CREAT, mode: 0o640)
      try file.writeAll(bytes, to: name)
    }
    let pages = DatabasePages(
      database: try WornFile(scratch.path + "/file"), log: try WornFile(scratch.path + "/log"))
    #expect(pages.images(of: 3).count == 2 && pages.images(of: 2).count == 1)
    var found = 0
    try RecordCarver(pages).forEachRecord { _ in found += 1 }
    #expect(found == 0)
  }

  @Test("a file that is no store at all gives nothing and stops nothing")
  func noStore() throws {
    var generator = SplitMix64(seed: 7)
    let noise = (0..<100_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
    let result = try Self.recover(noise, Array(noise.prefix(5000)))
    #expect(result.salvage.found == 0 && result.salvage.listed == nil)
    var deceptive = noise
    for at in stride(from: 0, to: 90_000, by: 5000) {
      deceptive.replaceSubrange(at..<at + 8, with: SampleRecord.magic)
      deceptive.replaceSubrange(at + 8..<at + 16, with: [1, 0, 0, 0, 0, 0x20, 0, 0])
    }
    #expect(try Self.recover(deceptive, nil).salvage.found == 0)
  }
}
