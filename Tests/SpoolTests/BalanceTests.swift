import Randomness
import Testing

@testable import Spool

/// The balance of the digits where drawings are withdrawn.
@Suite("The balance after withdrawals")
struct BalanceTests {
  private func spread(_ counts: [Int]) -> Int { (counts.max() ?? 0) - (counts.min() ?? 0) }

  @Test(
    "a block fills the gaps that were left, never with the same digit twice in a row, and goes on as before")
  func block() {
    for seed in 0..<50 {
      var generator = SplitMix64(seed: UInt64(seed))
      var block = DigitBlock(using: &generator)
      var counts = [Int](repeating: 0, count: 10)
      var (drawn, last): (DigitSet, Int?) = ([], nil)
      var blocks: [[Int]] = [[]]
      func draw() {
        let lags = block.lags(counts: counts)
        let digit = block.next(avoiding: drawn, lags: lags, last: last)
        #expect(digit == block.next(avoiding: drawn, lags: block.lags(counts: counts), last: last))
        let isAlone = block.remaining.count == 1 && lags.count { $0 > 0 } <= 1
        #expect(digit != last || isAlone, "seed \(seed)")
        counts[digit] += 1
        if lags[digit] == 0 {
          block.advance(past: digit, using: &generator)
          blocks[blocks.count - 1].append(digit)
          if block.remaining == .all { blocks.append([]) }
        }
        drawn.insert(DigitSet(digit))
        if drawn == .all { drawn = [] }
        last = digit
      }
      for _ in 0..<Int.random(in: 20..<200, using: &generator) { draw() }
      #expect(spread(counts) <= 1)
      for _ in 0..<4 {
        // A visit goes, of one digit or of many.
        let kinds = Int.random(in: 1...10, using: &generator)
        var gaps = 0
        for _ in 0..<Int.random(in: 1..<12, using: &generator) {
          let digit = Int.random(in: 0..<kinds, using: &generator)
          if counts[digit] > 0 { (counts[digit], gaps) = (counts[digit] - 1, gaps + 1) }
        }
        // What is missing may be more than what went: with the last drawing of a digit the others lead.
        for _ in 0..<2 * (gaps + 10) * 10 where block.lags(counts: counts).contains(where: { $0 > 0 }) {
          draw()
        }
        #expect(spread(counts) <= 1, "seed \(seed): \(counts)")
        for _ in 0..<Int.random(in: 0..<40, using: &generator) {
          draw()
          #expect(spread(counts) <= 1)
        }
      }
      for whole in blocks.dropLast() { #expect(whole.sorted() == Array(0...9), "seed \(seed)") }
    }
  }

  @Test(
    "among those that lag the one that lags most comes first, if the visitor has not drawn it in this round")
  func most() throws {
    let block = try #require(DigitBlock(order: [3, 1, 4, 5, 9, 2, 6, 8, 7, 0], remaining: .all))
    let lags = block.lags(counts: [9, 7, 9, 9, 8, 7, 9, 9, 9, 9])
    #expect(lags == [0, 2, 0, 0, 1, 2, 0, 0, 0, 0])
    #expect(block.next(lags: lags, last: nil) == 1)
    #expect(block.next(lags: lags, last: 1) == 5)
    #expect(block.next(avoiding: [DigitSet(1), DigitSet(5)], lags: lags, last: 5) == 4)
    #expect(block.next(avoiding: .all, lags: lags, last: 1) == 5)
    // Digits that are not asked for neither lag nor lead.
    let some: DigitSet = [DigitSet(1), DigitSet(4)]
    #expect(
      block.lags(counts: [9, 7, 9, 9, 8, 7, 9, 9, 9, 9], among: some) == [0, 1, 0, 0, 0, 0, 0, 0, 0, 0])
    // One alone waits for another digit to come between.
    let alone = [0, 0, 0, 4, 0, 0, 0, 0, 0, 0]
    #expect(block.next(lags: alone, last: 3) == 1 && block.next(lags: alone, last: 1) == 3)
    #expect(block.next(among: [DigitSet(3)], lags: alone, last: 3) == 3, "there is no other")
    // What is gone from a block's digits lags only behind what the block explains.
    let begun = try #require(
      DigitBlock(order: [3, 1, 4, 5, 9, 2, 6, 8, 7, 0], remaining: [DigitSet(7), DigitSet(0)]))
    #expect(begun.lags(counts: [4, 5, 5, 5, 5, 5, 5, 4, 5, 5]).allSatisfy { $0 == 0 })
    #expect(begun.lags(counts: [4, 4, 5, 5, 5, 5, 5, 4, 5, 5]) == [0, 1, 0, 0, 0, 0, 0, 0, 0, 0])
  }

  @Test(
    "visits are withdrawn while others draw: the panel comes back into balance, over restarts, and asks in blocks again"
  )
  func store() throws {
    let scratch = try Scratch()
    var generator = SplitMix64(seed: 90)
    var store = try Store.open(directory: scratch.path)
    // The durability of each commit is not what is tested here.
    try store.connection.script("PRAGMA synchronous = OFF")
    // Another panel's drawings in this store change nothing.
    var others: [ImportedDrawing] = []
    for number in 1...30 {
      var sample = Drawings.sample(label: 7, using: &generator)
      (sample.panel, sample.sequence) = (Identifier(high: 7, low: 7), UInt64(number))
      others.append(ImportedDrawing(sample))
    }
    #expect(try store.takeIn(others).added == 30)
    func draw(_ count: Int, _ session: Identifier) throws {
      let contributor = Identifier(using: &generator)
      for _ in 0..<count {
        let digit = try store.nextDigit(for: contributor)
        try store.append(
          Drawings.sample(label: digit, contributor: contributor, session: session, using: &generator))
      }
    }
    var visits: [Identifier] = []
    for round in 0..<60 {
      visits.append(Identifier(using: &generator))
      try draw(Int.random(in: 1...14, using: &generator), visits[visits.count - 1])
      if round % 3 == 2 {
        let place = Int.random(in: 0..<visits.count, using: &generator)
        _ = try store.withdraw(session: visits.remove(at: place), wall: 1)
      }
      if round % 10 == 9 {
        let asked = try store.nextDigit()
        store = try Store.openReadOnly(directory: scratch.path)
        #expect(try store.nextDigit() == asked)
        store = try Store.open(directory: scratch.path)
        try store.connection.script("PRAGMA synchronous = OFF")
        #expect(try store.nextDigit() == asked)
      }
      var own = [Int](repeating: 0, count: 10)
      let rows = try store.connection.statement("SELECT label FROM samples WHERE panel <> 1")
      while try rows.step() { own[Int(rows.integer(0))] += 1 }
      #expect(try store.ownCounts() == own)
    }
    // All drawings of one digit but the newest, as an operator may remove them who has only this tool.
    var (before, after): ([Int], [Int]) = (try store.ownCounts(), [])
    try store.apply(
      try ids(of: 4, in: store).dropLast().map { Tombstone(id: $0, kind: .sample, wall: 1) })
    before = try store.ownCounts()
    #expect(before[4] == 1 && spread(before) > 20)
    let session = Identifier(using: &generator)
    // The gap is filled at every second drawing at least.
    try draw(2 * (before.map { (before.max() ?? 0) - $0 }.reduce(0, +) + 10), session)
    after = try store.ownCounts()
    #expect(spread(after) <= 1, "\(before) became \(after)")
    // From the beginning of a block on each has all ten.
    func isBlockBegun() throws -> Bool { try Set(store.ownCounts()).count > 1 }
    while try isBlockBegun() { try draw(1, session) }
    for _ in 0..<5 {
      let (had, contributor) = (try store.ownCounts(), Identifier(using: &generator))
      var asked: Set<Int> = []
      for _ in 0..<10 {
        let digit = try store.nextDigit(for: contributor)
        asked.insert(digit)
        try store.append(
          Drawings.sample(label: digit, contributor: contributor, session: session, using: &generator))
      }
      #expect(try asked.count == 10 && store.ownCounts() == had.map { $0 + 1 })
    }
  }

  private func ids(of label: Int, in store: Store) throws -> [Identifier] {
    var found: [Identifier] = []
    let rows = try store.connection.statement(
      "SELECT uuid FROM samples WHERE label = ? ORDER BY id", [.integer(label)])
    while try rows.step() { found.append(try #require(Identifier(bytes: rows.blob(0)))) }
    return found
  }

  @Test(
    "an older store counts its own samples when it is brought up to date, alone or with others' beside them")
  func older() throws {
    for others in [0, 3] {
      let scratch = try Scratch()
      try OlderStore.make(in: scratch.path, version: 6)
      do {
        let connection = try StoreDirectory(scratch.path).connect(.readWrite)
        for number in 0..<others {
          if number == 0 {
            try connection.script("INSERT INTO panels VALUES (2, x'\(String(repeating: "5B", count: 16))')")
          }
          try connection.script(
            """
            INSERT INTO samples VALUES (\(number + 2), x'\(String(repeating: "1\(number)", count: 16))', 2, 1, 1, 1, 3, NULL, NULL,
              NULL, 0, 1, 1, 1795000000000, 2, x'\(String(repeating: "04", count: 32))', NULL);
            """)
        }
      }
      let store = try Store.open(directory: scratch.path)
      #expect(try store.statistics().perDigit == [0, 0, 0, others, 0, 0, 0, 1, 0, 0])
      #expect(try store.ownCounts() == [0, 0, 0, 0, 0, 0, 0, 1, 0, 0])
      // No block was begun there, so the one seven is ahead of all others.
      for _ in 0..<9 {
        let digit = try store.nextDigit()
        #expect(digit != 7)
        var generator = SystemRandomNumberGenerator()
        try store.append(Drawings.sample(label: digit, using: &generator))
      }
      #expect(try store.ownCounts() == [Int](repeating: 1, count: 10))
    }
  }
}
