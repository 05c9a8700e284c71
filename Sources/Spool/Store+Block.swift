extension Store {
  /// The digit to ask for next. It stays the same, over restarts too, until a sample of it is stored.
  ///
  /// - Parameter contributor: whoever is asked: as long as the block allows, no digit comes twice in the visitor's round
  ///   of ten.
  public func nextDigit(for contributor: Identifier? = nil) throws(StoreError) -> Int {
    if connection.isReadOnly { return (try storedBlock())?.next() ?? 0 }
    do throws(StoreError) {
      let drawn = try contributor.map { pseudonym throws(StoreError) in try round(of: pseudonym) } ?? []
      if let block = try storedBlock() { return block.next(avoiding: drawn) }
      return try connection.transaction("IMMEDIATE") { () throws(StoreError) in
        try block().next(avoiding: drawn)
      }
    } catch {
      throw error.during("choose a digit from")
    }
  }

  /// Takes a digit off the block; within the transaction that stores its sample.
  func advanceBlock(past digit: Int) throws(StoreError) {
    var generator = SystemRandomNumberGenerator()
    var block = try block()
    block.advance(past: digit, using: &generator)
    try keep(block)
  }

  /// The block in use, begun if there was none; within a transaction.
  private func block() throws(StoreError) -> DigitBlock {
    if let block = try storedBlock() { return block }
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
      throw StoreError(
        .damaged, "choose a digit from", connection.path, reason: "its block of ten is no block")
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
