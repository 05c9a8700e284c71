import Display
import Ink

/// The sides of the two screens: counts and leaderboard, bars and guess.
extension BoothView {
  /// Counts and leaderboard.
  func drawStanding(_ booth: Booth, on surface: inout Surface) {
    drawCounts(booth, on: &surface)
    if let board = booth.layout.board { drawBoard(booth, board, on: &surface) }
  }

  func drawCounts(_ booth: Booth, on surface: inout Surface) {
    let layout = booth.layout
    let m = layout.metrics
    let rect = layout.counts
    let scoreboard = booth.scoreboard
    if layout.form == .compact {
      let value = "\(scoreboard.own)"
      let width = letters.width(of: value, size: m.large, bold: true) + m.unit
      letters.line(value, in: rect, on: &surface, size: m.large, color: theme.text, bold: true)
      letters.line(
        booth.strings[.yours],
        in: PixelRect(x: rect.x + width, y: rect.y, width: rect.width - width, height: rect.height),
        on: &surface, size: m.small, color: theme.quiet)
      return
    }
    var cells = [
      (booth.strings[.yours], "\(scoreboard.own)"),
      (booth.strings[.rank], scoreboard.rank.map { "\($0)" } ?? "–"),
      (booth.strings[.everyone], BoothView.grouped(scoreboard.total)),
    ]
    // Figure and caption are one block in the middle of the row; what is free lies between the cells.
    let (figure, caption) = (m.title * 11 / 10, m.small * 3 / 2)
    let top = rect.y + (rect.height - figure - caption) / 2
    var widths = cells.map {
      max(letters.width(of: $0.1, size: m.title, bold: true), letters.width(of: $0.0, size: m.small))
    }
    // A narrow column leaves out the total rather than cut a word.
    if widths.reduce(2 * m.unit, +) > rect.width {
      cells.removeLast()
      widths.removeLast()
    }
    let needed = widths.reduce(0, +)
    let least = m.unit * (cells.count - 1)
    var x = rect.x
    for (cell, natural) in zip(cells, widths) {
      let width = needed + least <= rect.width ? natural : (rect.width - least) * natural / max(1, needed)
      letters.line(
        cell.1, in: PixelRect(x: x, y: top, width: width, height: figure), on: &surface, size: m.title,
        color: theme.text, bold: true)
      letters.line(
        cell.0, in: PixelRect(x: x, y: top + figure, width: width, height: caption), on: &surface,
        size: m.small, color: theme.quiet)
      x += width + max(least, rect.width - needed) / max(1, cells.count - 1)
    }
  }

  /// The leaderboard.
  ///
  /// - Parameter tellsOwn: whether it says who stands here.
  func drawBoard(_ booth: Booth, _ rect: PixelRect, tellsOwn: Bool = true, on surface: inout Surface) {
    let m = booth.layout.metrics
    drawCard(rect, m, on: &surface)
    let inner = PixelRect(
      x: rect.x + m.unit * 3 / 2, y: rect.y + m.unit, width: rect.width - 3 * m.unit,
      height: rect.height - 2 * m.unit)
    let size = rect.width < m.body * 11 ? m.small : m.body
    let pitch = size * 17 / 10
    let head = PixelRect(x: inner.x, y: inner.y, width: inner.width, height: pitch)
    drawNote(
      booth.strings[.board], icon: .trophy, in: captioned(head, m),
      size: m.small, color: theme.quiet, m, on: &surface)
    var foot = PixelRect(x: inner.x, y: inner.maxY - pitch, width: inner.width, height: pitch)
    // A low card shows rows and leaves the own name to them.
    if inner.height < 6 * pitch || !tellsOwn {
      foot = PixelRect(x: inner.x, y: rect.maxY, width: inner.width, height: 0)
    }
    if !foot.isEmpty {
      surface.fill(
        PixelRect(x: inner.x, y: foot.y - m.unit / 2, width: inner.width, height: m.line), theme.edge)
      drawNote(
        booth.strings(
          .youAre, [.name: booth.visit.name.isEmpty ? booth.strings[.anonymous] : booth.visit.name]),
        icon: .person,
        in: captioned(foot, m), size: m.small,
        color: theme.accentText, m, on: &surface)
    }
    let rows = booth.scoreboard.board
    let list = PixelRect(
      x: inner.x, y: head.maxY, width: inner.width, height: foot.y - m.unit - head.maxY)
    if rows.isEmpty {
      drawParagraph(booth.strings[.emptyBoard], in: list, size: m.body, color: theme.text, on: &surface)
    }
    var y = list.y
    for row in rows {
      guard y + pitch <= list.maxY else { break }
      drawRow(
        row, booth.strings, PixelRect(x: inner.x, y: y, width: inner.width, height: pitch), size, m,
        on: &surface)
      y += pitch
    }
  }

  /// A row's part in which a caption of one line stands in the middle.
  private func captioned(_ row: PixelRect, _ m: Metrics) -> PixelRect {
    let height = m.small * 27 / 20
    return PixelRect(x: row.x, y: row.y + (row.height - height) / 2, width: row.width, height: height)
  }

  /// Rank, name and count; one's own with a ground and an arrow.
  private func drawRow(
    _ row: Scoreboard.Row, _ strings: Strings, _ rect: PixelRect, _ size: Int, _ m: Metrics,
    on surface: inout Surface
  ) {
    if row.own {
      surface.fill(
        PixelRect(x: rect.x - m.unit, y: rect.y, width: rect.width + 2 * m.unit, height: rect.height),
        theme.button, radius: m.radius / 2)
      if let outline = theme.outline {
        surface.stroke(
          PixelRect(x: rect.x - m.unit, y: rect.y, width: rect.width + 2 * m.unit, height: rect.height),
          outline, thickness: m.line, radius: m.radius / 2)
      }
    }
    let place = letters.width(of: "10", size: size) + m.unit * 3 / 2
    let total = BoothView.grouped(row.count)
    let count = letters.width(of: total, size: size, bold: true)
    letters.line(
      "\(row.rank)", in: PixelRect(x: rect.x, y: rect.y, width: place, height: rect.height), on: &surface,
      size: size, color: theme.quiet)
    var x = rect.x + place
    if row.own {
      let side = size * 9 / 10
      drawIcon(
        .right, in: PixelRect(x: x - m.unit / 2, y: rect.y, width: side, height: rect.height), size: side,
        color: theme.accentText, bold: true, on: &surface)
      x += side
    }
    letters.line(
      row.name ?? strings[.anonymous],
      in: PixelRect(x: x, y: rect.y, width: rect.maxX - count - m.unit - x, height: rect.height),
      on: &surface, size: size, color: row.own ? theme.accentText : theme.text, bold: row.own)
    letters.line(
      total, in: PixelRect(x: rect.maxX - count, y: rect.y, width: count, height: rect.height), on: &surface,
      size: size, color: theme.text, align: .right, bold: true)
  }

  func drawBar(_ digit: Int, _ booth: Booth, on surface: inout Surface) {
    let layout = booth.layout
    let m = layout.metrics
    let rect = layout.bars[digit]
    let reading = booth.reading
    let probability = reading.map { Int($0[digit]) } ?? 0
    let isTop = reading.map { $0.isDigit && $0.digit == digit } ?? false
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

  /// The top guess as a card like that of the prompt, and how sure it is.
  func drawGuess(_ booth: Booth, on surface: inout Surface) {
    let layout = booth.layout
    let m = layout.metrics
    let rect = layout.guess
    guard !rect.isEmpty else { return }
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
      size: layout.form == .compact ? m.body : m.title, color: theme.text, bold: true)
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

  /// 12345 as "12 345".
  static func grouped(_ number: Int) -> String {
    var text = ""
    for (i, digit) in String(number).reversed().enumerated() {
      // U+2009, a thin space, as ISO 31-0 groups thousands.
      if i > 0, i % 3 == 0 { text.append("\u{2009}") }
      text.append(digit)
    }
    return String(text.reversed())
  }
}
