import Ink

/// Where the choices stand, and the pages of the whole text.
extension ConsentScreen {
  struct Places: Sendable, Equatable {
    /// One for each language; empty where there is only one.
    var languages: [PixelRect] = []
    var title = PixelRect.empty
    /// The short text, and below it the line for the young.
    var text = PixelRect.empty
    var askAGrownUp = PixelRect.empty
    var useDrawings = PixelRect.empty
    var showName = PixelRect.empty
    var readAll = PixelRect.empty
    var start = PixelRect.empty
  }

  struct ReadingPlaces: Sendable, Equatable {
    var page = PixelRect.empty
    var number = PixelRect.empty
    var back = PixelRect.empty
    var previous = PixelRect.empty
    var next = PixelRect.empty
  }

  func places(in layout: Layout) -> Places {
    let (m, u) = (layout.metrics, layout.metrics.unit)
    let isCompact = layout.isCompact
    let isPortrait = layout.isPortrait
    let inner = ConsentScreen.inner(in: layout)
    var places = Places()
    var y = inner.y

    // Languages: beside the title where the panel is wide, else in a row of their own.
    let count = languages.count > 1 ? languages.count : 0
    let wide = count * max(m.target, m.body * 6) + m.title * 8 <= inner.width
    // A low panel has no row to spare for a title.
    if wide || layout.form == .portrait || count == 0 {
      let height = wide || count == 0 ? m.target : m.title * 3 / 2
      places.title = PixelRect(x: inner.x, y: y, width: inner.width, height: height)
      if wide || count == 0 { places.title.width -= count * m.body * 6 } else { y += height + u }
    }
    if count > 0 {
      let width = wide ? max(m.target, m.body * 6) * count : inner.width
      let x = inner.maxX - width
      let row = PixelRect(x: x, y: y, width: width, height: m.target)
      let shares = layout.form == .narrow ? PixelRect.shares(of: row, for: languages, gap: 0) : []
      places.languages =
        shares.isEmpty
        ? (0..<count).map { i in
          let (x0, x1) = (x + width * i / count, x + width * (i + 1) / count)
          return PixelRect(x: x0, y: y, width: x1 - x0, height: m.target)
        } : shares
    }
    y += m.target + (isCompact ? u / 2 : ConsentScreen.isTight(in: layout) ? u : 2 * u)

    let isTight = ConsentScreen.isTight(in: layout)
    let gap = isTight ? u : 2 * u
    let button = isTight ? m.target : max(m.target, m.body * 3)
    let bottom = inner.maxY - button
    let startWidth = min(inner.width * 6 / 10 - u, max(m.body * 14, inner.width / 3))
    places.start = PixelRect(x: inner.maxX - startWidth, y: bottom, width: startWidth, height: button)
    places.readAll = PixelRect(
      x: inner.x, y: bottom, width: min(m.body * 11, inner.width - startWidth - 2 * u), height: button)

    // The text takes the lines that it needs at about 0.55 em a letter; the choices have the rest.
    let size = ConsentScreen.textSize(in: layout)
    let across = max(1, inner.width * 100 / (size * 55))
    let needed = (text.paragraphs[0].count + across - 1) / across + 1
    let lines = max(2, min(needed, isPortrait ? 7 : isCompact ? 3 : 5))
    places.text = PixelRect(x: inner.x, y: y, width: inner.width, height: lines * size * 27 / 20)
    y = places.text.maxY + (isTight ? 0 : u)
    places.askAGrownUp = PixelRect(
      x: inner.x, y: y, width: inner.width,
      height: (isTight ? m.small : m.body) * 27 / 20 * (layout.form == .narrow ? 2 : 1))
    y = places.askAGrownUp.maxY + gap
    let rest = PixelRect(x: inner.x, y: y, width: inner.width, height: bottom - gap - y)
    if isTight || isPortrait {
      let height = min((rest.height - gap) / 2, max(2 * m.target, m.body * 8))
      let top = rest.y + (rest.height - 2 * height - gap) / 4
      places.useDrawings = PixelRect(x: rest.x, y: top, width: rest.width, height: height)
      places.showName = PixelRect(x: rest.x, y: top + height + gap, width: rest.width, height: height)
    } else {
      let height = min(rest.height, m.body * 13)
      let top = rest.y + (rest.height - height) / 3
      let width = (rest.width - gap) / 2
      places.useDrawings = PixelRect(x: rest.x, y: top, width: width, height: height)
      places.showName = PixelRect(x: rest.maxX - width, y: top, width: width, height: height)
    }
    return places
  }

  /// Whether the panel is low and not wide, so that the choices stand above each other and nothing is left over.
  static func isTight(in layout: Layout) -> Bool {
    layout.isCompact
      || !layout.isPortrait && inner(in: layout).width < layout.metrics.body * 40
  }

  /// The size of the short text: larger than other text where there is room.
  static func textSize(in layout: Layout) -> Int {
    isTight(in: layout) ? layout.metrics.body : layout.metrics.body * 9 / 8
  }

  func readingPlaces(in layout: Layout) -> ReadingPlaces {
    let (m, u) = (layout.metrics, layout.metrics.unit)
    let inner = ConsentScreen.inner(in: layout)
    let button = max(m.target, layout.isCompact ? m.target : m.body * 3)
    let bottom = inner.maxY - button
    let turn = max(m.target, m.body * 4)
    var places = ReadingPlaces()
    places.page = PixelRect(x: inner.x, y: inner.y, width: inner.width, height: bottom - 2 * u - inner.y)
    places.back = PixelRect(
      x: inner.x, y: bottom, width: min(m.body * 10, inner.width - 3 * turn), height: button)
    places.next = PixelRect(x: inner.maxX - turn, y: bottom, width: turn, height: button)
    places.previous = PixelRect(x: places.next.x - u - turn, y: bottom, width: turn, height: button)
    places.number = PixelRect(
      x: places.back.maxX + u, y: bottom, width: places.previous.x - places.back.maxX - 2 * u, height: button)
    return places
  }

  /// The whole text in pages of this panel's size.
  func pages(in layout: Layout) -> [[String]] {
    let m = layout.metrics
    let page = readingPlaces(in: layout).page
    // 0.6 em is more than the mean letter of any of the alphabets takes.
    return text.pages(columns: page.width * 10 / (m.body * 6), rows: page.height / (m.body * 27 / 20))
  }

  /// What the screen fills: as wide as lines of text can be read.
  private static func inner(in layout: Layout) -> PixelRect {
    let m = layout.metrics
    let margin = layout.isCompact ? m.unit : 2 * m.unit
    let all = layout.bounds.inset(by: margin)
    let width = min(all.width, m.body * 60)
    let height = min(all.height, layout.isPortrait ? m.body * 60 : m.body * 34)
    return PixelRect(
      x: all.x + (all.width - width) / 2, y: all.y + (all.height - height) / 2, width: width, height: height)
  }
}
