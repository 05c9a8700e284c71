import Ink

/// Where the field, its buttons and the keys stand.
extension NameScreen {
  typealias Key = ScreenKey<Control>

  struct Places: Sendable, Equatable {
    var title = PixelRect.empty
    var field = PixelRect.empty
    var another = PixelRect.empty
    var done = PixelRect.empty
    /// What there is to say about the name.
    var message = PixelRect.empty
    var keyboard = PixelRect.empty
    var keys: [Key] = []
  }

  func places(in layout: Layout) -> Places {
    let (bounds, m, u) = (layout.bounds, layout.metrics, layout.metrics.unit)
    if layout.form == .narrow { return narrowPlaces(in: layout) }
    let isCompact = layout.form == .compact
    let isPortrait = layout.form == .portrait
    var places = Places()

    places.keyboard = layout.keyboard(
      percent: isPortrait ? 45 : 62, isPortrait: isPortrait, tallest: max(m.target * 5 / 4, m.body * 4))
    places.keys = keys(rows, in: places.keyboard, columns: Keyboard.columns, gap: max(2, u / 3))

    let side = isCompact ? u : 2 * u
    let inner = PixelRect(
      x: max(side, places.keyboard.x), y: 0, width: min(bounds.width - 2 * side, places.keyboard.width),
      height: places.keyboard.y)
    let field = isCompact ? m.target : max(m.target, m.body * 3)
    let title = isCompact ? m.body * 3 / 2 : m.title * 3 / 2
    let message = m.body * 27 / 20 * 2
    if isPortrait {
      let gap = 2 * u
      let used = title + 2 * field + message + 3 * gap
      var y = inner.y + max(u, (inner.height - used) / 2)
      places.title = PixelRect(x: inner.x, y: y, width: inner.width, height: title)
      y = places.title.maxY + gap
      places.field = PixelRect(x: inner.x, y: y, width: inner.width, height: field)
      y = places.field.maxY + gap
      let half = (inner.width - gap) / 2
      places.another = PixelRect(x: inner.x, y: y, width: half, height: field)
      places.done = PixelRect(x: inner.maxX - half, y: y, width: half, height: field)
      places.message = PixelRect(x: inner.x, y: y + field + gap, width: inner.width, height: message)
    } else {
      let gap = isCompact ? u : 2 * u
      let lower = isCompact ? inner.height - title - field - 2 * u : message
      let used = title + field + lower + (isCompact ? u : 2 * gap)
      let y = inner.y + max(isCompact ? u / 2 : u, (inner.height - used) / 2)
      places.title = PixelRect(x: inner.x, y: y, width: inner.width, height: title)
      let row = places.title.maxY + (isCompact ? 0 : gap)
      let done = max(m.target * 2, m.body * (isCompact ? 8 : 9))
      let another = max(m.target * 2, m.body * (isCompact ? 7 : 9))
      places.done = PixelRect(x: inner.maxX - done, y: row, width: done, height: field)
      places.another = PixelRect(x: places.done.x - gap - another, y: row, width: another, height: field)
      places.field = PixelRect(x: inner.x, y: row, width: places.another.x - gap - inner.x, height: field)
      places.message = PixelRect(
        x: inner.x, y: row + field + (isCompact ? u / 2 : gap), width: inner.width,
        height: inner.maxY - row - field - (isCompact ? u / 2 : gap))
      if !isCompact { places.message.height = min(places.message.height, message) }
    }
    return places
  }

  /// A small panel held upright: field and buttons in a row each, fewer columns of keys in more rows. The title gives way to
  /// an alphabet that needs the room.
  private func narrowPlaces(in layout: Layout) -> Places {
    let (m, u) = (layout.metrics, layout.metrics.unit)
    let rows = narrowRows
    var places = Places()
    places.keyboard = layout.narrowKeyboard(rows: rows.count + 1)
    places.keys = keys(rows, in: places.keyboard, columns: Layout.narrowColumns, gap: max(2, u / 3))
    let inner = PixelRect(x: u, y: 0, width: layout.bounds.width - 2 * u, height: places.keyboard.y)
    let message = 2 * (m.small * 27 / 20)
    let title = m.body * 3 / 2
    var gap = u * 2 / 3
    let field = max(48, min(m.target, (inner.height - message - 4 * gap) / 2))
    let hasTitle = inner.height >= title + 2 * field + message + 5 * gap
    let used = (hasTitle ? title : 0) + 2 * field + message
    gap = (inner.height - used) / (hasTitle ? 5 : 4)
    gap = min(gap, 2 * u)
    var y = (inner.height - used - (hasTitle ? 3 : 2) * gap) / 2
    if hasTitle {
      places.title = PixelRect(x: inner.x, y: y, width: inner.width, height: title)
      y = places.title.maxY + gap
    }
    places.field = PixelRect(x: inner.x, y: y, width: inner.width, height: field)
    y = places.field.maxY + gap
    let half = (inner.width - u) / 2
    places.another = PixelRect(x: inner.x, y: y, width: half, height: field)
    places.done = PixelRect(x: inner.maxX - half, y: y, width: half, height: field)
    places.message = PixelRect(x: inner.x, y: y + field + gap, width: inner.width, height: message)
    return places
  }

  /// Rows of letters, and the row of what changes them. The touch areas fill the keyboard: a finger never falls between two
  /// keys.
  private func keys(_ rows: [[Character]], in area: PixelRect, columns: Int, gap: Int) -> [Key] {
    var keys: [Key] = []
    let (count, whole) = (rows.count + 1, 2 * columns)
    /// A row of keys in halves of a column's width, in the middle.
    func add(_ row: Int, _ cells: [(control: Control, width: Int)]) {
      let (y0, y1) = (area.y + area.height * row / count, area.y + area.height * (row + 1) / count)
      let used = cells.reduce(0) { $0 + $1.width }
      var at = (whole - used) / 2
      for (i, cell) in cells.enumerated() {
        let x0 = area.x + area.width * at / whole
        at += cell.width
        let x1 = area.x + area.width * at / whole
        let face = PixelRect(x: x0, y: y0, width: x1 - x0, height: y1 - y0)
        var touch = face
        // The outermost keys reach to the keyboard's edge.
        if i == 0 {
          touch.width += touch.x - area.x
          touch.x = area.x
        }
        if i == cells.count - 1 { touch.width = area.maxX - touch.x }
        let inset = gap / 2
        keys.append(
          Key(
            control: cell.control,
            face: PixelRect(
              x: face.x + inset, y: face.y + inset, width: face.width - 2 * inset,
              height: face.height - 2 * inset),
            touch: touch))
      }
    }
    for (i, row) in rows.enumerated() { add(i, row.map { (.key($0), 2) }) }
    var last: [(control: Control, width: Int)] = [(.shift, 2)]
    // Where all letters are in the rows, none stand beside the space.
    let beside = columns == Keyboard.columns ? extra : []
    last += beside.map { (.key($0), 2) }
    if hasAccents { last.append((.accent, 2)) }
    last += [(.figures, 2), (.space, 0), (.backspace, columns < Keyboard.columns || extra.count > 2 ? 2 : 3)]
    let used = last.reduce(0) { $0 + $1.width }
    if let space = last.firstIndex(where: { $0.control == .space }) { last[space].width = whole - used }
    add(count - 1, last)
    return keys
  }
}
