/// What the recogniser reads in a drawing: ten probabilities, and how likely it is no digit at all.
public struct Reading: Equatable, Sendable {
  /// What all ten probabilities add up to, exactly.
  public static let one: UInt32 = 65536

  private let shares: SIMD16<UInt32>
  /// The probability that this is no digit, in 1/65536. A blank canvas has 65536.
  public let rejection: UInt32
  /// Whether ``rejection`` is below the model's threshold.
  public let isDigit: Bool
  /// The most likely digit, 0 ... 9, also where ``isDigit`` is false; of equally likely ones the lowest.
  public let digit: Int

  init(shares: SIMD16<UInt32>, rejection: UInt32, isDigit: Bool) {
    self.shares = shares
    self.rejection = rejection
    self.isDigit = isDigit
    var best = 0
    for i in 1..<10 where shares[i] > shares[best] { best = i }
    digit = best
  }

  /// The probability of a digit, given that it is one, in 1/65536; 0 for anything but 0 ... 9.
  public subscript(digit: Int) -> UInt32 { (0..<10).contains(digit) ? shares[digit] : 0 }

  /// The ten probabilities, which add up to 65536.
  public var probabilities: [UInt32] { (0..<10).map { shares[$0] } }

  /// The probability of ``digit``, in 1/65536.
  public var confidence: UInt32 { shares[digit] }

  /// The reading of a canvas without ink: nothing is more likely than anything else, and it is no digit.
  public static let blank = Reading(
    shares: SIMD16(6554, 6554, 6554, 6554, 6554, 6554, 6553, 6553, 6553, 6553, 0, 0, 0, 0, 0, 0),
    rejection: one,
    isDigit: false)
}
