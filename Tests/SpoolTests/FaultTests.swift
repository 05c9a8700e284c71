import Glibc
import Ink
import Kernel
import Randomness
import Testing

@testable import Spool

@Suite("What disks and other programs do to the store")
struct FaultTests {
  private func write(_ bytes: [UInt8], to path: String, at offset: Int64? = nil) throws {
    let file = try FileDescriptor.open(path, O_RDWR | O_CREAT | (offset == nil ? O_TRUNC : 0))
    if let offset { lseek(file.raw, Int(offset), SEEK_SET) }
    try file.writeAll(bytes, to: path)
  }

  private func filled(_ path: String, samples: Int, seed: UInt64) throws -> Identifier {
    var generator = SplitMix64(seed: seed)
    let store = try Store.open(directory: path)
    for label in 0..<samples {
      try store.append(Drawings.sample(label: label % 10, using: &generator))
    }
    return store.panel
  }

  @Test("a file that is no database is set aside, and the panel goes on with a new one")
  func garbage() throws {
    let scratch = try Scratch()
    try write(
      [UInt8]("this is no database, and long enough to be looked at ".utf8), to: scratch.path + "/panel.db")
    var generator = SplitMix64(seed: 40)
    let store = try Store.open(directory: scratch.path)
    #expect(store.findings.count == 1)
    #expect(store.findings.first?.contains("was set aside as \(scratch.path)/panel.db.damaged-") == true)
    let stored = try store.append(Drawings.sample(using: &generator))
    #expect(stored.sequence == 1)
    // Status goes on telling it after the next start.
    let names = try store.statistics().setAside
    #expect(names.count == 1 && names[0].hasPrefix("panel.db.damaged-"))
  }

  @Test("a damaged store's identity and count go on in the new one, so that no number is used twice")
  func damagedKeepsIdentity() throws {
    let scratch = try Scratch()
    let panel = try filled(scratch.path, samples: 30, seed: 41)
    // The block of ten is torn; settings and counters are whole.
    let page = try rootPage(of: "blocks", in: scratch.path)
    try write([UInt8](repeating: 0xFF, count: 4096), to: scratch.path + "/panel.db", at: page)
    let store = try Store.open(directory: scratch.path)
    #expect(store.findings.count == 1)
    #expect(store.panel == panel)
    var generator = SplitMix64(seed: 42)
    #expect(try store.append(Drawings.sample(using: &generator)).sequence == 31)
    // The old file is still there, with all its bytes.
    let names = try FaultTests.names(in: scratch.path)
    #expect(names.contains { $0.hasPrefix("panel.db.damaged-") })
  }

  @Test("damage that shows only while storing is told as damage, and is recovered from without a restart")
  func damageLater() throws {
    let scratch = try Scratch()
    _ = try filled(scratch.path, samples: 30, seed: 43)
    let page = try rootPage(of: "sqlite_autoindex_samples_1", in: scratch.path)
    try write([UInt8](repeating: 0xFF, count: 4096), to: scratch.path + "/panel.db", at: page)
    var generator = SplitMix64(seed: 44)
    let sample = Drawings.sample(using: &generator)
    do {
      let store = try Store.open(directory: scratch.path)
      let failure = error { () throws(StoreError) in try store.append(sample) }
      #expect(failure?.kind == .damaged)
      try store.recover(because: #require(failure))
      #expect(store.findings.count == 1)
      #expect(try store.append(sample).sequence == 31)
    }
  }

  @Test("damage that opening does not meet is set aside by the next start, because a note was left")
  func damageNoted() throws {
    let scratch = try Scratch()
    let panel = try filled(scratch.path, samples: 30, seed: 47)
    let page = try rootPage(of: "sqlite_autoindex_samples_1", in: scratch.path)
    try write([UInt8](repeating: 0xFF, count: 4096), to: scratch.path + "/panel.db", at: page)
    var generator = SplitMix64(seed: 48)
    let sample = Drawings.sample(using: &generator)
    do {
      let store = try Store.open(directory: scratch.path)
      #expect(store.findings.isEmpty)
      let failure = error { () throws(StoreError) in try store.append(sample) }
      #expect(failure?.kind == .damaged)
    }
    do {
      let store = try Store.open(directory: scratch.path)
      #expect(store.findings.count == 1 && store.panel == panel)
      #expect(try store.append(sample).sequence == 31)
    }
    #expect(try Store.open(directory: scratch.path).findings.isEmpty)
  }

  private func rootPage(of table: String, in path: String) throws -> Int64 {
    let connection = try Connection(path + "/panel.db", .readWrite)
    try connection.script("PRAGMA wal_checkpoint(TRUNCATE)")
    let root = try connection.integer("SELECT rootpage FROM sqlite_schema WHERE name = ?", .text(table)) ?? 0
    let size = try connection.integer("PRAGMA page_size") ?? 0
    return (root - 1) * size
  }

  static func names(in path: String) throws -> [String] {
    guard let entries = opendir(path) else { throw Failed("cannot list \(path)") }
    defer { closedir(entries) }
    var names: [String] = []
    while let entry = readdir(entries) {
      names.append(
        withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
          String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        })
    }
    return names.sorted()
  }

  @Test("another program's database is left alone")
  func foreign() throws {
    let scratch = try Scratch()
    do {
      try write([], to: scratch.path + "/panel.db")
      let connection = try Connection(scratch.path + "/panel.db", .readWrite)
      try connection.script("CREATE TABLE bookmarks (url TEXT)")
    }
    let before = try contentsOfFile(scratch.path + "/panel.db", limit: 1 << 20)
    let refusal = error { () throws(StoreError) in _ = try Store.open(directory: scratch.path) }
    #expect(refusal?.kind == .notAStore)
    #expect(try contentsOfFile(scratch.path + "/panel.db", limit: 1 << 20) == before)
  }

  @Test("a store of a later software is left alone")
  func later() throws {
    let scratch = try Scratch()
    _ = try filled(scratch.path, samples: 1, seed: 45)
    do {
      let connection = try Connection(scratch.path + "/panel.db", .readWrite)
      try connection.script("PRAGMA user_version = 99")
    }
    let panel = error { () throws(StoreError) in _ = try Store.open(directory: scratch.path) }
    let reader = error { () throws(StoreError) in _ = try Store.openReadOnly(directory: scratch.path) }
    let beside = error { () throws(StoreError) in _ = try Store.openBeside(directory: scratch.path) }
    #expect([panel, reader, beside].allSatisfy { $0?.kind == .tooNew })
  }

  @Test("one record that the disk has changed is told, and the others are read")
  func changedRecord() throws {
    let scratch = try Scratch()
    _ = try filled(scratch.path, samples: 3, seed: 46)
    do {
      let connection = try Connection(scratch.path + "/panel.db", .readWrite)
      try connection.script("UPDATE samples SET record = zeroblob(length(record)) WHERE id = 2")
    }
    let store = try Store.openReadOnly(directory: scratch.path)
    var sound: [Int64] = []
    try store.forEachSample { stored throws(StoreError) in
      if (try? stored.sample()) != nil { sound.append(stored.row) }
    }
    #expect(sound == [1, 3])
  }
}
