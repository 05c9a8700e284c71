import Display
import Ink

extension TouchTestScreen {
  /// Where things stand on the page: in the middle, so that edges and corners are free to be drawn on.
  func places(in layout: Layout) -> (words: PixelRect, ring: PixelRect, first: PixelRect, second: PixelRect) {
    let (bounds, m) = (layout.bounds, layout.metrics)
    let width = min(bounds.width * 2 / 3, m.body * 26)
    let ring = isTrial ? min(m.title * 3, bounds.height / 4) : 0
    // A narrow page breaks the sentence into more lines.
    let text = m.large * (layout.form == .narrow ? 5 : 3)
    let height = text + ring + m.unit + m.target
    let (x, y) = (bounds.x + (bounds.width - width) / 2, bounds.y + (bounds.height - height) / 2)
    let words = PixelRect(x: x, y: y, width: width, height: text)
    let circle = PixelRect(x: x + (width - ring) / 2, y: words.maxY, width: ring, height: ring)
    let top = circle.maxY + m.unit
    guard isTrial else {
      let button = min(width, m.body * 12)
      return (
        words, .empty, PixelRect(x: x + (width - button) / 2, y: top, width: button, height: m.target), .empty
      )
    }
    let button = (width - 2 * m.unit) / 2
    return (
      words, circle, PixelRect(x: x, y: top, width: button, height: m.target),
      PixelRect(x: x + button + 2 * m.unit, y: top, width: button, height: m.target)
    )
  }

  /// Width of the lines in panel pixels.
  static func thickness(_ m: Metrics) -> Float { Float(max(3, m.unit / 2)) }
}

extension BoothView {
  func drawTouchTest(_ staged: Staged<TouchTestScreen>, _ booth: Booth, on surface: inout Surface) {
    let (screen, layout, strings) = (staged.screen, booth.layout, booth.strings)
    let (bounds, m) = (layout.bounds, layout.metrics)
    let places = screen.places(in: layout)
    surface.fill(surface.bounds, theme.paper)
    for column in [1, 4, 7] {
      for row in [1, 4, 7] where column != 4 || row != 4 {
        drawCross(
          Float(bounds.x) + Float(bounds.width * column) / 8,
          Float(bounds.y) + Float(bounds.height * row) / 8,
          radius: Float(m.title) / 2, color: theme.ink, Float(m.line), on: &surface)
      }
    }
    let thickness = TouchTestScreen.thickness(m)
    for piece in screen.pieces {
      surface.line(
        x0: piece.x0, y0: piece.y0, x1: piece.x1, y1: piece.y1,
        theme.fingers[piece.finger % theme.fingers.count],
        thickness: thickness)
    }
    letters.paragraph(
      strings[screen.isTrial ? .calibrationQuestion : .operatorTestWhy], in: places.words, on: &surface,
      size: m.large, color: theme.ink, align: .centre)
    func button(
      _ control: TouchTestScreen.Control, _ rect: PixelRect, _ key: StringKey, _ icon: Icon,
      _ style: ButtonStyle
    ) {
      drawButton(
        rect, strings[key], icon: icon, style: style, isPressed: staged.pressed == control, over: theme.paper,
        m,
        on: &surface)
    }
    guard screen.isTrial else { return button(.done, places.first, .operatorDone, .check, .primary) }
    // The ring's figure is made for the ground, not for paper.
    surface.fill(places.ring.inset(by: -m.unit / 2), theme.ground, radius: places.ring.height)
    drawCountdown(places.ring, seconds: screen.seconds, of: TouchTestScreen.trial, m, on: &surface)
    button(.keep, places.first, .calibrationKeep, .check, .primary)
    button(.discard, places.second, .calibrationDiscard, .undo, .plain)
  }
}
