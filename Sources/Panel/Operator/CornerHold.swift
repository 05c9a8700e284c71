import Ink
import Touch

/// The operator's gesture: two opposite corners held for 3 s.
///
/// It looks at every contact of every device, before ``Touch/StrokeFilter`` lets one of them through. A finger elsewhere, a third
/// one, or one that wanders off ends it until the glass is free. A mouse, a pen, and a finger on a device that knows one
/// contact only, hold a single corner for 10 s instead.
struct CornerHold: Sendable, Equatable {
  /// What an event means for the press or stroke in hand.
  enum Claim: Sendable, Equatable {
    case none
    /// Both corners are held: what the first finger began is taken back.
    case takesBack
  }

  /// How long two corners are held: 3 s.
  static let time: UInt64 = 3_000_000_000
  /// How long a single one is: 10 s.
  static let singleTime: UInt64 = 10_000_000_000

  /// Whether a single finger may do it: no device of the panel knows two contacts.
  var allowsOneFinger = false

  private struct Held: Sendable, Equatable {
    var contact: Int32
    var corner: Int
    var x: Float
    var y: Float
    var time: UInt64
    var pointer: TouchEvent.Pointer
  }

  private var first: Held?
  private var second: Held?
  /// Contacts on the glass, by their number.
  private var down = 0
  /// Something else happened; the gesture waits for a free glass.
  private var isSpoiled = false

  /// Takes an event. Nothing is allocated.
  ///
  /// - Parameters:
  ///   - bounds: of the panel.
  ///   - zone: side of the square in each corner, in panel pixels.
  mutating func touch(_ event: TouchEvent, bounds: PixelRect, zone: Int) -> Claim {
    switch event.phase {
    case .hover: break
    case .down: return press(event, bounds, zone)
    case .move:
      guard !isSpoiled, let held = first?.contact == event.contact ? first : second,
        held.contact == event.contact
      else { break }
      let slack = Float(zone) / 3
      if abs(event.x - held.x) > slack || abs(event.y - held.y) > slack { spoil() }
    case .up, .cancel:
      down = max(0, down - 1)
      spoil()
      if down == 0 { isSpoiled = false }
    }
    return .none
  }

  private mutating func press(_ event: TouchEvent, _ bounds: PixelRect, _ zone: Int) -> Claim {
    down += 1
    guard !isSpoiled else { return .none }
    guard let corner = CornerHold.corner(event, bounds, zone), down <= 2 else {
      spoil()
      return .none
    }
    let held = Held(
      contact: event.contact, corner: corner, x: event.x, y: event.y, time: event.time, pointer: event.pointer
    )
    guard let first else {
      self.first = held
      return .none
    }
    // 0 and 3, 1 and 2 lie opposite.
    guard first.corner + corner == 3 else {
      spoil()
      return .none
    }
    second = held
    return .takesBack
  }

  /// When ``tick(_:)`` has something to tell; nil while no corner is held for it.
  var deadline: UInt64? {
    guard let first else { return nil }
    if let second { return second.time &+ CornerHold.time }
    let isSingle = first.pointer != .finger || allowsOneFinger
    return isSingle ? first.time &+ CornerHold.singleTime : nil
  }

  /// Whether the corners have been held for long enough; told once.
  mutating func tick(_ now: UInt64) -> Bool {
    guard let deadline, now >= deadline else { return false }
    spoil()
    return true
  }

  /// Forgets a gesture that has begun; the next one may begin on a free glass.
  mutating func cancel() {
    if down > 0 { spoil() }
  }

  private mutating func spoil() {
    isSpoiled = true
    first = nil
    second = nil
  }

  /// 0 and 1 above, 2 and 3 below, from the left; nil elsewhere.
  private static func corner(_ event: TouchEvent, _ bounds: PixelRect, _ zone: Int) -> Int? {
    let (x, y) = (Int(event.x.rounded(.down)), Int(event.y.rounded(.down)))
    guard x < bounds.x + zone || x >= bounds.maxX - zone, y < bounds.y + zone || y >= bounds.maxY - zone
    else {
      return nil
    }
    return (x < bounds.x + zone ? 0 : 1) + (y < bounds.y + zone ? 0 : 2)
  }
}
