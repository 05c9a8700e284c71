import Ink

/// Where the code, the keys, and what the store says of it stand.
extension WithdrawScreen {
  typealias Key = ScreenKey<Control>

  struct Places: Sendable, Equatable {
    var title = PixelRect.empty
    var back = PixelRect.empty
    var field = PixelRect.empty
    /// What there is to say while the code is typed.
    var message = PixelRect.empty
    var keyboard = PixelRect.empty
    var keys: [Key] = []
    /// What the store says, in place of the keys.
    var told = PixelRect.empty
    /// Below it: what deletes, and what begins anew.
    var delete = PixelRect.empty
    var another = PixelRect.empty
  }

  func places(in layout: Layout) -> Places {
    let (bounds, m, u) = (layout.bounds, layout.metrics, layout.metrics.unit)
    let isCompact = layout.isCompact
    let isPortrait = bounds.height > bounds.width
    var places = Places()

    let columns = layout.form == .narrow ? Layout.narrowColumns : Keyboard.columns
    let rows = Self.rows(columns: columns)
    places.keyboard =
      layout.form == .narrow
      ? layout.narrowKeyboard(rows: rows.count)
      : layout.keyboard(
        percent: isPortrait ? 40 : 60, isPortrait: isPortrait, tallest: max(m.target, m.body * 4))
    if takesKeys { places.keys = keys(rows, in: places.keyboard, columns: columns, gap: max(2, u / 3)) }

    let side = isCompact ? u : 2 * u
    let inner = PixelRect(
      x: max(side, places.keyboard.x), y: 0, width: min(bounds.width - 2 * side, places.keyboard.width),
      height: places.keyboard.y)
    let gap = isCompact ? u : 2 * u
    let row = max(m.target, isCompact ? 0 : m.body * 3)
    let back = max(2 * m.target, m.body * 8)
    let message = isCompact ? inner.height - row - 3 * u : m.body * 27 / 20 * (isPortrait ? 3 : 2)
    // On a low panel the title gives way to the code.
    let title = isCompact ? 0 : row + gap
    let top = max(isCompact ? u : gap, (inner.height - title - row - gap - message) / 2)
    places.back = PixelRect(x: inner.maxX - back, y: top, width: back, height: row)
    if isCompact {
      places.field = PixelRect(x: inner.x, y: top, width: places.back.x - gap - inner.x, height: row)
    } else {
      places.title = PixelRect(x: inner.x, y: top, width: places.back.x - gap - inner.x, height: row)
      let field = min(inner.width, max(m.large * 12, inner.width / 2))
      places.field = PixelRect(x: inner.x, y: top + row + gap, width: field, height: row)
    }
    places.message = PixelRect(
      x: inner.x, y: places.field.maxY + (isCompact ? u : gap), width: inner.width,
      height: min(message, inner.height - places.field.maxY - (isCompact ? u : gap)))

    let foot = PixelRect(
      x: inner.x, y: bounds.maxY - side - row, width: inner.width, height: row)
    let half = (foot.width - gap) / 2
    let button = min(half, m.body * 18)
    places.delete = PixelRect(x: foot.x, y: foot.y, width: button, height: row)
    places.another = PixelRect(x: foot.maxX - button, y: foot.y, width: button, height: row)
    places.told = PixelRect(
      x: inner.x, y: places.field.maxY + gap, width: inner.width,
      height: foot.y - gap - places.field.maxY - gap)
    if !isCompact, !takesKeys {
      // Question and buttons stay together where the panel is high.
      let height = min(places.told.height, m.large * 9)
      places.told.height = height
      places.delete.y = places.told.maxY + gap
      places.another.y = places.delete.y
    }
    return places
  }

  /// The alphabet in its own order, and behind it what takes a character back and what looks the code up.
  private func keys(_ rows: [[Character]], in area: PixelRect, columns: Int, gap: Int) -> [Key] {
    var keys: [Key] = []
    for (row, letters) in rows.enumerated() {
      var cells: [(control: Control, width: Int)] = letters.map { (.key($0), 1) }
      let free = columns - letters.count
      if free > 0 { cells += [(.backspace, free * 3 / 8), (.find, free - free * 3 / 8)] }
      let (y0, y1) = (
        area.y + area.height * row / rows.count, area.y + area.height * (row + 1) / rows.count
      )
      var at = 0
      for cell in cells {
        let x0 = area.x + area.width * at / columns
        at += cell.width
        let touch = PixelRect(x: x0, y: y0, width: area.x + area.width * at / columns - x0, height: y1 - y0)
        keys.append(Key(control: cell.control, face: touch.inset(by: gap / 2), touch: touch))
      }
    }
    return keys
  }

  func controls(in layout: Layout) -> [ScreenControl<Control>] {
    let places = places(in: layout)
    var found = [ScreenControl<Control>(control: .back, rect: places.back, isEnabled: isEnabled(.back))]
    found += places.keys.map {
      ScreenControl(control: $0.control, rect: $0.touch, isEnabled: isEnabled($0.control))
    }
    guard case .told = state else { return found }
    if canDelete { found.append(ScreenControl(control: .delete, rect: places.delete)) }
    found.append(ScreenControl(control: .another, rect: places.another))
    return found
  }
}
