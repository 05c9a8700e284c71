import Display
import Ink

/// The side of the challenge: the leaderboard, whole or its first rows.
extension BoothView {
  /// Counts and leaderboard.
  func drawStanding(_ booth: Booth, on surface: inout Surface) {
    drawCounts(booth, on: &surface)
    if let board = booth.layout.board { drawBoard(booth, board, on: &surface) }
  }

  /// The leaderboard.
  ///
  /// - Parameter tellsOwn: whether it says who stands here.
  func drawBoard(_ booth: Booth, _ rect: PixelRect, tellsOwn: Bool = true, on surface: inout Surface) {
    let m = booth.layout.metrics
    guard rect.height >= m.body * 5 else { return drawBest(booth, rect, m, on: &surface) }
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

  /// The first three of the board, where there is no room for more: no card, no heading but the first one's cup.
  private func drawBest(_ booth: Booth, _ rect: PixelRect, _ m: Metrics, on surface: inout Surface) {
    surface.fill(rect, theme.ground)
    let rows = booth.scoreboard.board.prefix(3)
    if rows.isEmpty {
      drawParagraph(booth.strings[.emptyBoard], in: rect, size: m.small, color: theme.quiet, on: &surface)
    }
    let pitch = rect.height / 3
    for (i, row) in rows.enumerated() {
      let place = PixelRect(x: rect.x, y: rect.y + i * pitch, width: rect.width, height: pitch)
      let figure = letters.width(of: "3", size: m.small) + m.unit * 2 / 3
      let total = BoothView.grouped(row.count)
      let count = letters.width(of: total, size: m.small, bold: true)
      if row.rank == 1 {
        let side = min(m.small, figure - 1)
        drawIcon(
          .trophy, in: PixelRect(x: place.x, y: place.y, width: side, height: pitch), size: side,
          color: theme.accentText, on: &surface)
      } else {
        letters.line(
          "\(row.rank)", in: PixelRect(x: place.x, y: place.y, width: figure, height: pitch), on: &surface,
          size: m.small, color: theme.quiet)
      }
      letters.line(
        row.name ?? booth.strings[.anonymous],
        in: PixelRect(
          x: place.x + figure, y: place.y, width: place.width - figure - count - m.unit / 3, height: pitch),
        on: &surface, size: m.small, color: row.own ? theme.accentText : theme.text, bold: row.own)
      letters.line(
        total, in: PixelRect(x: place.maxX - count, y: place.y, width: count, height: pitch), on: &surface,
        size: m.small, color: theme.text, align: .right, bold: true)
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
