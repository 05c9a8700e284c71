import Spool

/// What the challenge asks for and what scores, as the configuration says.
struct ChallengeRules: Sendable, Equatable {
  /// The digits that visitors are asked for.
  var digits = DigitSet.all
  /// How many drawings of each digit 0 ... 9 are wanted; 0 for no end.
  var targets = [Int](repeating: 0, count: 10)
  /// How many drawings of one visitor score within a minute.
  var perMinute = 30
  /// What was drawn in less time than this does not score, in milliseconds.
  var leastDuration = Quality.leastDuration

  /// Whether as many of each digit are wanted, so that gaps are to be filled.
  var isEven: Bool { Set(targets).count <= 1 }

  /// The digits to ask for when the store holds `counts` of each: those whose target is not reached. When all are reached the
  /// event goes on with all of them.
  func prompts(counts: [Int]) -> DigitSet {
    var open: DigitSet = []
    for digit in 0...9 where digits.contains(digit: digit) {
      let target = targets.indices.contains(digit) ? targets[digit] : 0
      let count = counts.indices.contains(digit) ? counts[digit] : 0
      if target == 0 || count < target { open.insert(DigitSet(digit)) }
    }
    return open.isEmpty ? digits : open
  }
}
