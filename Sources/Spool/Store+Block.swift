extension Store {
  /// The digit to ask for next. It stays the same, over restarts too, until a sample of it is stored.
  ///
  /// - Parameter contributor: whoever is asked: as long as the block allows, no digit comes twice in the visitor's round
  ///   of ten.
  public func nextDigit(for contributor: Identifier? = nil) throws(StoreError) -> Int {
    if connection.isReadOnly {
      guard let block = try storedBlock() else { return 0 }
      return try next(of: block)
    }
    do throws(StoreError) {
      let drawn = try contributor.map { pseudonym throws(StoreError) in try round(of: pseudonym) } ?? []
      if let block = try storedBlock(), !block.remaining.isDisjoint(with: prompts) {
        return try next(of: block, avoiding: drawn)
      }
      return try connection.transaction("IMMEDIATE") { () throws(StoreError) in
        try next(of: try block(), avoiding: drawn)
      }
    } catch {
      throw error.during("choose a digit from")
    }
  }

  /// What a block asks for, beside the gaps that withdrawn drawings have left.
  private func next(of block: DigitBlock, avoiding drawn: DigitSet = []) throws(StoreError) -> Int {
    let last = try connection.integer("SELECT label FROM samples ORDER BY id DESC LIMIT 1")
    return block.next(
      among: prompts, avoiding: drawn, lags: lags(of: block, counts: try ownCounts()),
      last: last.map { Int($0) })
  }

  private func lags(of block: DigitBlock, counts: [Int]) -> [Int] {
    fillsGaps ? block.lags(counts: counts, among: prompts) : [Int](repeating: 0, count: 10)
  }

  /// This panel's own samples of 0 ... 9.
  func ownCounts() throws(StoreError) -> [Int] {
    var counts = [Int](repeating: 0, count: 10)
    let statement = try connection.statement(
      "SELECT name, value FROM counters WHERE name BETWEEN ? AND ?",
      [.text(Schema.Counter.own(0)), .text(Schema.Counter.own(9))])
    while try statement.step() {
      guard let digit = statement.text(0).last?.wholeNumberValue else { continue }
      counts[digit] = Int(statement.integer(1))
    }
    return counts
  }

  /// Takes a digit off the block; within the transaction that stores its sample. One that fills a gap leaves the block as it is.
  func advanceBlock(past digit: Int) throws(StoreError) {
    var generator = SystemRandomNumberGenerator()
    var block = try block()
    var counts = try ownCounts()
    counts[digit] -= 1
    guard lags(of: block, counts: counts)[digit] == 0 else { return }
    block.advance(past: digit, among: prompts, using: &generator)
    try keep(block)
  }

  /// Begins the visitor's next round once all that is asked for is drawn; within the transaction that stores a sample. Where
  /// all ten are asked for, the schema's trigger has done it.
  func endRound(of contributor: Identifier) throws(StoreError) {
    guard prompts != .all else { return }
    try connection.run(
      "UPDATE contributors SET round = 0 WHERE pseudonym = ?1 AND (round & ?2) = ?2", .blob(contributor),
      .integer(Int64(prompts.rawValue)))
  }

  /// The block in use, begun if there was none with a digit that is asked for; within a transaction.
  private func block() throws(StoreError) -> DigitBlock {
    if let block = try storedBlock(), !block.remaining.isDisjoint(with: prompts) { return block }
    var generator = SystemRandomNumberGenerator()
    let block = DigitBlock(using: &generator)
    try keep(block)
    return block
  }

  private func storedBlock() throws(StoreError) -> DigitBlock? {
    let statement = try connection.statement("SELECT digits, remaining FROM blocks")
    guard try statement.step() else { return nil }
    let order = statement.text(0).utf8.map { Int($0) - Int(UInt8(ascii: "0")) }
    guard
      let block = DigitBlock(
        order: order, remaining: DigitSet(rawValue: UInt16(truncatingIfNeeded: statement.integer(1))))
    else {
      throw connection.contradiction("choose a digit from", "its block of ten is no block")
    }
    return block
  }

  private func keep(_ block: DigitBlock) throws(StoreError) {
    try connection.run(
      """
      INSERT INTO blocks VALUES (1, ?1, ?2)
      ON CONFLICT (id) DO UPDATE SET digits = ?1, remaining = ?2
      """, .text(block.order.map(String.init).joined()), .integer(Int64(block.remaining.rawValue)))
  }

  private func round(of contributor: Identifier) throws(StoreError) -> DigitSet {
    let bits = try connection.integer(
      "SELECT round FROM contributors WHERE pseudonym = ?", .blob(contributor))
    return DigitSet(rawValue: UInt16(truncatingIfNeeded: bits ?? 0))
  }
}
