import Display
import Ink

extension BoothView {
  /// The invitation; the sheet shows the ink of the booth's sketch, which the hand draws.
  func drawAttract(_ staged: Staged<AttractScreen>, _ booth: Booth, on surface: inout Surface) {
    let (screen, layout) = (staged.screen, booth.layout)
    let m = layout.metrics
    surface.fill(surface.bounds, theme.ground)
    if !layout.title.isEmpty {
      letters.line(
        title, in: layout.title, on: &surface, size: m.large, color: theme.text, bold: true)
    }
    drawCanvas(booth, on: &surface)
    drawHeadline(booth, in: screen.headlinePlace(in: layout), m, on: &surface)
    drawStart(
      booth, in: screen.startPlace(in: layout), isPressed: staged.pressed == .anywhere, m, on: &surface)
    if let board = screen.boardPlace(in: layout) { drawBoard(booth, board, tellsOwn: false, on: &surface) }
    for (i, (name, rect)) in zip(screen.languages, screen.languagePlaces(in: layout)).enumerated() {
      guard screen.isAwake else {
        // Nothing can be pressed yet, so nothing looks as if it could.
        letters.line(
          name, in: rect, on: &surface, size: layout.form == .narrow ? m.small : m.body, color: theme.quiet,
          align: .centre)
        continue
      }
      drawButton(
        rect, name, isPressed: staged.pressed == .language(i), isSelected: name == booth.strings.name, m,
        on: &surface)
    }
  }

  private func drawHeadline(_ booth: Booth, in rect: PixelRect, _ m: Metrics, on surface: inout Surface) {
    let isPaused = booth.desk.isPaused
    let headline = booth.strings[isPaused ? .attractPaused : .attractHeadline]
    let text = booth.strings[isPaused ? .attractPausedText : .attractText]
    let isCompact = booth.layout.isCompact
    let small = isCompact ? m.small : m.body
    // A narrow column takes the smaller type, so that the sentence stays one of few lines and leaves room for the other.
    let sizes =
      isCompact
      ? [m.body, (m.body + m.small) / 2, m.small]
      : [rect.width < m.title * 8 ? m.large : m.title, m.large, m.body]
    let room = PixelRect(x: 0, y: 0, width: rect.width, height: .max)
    let below = letters.height(of: text, in: room, size: small)
    let size =
      sizes.first {
        letters.height(of: headline, in: room, size: $0, bold: true) + m.unit + below <= rect.height
      }
      ?? sizes[2]
    let used = letters.height(of: headline, in: rect, size: size, bold: true)
    var rest = rect
    // Beside the start card it stands in the middle, above it at the top.
    if booth.layout.form == .portrait {
      rest.y += max(0, rect.height - used - m.unit - below) / 2
    }
    letters.paragraph(headline, in: rest, on: &surface, size: size, color: theme.text, bold: true)
    rest.y += used + m.unit
    rest.height = rect.maxY - rest.y
    letters.paragraph(
      text, in: rest, on: &surface, size: small, color: isPaused ? theme.text : theme.quiet)
  }

  private func drawStart(
    _ booth: Booth, in rect: PixelRect, isPressed: Bool, _ m: Metrics, on surface: inout Surface
  ) {
    surface.fill(rect, isPressed ? theme.pressedAccent : theme.accent, radius: m.radius)
    let inner = rect.inset(by: m.unit * 3 / 2)
    let text = booth.strings[.attractStart]
    let size = booth.layout.isCompact ? m.body : m.large
    let words = letters.height(of: text, in: inner, size: size, bold: true)
    let icon = min(size * 2, inner.height - words - m.unit)
    let top = inner.y + max(0, inner.height - words - m.unit - max(0, icon)) / 2
    if icon >= m.body {
      drawIcon(
        .hand, in: PixelRect(x: inner.x, y: top, width: icon, height: icon), size: icon,
        color: theme.onAccent,
        on: &surface)
    }
    let y = icon >= m.body ? top + icon + m.unit : top
    letters.paragraph(
      text, in: PixelRect(x: inner.x, y: y, width: inner.width, height: inner.maxY - y), on: &surface,
      size: size,
      color: theme.onAccent, bold: true)
  }
}
