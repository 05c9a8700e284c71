import Glibc
import Kernel
import Randomness
import Testing

@testable import Spool

/// The log of a store into which other stores are drained, drawing after drawing.
@Suite("A log that is copied while it is written", .serialized)
struct LogCopierTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  /// Drawings of 100,000 bytes in batches of ten: 250 pages of the log each.
  private func batch(_ number: Int) throws -> [Arrival] {
    try (0..<10).map { place in
      var generator = SplitMix64(seed: UInt64(number * 10 + place))
      var sample = Drawings.sample(using: &generator)
      sample.png = Drawings.sevenPNG + [UInt8](repeating: UInt8(place), count: 100_000)
      sample.sequence = UInt64(number * 10 + place + 1)
      let record = try SampleRecord.encode(sample)
      let offer = Offer(
        row: Int64(sample.sequence), id: sample.id, length: record.count,
        hash: try #require(SampleRecord.digest(of: record)))
      return Arrival(CarriedRecord(record), name: nil, for: offer) { _ in true }
    }
  }

  private func collect(_ batches: Range<Int>, into store: borrowing Store) throws -> Int32 {
    let source = Identifier.random()
    var longest: Int32 = 0
    for number in batches {
      let settlements = try store.collect(try batch(number), from: source, mark: nil, wall: 1).settlements
      #expect(settlements.allSatisfy { $0 == .stored })
      longest = max(longest, store.log.pages)
    }
    return longest
  }

  private func size(_ file: String) -> Int {
    var info = stat()
    return stat("\(scratch.path)/\(file)", &info) == 0 ? Int(info.st_size) : 0
  }

  @Test(
    "it goes into the file beside the writing, never grows over its limit, and all drawings are whole afterwards"
  )
  func collecting() throws {
    do {
      let store = try Store.open(directory: scratch.path)
      // Enough for the copier to begin, and not for the writer to do it.
      #expect(try collect(0..<24, into: store) < 2 * Store.longestLog)
      let end = MonotonicClock.now() + 20_000_000_000
      while size("panel.db") < 15 << 20, MonotonicClock.now() < end { usleep(10_000) }
      #expect(size("panel.db") >= 15 << 20, "the copier has put what it found into the file")
      // Without it, or without an end of what is copied, the log would have 50,000 pages.
      let longest = try collect(24..<200, into: store)
      #expect(longest < 4 * Store.longestLog + 300, "\(longest) pages")
      #expect(try store.connection.text("PRAGMA integrity_check") == "ok")
    }
    let store = try Store.openReadOnly(directory: scratch.path)
    var whole = 0
    try store.forEachSample { (stored) throws(StoreError) in
      if (try? SampleRecord.verify(stored.record ?? [])) != nil { whole += 1 }
    }
    #expect(try whole == 2000 && store.statistics().samples == 2000)
  }

  @Test("who reads an older state of the store keeps the log, and nobody waits for him")
  func reader() throws {
    let store = try Store.open(directory: scratch.path)
    _ = try collect(0..<1, into: store)
    do {
      let reader = try Store.openReadOnly(directory: scratch.path)
      try reader.connection.script("BEGIN; SELECT count(*) FROM samples")
      let longest = try collect(1..<50, into: store)
      #expect(longest > 2 * Store.longestLog)
      #expect(try reader.connection.integer("SELECT count(*) FROM samples") == 10)
    }
    _ = try collect(50..<60, into: store)
    #expect(store.log.pages < 2 * Store.longestLog)
    #expect(try store.statistics().samples == 600)
  }

  @Test("what was deleted leaves the disk at the next checkpoint, also when the copier is at work then")
  func erasing() throws {
    let store = try Store.open(directory: scratch.path)
    for number in 0..<6 {
      _ = try collect((number * 25)..<(number * 25 + 25), into: store)
      try store.connection.transaction("IMMEDIATE") { () throws(StoreError) in try store.noteErasure() }
      // What the last one has not copied takes it some milliseconds.
      try #require(store.copying.copier != nil)
      store.copying.copier?.copy()
      usleep(500)
      try store.checkpoint()
      #expect(try !store.hasTraces())
    }
  }
}
