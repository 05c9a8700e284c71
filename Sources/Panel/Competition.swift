import Spool

/// What the panel remembers of the visit in hand, to judge its next drawing. It is gone with the visit, and with the
/// program.
struct Competition: Sendable {
  /// The visit that all but the times belong to.
  private(set) var session = Identifier.none
  /// How this visit's drawings look.
  private(set) var earlier: [InkHash] = []
  /// The digits of the full block that the visitor is at, drawn one after the other and all counted.
  private(set) var streak: DigitSet = []
  /// Full blocks of this visit.
  private(set) var blocks = 0
  /// When whose drawings scored within the last minute: CLOCK_MONOTONIC in nanoseconds.
  private var scored: [(contributor: Identifier, time: UInt64)] = []

  private static let minute: UInt64 = 60_000_000_000

  /// A visit begins; the same one again changes nothing.
  mutating func begin(_ session: Identifier) {
    guard session != self.session else { return }
    self.session = session
    earlier = []
    streak = []
    blocks = 0
  }

  /// Whether a visitor has as many drawings that scored within the last minute as the rules count.
  func isRushed(_ contributor: Identifier, at time: UInt64, perMinute: Int) -> Bool {
    scored.count { $0.contributor == contributor && time < $0.time &+ Self.minute } >= perMinute
  }

  /// Counts a drawing that was stored.
  ///
  /// - Returns: whether a full block of `prompts` ends with it.
  mutating func count(
    digit: Int, hash: InkHash, flags: QualityFlags, of contributor: Identifier, at time: UInt64,
    prompts: DigitSet
  ) -> Bool {
    earlier.append(hash)
    scored.removeAll { time >= $0.time &+ Self.minute }
    guard flags.isDisjoint(with: .unscored) else {
      streak = []
      return false
    }
    scored.append((contributor, time))
    streak.insert(DigitSet(digit))
    guard streak.isSuperset(of: prompts) else { return false }
    streak = []
    blocks += 1
    return true
  }
}
