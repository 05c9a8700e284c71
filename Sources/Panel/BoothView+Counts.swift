import Display
import Ink

/// Own count, rank and total: side by side, or in a narrow column one below the other.
extension BoothView {
  func drawCounts(_ booth: Booth, on surface: inout Surface) {
    let layout = booth.layout
    let m = layout.metrics
    switch layout.form {
    case .compact: drawCountRows(booth, in: layout.counts, m, on: &surface)
    case .narrow: drawCountLine(booth, in: layout.counts, m, on: &surface)
    case .beside, .landscape, .portrait:
      let sizes = [m.title, (m.title + m.large) / 2, m.large, m.body]
      // What is too wide is told in a shorter word, then in smaller figures, and then in rows.
      for (size, total) in [(m.title, StringKey.everyone)] + sizes.map({ ($0, StringKey.everyoneShort) }) {
        let cells = standing(booth, total: total)
        let widths = cells.map {
          max(
            letters.width(of: $0.value, size: size, bold: true), letters.width(of: $0.caption, size: m.small))
        }
        guard widths.reduce(2 * m.unit, +) <= layout.counts.width else { continue }
        return drawCountCells(cells, widths, size: size, in: layout.counts, m, on: &surface)
      }
      drawCountRows(booth, in: layout.counts, m, on: &surface)
    }
  }

  /// What is told of the visitor and of everyone.
  private func standing(_ booth: Booth, total: StringKey) -> [(caption: String, value: String)] {
    let (scoreboard, strings) = (booth.scoreboard, booth.strings)
    return [
      (strings[.yours], BoothView.grouped(scoreboard.own)),
      (strings[.rank], scoreboard.rank.map(BoothView.grouped) ?? "–"),
      (strings[total], BoothView.grouped(scoreboard.total)),
    ]
  }

  /// Figures with their captions below them. Both are one block in the middle of the row; what is free lies between the cells.
  private func drawCountCells(
    _ cells: [(caption: String, value: String)], _ widths: [Int], size: Int, in rect: PixelRect, _ m: Metrics,
    on surface: inout Surface
  ) {
    let (figure, caption) = (size * 11 / 10, m.small * 3 / 2)
    let top = rect.y + (rect.height - figure - caption) / 2
    let free = (rect.width - widths.reduce(0, +)) / max(1, cells.count - 1)
    var x = rect.x
    for (cell, width) in zip(cells, widths) {
      letters.line(
        cell.value, in: PixelRect(x: x, y: top, width: width, height: figure), on: &surface, size: size,
        color: theme.text, bold: true)
      letters.line(
        cell.caption, in: PixelRect(x: x, y: top + figure, width: width, height: caption), on: &surface,
        size: m.small, color: theme.quiet)
      x += width + free
    }
  }

  /// A row each: the caption at the left, the figure at the right.
  private func drawCountRows(_ booth: Booth, in rect: PixelRect, _ m: Metrics, on surface: inout Surface) {
    let pitch = rect.height / 3
    for (i, cell) in standing(booth, total: .everyoneShort).enumerated() {
      let row = PixelRect(x: rect.x, y: rect.y + i * pitch, width: rect.width, height: pitch)
      let width = letters.width(of: cell.value, size: m.small, bold: true)
      letters.line(
        cell.caption, in: PixelRect(x: row.x, y: row.y, width: row.width - width - m.unit / 2, height: pitch),
        on: &surface, size: m.small, color: theme.quiet)
      letters.line(
        cell.value, in: PixelRect(x: row.maxX - width, y: row.y, width: width, height: pitch), on: &surface,
        size: m.small, color: theme.text, align: .right, bold: true)
    }
  }

  /// All in one line, each figure before its caption.
  private func drawCountLine(_ booth: Booth, in rect: PixelRect, _ m: Metrics, on surface: inout Surface) {
    let cells = standing(booth, total: .everyoneShort)
    let gap = m.unit / 2
    func widths(_ size: Int) -> [(value: Int, caption: Int)] {
      cells.map {
        (
          letters.width(of: $0.value, size: size, bold: true), letters.width(of: $0.caption, size: m.small)
        )
      }
    }
    func total(_ widths: [(value: Int, caption: Int)]) -> Int {
      widths.reduce(0) { $0 + $1.value + gap + $1.caption }
    }
    let size = total(widths(m.body)) + 2 * m.unit <= rect.width ? m.body : m.small
    let found = widths(size)
    let free = max(gap, (rect.width - total(found)) / max(1, cells.count - 1))
    var x = rect.x
    for (cell, width) in zip(cells, found) {
      letters.line(
        cell.value, in: PixelRect(x: x, y: rect.y, width: width.value, height: rect.height), on: &surface,
        size: size, color: theme.text, bold: true)
      letters.line(
        cell.caption,
        in: PixelRect(x: x + width.value + gap, y: rect.y, width: width.caption, height: rect.height),
        on: &surface, size: m.small, color: theme.quiet)
      x += width.value + gap + width.caption + free
    }
  }
}
