import Randomness
import Testing

@testable import Spool

/// Records of panels that come where their drawings were imported.
@Suite("Imports that records take the place of")
struct ImportTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func imported(_ sample: Sample, contributor: Identifier? = nil) -> Sample {
    var copy = sample
    (copy.id, copy.panel, copy.sequence) = (sample.id.imported, Sample.importPanel, 1)
    (copy.strokes, copy.prediction) = ([], nil)
    copy.contributor = contributor ?? sample.contributor
    return copy
  }

  private func arrival(_ sample: Sample, row: Int64) throws -> Arrival {
    let record = try SampleRecord.encode(sample)
    let offer = Offer(
      row: row, id: sample.id, length: record.count, hash: try #require(SampleRecord.digest(of: record)))
    return Arrival(CarriedRecord(record), name: nil, for: offer) { _ in true }
  }

  /// What the counters say, and what is counted anew.
  private func counts(_ store: borrowing Store) throws -> (kept: [String], counted: [String]) {
    func lines(_ statements: [String]) throws -> [String] {
      var lines: [String] = []
      for sql in statements {
        let rows = try store.connection.statement(sql)
        while try rows.step() { lines.append(rows.text(0)) }
      }
      return lines
    }
    let own = "panel = (SELECT id FROM panels WHERE uuid = (SELECT value FROM settings WHERE key = 'panel'))"
    return (
      try lines([
        "SELECT name || ' ' || value FROM counters WHERE name <> 'sequence' AND value <> 0 ORDER BY name",
        "SELECT score || ': ' || contributors FROM scores ORDER BY score",
        "SELECT id || ' ' || samples || ' ' || score FROM contributors ORDER BY id",
      ]),
      try lines([
        """
        SELECT * FROM (
          SELECT 'samples ' || count(*) FROM samples HAVING count(*) > 0
          UNION SELECT 'contributors ' || count(*) FROM contributors HAVING count(*) > 0
          UNION SELECT 'acknowledged ' || count(*) FROM acknowledgements HAVING count(*) > 0
          UNION SELECT 'digit' || label || ' ' || count(*) FROM samples GROUP BY label
          UNION SELECT 'own' || label || ' ' || count(*) FROM samples WHERE \(own) GROUP BY label
        ) ORDER BY 1
        """,
        """
        SELECT score || ': ' || count(*) FROM (SELECT sum(scored) AS score FROM samples GROUP BY contributor)
        WHERE score > 0 GROUP BY score ORDER BY score
        """,
        """
        SELECT contributor || ' ' || count(*) || ' ' || sum(scored) FROM samples GROUP BY contributor
        ORDER BY contributor
        """,
      ])
    )
  }

  @Test(
    "whatever comes first, and together with what: one of each drawing stays, the record where it came, and all is counted"
  )
  func orders() throws {
    var generator = SplitMix64(seed: 91)
    for round in 0..<40 {
      let store = try Store.open(directory: "\(scratch.path)/\(round)")
      try store.connection.script("PRAGMA synchronous = OFF")
      let visitors = (0..<4).map { _ in Identifier(using: &generator) }
      let panels = [Identifier(using: &generator), store.panel]
      var coming: [Sample] = []
      var recorded: Set<Identifier> = []
      var drawings: Set<Identifier> = []
      for number in 1...20 {
        var sample = Drawings.sample(
          label: Int.random(in: 0..<10, using: &generator),
          contributor: visitors[Int.random(in: 0..<4, using: &generator)],
          flags: Bool.random(using: &generator) ? .dot : [], using: &generator)
        (sample.panel, sample.sequence) = (panels[number % 2], UInt64(number))
        let which = Int.random(in: 0..<4, using: &generator)
        if which > 0 { coming.append(sample) }
        // An older data set says no visitors: those are others then.
        let other = Bool.random(using: &generator) ? Identifier(using: &generator) : nil
        if which < 3 { coming.append(imported(sample, contributor: other)) }
        drawings.insert(sample.id.imported)
        if which > 0 { recorded.insert(sample.id) }
      }
      coming.shuffle(using: &generator)
      var (left, row) = (coming[...], Int64(0))
      var receipts: [(id: Identifier, hash: Digest)] = []
      while !left.isEmpty {
        let part = left.prefix(Int.random(in: 1...9, using: &generator))
        left = left.dropFirst(part.count)
        if part.allSatisfy({ $0.panel == Sample.importPanel }), Bool.random(using: &generator) {
          _ = try store.takeIn(part.map { ImportedDrawing($0) })
          continue
        }
        let arrivals = try part.map { sample in
          row += 1
          return try arrival(sample, row: row)
        }
        let (settlements, _) = try store.collect(arrivals, from: panels[0], mark: nil, wall: 1)
        for (arrival, settlement) in zip(arrivals, settlements) where settlement.isReceipt {
          // Who has a receipt may rely on it: what it is for is here.
          let hash = try store.connection.blob(
            "SELECT hash FROM samples WHERE uuid = ?", .blob(arrival.offer.id))
          #expect(hash == arrival.offer.hash.bytes)
          receipts.append((arrival.offer.id, arrival.offer.hash))
        }
        _ = try store.noteOffered(upTo: 1000)
        _ = try store.acknowledge(receipts, by: panels[0], wall: 3)
        let counts = try counts(store)
        #expect(counts.kept == counts.counted)
      }
      var found: Set<Identifier> = []
      try store.forEachSample { (stored) throws(StoreError) in found.insert(stored.id) }
      #expect(found.count == drawings.count && Set(found.map(\.imported)) == drawings)
      #expect(recorded.isSubset(of: found))
    }
  }

  @Test("what is recovered of a damaged store takes the place of what was imported meanwhile")
  func salvaged() throws {
    var generator = SplitMix64(seed: 92)
    var samples: [Sample] = []
    do {
      let store = try Store.open(directory: scratch.path)
      for _ in 0..<5 {
        samples.append(Drawings.sample(using: &generator))
        try store.append(samples[samples.count - 1], name: "Ada")
      }
      // One that the damaged store has as an import only, and whose record comes in the meantime.
      samples.append(Drawings.sample(using: &generator))
      (samples[5].panel, samples[5].sequence) = (Identifier(using: &generator), 1)
      #expect(try store.takeIn([ImportedDrawing(imported(samples[5]))]).added == 1)
      store.directory.noteDamage("for a test")
    }
    let store = try Store.open(directory: scratch.path)
    #expect(try store.takeIn(samples.prefix(4).map { ImportedDrawing(imported($0)) }).added == 4)
    _ = try store.collect([arrival(samples[5], row: 1)], from: samples[5].panel, mark: nil, wall: 1)
    let salvage = try store.salvage(try #require(store.setAside.first))
    #expect((salvage.found, salvage.added, salvage.known, salvage.conflicts.count) == (6, 5, 1, 0))
    var found: Set<Identifier> = []
    try store.forEachSample { (stored) throws(StoreError) in found.insert(stored.id) }
    #expect(found == Set(samples.map(\.id)))
    let counts = try counts(store)
    #expect(counts.kept == counts.counted)
  }
}
