import Display
import Ink

/// The mouse's cursor: an arrow that lies on the picture only while a mouse moves.
///
/// The surface stays the truth: the pixels under the arrow are kept, and put back before anything else is drawn.
struct Cursor {
  /// How long the arrow stays after the last move: 3 s.
  private static let stay: UInt64 = 3_000_000_000
  private static let size = 24

  private var under = Surface(width: Cursor.size, height: Cursor.size)
  private var place = PixelRect.empty
  private(set) var deadline: UInt64?

  /// Puts the arrow's tip at (x, y), and returns what changed.
  mutating func move(x: Int, y: Int, at time: UInt64, on surface: inout Surface) -> PixelRect? {
    let before = hide(on: &surface) ?? .empty
    let bounds = PixelRect(x: 0, y: 0, width: surface.width, height: surface.height)
    place = PixelRect(x: x, y: y, width: Cursor.size, height: Cursor.size).intersection(bounds)
    guard !place.isEmpty else { return before.isEmpty ? nil : before }
    under.copy(place, of: surface, x: 0, y: 0)
    for row in place.y..<place.maxY {
      // A slim arrow: as wide as it is far from the tip, cut off below; light, with a dark edge.
      let dy = row - y
      let width = min(dy * 7 / 10, 2 * (Cursor.size - 4 - dy))
      guard width >= 0 else { continue }
      surface.fill(PixelRect(x: x, y: row, width: width + 1, height: 1).intersection(place), .black)
      let inner = min(width - 2, 2 * (Cursor.size - 7 - dy))
      if inner > 0 {
        surface.fill(PixelRect(x: x + 1, y: row, width: inner, height: 1).intersection(place), .white)
      }
    }
    deadline = time &+ Cursor.stay
    return place.union(before)
  }

  /// Takes the arrow away, and returns what changed.
  mutating func hide(on surface: inout Surface) -> PixelRect? {
    deadline = nil
    guard !place.isEmpty else { return nil }
    let hidden = place
    place = .empty
    let kept = PixelRect(x: 0, y: 0, width: hidden.width, height: hidden.height)
    surface.copy(kept, of: under, x: hidden.x, y: hidden.y)
    return hidden
  }

  /// Takes the arrow away when its time is over.
  mutating func expire(_ now: UInt64, on surface: inout Surface) -> PixelRect? {
    guard let deadline, now >= deadline else { return nil }
    return hide(on: &surface)
  }

  /// The whole picture is about to be drawn again: there is nothing left to put back.
  mutating func forget() {
    place = .empty
    deadline = nil
  }
}
