import Display
import Ink

/// The time in which the glass can be wiped: touch does nothing, and a countdown says for how long.
struct WipeScreen: Sendable, Equatable {
  /// CLOCK_MONOTONIC in ns.
  let end: UInt64
  private(set) var seconds: Int

  /// The seconds that it takes: 30.
  static let whole = 30
  private static let second: UInt64 = 1_000_000_000

  init(now: UInt64) {
    end = now &+ UInt64(Self.whole) * Self.second
    seconds = Self.whole
  }

  /// The next full second.
  var deadline: UInt64 { end &- UInt64(seconds - 1) * Self.second }

  /// Counts down; true when the time is over.
  mutating func tick(_ now: UInt64) -> Bool {
    guard now < end else { return true }
    seconds = max(1, Int((end - now + Self.second - 1) / Self.second))
    return false
  }

  /// The ring with the seconds, the headline above and a sentence below it.
  func places(in layout: Layout) -> (title: PixelRect, ring: PixelRect, words: PixelRect) {
    let (bounds, m) = (layout.bounds, layout.metrics)
    let inner = bounds.inset(by: 2 * m.unit)
    let side = min(min(inner.width, inner.height) / 2, m.title * 6)
    let block = m.title * 2 + side + 2 * m.unit + m.large * 3
    let top = inner.y + max(0, (inner.height - block) / 2)
    let ring = PixelRect(
      x: inner.x + (inner.width - side) / 2, y: top + m.title * 2, width: side, height: side)
    return (
      PixelRect(x: inner.x, y: top, width: inner.width, height: m.title * 3 / 2), ring,
      PixelRect(
        x: inner.x, y: ring.maxY + 2 * m.unit, width: inner.width, height: inner.maxY - ring.maxY - 2 * m.unit
      )
    )
  }
}

extension BoothView {
  func drawWipe(_ screen: WipeScreen, _ booth: Booth, on surface: inout Surface) {
    let (layout, strings) = (booth.layout, booth.strings)
    let m = layout.metrics
    let places = screen.places(in: layout)
    surface.fill(surface.bounds, theme.ground)
    letters.line(
      strings[.wipeTitle], in: places.title, on: &surface, size: m.title, color: theme.text, align: .centre,
      bold: true)
    drawCountdown(places.ring, seconds: screen.seconds, of: WipeScreen.whole, m, on: &surface)
    letters.paragraph(
      strings[.wipeWords], in: places.words, on: &surface, size: m.large, color: theme.quiet, align: .centre)
  }
}
