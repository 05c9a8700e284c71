import Ink
import Touch

/// A page on which lines follow the fingers, with crosses at known places; after a calibration it asks whether to keep it.
struct TouchTestScreen: BoothScreen {
  enum Control: Hashable, Sendable {
    case done
    case keep, discard
  }

  enum Outcome: Sendable, Equatable {
    case none
    case done
    case keep, discard
  }

  /// A piece of a finger's way, in panel pixels.
  struct Piece: Sendable, Equatable {
    var x0, y0, x1, y1: Float
    /// Which of the fingers on the glass it was, from 0.
    var finger: Int
  }

  private(set) var pieces: [Piece] = []
  private var fingers: [(contact: Int32, x: Float, y: Float)?] = []
  /// Most pieces that are kept; the oldest go.
  private static let limit = 4096
  /// When a calibration that is not kept is taken back, CLOCK_MONOTONIC in ns; nil where there is none to keep.
  private let until: UInt64?
  private(set) var seconds = 0
  /// The seconds that a calibration is tried: 15.
  static let trial = 15
  private static let second: UInt64 = 1_000_000_000

  /// A page to look at how touch works.
  init() { until = nil }

  /// A page to try a calibration from `now` on.
  init(tryingSince now: UInt64) {
    until = now &+ UInt64(Self.trial) * Self.second
    seconds = Self.trial
  }

  /// Whether it asks if a calibration is to be kept.
  var isTrial: Bool { until != nil }

  func controls(in layout: Layout) -> [ScreenControl<Control>] {
    let places = places(in: layout)
    return isTrial
      ? [
        ScreenControl(control: .keep, rect: places.first),
        ScreenControl(control: .discard, rect: places.second),
      ] : [ScreenControl(control: .done, rect: places.first)]
  }

  mutating func press(_ control: Control, at time: UInt64) -> Outcome {
    switch control {
    case .done: .done
    case .keep: .keep
    case .discard: .discard
    }
  }

  var deadline: UInt64? { until.map { $0 &- UInt64(max(0, seconds - 1)) * Self.second } }

  mutating func tick(_ now: UInt64) -> Outcome {
    guard let until else { return .none }
    guard now < until else { return .discard }
    seconds = max(1, Int((until - now + Self.second - 1) / Self.second))
    return .none
  }

  /// Draws with every finger on the glass, also those that press nothing.
  ///
  /// - Returns: where the page looks different; empty for nowhere.
  mutating func trace(_ event: TouchEvent, thickness: Float) -> PixelRect {
    let place = fingers.firstIndex { $0?.contact == event.contact }
    switch event.phase {
    case .hover: return .empty
    case .up, .cancel:
      if let place { fingers[place] = nil }
      return .empty
    case .down:
      if let free = fingers.firstIndex(where: { $0 == nil }) {
        fingers[free] = (event.contact, event.x, event.y)
        return add(event.x, event.y, event, free, thickness)
      }
      guard fingers.count < 32 else { return .empty }
      fingers.append((event.contact, event.x, event.y))
      return add(event.x, event.y, event, fingers.count - 1, thickness)
    case .move:
      guard let place, let held = fingers[place] else { return .empty }
      fingers[place] = (event.contact, event.x, event.y)
      return add(held.x, held.y, event, place, thickness)
    }
  }

  private mutating func add(
    _ x: Float, _ y: Float, _ event: TouchEvent, _ finger: Int, _ thickness: Float
  ) -> PixelRect {
    if pieces.count >= Self.limit { pieces.removeFirst(Self.limit / 2) }
    pieces.append(Piece(x0: x, y0: y, x1: event.x, y1: event.y, finger: finger))
    let reach = thickness / 2 + 2
    let (left, top) = (
      Int((min(x, event.x) - reach).rounded(.down)), Int((min(y, event.y) - reach).rounded(.down))
    )
    let (right, bottom) = (
      Int((max(x, event.x) + reach).rounded(.up)), Int((max(y, event.y) + reach).rounded(.up))
    )
    return PixelRect(x: left, y: top, width: right - left, height: bottom - top)
  }

  func changes(since before: TouchTestScreen, in layout: Layout) -> [PixelRect]? {
    seconds == before.seconds ? [] : [places(in: layout).ring]
  }

  static func == (a: TouchTestScreen, b: TouchTestScreen) -> Bool {
    a.until == b.until && a.seconds == b.seconds && a.pieces == b.pieces
      && a.fingers.elementsEqual(b.fingers) { $0?.contact == $1?.contact }
  }
}
