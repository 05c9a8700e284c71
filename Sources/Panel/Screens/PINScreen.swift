import Ink
import Settings

/// Asks for the operator's PIN; without one set it says how to set one, and opens nothing.
struct PINScreen: BoothScreen {
  enum Control: Hashable, Sendable {
    case digit(Int)
    case erase, enter, back
  }

  enum Outcome: Sendable, Equatable {
    case none
    case check(String)
    case back
  }

  enum State: Sendable, Equatable {
    /// The configuration has no PIN.
    case unset
    case entering
    /// It is being looked at.
    case checking
    /// The last one was wrong; another may be tried.
    case wrong
    /// Too many were wrong. The seconds that are left, 1 at least.
    case locked(Int)
  }

  private(set) var state: State
  /// Never shown, only its length.
  private(set) var pin = ""
  private var lockedUntil: UInt64

  private static let second: UInt64 = 1_000_000_000

  /// - Parameter now: CLOCK_MONOTONIC in nanoseconds.
  init(hasPIN: Bool, tries: PINTries, now: UInt64) {
    state = hasPIN ? .entering : .unset
    lockedUntil = tries.lockedUntil
    if hasPIN, tries.isLocked(at: now) { count(now) }
  }

  /// Whether digits are taken.
  var takesDigits: Bool { state == .entering || state == .wrong }

  mutating func press(_ control: Control, at time: UInt64) -> Outcome {
    switch control {
    case .back: return .back
    case .digit(let digit):
      guard takesDigits, pin.utf8.count < PIN.lengths.upperBound else { return .none }
      state = .entering
      pin += "\(digit)"
    case .erase:
      guard takesDigits, !pin.isEmpty else { return .none }
      pin.removeLast()
    case .enter:
      guard takesDigits, pin.utf8.count >= PIN.lengths.lowerBound else { return .none }
      let entered = pin
      pin = ""
      state = .checking
      return .check(entered)
    }
    return .none
  }

  /// The PIN was wrong.
  mutating func refuse(_ tries: PINTries, at now: UInt64) {
    state = .wrong
    lockedUntil = tries.lockedUntil
    if tries.isLocked(at: now) { count(now) }
  }

  func actsAtOnce(_ control: Control) -> Bool {
    // A keypad answers to the finger that comes down; what leads on or away waits for it to come up.
    switch control {
    case .digit, .erase: true
    case .enter, .back: false
    }
  }

  func repeats(_ control: Control) -> Bool { control == .erase }

  /// The next full second of the wait.
  var deadline: UInt64? {
    guard case .locked(let seconds) = state else { return nil }
    return lockedUntil &- UInt64(max(0, seconds - 1)) * Self.second
  }

  mutating func tick(_ now: UInt64) -> Outcome {
    if case .locked = state { count(now) }
    return .none
  }

  private mutating func count(_ now: UInt64) {
    state = now < lockedUntil ? .locked(Int((lockedUntil - now + Self.second - 1) / Self.second)) : .entering
  }

  func changes(since before: PINScreen, in layout: Layout) -> [PixelRect]? {
    if self == before { return [] }
    // Keys become usable or not with these.
    if takesDigits != before.takesDigits { return nil }
    let places = places(in: layout)
    return [places.field, places.message, places.key(.enter)].compactMap { $0 }
  }
}
