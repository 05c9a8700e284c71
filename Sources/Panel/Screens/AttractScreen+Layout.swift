import Ink

/// Where the invitation stands: the sheet is where it will be drawn on, and the rest keeps to its lines.
extension AttractScreen {
  /// The board; nil where there is no room for it.
  func boardPlace(in layout: Layout) -> PixelRect? {
    let m = layout.metrics
    // A small panel shows the first three.
    let three = 3 * (m.small * 3 / 2)
    switch layout.form {
    case .compact:
      let start = startPlace(in: layout)
      return PixelRect(x: start.x, y: start.y - 2 * m.unit - three, width: start.width, height: three)
    case .narrow:
      let column = besideStart(in: layout)
      return PixelRect(x: column.x, y: column.maxY - three, width: column.width, height: three)
    case .beside, .landscape, .portrait: break
    }
    guard let board = layout.board else { return nil }
    switch layout.form {
    case .compact, .narrow: return nil
    case .landscape:
      return PixelRect(
        x: board.x, y: layout.title.y, width: board.width, height: layout.canvas.maxY - layout.title.y)
    case .beside:
      let bottom = languageColumn(in: layout).y - 2 * layout.metrics.unit
      return PixelRect(
        x: board.x, y: layout.title.y, width: board.width, height: bottom - layout.title.y)
    case .portrait:
      return PixelRect(
        x: board.x, y: layout.counts.y, width: board.width, height: board.maxY - layout.counts.y)
    }
  }

  /// What stands beside the start card on a small panel held upright.
  private func besideStart(in layout: Layout) -> PixelRect {
    let (prompt, x) = (layout.prompt, min(layout.challengeTab.x, layout.message.x))
    return PixelRect(x: x, y: prompt.y, width: layout.message.width, height: prompt.height)
  }

  /// "Touch to start": the strongest card.
  func startPlace(in layout: Layout) -> PixelRect {
    let (m, prompt) = (layout.metrics, layout.prompt)
    switch layout.form {
    case .portrait, .narrow: return prompt
    case .compact:
      let bottom = layout.challengeTab.maxY
      return PixelRect(x: prompt.x, y: bottom - prompt.width, width: prompt.width, height: prompt.width)
    case .landscape, .beside:
      let bottom = layout.form == .landscape ? layout.canvas.maxY : layout.counts.maxY
      let height = min(prompt.width * 6 / 10, (bottom - prompt.y) * 21 / 50, m.title * 5)
      return PixelRect(x: prompt.x, y: bottom - height, width: prompt.width, height: height)
    }
  }

  /// What this is, in a sentence and a half.
  func headlinePlace(in layout: Layout) -> PixelRect {
    let m = layout.metrics
    switch layout.form {
    case .portrait: return layout.message
    case .narrow:
      let column = besideStart(in: layout)
      let bottom = (boardPlace(in: layout)?.y ?? column.maxY) - m.unit
      return PixelRect(x: column.x, y: column.y, width: column.width, height: bottom - column.y)
    case .compact, .landscape, .beside:
      let top = layout.form == .compact ? layout.prompt.y : layout.title.maxY + 2 * m.unit
      let start = startPlace(in: layout)
      let below = layout.form == .compact ? boardPlace(in: layout)?.y ?? start.y : start.y
      return PixelRect(x: start.x, y: top, width: start.width, height: below - 2 * m.unit - top)
    }
  }

  /// The languages, as many as there is room for; the others are on offer on the next screen.
  func languagePlaces(in layout: Layout) -> [PixelRect] {
    let (m, count) = (layout.metrics, languages.count)
    guard count > 1 else { return [] }
    switch layout.form {
    case .compact:
      let column = PixelRect(
        x: layout.submit.x, y: layout.undo.y, width: layout.submit.width,
        height: layout.freePlayTab.maxY - layout.undo.y)
      let rows = min(count, (column.height + m.unit) / (m.target + m.unit))
      return AttractScreen.grid(column, columns: 1, rows: rows, count: rows, gap: m.unit)
    case .narrow:
      let row = PixelRect(
        x: layout.freeClear.x, y: layout.undo.y, width: layout.freeClear.width, height: layout.undo.height)
      // As many as get two thirds of their letters' size at least.
      let fitting = (1...count).last {
        let names = languages.prefix($0)
        return names.reduce(0) { $0 + max(48 + m.unit / 2, $1.count * m.body / 2) } <= row.width
      }
      return PixelRect.shares(of: row, for: Array(languages.prefix(fitting ?? 1)), gap: m.unit / 2)
    case .beside:
      let column = languageColumn(in: layout)
      return AttractScreen.grid(
        column, columns: 2, rows: (min(count, 8) + 1) / 2, count: min(count, 8), gap: m.unit)
    case .landscape, .portrait:
      let left = min(layout.counts.x, layout.submit.x, layout.undo.x)
      let right = max(layout.counts.maxX, layout.submit.maxX)
      let row = PixelRect(x: left, y: layout.undo.y, width: right - left, height: layout.undo.height)
      let gap = layout.form == .landscape ? 2 * m.unit : m.unit
      let fitting = min(count, (row.width + gap) / (m.target * 3 / 2 + gap))
      return AttractScreen.grid(row, columns: fitting, rows: 1, count: fitting, gap: gap)
    }
  }

  private func languageColumn(in layout: Layout) -> PixelRect {
    let m = layout.metrics
    let rows = languages.count > 1 ? (min(languages.count, 8) + 1) / 2 : 0
    let height = max(0, rows * (m.target + m.unit) - m.unit)
    return PixelRect(
      x: layout.submit.x, y: layout.submit.maxY - height, width: layout.submit.width, height: height)
  }

  private static func grid(
    _ rect: PixelRect, columns: Int, rows: Int, count: Int, gap: Int
  ) -> [PixelRect] {
    guard columns > 0, rows > 0 else { return [] }
    return (0..<min(count, columns * rows)).map { index in
      let (column, row) = (index % columns, index / columns)
      // The last one of an odd number fills its row.
      let span = index == count - 1 ? columns - column : 1
      let x0 = rect.x + (rect.width + gap) * column / columns
      let x1 = rect.x + (rect.width + gap) * (column + span) / columns - gap
      let y0 = rect.y + (rect.height + gap) * row / rows
      let y1 = rect.y + (rect.height + gap) * (row + 1) / rows - gap
      return PixelRect(x: x0, y: y0, width: x1 - x0, height: y1 - y0)
    }
  }
}
