import Ink

/// Asks a visitor who has gone quiet whether they are still there, and counts down to the wipe.
///
/// It is a screen of its own, so that it is seen from afar and covers no canvas; any touch goes back to where the visitor was,
/// and does nothing else.
struct StillThereScreen: BoothScreen {
  enum Control: Hashable, Sendable {
    /// The whole screen.
    case anywhere
  }

  enum Outcome: Sendable, Equatable {
    case none
    /// Somebody touched: the visit goes on.
    case goOn
    /// Nobody did: the visit ends.
    case wipe
  }

  /// When the visit ends, CLOCK_MONOTONIC in nanoseconds.
  let end: UInt64
  /// The seconds of the whole countdown.
  let whole: Int
  /// What the countdown shows: whole seconds that are left, 1 at least.
  private(set) var seconds: Int

  private static let second: UInt64 = 1_000_000_000

  /// - Parameters:
  ///   - now: CLOCK_MONOTONIC in nanoseconds.
  ///   - countdown: how long to wait for a touch, in nanoseconds.
  init(now: UInt64, countdown: UInt64) {
    end = now &+ countdown
    seconds = max(1, Int((countdown + Self.second - 1) / Self.second))
    whole = seconds
  }

  func controls(in layout: Layout) -> [ScreenControl<Control>] {
    [ScreenControl(control: .anywhere, rect: layout.bounds)]
  }

  func actsAtOnce(_ control: Control) -> Bool { true }

  mutating func press(_ control: Control, at time: UInt64) -> Outcome { .goOn }

  /// The next full second.
  var deadline: UInt64? { end &- UInt64(seconds - 1) * Self.second }

  mutating func tick(_ now: UInt64) -> Outcome {
    guard now < end else { return .wipe }
    seconds = max(1, Int((end - now + Self.second - 1) / Self.second))
    return .none
  }

  func changes(since before: StillThereScreen, in layout: Layout) -> [PixelRect]? {
    self == before ? [] : [number(in: layout)]
  }
}
