import Ink

/// One screen of the booth, as a value: it knows no clock, no display and no file.
///
/// ``Staged`` finds the control under a finger and tells the screen what was pressed; the ``Booth`` does what the outcome
/// asks for.
protocol BoothScreen: Sendable, Equatable {
  /// What can be pressed on it.
  associatedtype Control: Hashable, Sendable
  /// What the booth has to do about it.
  associatedtype Outcome: Sendable

  /// What can be pressed now, and where. Where two overlap, the first is pressed.
  func controls(in layout: Layout) -> [ScreenControl<Control>]

  /// A control was pressed: the finger came up inside it, or came down on one that ``actsAtOnce(_:)``.
  mutating func press(_ control: Control, at time: UInt64) -> Outcome

  /// Whether a control is pressed by the finger that comes down, not by the one that comes up.
  func actsAtOnce(_ control: Control) -> Bool

  /// Whether a control is pressed again and again while a finger stays on it. It then acts at once.
  func repeats(_ control: Control) -> Bool

  /// When ``tick(_:)`` has something to do, CLOCK_MONOTONIC in nanoseconds; nil while nothing changes by itself.
  var deadline: UInt64? { get }

  /// Time has come to ``deadline``.
  mutating func tick(_ now: UInt64) -> Outcome

  /// Where it looks different from what it was before a press or a tick; nil for everywhere.
  func changes(since before: Self, in layout: Layout) -> [PixelRect]?
}

extension BoothScreen {
  func actsAtOnce(_ control: Control) -> Bool { repeats(control) }
  func repeats(_ control: Control) -> Bool { false }
  var deadline: UInt64? { nil }
  func changes(since before: Self, in layout: Layout) -> [PixelRect]? { self == before ? [] : nil }
}

/// Something to be pressed on a ``BoothScreen``.
struct ScreenControl<Control: Hashable & Sendable>: Sendable, Equatable {
  var control: Control
  /// Where a finger presses it, in panel pixels.
  var rect: PixelRect
  /// Whether it does something now.
  var isEnabled = true
}
