/// The softmax in integers: logits in 1/256 of a power of two, shares in 1/65536 that add up exactly.
struct Softmax: Sendable {
  /// 2^(-i/256) in 31 bits, for i in 0 ..< 256.
  private let powers: [UInt32]

  /// Computes the table from eight integer square roots and the products of them: the same bits on every processor, and no
  /// floating-point number anywhere.
  init() {
    // roots[k] = 2^(-1/2^(k+1)) in 62 bits, each the root of the one before.
    var roots: [UInt64] = []
    var value: UInt64 = 1 << 61
    for _ in 0..<8 {
      value = Softmax.root(value)
      roots.append(value)
    }
    var powers: [UInt32] = []
    for i in 0..<256 {
      var product: UInt64 = 1 << 62
      for k in 0..<8 where i & (128 >> k) != 0 {
        let (high, low) = product.multipliedFullWidth(by: roots[k])
        product = high << 2 | low >> 62
      }
      powers.append(UInt32(truncatingIfNeeded: (product + (1 << 30)) >> 31))
    }
    self.powers = powers
  }

  /// The square root of a number in 62 fractional bits, in 62 fractional bits, rounded down.
  private static func root(_ value: UInt64) -> UInt64 {
    var result: UInt64 = 0
    for bit in (0...62).reversed() {
      let trial = result | 1 << UInt64(bit)
      let square = trial.multipliedFullWidth(by: trial)
      // square / 2^62 <= value, without losing its low bits.
      let limit = (high: value >> 2, low: value << 62)
      if square.high < limit.high || (square.high == limit.high && square.low <= limit.low) { result = trial }
    }
    return result
  }

  /// 2^(-distance/256) in 31 bits; 0 from 32 halvings on.
  @inline(__always)
  func power(_ distance: Int) -> Int {
    let halvings = distance >> 8
    return halvings < 32 ? Int(powers[distance & 255]) >> halvings : 0
  }

  /// 65536 shared out over the first `count` logits in proportion to 2^(logit/256).
  ///
  /// What rounding down leaves over goes to the largest remainders, of equal ones to the lower index, so the shares always
  /// add up to 65536 (Hamilton's method).
  @inline(__always)
  func shares(of logits: SIMD16<Int16>, count: Int) -> SIMD16<UInt32> {
    var top = logits[0]
    for i in 1..<count { top = max(top, logits[i]) }
    var weights = InlineArray<16, Int>(repeating: 0)
    var total = 0
    for i in 0..<count {
      weights[i] = power(Int(top) &- Int(logits[i]))
      total &+= weights[i]
    }
    // One division for all: the total is below 2^35, and a weight times 65536 below 2^48, so that with 63 bits of the inverse a share
    // is right or one too low, which its remainder tells.
    let inverse = (1 << 63) / UInt(bitPattern: total)
    var shares = SIMD16<UInt32>(repeating: 0)
    // A remainder, below 2^35, and 15 less its index: the largest is the one that is served next.
    var claims = InlineArray<16, Int>(repeating: -1)
    var left = 65536
    for i in 0..<count {
      let (high, low) = UInt(bitPattern: weights[i] << 16).multipliedFullWidth(by: inverse)
      var share = Int(bitPattern: high << 1 | low >> 63)
      var remainder = weights[i] << 16 &- share &* total
      if remainder >= total {
        share &+= 1
        remainder &-= total
      }
      shares[i] = UInt32(truncatingIfNeeded: share)
      claims[i] = remainder << 4 | (15 - i)
      left &-= share
    }
    while left > 0 {
      var best = claims[0]
      for i in 1..<count { best = max(best, claims[i]) }
      let index = 15 - best & 15
      shares[index] &+= 1
      claims[index] = -1
      left &-= 1
    }
    return shares
  }
}
