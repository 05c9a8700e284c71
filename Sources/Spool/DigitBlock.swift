/// Some of the digits 0 ... 9.
public struct DigitSet: OptionSet, Hashable, Sendable {
  public let rawValue: UInt16

  public init(rawValue: UInt16) { self.rawValue = rawValue & 0x3FF }

  public init(_ digit: Int) { self.init(rawValue: (0...9).contains(digit) ? 1 << UInt16(digit) : 0) }

  /// All ten.
  public static let all = DigitSet(rawValue: 0x3FF)

  public func contains(digit: Int) -> Bool { !isDisjoint(with: DigitSet(digit)) }
  public var count: Int { rawValue.nonzeroBitCount }
}

/// The block of ten: every digit is asked for once, in a shuffled order, before any is asked for again.
///
/// So the most and the least drawn digit of a panel never differ by more than one, where independent random prompts leave
/// one of them twice as often as another after 200 samples (common-voice#241). Only a stored sample advances the block:
/// what is asked for survives a restart, and a visitor who leaves passes the digit on. Drawings that are withdrawn leave gaps;
/// those are filled first, beside the block, which waits meanwhile.
public struct DigitBlock: Equatable, Sendable {
  /// The ten digits in the order in which they are asked for.
  public let order: [Int]
  /// The digits of this block that no stored sample has yet.
  public private(set) var remaining: DigitSet

  /// A new block.
  ///
  /// - Parameter last: the digit that was drawn just before: it does not come first, so that nobody takes the next prompt
  ///   for the last one.
  public init(after last: Int? = nil, using generator: inout some RandomNumberGenerator) {
    var order = Array(0...9).shuffled(using: &generator)
    if order.first == last { order.swapAt(0, Int.random(in: 1...9, using: &generator)) }
    self.order = order
    remaining = .all
  }

  /// A block as it was stored; nil unless `order` has each digit once and some remain.
  public init?(order: [Int], remaining: DigitSet) {
    guard order.sorted() == Array(0...9), !remaining.isEmpty else { return nil }
    self.order = order
    self.remaining = remaining
  }

  /// The digit to ask for: one that lags as long as one does, the most lagging first; else the first that remains. If possible it
  /// is one that this visitor has not drawn in the round of ten.
  ///
  /// - Parameters:
  ///   - prompts: the digits that are asked for at all.
  ///   - drawn: what the visitor has drawn of the round. The balance holds whatever it is.
  ///   - lags: of each digit, as ``lags(counts:among:)`` tells them. Which of equal ones comes first is in the block's order.
  ///   - last: the digit that was drawn just before. Where it alone lags, another one comes between, so that nobody takes the
  ///     next prompt for the last one.
  public func next(
    among prompts: DigitSet = .all, avoiding drawn: DigitSet = [],
    lags: [Int] = [Int](repeating: 0, count: 10), last: Int? = nil
  ) -> Int {
    let asked = order.filter { prompts.contains(digit: $0) }
    let others = asked.filter { $0 != last }
    func fresh(_ digits: [Int]) -> [Int] { digits.filter { !drawn.contains(digit: $0) } }
    let behind = others.filter { lags[$0] > 0 }
    let candidates = fresh(behind).isEmpty ? behind : fresh(behind)
    let most = candidates.map { lags[$0] }.max()
    if let digit = candidates.first(where: { lags[$0] == most }) { return digit }
    let open = others.filter { remaining.contains(digit: $0) }
    return fresh(open).first ?? open.first ?? asked.first { remaining.contains(digit: $0) } ?? order.first
      ?? 0
  }

  /// How many drawings each digit has less than the one that has most, beyond what this block explains; 0 for digits that are
  /// not asked for.
  ///
  /// - Parameter counts: this panel's drawings of 0 ... 9.
  public func lags(counts: [Int], among prompts: DigitSet = .all) -> [Int] {
    // Before this block all had as many, unless some were taken away.
    let before = (0...9).map { counts[$0] - (remaining.contains(digit: $0) ? 0 : 1) }
    let most = (0...9).filter { prompts.contains(digit: $0) }.map { before[$0] }.max() ?? 0
    return (0...9).map { prompts.contains(digit: $0) ? most - before[$0] : 0 }
  }

  /// Takes a stored sample's digit off, and begins a new block after the last of `prompts`. A digit that was not open
  /// changes nothing.
  public mutating func advance(
    past digit: Int, among prompts: DigitSet = .all, using generator: inout some RandomNumberGenerator
  ) {
    remaining.remove(DigitSet(digit))
    if remaining.isDisjoint(with: prompts) { self = DigitBlock(after: digit, using: &generator) }
  }
}
