import Display
import Ink

/// Draws a ``Booth`` onto a surface, whole or in parts.
///
/// It reads the booth and changes nothing but pixels, so the same code draws the panel, the pictures of the tests and
/// the screenshot of the README.
struct BoothView {
  let theme: Theme
  let letters: Lettering
  /// The event's name in the header.
  let title: String
  let icons = IconMasks()
  private let inkRamp: InkRamp

  init(theme: Theme, letters: Lettering, title: String) {
    self.theme = theme
    self.letters = letters
    self.title = title
    inkRamp = InkRamp(paper: theme.paper, ink: theme.ink)
  }

  /// Draws parts again, each with all that lies behind it, and returns the rectangles that changed.
  func draw(_ parts: Response.Parts, of booth: Booth, on surface: inout Surface) -> [PixelRect] {
    var changed: [PixelRect] = []
    draw(parts, of: booth, on: &surface, changed: &changed)
    return changed
  }

  /// The same, with the rectangles added to a list that the caller keeps: the bars move with every touch, and a list of their
  /// own would be an allocation each time.
  func draw(
    _ parts: Response.Parts, of booth: Booth, on surface: inout Surface, changed: inout [PixelRect]
  ) {
    let layout = booth.layout
    if parts.contains(.everything) {
      drawEverything(booth, on: &surface)
      changed.append(layout.bounds)
      return
    }
    guard booth.showsSheet else { return }
    func redraw(_ rect: PixelRect, _ body: (inout Surface) -> Void) {
      surface.fill(rect, theme.ground)
      body(&surface)
      changed.append(rect)
    }
    if parts.contains(.canvas) {
      drawCanvas(booth, on: &surface)
      changed.append(layout.canvas.inset(by: -BoothView.frame(layout.metrics)))
    }
    if parts.contains(.buttons) {
      for button in Booth.buttons {
        guard let rect = booth.place(of: button) else { continue }
        drawButton(button, booth, on: &surface)
        changed.append(rect)
      }
    }
    switch booth.mode {
    case .challenge:
      if parts.contains(.message) { redraw(layout.message) { drawMessage(booth, on: &$0) } }
      if parts.contains(.prompt) { redraw(layout.prompt) { drawPrompt(booth, on: &$0) } }
      if parts.contains(.scoreboard) {
        redraw(layout.counts) { drawCounts(booth, on: &$0) }
        if let board = layout.board { redraw(board) { drawBoard(booth, board, on: &$0) } }
      }
    case .freePlay:
      if parts.contains(.bars) {
        for digit in 0..<10 { redraw(layout.bars[digit]) { drawBar(digit, booth, on: &$0) } }
        redraw(layout.guess) { drawGuess(booth, on: &$0) }
      }
    }
  }

  /// Copies new ink from the sketch to the surface; `rect` is in pixels of the shown canvas. The way of a touch.
  @inline(__always)
  func drawInk(_ rect: PixelRect, of booth: borrowing Booth, on surface: inout Surface) -> PixelRect {
    let origin = booth.layout.canvas
    return booth.sketch.withShown { canvas in
      surface.ink(canvas, rect, x: origin.x, y: origin.y, ramp: inkRamp)
    }
  }

  /// Width of the frame around the sheet.
  static func frame(_ m: Metrics) -> Int { max(2, m.unit / 2) }

  /// Draws the sheet's screen, whichever it is.
  func drawSheet(_ booth: Booth, on surface: inout Surface) {
    let layout = booth.layout
    surface.fill(PixelRect(x: 0, y: 0, width: surface.width, height: surface.height), theme.ground)
    let m = layout.metrics
    letters.line(
      title, in: layout.title, on: &surface, size: m.large, color: theme.text, bold: true)
    drawCanvas(booth, on: &surface)
    for button in Booth.buttons { drawButton(button, booth, on: &surface) }
    switch booth.mode {
    case .challenge:
      drawPrompt(booth, on: &surface)
      drawMessage(booth, on: &surface)
      drawCounts(booth, on: &surface)
      if let board = layout.board { drawBoard(booth, board, on: &surface) }
    case .freePlay:
      for digit in 0..<10 { drawBar(digit, booth, on: &surface) }
      drawGuess(booth, on: &surface)
    }
  }

  private func drawCanvas(_ booth: Booth, on surface: inout Surface) {
    let rect = booth.layout.canvas
    let frame = BoothView.frame(booth.layout.metrics)
    var edge = theme.edge
    if case .failing = booth.phase { edge = theme.warning }
    surface.fill(rect.inset(by: -frame), theme.ground)
    surface.fill(rect.inset(by: -frame), edge, radius: 2 * frame)
    _ = booth.sketch.withShown { canvas in
      surface.ink(canvas, canvas.bounds, x: rect.x, y: rect.y, ramp: inkRamp)
    }
  }

  private func drawButton(_ button: Booth.Button, _ booth: Booth, on surface: inout Surface) {
    guard let rect = booth.place(of: button) else { return }
    let isPressed = booth.pressed == button
    let isEnabled = booth.isEnabled(button)
    let m = booth.layout.metrics
    switch button {
    case .challengeTab, .freePlayTab:
      drawButton(
        rect, button == .challengeTab ? booth.strings[.challenge] : booth.strings[.freePlay], style: .tab,
        isPressed: isPressed, isSelected: (button == .challengeTab) == (booth.mode == .challenge), m,
        on: &surface)
    case .undo:
      drawButton(
        rect, booth.strings[.undo], icon: .undo, isPressed: isPressed, isEnabled: isEnabled, m, on: &surface)
    case .clear:
      drawButton(
        rect, booth.strings[.clear], icon: .clear, isPressed: isPressed, isEnabled: isEnabled, m, on: &surface
      )
    case .submit:
      let isSaving = booth.phase == .saving
      drawButton(
        rect, isSaving ? booth.strings[.saving] : booth.strings[.submit], icon: isSaving ? nil : .check,
        style: .primary,
        isPressed: isPressed, isEnabled: isEnabled, m, on: &surface)
    }
  }

  /// "Draw a 7": the strongest figure of the screen.
  private func drawPrompt(_ booth: Booth, on surface: inout Surface) {
    let layout = booth.layout
    let m = layout.metrics
    let rect = layout.prompt
    guard let digit = booth.scoreboard.prompt else { return }
    surface.fill(rect, theme.accent, radius: m.radius)
    let inner = rect.inset(by: m.unit * 3 / 2)
    // A wide card has the words at the left of the figure, a high one above it.
    let isWide = rect.width * 10 > rect.height * 13
    let row = m.title * 5 / 4
    let words =
      isWide
      ? PixelRect(x: inner.x, y: inner.y, width: inner.width / 2, height: inner.height)
      : PixelRect(x: inner.x, y: inner.y, width: inner.width, height: row)
    let figure =
      isWide
      ? PixelRect(x: words.maxX, y: inner.y, width: inner.width - words.width, height: inner.height)
      : PixelRect(x: inner.x, y: inner.y + row, width: inner.width, height: inner.height - row)
    letters.line(
      booth.strings[digit == 8 ? .drawAn8 : .drawA], in: words, on: &surface, size: m.title,
      color: theme.onAccent)
    drawFigure(digit, in: figure, color: theme.onAccent, on: &surface)
  }

  /// A digit as large as its box: figures are 0.73 em high and at most 0.66 em wide.
  func drawFigure(_ digit: Int, in rect: PixelRect, color: Color, on surface: inout Surface) {
    let size = min(rect.height * 100 / 76, rect.width * 100 / 68)
    letters.line("\(digit)", in: rect, on: &surface, size: size, color: color, align: .centre, bold: true)
  }

  /// "I read a 7 (99 %)."
  private static func read(_ sample: SavedSample, _ strings: Strings) -> String {
    guard let digit = sample.read else { return strings[.readNone] }
    return strings(
      digit == 8 ? .readAn8 : .readA, [.digit: "\(digit)", .percent: "\(sample.percent)"])
  }

  /// Why a drawing does not count on the board; nil when it does.
  private static func uncounted(_ sample: SavedSample, _ strings: Strings) -> String? {
    if sample.uncounted.isEmpty { return nil }
    if sample.uncounted.contains(.repeated) { return strings[.repeated] }
    return strings[sample.uncounted.isDisjoint(with: [.tooFast, .rushed]) ? .uncounted : .tooFast]
  }

  private static func fullBlock(_ blocks: Int, _ strings: Strings) -> String {
    blocks > 1 ? strings(.fullBlocks, count: blocks) : strings[.fullBlock]
  }

  /// What just happened, or what there is to know.
  private func drawMessage(_ booth: Booth, on surface: inout Surface) {
    let layout = booth.layout
    let m = layout.metrics
    var rect = layout.message
    func put(_ text: String, _ icon: Icon?, _ size: Int, _ color: Color, bold: Bool = false) {
      let used =
        icon.map { drawNote(text, icon: $0, in: rect, size: size, color: color, bold: bold, m, on: &surface) }
        ?? letters.paragraph(text, in: rect, on: &surface, size: size, color: color, bold: bold)
      rect.y += used + m.unit / 2
      rect.height -= used + m.unit / 2
    }
    if case .failing(let sentence) = booth.phase {
      put(booth.strings[.callStaff], .warning, m.large, theme.warning, bold: true)
      put(booth.strings[.callStaffWhy], nil, m.body, theme.text)
      put(sentence, nil, m.small, theme.quiet)
      return
    }
    switch booth.message {
    case .none:
      if let notice = booth.notice {
        put(booth.strings[notice], .warning, m.small, theme.warning)
      } else if booth.desk.isPaused {
        put(booth.strings[.paused], .pause, m.body, theme.text)
      } else {
        put(booth.strings[.notice], nil, m.small, theme.quiet)
      }
    case .drawFirst: put(booth.strings[.drawFirst], .pencil, m.body, theme.warning)
    case .onlyADot: put(booth.strings[.onlyADot], .pencil, m.body, theme.warning)
    case .saved(let sample):
      put(booth.strings[.saved], .check, m.large, theme.good, bold: true)
      put(BoothView.read(sample, booth.strings), nil, m.body, theme.text)
      if let reason = BoothView.uncounted(sample, booth.strings) {
        put(reason, nil, m.body, theme.warning)
      } else if sample.endsBlock {
        put(
          BoothView.fullBlock(booth.scoreboard.blocks, booth.strings), .trophy, m.body, theme.accentText,
          bold: true)
      } else if let rank = sample.rank {
        put(booth.strings(.yourRank, [.count: BoothView.grouped(rank)]), nil, m.body, theme.text)
      }
      put(booth.strings(.receipt, [.code: sample.receipt]), .receipt, m.small, theme.quiet)
    }
  }
}
