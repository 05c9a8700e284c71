import Ink

/// The rectangles of a ``Layout``, worked out for each of its forms.
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
  var freeClear = PixelRect.empty

  /// Width of a column beside the canvas that can still hold the prompt or the board.
  static func leastColumn(_ m: Metrics) -> Int { m.body * 10 + 2 * m.unit }
  /// Width of a column of bars beside the canvas.
  static func leastBars(_ m: Metrics) -> Int { m.body * 4 }

  /// Canvas at the left; a column with everything else at the right.
  static func compact(_ width: Int, _ height: Int, _ m: Metrics, _ side: Int) -> Plan {
    var plan = Plan()
    let u = m.unit
    let top = max(0, (height - side) / 2)
    // In free play the bars stand on both sides, so the canvas keeps to the middle there as well as here.
    plan.canvas = PixelRect(x: (width - side) / 2, y: top, width: side, height: side)
    let left = PixelRect(x: u, y: top, width: plan.canvas.x - 2 * u, height: side)
    let right = PixelRect(
      x: plan.canvas.maxX + u, y: top, width: width - plan.canvas.maxX - 2 * u, height: side)
    let t = m.target
    plan.challengeTab = PixelRect(x: left.x, y: left.maxY - t, width: left.width, height: t)
    plan.freePlayTab = PixelRect(x: right.x, y: right.maxY - t, width: right.width, height: t)
    plan.prompt = PixelRect(x: left.x, y: left.y, width: left.width, height: 110)
    plan.counts = PixelRect(x: left.x, y: plan.prompt.maxY, width: left.width, height: 40)
    plan.message = PixelRect(
      x: left.x, y: plan.counts.maxY, width: left.width, height: left.maxY - t - u - plan.counts.maxY)
    plan.undo = PixelRect(x: right.x, y: right.y, width: right.width, height: t)
    plan.clear = PixelRect(x: right.x, y: plan.undo.maxY + u, width: right.width, height: t)
    plan.submit = PixelRect(
      x: right.x, y: plan.clear.maxY + 3 * u, width: right.width,
      height: right.maxY - t - 2 * u - plan.clear.maxY - 3 * u)
    let barsBottom = left.maxY - t - u
    plan.bars = columns(
      PixelRect(x: left.x, y: top, width: left.width, height: barsBottom - top),
      PixelRect(x: right.x, y: top, width: right.width, height: barsBottom - top - t - u))
    plan.freeClear = PixelRect(
      x: right.x, y: barsBottom - t, width: right.width, height: t)
    return plan
  }

  /// Header above; prompt, canvas and board in three columns, the canvas in the middle.
  static func landscape(_ width: Int, _ height: Int, _ m: Metrics, _ side: Int) -> Plan {
    var plan = Plan()
    let u = m.unit
    let margin = 3 * u
    plan.placeHeader(width, m, margin)
    let body = PixelRect(
      x: margin, y: plan.title.maxY + u, width: width - 2 * margin,
      height: height - plan.title.maxY - u - margin)
    // Canvas and its buttons are one block, in the middle of what is below the header.
    let buttons = max(m.target, m.body * 28 / 10)
    let block = side + 2 * u + buttons
    let top = body.y + max(0, (body.height - block) / 2)
    plan.canvas = PixelRect(x: (width - side) / 2, y: top, width: side, height: side)
    let row = max(side, min(7 * m.target, body.width - 2 * (leastColumn(m) + 3 * u)))
    let gap = body.width > row + 2 * leastColumn(m) + 10 * u ? 5 * u : 3 * u
    let column = min((body.width - row) / 2 - gap, m.body * 20)
    // The columns stay near the sheet on a wide panel.
    let spread = (body.width - row) / 2 - gap - column
    let left = PixelRect(x: margin + spread / 2, y: body.y, width: column, height: body.height)
    let right = PixelRect(
      x: width - margin - spread / 2 - column, y: body.y, width: column, height: body.height)
    plan.placeButtons(y: plan.canvas.maxY + 2 * u, height: buttons, width: row, m)
    let columnTop = max(body.y, top - 6 * u)
    let columnBottom = min(body.maxY, top + block + 6 * u)
    let promptHeight = min((columnBottom - columnTop) * 12 / 20, m.title * 8)
    plan.prompt = PixelRect(x: left.x, y: columnTop, width: left.width, height: promptHeight)
    plan.message = PixelRect(
      x: left.x, y: plan.prompt.maxY + 2 * u, width: left.width,
      height: max(0, columnBottom - plan.prompt.maxY - 2 * u))
    plan.counts = PixelRect(x: right.x, y: columnTop, width: right.width, height: m.title * 23 / 10)
    plan.board = PixelRect(
      x: right.x, y: plan.counts.maxY + 2 * u, width: right.width,
      height: columnBottom - plan.counts.maxY - 2 * u)
    plan.bars = columns(
      PixelRect(x: left.x, y: top, width: left.width, height: side),
      PixelRect(x: right.x, y: top, width: right.width, height: side))
    plan.placeGuess(y: plan.canvas.maxY + 2 * u, height: buttons, width: row, m)
    return plan
  }

  /// Header, prompt, canvas with its buttons, board: one below the other.
  static func portrait(_ width: Int, _ height: Int, _ m: Metrics, _ side: Int) -> Plan {
    var plan = Plan()
    let u = m.unit
    let margin = 2 * u
    plan.placeHeader(width, m, margin)
    let buttons = max(m.target, m.body * 28 / 10)
    let promptHeight = min(m.title * 5, max(m.target * 2, (height - side - 3 * m.target) / 4))
    plan.prompt = PixelRect(
      x: margin, y: plan.title.maxY + u, width: (width - 2 * margin) / 2, height: promptHeight)
    plan.message = PixelRect(
      x: plan.prompt.maxX + u, y: plan.prompt.y, width: width - margin - plan.prompt.maxX - u,
      height: promptHeight)
    plan.canvas = PixelRect(x: (width - side) / 2, y: plan.prompt.maxY + u, width: side, height: side)
    let row = max(side, min(7 * m.target, width - 2 * margin))
    plan.placeButtons(y: plan.canvas.maxY + 2 * u, height: buttons, width: row, m)
    plan.counts = PixelRect(
      x: margin, y: plan.submit.maxY + 2 * u, width: width - 2 * margin, height: m.title * 23 / 10)
    let boardTop = plan.counts.maxY + u
    if height - margin - boardTop >= m.body * 4 {
      plan.board = PixelRect(
        x: margin, y: boardTop, width: width - 2 * margin, height: height - margin - boardTop)
    }
    let column = plan.canvas.x - margin - u
    plan.bars = columns(
      PixelRect(x: margin, y: plan.canvas.y, width: column, height: side),
      PixelRect(x: plan.canvas.maxX + u, y: plan.canvas.y, width: column, height: side))
    plan.placeGuess(y: plan.canvas.maxY + 2 * u, height: buttons, width: row, m)
    return plan
  }

  private mutating func placeHeader(_ width: Int, _ m: Metrics, _ margin: Int) {
    let tab = max(2 * m.target, m.body * 7)
    let y = m.unit
    freePlayTab = PixelRect(x: width - margin - tab, y: y, width: tab, height: m.target)
    challengeTab = PixelRect(x: freePlayTab.x - tab, y: y, width: tab, height: m.target)
    title = PixelRect(x: margin, y: y, width: challengeTab.x - margin - m.unit, height: m.target)
  }

  /// Undo and Clear at the left, Submit apart from them at the right.
  private mutating func placeButtons(y: Int, height: Int, width: Int, _ m: Metrics) {
    let x = canvas.x + (canvas.width - width) / 2
    let small = (width - 4 * m.unit) * 3 / 11
    undo = PixelRect(x: x, y: y, width: small, height: height)
    clear = PixelRect(x: undo.maxX + m.unit, y: y, width: small, height: height)
    let submitX = clear.maxX + 3 * m.unit
    submit = PixelRect(x: submitX, y: y, width: x + width - submitX, height: height)
  }

  private mutating func placeGuess(y: Int, height: Int, width: Int, _ m: Metrics) {
    let x = canvas.x + (canvas.width - width) / 2
    let button = max(m.target, m.body * 5)
    guess = PixelRect(x: x, y: y, width: width - button - 2 * m.unit, height: height)
    freeClear = PixelRect(x: x + width - button, y: y, width: button, height: height)
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
