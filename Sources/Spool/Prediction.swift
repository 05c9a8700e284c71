import Recognizer

/// What the recogniser read in a drawing.
public struct Prediction: Equatable, Sendable {
  /// Ten probabilities for 0 ... 9 in 1/65536, given that it is a digit; they sum to 65536.
  public let probabilities: [UInt32]
  /// The probability that it is no digit, in 1/65536: 0 ... 65536.
  public let rejection: UInt32
  /// Whether the model took it for a digit: where the limit of ``rejection`` lies is the model's own.
  public let isDigit: Bool

  /// - Parameter isDigit: as the model says; without it, whether a digit is at least as probable as none.
  /// - Returns: nil unless there are ten probabilities that sum to 65536 and a rejection of at most 65536.
  public init?(probabilities: [UInt32], rejection: UInt32, isDigit: Bool? = nil) {
    guard probabilities.count == 10, rejection <= 65536, probabilities.allSatisfy({ $0 <= 65536 }),
      probabilities.reduce(0, +) == 65536
    else { return nil }
    self.probabilities = probabilities
    self.rejection = rejection
    self.isDigit = isDigit ?? (rejection <= 32768)
  }

  /// A reading as it is stored.
  public init(_ reading: Reading) {
    probabilities = reading.probabilities
    rejection = reading.rejection
    isDigit = reading.isDigit
  }

  /// The most probable digit, the smaller of two equal ones.
  public var digit: Int {
    var best = 0
    for digit in 1..<10 where probabilities[digit] > probabilities[best] { best = digit }
    return best
  }

  /// The probability of ``digit`` in 1/65536.
  public var confidence: UInt32 { probabilities[digit] }
}
