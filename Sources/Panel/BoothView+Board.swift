import Display
import Ink

/// The sides of the two screens: counts and leaderboard, bars and guess.
extension BoothView {
  func drawCounts(_ booth: Booth, on surface: inout Surface) {
    let layout = booth.layout
    let m = layout.metrics
    let rect = layout.counts
    let scoreboard = booth.scoreboard
    var cells: [(String, String)] = [(Strings.yours, "\(scoreboard.own)")]
    if layout.form != .compact {
      cells.append((Strings.rank, scoreboard.rank.map { "\($0)" } ?? "–"))
      cells.append((Strings.everyone, BoothView.grouped(scoreboard.total)))
    }
    for (i, cell) in cells.enumerated() {
      let x0 = rect.x + rect.width * i / cells.count
      let x1 = rect.x + rect.width * (i + 1) / cells.count - m.unit
      let value = PixelRect(x: x0, y: rect.y, width: x1 - x0, height: rect.height * 6 / 10)
      let label = PixelRect(x: x0, y: value.maxY, width: x1 - x0, height: rect.height - value.height)
      letters.line(cell.1, in: value, on: &surface, size: m.title, color: theme.text, bold: true)
      letters.line(cell.0, in: label, on: &surface, size: m.small, color: theme.quiet)
    }
  }

  func drawBoard(_ booth: Booth, _ rect: PixelRect, on surface: inout Surface) {
    let m = booth.layout.metrics
    surface.fill(rect, theme.card, radius: m.radius)
    let inner = rect.inset(by: m.unit * 3 / 2)
    let pitch = m.body * 16 / 10
    let head = PixelRect(x: inner.x, y: inner.y, width: inner.width, height: pitch)
    letters.line(Strings.board, in: head, on: &surface, size: m.small, color: theme.quiet)
    let rows = booth.scoreboard.board
    var y = head.maxY
    if rows.isEmpty {
      letters.paragraph(
        Strings.emptyBoard,
        in: PixelRect(x: inner.x, y: y, width: inner.width, height: inner.maxY - y), on: &surface,
        size: m.body, color: theme.text)
    }
    let foot = inner.maxY - pitch
    for row in rows where y + pitch <= foot {
      let line = PixelRect(x: inner.x, y: y, width: inner.width, height: pitch)
      if row.own {
        surface.fill(line.inset(by: 1), theme.button, radius: m.radius / 2)
      }
      let place = letters.width(of: "10", size: m.body) + m.unit
      let count = letters.width(of: BoothView.grouped(row.count), size: m.body, bold: true) + m.unit
      let inset = m.unit
      letters.line(
        "\(row.rank)", in: PixelRect(x: line.x + inset, y: y, width: place, height: pitch), on: &surface,
        size: m.body, color: theme.quiet)
      letters.line(
        (row.own ? "› " : "") + row.name,
        in: PixelRect(
          x: line.x + inset + place, y: y, width: line.width - place - count - 2 * inset, height: pitch),
        on: &surface, size: m.body, color: row.own ? theme.accent : theme.text)
      letters.line(
        BoothView.grouped(row.count),
        in: PixelRect(x: line.maxX - count - inset, y: y, width: count, height: pitch), on: &surface,
        size: m.body, color: theme.text, align: .right, bold: true)
      y += pitch
    }
    letters.line(
      Strings.youAre(booth.visit.nickname),
      in: PixelRect(x: inner.x, y: foot, width: inner.width, height: pitch), on: &surface, size: m.small,
      color: theme.accent)
  }

  func drawBar(_ digit: Int, _ booth: Booth, on surface: inout Surface) {
    let layout = booth.layout
    let m = layout.metrics
    let rect = layout.bars[digit]
    let reading = booth.reading
    let probability = reading.map { Int($0[digit]) } ?? 0
    let isTop = reading.map { $0.isDigit && $0.digit == digit } ?? false
    let percent = (probability * 100 + 32768) / 65536
    let color = isTop ? theme.accent : theme.text
    let label = letters.width(of: "0", size: m.large, bold: true) + m.unit
    let number = letters.width(of: "100 %", size: m.small) + m.unit
    let narrow = rect.width < label + number + 6 * m.unit
    let thickness = min(max(6, rect.height / 4), 2 * m.unit)
    let rows = narrow ? rect.height * 6 / 10 : rect.height
    let top = PixelRect(x: rect.x, y: rect.y, width: rect.width, height: rows)
    letters.line(
      "\(digit)", in: PixelRect(x: top.x, y: top.y, width: label, height: top.height), on: &surface,
      size: m.large, color: reading == nil ? theme.quiet : color, bold: isTop)
    letters.line(
      "\(percent) %",
      in: PixelRect(x: top.maxX - number, y: top.y, width: number, height: top.height), on: &surface,
      size: m.small, color: isTop ? theme.text : theme.quiet, align: .right)
    let track =
      narrow
      ? PixelRect(x: rect.x, y: top.maxY, width: rect.width, height: thickness)
      : PixelRect(
        x: rect.x + label, y: rect.y + (rect.height - thickness) / 2,
        width: rect.width - label - number - m.unit, height: thickness)
    surface.fill(track, theme.track, radius: thickness / 2)
    let filled = track.width * probability / 65536
    if filled > 0 {
      surface.fill(
        PixelRect(x: track.x, y: track.y, width: max(filled, thickness), height: thickness),
        isTop ? theme.accent : theme.quiet, radius: thickness / 2)
    }
  }

  func drawGuess(_ booth: Booth, on surface: inout Surface) {
    let layout = booth.layout
    let m = layout.metrics
    let rect = layout.guess
    guard let reading = booth.reading else {
      letters.paragraph(Strings.drawAnything, in: rect, on: &surface, size: m.body, color: theme.quiet)
      return
    }
    guard reading.isDigit else {
      letters.line(Strings.notADigit, in: rect, on: &surface, size: m.title, color: theme.warning, bold: true)
      return
    }
    let size = rect.height * 11 / 10
    let width = letters.width(of: "0", size: size, bold: true) + 2 * m.unit
    letters.line(
      "\(reading.digit)", in: PixelRect(x: rect.x, y: rect.y, width: width, height: rect.height),
      on: &surface, size: size, color: theme.accent, bold: true)
    letters.line(
      "\(reading.percent) %",
      in: PixelRect(x: rect.x + width, y: rect.y, width: rect.width - width, height: rect.height),
      on: &surface, size: m.title, color: theme.text)
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
