import Glibc
import Randomness
import Testing

@testable import Spool

/// Samples that are counted together, against the triggers that count each.
@Suite("Samples that are counted together")
struct TogetherTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  /// Everything that is counted, as text.
  private func counts(_ store: borrowing Store) throws -> [String] {
    var lines: [String] = []
    for sql in [
      "SELECT name || ' ' || value FROM counters ORDER BY name",
      "SELECT score || ': ' || contributors FROM scores ORDER BY score",
      """
      SELECT hex(pseudonym) || ' ' || samples || ' ' || score || ' ' || scored_at || ' ' || round || ' ' || coalesce(name, '')
      FROM contributors ORDER BY pseudonym
      """,
    ] {
      let rows = try store.connection.statement(sql)
      while try rows.step() { lines.append(rows.text(0)) }
    }
    return lines
  }

  private func arrival(_ sample: Sample, row: Int64) throws -> Arrival {
    let record = try SampleRecord.encode(sample)
    let offer = Offer(
      row: row, id: sample.id, length: record.count, hash: try #require(SampleRecord.digest(of: record)))
    return Arrival(CarriedRecord(record), name: "Ada", for: offer) { _ in true }
  }

  @Test("a batch leaves the same counts, scores and rounds as one sample after the other")
  func same() throws {
    var generator = SplitMix64(seed: 80)
    let many = try Store.open(directory: scratch.path + "/many")
    let single = try Store.open(directory: scratch.path + "/single")
    let strangers = (0..<3).map { _ in Identifier(using: &generator) }
    let visitors = (0..<7).map { _ in
      (pseudonym: Identifier(using: &generator), session: Identifier(using: &generator))
    }
    var sequence: UInt64 = 0
    var row: Int64 = 0
    var receipts: [(id: Identifier, hash: Digest)] = []
    for _ in 0..<12 {
      var batch: [(Sample, Arrival)] = []
      for _ in 0..<Int.random(in: 1...60, using: &generator) {
        let visitor = visitors[Int.random(in: 0..<visitors.count, using: &generator)]
        var sample = Drawings.sample(
          label: Int.random(in: 0..<10, using: &generator), contributor: visitor.pseudonym,
          session: visitor.session, flags: Int.random(in: 0..<4, using: &generator) == 0 ? .dot : [],
          using: &generator)
        // Both stores' own drawings that come back, and those of other panels.
        let from = Int.random(in: 0..<5, using: &generator)
        sample.panel = from < 3 ? strangers[from] : many.panel
        sequence += Int.random(in: 0..<9, using: &generator) == 0 ? 0 : 1
        sample.sequence = sequence
        row += 1
        batch.append((sample, try arrival(sample, row: row)))
        receipts.append((sample.id, batch[batch.count - 1].1.offer.hash))
      }
      let (settlements, _) = try many.collect(batch.map(\.1), from: strangers[0], mark: nil, wall: 1)
      #expect(settlements.allSatisfy { $0 == .stored })
      try single.connection.run("UPDATE settings SET value = ? WHERE key = 'panel'", .blob(many.panel))
      try single.connection.transaction("IMMEDIATE") { () throws(StoreError) in
        for (sample, arrival) in batch { try single.insert(sample, record: arrival.bytes, name: "Ada") }
      }
      #expect(try counts(many) == counts(single))
    }
    #expect(try many.statistics().samples == Int(row))
    let own = try (0..<10).reduce(0) { try $0 + many.counter(Schema.Counter.own($1)) }
    #expect(own > 0 && own < row)
    // Confirmed at once, each once.
    #expect(receipts.count == Int(row))
    #expect(try many.noteOffered(upTo: row) == row)
    let collector = Identifier(using: &generator)
    #expect(try many.acknowledge(receipts + receipts.prefix(9), by: collector, wall: 2) == Int(row))
    #expect(try many.acknowledge(receipts, by: collector, wall: 2) == 0)
    #expect(try many.counter(Schema.Counter.acknowledged) == row)
    #expect(try many.connection.integer("SELECT count(*) FROM acknowledgements") == row)
  }

  @Test("what breaks off in the middle leaves nothing, and the next sample is counted as ever")
  func broken() throws {
    var generator = SplitMix64(seed: 81)
    let store = try Store.open(directory: scratch.path)
    let before = try counts(store)
    let failure = error { () throws(StoreError) in
      try store.connection.transaction("IMMEDIATE") { () throws(StoreError) in
        try store.addingTogether { rows throws(StoreError) in
          var sample = Drawings.sample(using: &generator)
          sample.panel = store.panel
          sample.sequence = 1
          let record = (try? SampleRecord.encode(sample)) ?? []
          try store.insert(sample, record: record, name: nil, &rows)
          throw StoreError(.full, "write", "it", reason: "for a test")
        }
      }
    }
    #expect(failure?.kind == .full)
    #expect(try counts(store) == before)
    #expect(try store.append(Drawings.sample(using: &generator)).total == 1)
    #expect(try store.connection.integer("SELECT 1 FROM settings WHERE key = 'together'") == nil)
  }

  @Test("two samples of one number are told also where they come in one batch")
  func divergence() throws {
    var generator = SplitMix64(seed: 82)
    let store = try Store.open(directory: scratch.path)
    let panel = Identifier(using: &generator)
    var arrivals: [Arrival] = []
    for sequence in [5, 6, 6, 4, 5, .max, .max] as [UInt64] {
      var sample = Drawings.sample(using: &generator)
      sample.panel = panel
      sample.sequence = sequence
      arrivals.append(try arrival(sample, row: Int64(arrivals.count + 1)))
    }
    let (settlements, divergences) = try store.collect(arrivals, from: panel, mark: nil, wall: 1)
    #expect(settlements == [Settlement](repeating: .stored, count: 7))
    #expect(divergences.map(\.sequence) == [6, 5, .max])
    #expect(divergences.allSatisfy { $0.panel == panel && $0.ids.count == 2 })
  }
}
