import Ink
import Touch

/// Four crosses to be tapped, one after the other, and the matrix that comes of it.
///
/// Nothing can be pressed while crosses are tapped, for what touch says cannot be trusted then: without a tap for 15 s all is
/// as before.
struct CalibrationScreen: Sendable, Equatable {
  enum Outcome: Sendable, Equatable {
    case none
    /// It looks different: a cross was tapped, or the four were refused.
    case next
    /// The matrix that puts the taps onto their crosses.
    case found(DigitizerMatrix)
    /// Nobody tapped.
    case ended
  }

  private var taps = FourTaps()
  /// Why the last four taps gave no matrix; a tap anywhere begins anew.
  private(set) var refusal: FourTaps.Refusal?
  /// Which cross is to be tapped, 0 ... 3.
  var step: Int { taps.taps.count }
  /// The tap that is on the glass: where it came down, and the sum of where it was.
  private var tap: (contact: Int32, x: Float, y: Float, sumX: Float, sumY: Float, count: Float)?
  /// CLOCK_MONOTONIC in ns.
  private var until: UInt64
  /// Seconds that are left for this tap, shown when they become few.
  private(set) var seconds: Int

  /// How long a tap is waited for: 15 s.
  static let patience: UInt64 = 15_000_000_000
  private static let second: UInt64 = 1_000_000_000

  init(now: UInt64) {
    until = now &+ Self.patience
    seconds = 15
  }

  /// The middle of a cross: an eighth of the panel from its edges, clockwise from the top left.
  static func cross(_ step: Int, in bounds: PixelRect) -> (x: Float, y: Float) {
    let (left, top) = (Float(bounds.width) / 8, Float(bounds.height) / 8)
    return (
      Float(bounds.x) + (step == 0 || step == 3 ? left : Float(bounds.width) - left),
      Float(bounds.y) + (step < 2 ? top : Float(bounds.height) - top)
    )
  }

  /// Takes an event of the finger that the booth follows. It comes through no matrix: see ``OperatorRequest/Matrix/bare``.
  mutating func touch(_ event: TouchEvent, bounds: PixelRect, rotation: Rotation) -> Outcome {
    // A mouse needs no calibration, and points where it likes.
    guard event.pointer != .mouse else { return .none }
    switch event.phase {
    case .hover: break
    case .down:
      tap = (event.contact, event.x, event.y, event.x, event.y, 1)
    case .move:
      guard var held = tap, held.contact == event.contact else { break }
      let slack = Float(min(bounds.width, bounds.height)) / 16
      // A finger that slides is no tap.
      guard abs(event.x - held.x) <= slack, abs(event.y - held.y) <= slack else {
        tap = nil
        break
      }
      held.sumX += event.x
      held.sumY += event.y
      held.count += 1
      tap = held
    case .cancel: tap = nil
    case .up:
      guard let held = tap, held.contact == event.contact else { break }
      tap = nil
      until = event.time &+ Self.patience
      seconds = 15
      if refusal != nil {
        refusal = nil
        return .next
      }
      let bare = TouchGeometry(width: bounds.width, height: bounds.height, rotation: rotation)
      let cross = Self.cross(step, in: bounds)
      taps.add(
        FourTaps.Tap(
          felt: bare.digitizer(x: held.sumX / held.count, y: held.sumY / held.count),
          meant: bare.digitizer(x: cross.x, y: cross.y)))
      guard step == 4 else { return .next }
      do throws(FourTaps.Refusal) { return .found(try taps.matrix()) } catch {
        refusal = error
        taps = FourTaps()
        return .next
      }
    }
    return .none
  }

  /// The next full second.
  var deadline: UInt64 { until &- UInt64(seconds - 1) * Self.second }

  mutating func tick(_ now: UInt64) -> Outcome {
    guard now < until else { return .ended }
    seconds = max(1, Int((until - now + Self.second - 1) / Self.second))
    return .none
  }

  static func == (a: CalibrationScreen, b: CalibrationScreen) -> Bool {
    a.taps == b.taps && a.refusal == b.refusal && a.until == b.until && a.seconds == b.seconds
      && a.tap?.contact == b.tap?.contact
      && a.tap?.count == b.tap?.count
  }
}
