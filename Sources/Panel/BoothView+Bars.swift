import Display
import Ink

/// The sides of free play: bars and guess.
extension BoothView {
  func drawBar(_ digit: Int, _ booth: Booth, on surface: inout Surface) {
    let layout = booth.layout
    let m = layout.metrics
    let rect = layout.bars[digit]
    let reading = booth.reading
    let probability = reading.map { Int($0[digit]) } ?? 0
    let isTop = reading.map { $0.isDigit && $0.digit == digit } ?? false
    guard rect.width >= m.body * 3 / 2 else {
      return drawUprightBar(digit, rect, probability, isTop: isTop, isRead: reading != nil, m, on: &surface)
    }
    let percent = (probability * 100 + 32768) / 65536
    let isTight = rect.width < m.title * 2 + m.small * 2
    let size = min(isTight ? m.large : m.title, rect.height * 6 / 10)
    let label = letters.width(of: "0", size: size, bold: true) + (isTight ? m.unit / 4 : m.unit)
    let number = letters.width(of: "100 %", size: m.small) + m.unit
    let isNarrow = rect.width < label + number + 8 * m.unit
    let thickness = min(max(6, rect.height / 4), 2 * m.unit)
    // In a narrow column the track lies below its digit.
    let top =
      isNarrow
      ? PixelRect(
        x: rect.x, y: rect.y + max(0, rect.height - size - thickness - m.unit) / 2, width: rect.width,
        height: size)
      : rect
    letters.line(
      "\(digit)", in: PixelRect(x: top.x, y: top.y, width: label, height: top.height), on: &surface,
      size: size, color: isTop ? theme.accentText : reading == nil ? theme.quiet : theme.text, bold: isTop)
    letters.line(
      "\(percent) %",
      in: PixelRect(
        x: max(top.x + label, top.maxX - number), y: top.y, width: min(number, top.width - label),
        height: top.height),
      on: &surface, size: m.small, color: isTop ? theme.text : theme.quiet, align: .right)
    let track =
      isNarrow
      ? PixelRect(x: rect.x, y: top.maxY + m.unit / 2, width: rect.width, height: thickness)
      : PixelRect(
        x: rect.x + label, y: rect.y + (rect.height - thickness) / 2,
        width: rect.width - label - number, height: thickness)
    surface.fill(track, theme.track, radius: thickness / 2)
    let filled = track.width * probability / 65536
    if filled > 0 {
      surface.fill(
        PixelRect(x: track.x, y: track.y, width: max(filled, thickness), height: thickness),
        isTop ? theme.accent : theme.bar, radius: thickness / 2)
    }
  }

  /// A bar beside a sheet that is nearly as wide as the panel: the digit, and below it a track that fills from its foot.
  private func drawUprightBar(
    _ digit: Int, _ rect: PixelRect, _ probability: Int, isTop: Bool, isRead: Bool, _ m: Metrics,
    on surface: inout Surface
  ) {
    let size = m.body
    letters.line(
      "\(digit)", in: PixelRect(x: rect.x, y: rect.y + m.unit / 3, width: rect.width, height: size),
      on: &surface,
      size: size, color: isTop ? theme.accentText : isRead ? theme.text : theme.quiet, align: .centre,
      bold: isTop)
    let thickness = min(rect.width - m.unit, 2 * m.unit)
    let top = rect.y + size + m.unit
    let track = PixelRect(
      x: rect.x + (rect.width - thickness) / 2, y: top, width: thickness, height: rect.maxY - m.unit / 2 - top
    )
    surface.fill(track, theme.track, radius: thickness / 2)
    let filled = track.height * probability / 65536
    guard filled > 0 else { return }
    let height = max(filled, thickness)
    surface.fill(
      PixelRect(x: track.x, y: track.maxY - height, width: thickness, height: height),
      isTop ? theme.accent : theme.bar, radius: thickness / 2)
  }

  /// The top guess as a card like that of the prompt, and how sure it is.
  func drawGuess(_ booth: Booth, on surface: inout Surface) {
    let layout = booth.layout
    let m = layout.metrics
    let rect = layout.guess
    guard !rect.isEmpty else { return }
    guard layout.guessWords.isEmpty else { return drawGuessCard(booth, in: rect, m, on: &surface) }
    guard let reading = booth.reading else {
      drawLead(booth.strings[.drawAnything], .pencil, in: rect, color: theme.quiet, m, on: &surface)
      return
    }
    guard reading.isDigit else {
      drawLead(booth.strings[.notADigit], .cross, in: rect, color: theme.warning, m, on: &surface)
      return
    }
    let card = PixelRect(
      x: rect.x, y: rect.y, width: min(rect.height, rect.width / 2), height: rect.height)
    surface.fill(card, theme.accent, radius: m.radius)
    drawFigure(reading.digit, in: card.inset(by: m.unit * 5 / 4), color: theme.onAccent, on: &surface)
    let x = card.maxX + min(2 * m.unit, rect.width / 12)
    letters.line(
      "\(reading.percent) %",
      in: PixelRect(x: x, y: rect.y, width: rect.maxX - x, height: rect.height), on: &surface,
      size: layout.isCompact ? m.body : m.title, color: theme.text, bold: true)
  }

  /// The top guess alone on a card, or the picture of what stands in ``drawGuessWords(_:on:)``.
  private func drawGuessCard(_ booth: Booth, in rect: PixelRect, _ m: Metrics, on surface: inout Surface) {
    guard let reading = booth.reading, reading.isDigit else {
      drawCard(rect, m, on: &surface)
      drawIcon(
        booth.reading == nil ? .pencil : .cross, in: rect, size: min(rect.width, rect.height) / 2,
        color: booth.reading == nil ? theme.quiet : theme.warning, on: &surface)
      return
    }
    surface.fill(rect, theme.accent, radius: m.radius)
    drawFigure(reading.digit, in: rect.inset(by: m.unit * 5 / 4), color: theme.onAccent, on: &surface)
  }

  /// How sure the guess is, where that stands apart from it.
  func drawGuessWords(_ booth: Booth, on surface: inout Surface) {
    let m = booth.layout.metrics
    let rect = booth.layout.guessWords
    guard !rect.isEmpty else { return }
    guard let reading = booth.reading, reading.isDigit else {
      drawParagraph(
        booth.strings[booth.reading == nil ? .drawAnything : .notADigit], in: rect, size: m.large,
        color: booth.reading == nil ? theme.quiet : theme.warning, on: &surface)
      return
    }
    letters.line(
      "\(reading.percent) %", in: rect, on: &surface, size: m.title, color: theme.text, bold: true)
  }

  /// A sentence with its picture, in the vertical middle of a row.
  private func drawLead(
    _ text: String, _ icon: Icon, in rect: PixelRect, color: Color, _ m: Metrics, on surface: inout Surface
  ) {
    // A high row, as of a portrait panel, is read from further away.
    let isLarge = rect.height > m.title * 3
    let side = isLarge ? m.title : m.large
    drawIcon(
      icon, in: PixelRect(x: rect.x, y: rect.y, width: side, height: rect.height), size: side, color: color,
      bold: true, on: &surface)
    let x = rect.x + side + m.unit
    drawParagraph(
      text, in: PixelRect(x: x, y: rect.y, width: rect.maxX - x, height: rect.height),
      size: isLarge ? m.title : m.body,
      color: color,
      on: &surface)
  }
}
