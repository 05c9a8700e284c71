import Glibc
import Ink
import Kernel
import Randomness
import Testing

@testable import Spool

@Suite("What disks and other programs do to the store")
struct FaultTests {
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
    try Damage.write(
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
    let page = try Damage.rootPage(of: "blocks", in: scratch.path)
    try Damage.write([UInt8](repeating: 0xFF, count: 4096), to: scratch.path + "/panel.db", at: page)
    let store = try Store.open(directory: scratch.path)
    #expect(store.findings.count == 1)
    #expect(store.panel == panel)
    var generator = SplitMix64(seed: 42)
    #expect(try store.append(Drawings.sample(using: &generator)).sequence == 31)
    // The old file is still there, with all its bytes.
    let names = try Directory.names(at: scratch.path)
    #expect(names.contains { $0.hasPrefix("panel.db.damaged-") })
  }

  @Test("damage that shows only while storing is told as damage, and is recovered from without a restart")
  func damageLater() throws {
    let scratch = try Scratch()
    _ = try filled(scratch.path, samples: 30, seed: 43)
    let page = try Damage.rootPage(of: "sqlite_autoindex_samples_1", in: scratch.path)
    try Damage.write([UInt8](repeating: 0xFF, count: 4096), to: scratch.path + "/panel.db", at: page)
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
    let page = try Damage.rootPage(of: "sqlite_autoindex_samples_1", in: scratch.path)
    try Damage.write([UInt8](repeating: 0xFF, count: 4096), to: scratch.path + "/panel.db", at: page)
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

  /// A store with 25 pages of drawings in the middle of it overwritten: the newest pages, which opening looks at, are whole.
  private func damagedInTheMiddle(_ path: String, seed: UInt64) throws -> Identifier {
    let panel = try filled(path, samples: 300, seed: seed)
    _ = try Damage.rootPage(of: "samples", in: path)
    let file = try contentsOfFile(path + "/panel.db", limit: 1 << 28)
    let first = try #require(SampleRecord.magic.first)
    var pages: [Int] = []
    for place in 0...(file.count - 8) where file[place] == first {
      let page = place / 4096
      if file[place..<place + 8].elementsEqual(SampleRecord.magic), pages.last != page { pages.append(page) }
    }
    try #require(pages.count > 75)
    for page in pages[(pages.count / 2)..<(pages.count / 2 + 25)] {
      try Damage.write([UInt8](repeating: 0x5A, count: 4096), to: path + "/panel.db", at: Int64(page) * 4096)
    }
    return panel
  }

  private func readAll(_ store: Store) throws(StoreError) { try store.forEachSample { _ in } }

  @Test("damage that only reading meets is noted too, and the next start sets the file aside")
  func damageRead() throws {
    let scratch = try Scratch()
    let panel = try damagedInTheMiddle(scratch.path, seed: 49)
    #expect(try Store.open(directory: scratch.path).findings.isEmpty)
    #expect(Store.notedDamage(directory: scratch.path) == nil)
    do {
      let reader = try Store.openReadOnly(directory: scratch.path)
      let failure = error { () throws(StoreError) in try readAll(reader) }
      #expect(failure?.kind == .damaged)
      #expect(failure?.description.contains("panelctl doctor --salvage") == true)
      #expect(Store.notedDamage(directory: scratch.path) == failure?.reason)
    }
    let store = try Store.open(directory: scratch.path)
    #expect(store.findings.first?.contains("panelctl doctor --salvage") == true && store.panel == panel)
    #expect(Store.notedDamage(directory: scratch.path) == nil)
    let salvage = try store.salvage(try #require(store.setAside.first))
    #expect(salvage.listed == 300 && salvage.added >= 200 && salvage.added < 300)
  }

  @Test("who still reads a damaged file after it was set aside says nothing of the new one")
  func damageElsewhere() throws {
    let scratch = try Scratch()
    _ = try damagedInTheMiddle(scratch.path, seed: 50)
    let reader = try Store.openReadOnly(directory: scratch.path)
    reader.directory.noteDamage("for a test")
    #expect(try Store.open(directory: scratch.path).findings.count == 1)
    #expect(error { () throws(StoreError) in try readAll(reader) }?.kind == .damaged)
    #expect(Store.notedDamage(directory: scratch.path) == nil)
  }

  @Test("reading all of a store finds damage wherever it lies, and notes it")
  func looksThrough() throws {
    let scratch = try Scratch()
    #expect(try Store.damage(directory: scratch.path) == nil)
    _ = try filled(scratch.path + "/sound", samples: 300, seed: 51)
    #expect(try Store.damage(directory: scratch.path + "/sound") == nil)
    #expect(Store.notedDamage(directory: scratch.path + "/sound") == nil)
    _ = try damagedInTheMiddle(scratch.path + "/torn", seed: 52)
    let found = try #require(try Store.damage(directory: scratch.path + "/torn"))
    #expect(!found.contains("\n") && !found.isEmpty)
    #expect(Store.notedDamage(directory: scratch.path + "/torn") == found)
    #expect(try Store.damage(directory: scratch.path + "/torn") == found)
    #expect(try Store.open(directory: scratch.path + "/torn").findings.count == 1)
  }

  @Test(
    "a new store that root puts in a damaged one's place can be opened by whom the old one belonged to",
    .enabled(if: geteuid() == 0, "only root can make files of another user"))
  func owner() throws {
    let scratch = try Scratch()
    _ = try filled(scratch.path, samples: 1, seed: 53)
    let files = ["", "/panel.db", "/panel.db-wal", "/panel.lock"].map { scratch.path + $0 }
    for file in files { #expect(chown(file, 65534, 65533) == 0) }
    #expect(chmod(files[1], 0o660) == 0 && unlink(files[3]) == 0)
    try Store.openReadOnly(directory: scratch.path).directory.noteDamage("for a test")
    var info = stat()
    #expect(stat(scratch.path + "/panel.damaged", &info) == 0 && info.st_uid == 65534)
    var generator = SplitMix64(seed: 54)
    let store = try Store.open(directory: scratch.path)
    try store.append(Drawings.sample(using: &generator))
    #expect(store.findings.count == 1)
    for file in files {
      #expect(stat(file, &info) == 0 && info.st_uid == 65534 && info.st_gid == 65533, "\(file)")
    }
    #expect(stat(files[1], &info) == 0 && info.st_mode & 0o777 == 0o660)
  }

  @Test("a place that is a file, and one that may not be looked into, are told from one without a store")
  func places() throws {
    let scratch = try Scratch()
    func refusal(_ path: String) -> StoreError? {
      error { () throws(StoreError) in _ = try Store.openReadOnly(directory: path) }
    }
    #expect(refusal(scratch.path)?.reason == "there is no panel.db in it")
    try Damage.write([1], to: scratch.path + "/digits.npz")
    #expect(refusal(scratch.path + "/digits.npz")?.reason == "it is not a directory")
    guard geteuid() != 0 else { return }
    _ = try filled(scratch.path + "/closed", samples: 1, seed: 55)
    #expect(chmod(scratch.path + "/closed", 0) == 0)
    let closed = refusal(scratch.path + "/closed")
    #expect(closed?.kind == .permission && closed?.description.contains("or as root") == true)
    #expect(chmod(scratch.path + "/closed", 0o700) == 0)
  }

  @Test(
    "the directory is closed to others, also where its path ends in a slash",
    arguments: ["booth", "booth/", "a/b//"])
  func directoryMode(name: String) throws {
    let scratch = try Scratch()
    _ = try Store.open(directory: "\(scratch.path)/\(name)")
    var (info, above) = (stat(), stat())
    try #require(stat("\(scratch.path)/\(name)", &info) == 0)
    #expect(info.st_mode & 0o007 == 0 && info.st_mode & 0o700 == 0o700)
    if stat("\(scratch.path)/a", &above) == 0 { #expect(above.st_mode & 0o005 == 0o005) }
  }

  @Test("another program's database is left alone")
  func foreign() throws {
    let scratch = try Scratch()
    do {
      try Damage.write([], to: scratch.path + "/panel.db")
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
