import Ink

/// The rectangles of a ``Layout``, worked out for each of its forms.
///
/// Everything stands on the lines of the sheet: columns beside it begin and end with it and with its buttons.
struct Plan {
  var canvas = PixelRect.empty
  var challengeTab = PixelRect.empty
  var freePlayTab = PixelRect.empty
  var title = PixelRect.empty
  var prompt = PixelRect.empty
  var message = PixelRect.empty
  var undo = PixelRect.empty
  var clear = PixelRect.empty
  var submit = PixelRect.empty
  var counts = PixelRect.empty
  var board: PixelRect?
  var bars: [PixelRect] = []
  var guess = PixelRect.empty
  var guessWords = PixelRect.empty
  var freeClear = PixelRect.empty

  /// Between a column and the sheet, and at the panel's edge.
  private static func gutters(_ form: Layout.Form, _ m: Metrics) -> (outer: Int, inner: Int) {
    switch form {
    case .compact, .narrow: (m.unit, m.unit)
    case .beside: (m.unit, m.unit * 3 / 2)
    case .landscape, .portrait: (2 * m.unit, 2 * m.unit)
    }
  }

  /// Height of the row of buttons below the sheet.
  static func buttonRow(_ m: Metrics) -> Int { max(m.target, m.body * 7 / 2) }

  /// Whether a sheet of this side leaves room for everything else.
  static func fits(_ form: Layout.Form, width: Int, height: Int, _ m: Metrics, side: Int) -> Bool {
    let u = m.unit
    let (outer, inner) = gutters(form, m)
    let column = (width - side) / 2 - outer - inner
    return switch form {
    case .compact: side <= height && column >= m.body * 6
    case .beside: side + 2 * u <= height && column >= max(2 * m.target + u, m.body * 10)
    case .landscape: side + 2 * u + buttonRow(m) + 4 * u <= height && column >= max(2 * m.target, m.body * 8)
    case .portrait:
      // Header, prompt, buttons and counts stand above and below; the bars beside.
      side + 2 * m.target + buttonRow(m) + m.title * 2 + m.title * 3 + 10 * u <= height
        && column + outer + inner >= m.body * 5 / 2 + 2 * u
    // It is what is left when nothing else fits.
    case .narrow: true
    }
  }

  /// Whether the smallest of ``portrait(_:_:_:_:)`` is no larger than the panel: the lowest prompt, no board.
  static func holdsPortrait(width: Int, height: Int, _ m: Metrics, side: Int) -> Bool {
    let rows = m.target + m.title * 3 + side + buttonRow(m) + m.title * 2
    return rows + 12 * m.unit <= height && (width - side) / 2 >= m.body * 5 / 2 + 2 * m.unit
  }

  /// A small panel: the sheet is nearly as high as the panel, each column a stack.
  static func compact(_ width: Int, _ height: Int, _ m: Metrics, _ side: Int) -> Plan {
    var plan = Plan()
    let u = m.unit
    let t = m.target
    let (left, right) = plan.placeColumns(.compact, width, m, side, top: u, height: height - 2 * u)
    plan.canvas.y = (height - side) / 2
    plan.challengeTab = PixelRect(x: left.x, y: left.maxY - t, width: left.width, height: t)
    plan.freePlayTab = PixelRect(x: right.x, y: right.maxY - t, width: right.width, height: t)
    let above = plan.challengeTab.y - 2 * u
    // Three rows of counts, and a message that has room for what was saved, read, reached and given as a receipt.
    let counts = 3 * (m.small * 27 / 20)
    let least = m.body * 27 / 20 + 6 * (m.small * 27 / 20)
    let end = plan.challengeTab.y - u
    let prompt = min(end - left.y - counts - least - 2 * u, left.width * 5 / 4)
    plan.prompt = PixelRect(x: left.x, y: left.y, width: left.width, height: prompt)
    plan.counts = PixelRect(x: left.x, y: plan.prompt.maxY + u, width: left.width, height: counts)
    plan.message = PixelRect(
      x: left.x, y: plan.counts.maxY + u, width: left.width, height: end - plan.counts.maxY - u)
    plan.undo = PixelRect(x: right.x, y: right.y, width: right.width, height: t)
    plan.clear = PixelRect(x: right.x, y: plan.undo.maxY + u, width: right.width, height: t)
    // The best three stand between Clear and Submit where that stays large.
    var submitTop = plan.clear.maxY + 3 * u
    let submitEnd = plan.freePlayTab.y - 2 * u
    let rows = 3 * (m.small * 3 / 2)
    if submitEnd - submitTop - rows - u >= t * 5 / 4 {
      plan.board = PixelRect(x: right.x, y: plan.clear.maxY + 2 * u, width: right.width, height: rows)
      submitTop = plan.clear.maxY + rows + 4 * u
    }
    plan.submit = PixelRect(x: right.x, y: submitTop, width: right.width, height: submitEnd - submitTop)
    plan.freeClear = PixelRect(x: right.x, y: right.y, width: right.width, height: t)
    plan.guess = PixelRect(x: left.x, y: left.y, width: left.width, height: t)
    let barsTop = plan.freeClear.maxY + u
    plan.bars = columns(
      PixelRect(x: left.x, y: barsTop, width: left.width, height: above - barsTop),
      PixelRect(x: right.x, y: barsTop, width: right.width, height: above - barsTop))
    return plan
  }

  /// The sheet takes the panel's height; the buttons stand in the column beside it.
  static func beside(_ width: Int, _ height: Int, _ m: Metrics, _ side: Int) -> Plan {
    var plan = Plan()
    let u = m.unit
    let t = m.target
    let row = buttonRow(m)
    let block = max(side, min(height - 2 * u, t + 2 * row + t + 8 * u))
    let top = (height - block) / 2
    let (left, right) = plan.placeColumns(.beside, width, m, side, top: top, height: block)
    plan.canvas.y = (height - side) / 2
    plan.placeHeader(left, right, y: top, m)
    plan.submit = PixelRect(x: right.x, y: right.maxY - row, width: right.width, height: row)
    let half = (right.width - u) / 2
    plan.undo = PixelRect(x: right.x, y: plan.submit.y - 2 * u - t, width: half, height: t)
    plan.clear = PixelRect(x: right.maxX - half, y: plan.undo.y, width: half, height: t)
    let free = PixelRect(
      x: right.x, y: plan.challengeTab.maxY + 2 * u, width: right.width,
      height: plan.undo.y - 2 * u - plan.challengeTab.maxY - 2 * u)
    plan.board = free.height >= m.body * 5 ? free : nil
    plan.counts = PixelRect(x: left.x, y: left.maxY - row, width: left.width, height: row)
    plan.placePrompt(left, from: plan.title.maxY + u, to: plan.counts.y - 2 * u, m)
    let bars = (top: plan.challengeTab.maxY + 2 * u, bottom: left.maxY - row - 2 * u)
    plan.bars = columns(
      PixelRect(x: left.x, y: bars.top, width: left.width, height: bars.bottom - bars.top),
      PixelRect(x: right.x, y: bars.top, width: right.width, height: bars.bottom - bars.top))
    plan.guess = plan.counts
    plan.freeClear = plan.submit
    return plan
  }

  /// The sheet in the middle with Undo and Clear below it; what to draw at its left, board and Submit at its right.
  static func landscape(_ width: Int, _ height: Int, _ m: Metrics, _ side: Int) -> Plan {
    var plan = Plan()
    let u = m.unit
    let t = m.target
    let row = buttonRow(m)
    let block = side + 2 * u + row
    // Where there is room the header stands above the sheet, else at the top of the columns.
    let isAbove = height - block >= t + 2 * u + 5 * u
    let above = isAbove ? t + 2 * u : 0
    let top = (height - block - above) / 2
    let (left, right) = plan.placeColumns(.landscape, width, m, side, top: top, height: above + block)
    plan.canvas.y = top + above
    plan.placeHeader(left, right, y: top, m)
    let foot = plan.canvas.maxY + 2 * u
    let half = (side - 2 * u) / 2
    plan.undo = PixelRect(x: plan.canvas.x, y: foot, width: half, height: row)
    plan.clear = PixelRect(x: plan.canvas.maxX - half, y: foot, width: half, height: row)
    plan.submit = PixelRect(x: right.x, y: foot, width: right.width, height: row)
    plan.counts = PixelRect(x: left.x, y: foot, width: left.width, height: row)
    let from = plan.challengeTab.maxY + 2 * u
    plan.placePrompt(left, from: from, to: plan.canvas.maxY, m)
    plan.board = PixelRect(x: right.x, y: from, width: right.width, height: plan.canvas.maxY - from)
    plan.bars = columns(
      PixelRect(x: left.x, y: from, width: left.width, height: left.maxY - from),
      PixelRect(x: right.x, y: from, width: right.width, height: right.maxY - from))
    let guess = min((side - 2 * u) * 6 / 10, side - 2 * u - t)
    plan.guess = PixelRect(x: plan.canvas.x, y: foot, width: guess, height: row)
    plan.freeClear = PixelRect(
      x: plan.guess.maxX + 2 * u, y: foot, width: side - guess - 2 * u, height: row)
    return plan
  }

  /// Header, prompt, sheet, buttons, counts, board: one below the other, between the same two edges.
  static func portrait(_ width: Int, _ height: Int, _ m: Metrics, _ side: Int) -> Plan {
    var plan = Plan()
    let u = m.unit
    let gap = 2 * u
    let t = m.target
    let row = buttonRow(m)
    let isWide = side * 10 >= width * 7
    let x = isWide ? (width - side) / 2 : 2 * u
    let content = width - 2 * x
    let counts = m.title * 2
    let rest = height - (t + gap + gap + side + gap + row + gap + counts) - 2 * gap
    let promptHeight = max(m.title * 3, min(rest * 45 / 100, m.title * 13 / 2))
    // What is left goes to the board, as far as it has use for it; then the block stands in the middle.
    let boardHeight = min(rest - promptHeight - gap, m.body * 16)
    let hasBoard = boardHeight >= m.body * 5
    let used = hasBoard ? promptHeight + gap + boardHeight : promptHeight
    let top = gap + max(0, (rest - used) / 2)
    let tab = max(t, min(m.body * 8, (content - gap) / 3))
    plan.freePlayTab = PixelRect(x: x + content - tab, y: top, width: tab, height: t)
    plan.challengeTab = PixelRect(x: plan.freePlayTab.x - tab, y: top, width: tab, height: t)
    plan.title = PixelRect(x: x, y: top, width: plan.challengeTab.x - u - x, height: t)
    let promptWidth = (content - gap) * 9 / 20
    plan.prompt = PixelRect(x: x, y: top + t + gap, width: promptWidth, height: promptHeight)
    plan.message = PixelRect(
      x: plan.prompt.maxX + gap, y: plan.prompt.y, width: content - promptWidth - gap, height: promptHeight)
    plan.canvas = PixelRect(x: (width - side) / 2, y: plan.prompt.maxY + gap, width: side, height: side)
    let foot = plan.canvas.maxY + gap
    let small = (content - 4 * u) * 3 / 11
    plan.undo = PixelRect(x: x, y: foot, width: small, height: row)
    plan.clear = PixelRect(x: plan.undo.maxX + u, y: foot, width: small, height: row)
    let submitX = plan.clear.maxX + 3 * u
    plan.submit = PixelRect(x: submitX, y: foot, width: x + content - submitX, height: row)
    plan.counts = PixelRect(x: x, y: foot + row + gap, width: content, height: counts)
    if hasBoard {
      plan.board = PixelRect(x: x, y: plan.counts.maxY + gap, width: content, height: boardHeight)
    }
    let column = plan.canvas.x - 2 * u
    plan.bars = columns(
      PixelRect(x: u, y: plan.canvas.y, width: column, height: side),
      PixelRect(x: plan.canvas.maxX + u, y: plan.canvas.y, width: column, height: side))
    plan.guess = PixelRect(x: x, y: plan.prompt.y, width: content, height: promptHeight)
    plan.freeClear = PixelRect(x: x, y: foot, width: content, height: row)
    return plan
  }

  /// A small panel held upright: prompt, tabs, message and counts share the rows above the sheet, the buttons the one below.
  static func narrow(_ width: Int, _ height: Int, _ m: Metrics, _ side: Int) -> Plan {
    var plan = Plan()
    let u = m.unit
    let gap = u
    let t = max(48, min(m.target, (height - side - 3 * u) / 4))
    let content = width - 2 * u
    let room = height - 2 * u - t - 2 * gap - side
    let above = min(room, t + m.body * 8)
    // A higher panel has room for the board; then the block stands in the middle.
    let boardHeight = min(room - above - gap, m.body * 16)
    let hasBoard = boardHeight >= m.body * 5
    let top = u + (room - above - (hasBoard ? boardHeight + gap : 0)) / 2
    plan.prompt = PixelRect(x: u, y: top, width: min(content * 3 / 10, above), height: above)
    let right = PixelRect(
      x: plan.prompt.maxX + gap, y: top, width: content - plan.prompt.width - gap, height: above)
    let half = right.width / 2
    plan.challengeTab = PixelRect(x: right.x, y: top, width: half, height: t)
    plan.freePlayTab = PixelRect(x: right.x + half, y: top, width: right.width - half, height: t)
    let counts = m.body * 15 / 14
    plan.counts = PixelRect(x: right.x, y: right.maxY - counts, width: right.width, height: counts)
    let from = top + t + u / 2
    plan.message = PixelRect(
      x: right.x, y: from, width: right.width, height: plan.counts.y - u / 3 - from)
    plan.canvas = PixelRect(x: (width - side) / 2, y: right.maxY + gap, width: side, height: side)
    let foot = plan.canvas.maxY + gap
    let small = (content - 4 * u) * 3 / 11
    plan.undo = PixelRect(x: u, y: foot, width: small, height: t)
    plan.clear = PixelRect(x: plan.undo.maxX + u, y: foot, width: small, height: t)
    let submitX = plan.clear.maxX + 3 * u
    plan.submit = PixelRect(x: submitX, y: foot, width: u + content - submitX, height: t)
    if hasBoard {
      plan.board = PixelRect(x: u, y: foot + t + gap, width: content, height: boardHeight)
    }
    // The bars stand upright in what the sheet's frame leaves at its sides.
    let frame = BoothView.frame(m)
    let column = min(plan.canvas.x - frame - 2, m.body * 3)
    plan.bars = columns(
      PixelRect(x: plan.canvas.x - frame - 1 - column, y: plan.canvas.y, width: column, height: side),
      PixelRect(x: plan.canvas.maxX + frame + 1, y: plan.canvas.y, width: column, height: side))
    plan.guess = plan.prompt
    plan.guessWords = PixelRect(
      x: right.x, y: top + t + u, width: right.width, height: right.maxY - top - t - u)
    plan.freeClear = PixelRect(x: u, y: foot, width: content, height: t)
    return plan
  }

  /// The same for a left hand: what stood at the right stands at the left. The bars keep their sides.
  mutating func mirror(width: Int) {
    func mirrored(_ rect: PixelRect) -> PixelRect {
      PixelRect(x: width - rect.maxX, y: rect.y, width: rect.width, height: rect.height)
    }
    for path in [
      \Plan.canvas, \.challengeTab, \.freePlayTab, \.title, \.prompt, \.message, \.undo, \.clear, \.submit,
      \.counts, \.guess, \.guessWords, \.freeClear,
    ] { self[keyPath: path] = mirrored(self[keyPath: path]) }
    board = board.map(mirrored)
    let turned = bars.map(mirrored)
    bars = Array(turned[5...] + turned[..<5])
    // Two of a kind are read from left to right whichever hand draws.
    if challengeTab.y == freePlayTab.y, challengeTab.x > freePlayTab.x,
      challengeTab.x - freePlayTab.maxX < canvas.width / 2
    {
      swap(&challengeTab, &freePlayTab)
    }
    if undo.y == clear.y, undo.x > clear.x { swap(&undo, &clear) }
  }

  /// The sheet in the middle, and the columns at its sides; on a wide panel they stay near it.
  private mutating func placeColumns(
    _ form: Layout.Form, _ width: Int, _ m: Metrics, _ side: Int, top: Int, height: Int
  ) -> (left: PixelRect, right: PixelRect) {
    canvas = PixelRect(x: (width - side) / 2, y: top, width: side, height: side)
    let (outer, inner) = Plan.gutters(form, m)
    // A wide panel has room for a wider gap.
    let gap = form == .landscape && width - side > 2 * (m.body * 14 + m.target) ? inner + m.unit : inner
    let column = min((width - side) / 2 - outer - gap, m.body * 18)
    return (
      PixelRect(x: canvas.x - gap - column, y: top, width: column, height: height),
      PixelRect(x: canvas.maxX + gap, y: top, width: column, height: height)
    )
  }

  /// The name at the left, the two ways to draw at the right.
  private mutating func placeHeader(_ left: PixelRect, _ right: PixelRect, y: Int, _ m: Metrics) {
    let half = right.width / 2
    challengeTab = PixelRect(x: right.x, y: y, width: half, height: m.target)
    freePlayTab = PixelRect(x: right.x + half, y: y, width: right.width - half, height: m.target)
    title = PixelRect(x: left.x, y: y, width: left.width, height: m.target)
  }

  /// What to draw, and below it what just happened.
  private mutating func placePrompt(_ column: PixelRect, from top: Int, to bottom: Int, _ m: Metrics) {
    let gap = 2 * m.unit
    let height = min((bottom - top - gap) * 60 / 100, column.width * 11 / 10)
    prompt = PixelRect(x: column.x, y: top, width: column.width, height: height)
    message = PixelRect(
      x: column.x, y: prompt.maxY + gap, width: column.width, height: bottom - prompt.maxY - gap)
  }

  /// Five bars in each column, 0-4 and 5-9.
  private static func columns(_ left: PixelRect, _ right: PixelRect) -> [PixelRect] {
    (0..<10).map { digit in
      let column = digit < 5 ? left : right
      let row = digit % 5
      let y0 = column.y + column.height * row / 5
      let y1 = column.y + column.height * (row + 1) / 5
      return PixelRect(x: column.x, y: y0, width: column.width, height: y1 - y0)
    }
  }
}
