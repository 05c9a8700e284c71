import Randomness

/// What a hand's tremor is made from.
extension SplitMix64 {
  /// Evenly from 0 up to 1.
  mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Around 0 with deviation 1: the sum of twelve even numbers is close enough to a normal one for a hand.
  mutating func normal() -> Double {
    var sum = -6.0
    for _ in 0..<12 { sum += unit() }
    return sum
  }
}
