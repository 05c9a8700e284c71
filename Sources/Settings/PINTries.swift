/// How long the panel waits after wrong PINs: three may be tried, then each further one costs a wait that doubles from 30 s to
/// 10 min.
///
/// The count is written down before a PIN is looked at, and a panel that starts with it waits anew, so that neither pulling
/// the plug nor a clock that is set gives more tries.
public struct PINTries: Equatable, Sendable {
  /// Wrong PINs since the last right one.
  public private(set) var wrong: Int
  /// CLOCK_MONOTONIC in ns: before it no PIN is looked at.
  public private(set) var lockedUntil: UInt64

  /// Tries before the first wait.
  public static let free = 3

  /// - Parameters:
  ///   - wrong: as it was written down.
  ///   - now: CLOCK_MONOTONIC in ns.
  public init(wrong: Int = 0, now: UInt64 = 0) {
    self.wrong = max(0, wrong)
    lockedUntil = now &+ PINTries.wait(after: self.wrong)
  }

  /// The wait in nanoseconds after so many wrong ones.
  static func wait(after wrong: Int) -> UInt64 {
    guard wrong >= free else { return 0 }
    return min(600, 30 << UInt64(min(wrong - free, 10))) * 1_000_000_000
  }

  public func isLocked(at now: UInt64) -> Bool { now < lockedUntil }

  /// Counts a try, before it is known whether it is right.
  public mutating func begin(at now: UInt64) {
    wrong += 1
    lockedUntil = now &+ PINTries.wait(after: wrong)
  }

  /// The PIN was right.
  public mutating func succeed() {
    self = PINTries()
  }

  /// It was wrong: the wait begins now, when it is told.
  public mutating func fail(at now: UInt64) {
    lockedUntil = now &+ PINTries.wait(after: wrong)
  }
}
