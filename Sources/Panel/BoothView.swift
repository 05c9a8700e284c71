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
    if case .attract(let staged) = booth.stage, booth.stillThere == nil {
      // The hand wipes its sheet, and the board goes on counting.
      if parts.contains(.canvas) {
        drawCanvas(booth, on: &surface)
        changed.append(layout.canvas)
      }
      if parts.contains(.scoreboard), let board = staged.screen.boardPlace(in: layout) {
        drawBoard(booth, board, tellsOwn: false, on: &surface)
        changed.append(board)
      }
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
    case .freePlay:
      if parts.contains(.bars) {
        for digit in 0..<10 { redraw(layout.bars[digit]) { drawBar(digit, booth, on: &$0) } }
        redraw(layout.guess) { drawGuess(booth, on: &$0) }
        if !layout.guessWords.isEmpty { redraw(layout.guessWords) { drawGuessWords(booth, on: &$0) } }
      }
    }
    if parts.contains(.scoreboard), booth.mode == .challenge || layout.form == .portrait {
      redraw(layout.counts) { drawCounts(booth, on: &$0) }
      if let board = layout.board { redraw(board) { drawBoard(booth, board, on: &$0) } }
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
    if !layout.title.isEmpty {
      letters.line(title, in: layout.title, on: &surface, size: m.large, color: theme.text, bold: true)
    }
    drawCanvas(booth, on: &surface)
    for button in Booth.buttons { drawButton(button, booth, on: &surface) }
    switch booth.mode {
    case .challenge:
      drawPrompt(booth, on: &surface)
      drawMessage(booth, on: &surface)
      drawStanding(booth, on: &surface)
    case .freePlay:
      for digit in 0..<10 { drawBar(digit, booth, on: &surface) }
      drawGuess(booth, on: &surface)
      drawGuessWords(booth, on: &surface)
      if layout.form == .portrait { drawStanding(booth, on: &surface) }
    }
  }

  func drawCanvas(_ booth: Booth, on surface: inout Surface) {
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
    // Buttons of few pixels look alike: the picture stands above the word on each.
    let isNarrow = booth.layout.form == .narrow
    switch button {
    case .challengeTab:
      // What cannot be had now says why.
      drawButton(
        rect, booth.strings[isEnabled ? .challenge : .paused], icon: isEnabled ? nil : .pause, style: .tab,
        isPressed: isPressed, isEnabled: isEnabled, isSelected: booth.mode == .challenge, m, on: &surface)
    case .freePlayTab:
      drawButton(
        rect, booth.strings[.freePlay], style: .tab, isPressed: isPressed,
        isSelected: booth.mode == .freePlay, m, on: &surface)
    case .undo:
      drawButton(
        rect, booth.strings[.undo], icon: .undo, isPressed: isPressed, isEnabled: isEnabled,
        isStacked: isNarrow, m, on: &surface)
    case .clear:
      drawButton(
        rect, booth.strings[.clear], icon: .clear, isPressed: isPressed, isEnabled: isEnabled,
        isStacked: isNarrow && booth.mode == .challenge, m, on: &surface)
    case .submit:
      let isSaving = booth.phase == .saving
      drawButton(
        rect, isSaving ? booth.strings[.saving] : booth.strings[.submit], icon: isSaving ? nil : .check,
        style: .primary,
        isPressed: isPressed, isEnabled: isEnabled, m, on: &surface)
    }
  }
}
