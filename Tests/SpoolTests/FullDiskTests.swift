import Glibc
import Ink
import Kernel
import Randomness
import Testing

@testable import Spool

@Suite(
  "Full and read-only disks",
  .enabled(if: SmallDisk.isPossible, "only root may mount the small disks that these tests fill"))
struct FullDiskTests {
  @Test(
    "a full disk loses nothing: what was saved stays, and the drawing in hand is saved when there is room")
  func full() throws {
    let disk = try SmallDisk(kilobytes: 1500)
    var generator = SplitMix64(seed: 80)
    let store = try Store.open(directory: disk.path + "/spool")
    var saved: [Identifier] = []
    var waiting: Sample?
    while waiting == nil && saved.count < 1000 {
      let sample = Drawings.sample(label: saved.count % 10, using: &generator)
      do throws(StoreError) {
        try store.append(sample)
        saved.append(sample.id)
      } catch {
        #expect(error.kind == .full)
        #expect(error.description.hasPrefix("cannot store a drawing in \(disk.path)/spool/panel.db: "))
        #expect(error.description.contains("make room"))
        waiting = sample
      }
    }
    let sample = try #require(waiting)
    #expect(saved.count > 5)
    // Again and again, as the panel tries: never half a sample, never a wrong count.
    for _ in 0..<5 {
      let again = error { () throws(StoreError) in try store.append(sample) }
      #expect(again?.kind == .full)
      #expect(try store.statistics().samples == saved.count)
      #expect(try store.statistics().isFull)
    }
    #expect(try ids(store) == saved)
    try disk.remount(kilobytes: 8000)
    #expect(try store.append(sample).sequence == UInt64(saved.count + 1))
    #expect(try ids(store) == saved + [sample.id])
    #expect(try store.connection.text("PRAGMA integrity_check") == "ok")
  }

  @Test("a panel and a collector pause by one rule: what was pruned is room, as long as the log can grow")
  func roomWithinTheStore() throws {
    let disk = try SmallDisk(kilobytes: 400 << 10)
    let store = try Store.open(directory: disk.path + "/spool")
    func fill(_ kilobytes: Int) throws {
      try disk.remount(kilobytes: Int(try store.statistics().storeBytes >> 10) + kilobytes)
    }
    // 64 MiB of pages within the file that are free again.
    try store.connection.script(
      "CREATE TABLE filler (bytes BLOB); INSERT INTO filler VALUES (zeroblob(67108864)); DROP TABLE filler;")
    try store.connection.script("PRAGMA wal_checkpoint(TRUNCATE)")
    for (kilobytes, isFull) in [(48 << 10, false), (12 << 10, false), (4 << 10, true)] {
      try fill(kilobytes)
      let statistics = try store.statistics()
      #expect(statistics.isFull == isFull && statistics.freeBytes < Int64(kilobytes) << 10 + 1 << 20)
      let refusal = error { () throws(StoreError) in try store.requireRoom() }
      #expect((refusal != nil) == isFull && (refusal == nil || refusal?.kind == .full), "\(kilobytes) KiB")
    }
    try store.connection.script("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)")
    try fill(12 << 10)
    #expect(try store.statistics().isFull)
    #expect(
      error { () throws(StoreError) in try store.requireRoom() }?.description.contains("reserve") == true)
  }

  @Test("a store of an earlier software on a disk that cannot be written says what to do")
  func olderReadOnly() throws {
    let disk = try SmallDisk(kilobytes: 4000)
    try OlderStore.make(in: disk.path + "/spool", version: 3)
    try disk.remount(kilobytes: 4000, readOnly: true)
    let refusal = error { () throws(StoreError) in _ = try Store.openReadOnly(directory: disk.path + "/spool")
    }
    #expect(refusal?.kind == .tooOld)
    #expect(refusal?.description.hasSuffix("give the copy as --spool") == true)
  }

  @Test("a panel that starts on a full disk says so, and opens its store when there is room")
  func fullAtStart() throws {
    let disk = try SmallDisk(kilobytes: 64)
    let path = disk.path + "/filler"
    do {
      let filler = try FileDescriptor.open(path, O_WRONLY | O_CREAT)
      _ = try? filler.writeAll([UInt8](repeating: 1, count: 1 << 20), to: path)
    }
    let failure = error { () throws(StoreError) in _ = try Store.open(directory: disk.path + "/spool") }
    #expect(failure?.kind == .full)
    unlink(path)
    try disk.remount(kilobytes: 4000)
    var generator = SplitMix64(seed: 81)
    let store = try Store.open(directory: disk.path + "/spool")
    #expect(store.findings.isEmpty)
    #expect(try store.append(Drawings.sample(using: &generator)).sequence == 1)
  }

  @Test("a disk that turned read-only is told as that, and can still be read")
  func readOnly() throws {
    let disk = try SmallDisk(kilobytes: 4000)
    var generator = SplitMix64(seed: 82)
    let sample = Drawings.sample(using: &generator)
    do {
      let store = try Store.open(directory: disk.path + "/spool")
      try store.append(sample)
    }
    try disk.remount(kilobytes: 4000, readOnly: true)
    let failure = error { () throws(StoreError) in _ = try Store.open(directory: disk.path + "/spool") }
    #expect(failure?.kind == .readOnly)
    #expect(failure?.description.contains("read-only file system") == true)
    // The log of the last panel is still there, so this is more than reading one file.
    let reader = try Store.openReadOnly(directory: disk.path + "/spool")
    #expect(try ids(reader) == [sample.id])
    #expect(try reader.statistics().samples == 1)
  }

  @Test("a store that cannot be made on a read-only disk is told as that")
  func newOnReadOnly() throws {
    let disk = try SmallDisk(kilobytes: 64)
    try disk.remount(kilobytes: 64, readOnly: true)
    let refusal = error { () throws(StoreError) in try StoreDirectory(disk.path + "/new/spool").create() }
    #expect(refusal?.kind == .readOnly, "\(String(describing: refusal))")
  }

  @Test(
    "a copy of the database file alone can be read where nothing can be written, whatever its directory is called",
    arguments: ["booth", "Größe 1?#%41"])
  func readOnlyCopy(directory: String) throws {
    let disk = try SmallDisk(kilobytes: 4000)
    let scratch = try Scratch()
    var generator = SplitMix64(seed: 83)
    let sample = Drawings.sample(using: &generator)
    do {
      let store = try Store.open(directory: scratch.path)
      try store.append(sample)
    }
    // Closing put the log into the file.
    let bytes = try contentsOfFile(scratch.path + "/panel.db", limit: 1 << 22)
    do {
      try #require(mkdir("\(disk.path)/\(directory)", 0o755) == 0)
      let copy = try FileDescriptor.open("\(disk.path)/\(directory)/panel.db", O_WRONLY | O_CREAT)
      try copy.writeAll(bytes, to: "the copy")
    }
    try disk.remount(kilobytes: 4000, readOnly: true)
    let reader = try Store.openReadOnly(directory: "\(disk.path)/\(directory)")
    #expect(try ids(reader) == [sample.id])
  }

  private func ids(_ store: Store) throws -> [Identifier] {
    var found: [Identifier] = []
    try store.forEachSample { stored throws(StoreError) in
      found.append(stored.id)
      #expect((try? stored.sample()) != nil)
    }
    return found
  }
}
