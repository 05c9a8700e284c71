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
      changed.append(layout.canvas.inset(by: -BoothView.frame))
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
  static let frame = 2

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
    let edge: Color
    if case .failing = booth.phase { edge = theme.warning } else { edge = theme.edge }
    surface.fill(rect.inset(by: -BoothView.frame), edge)
    _ = booth.sketch.withShown { canvas in
      surface.ink(canvas, canvas.bounds, x: rect.x, y: rect.y, ramp: inkRamp)
    }
  }

  private func drawButton(_ button: Booth.Button, _ booth: Booth, on surface: inout Surface) {
    guard let rect = booth.place(of: button) else { return }
    let m = booth.layout.metrics
    let isPressed = booth.pressed == button
    let enabled = booth.isEnabled(button)
    surface.fill(rect, theme.ground)
    let label: String
    var color = enabled ? theme.text : theme.quiet
    var size = m.body
    switch button {
    case .challengeTab, .freePlayTab:
      let active = (button == .challengeTab) == (booth.mode == .challenge)
      label = button == .challengeTab ? Strings.challenge : Strings.freePlay
      if active || isPressed {
        surface.fill(rect, isPressed ? theme.pressed : theme.button, radius: m.radius)
      }
      if active {
        // A line as well as a ground: the state never shows by colour alone.
        let line = PixelRect(
          x: rect.x + rect.width / 4, y: rect.maxY - 5, width: rect.width / 2, height: 3)
        surface.fill(line, theme.accent)
      }
      color = active ? theme.text : theme.quiet
    case .undo, .clear:
      label = button == .undo ? Strings.undo : Strings.clear
      surface.fill(
        rect, isPressed ? theme.pressed : enabled ? theme.button : theme.disabled, radius: m.radius)
    case .submit:
      label = booth.phase == .saving ? Strings.saving : Strings.submit
      surface.fill(rect, enabled ? (isPressed ? theme.text : theme.accent) : theme.disabled, radius: m.radius)
      color = enabled ? theme.onAccent : theme.quiet
      size = m.large
    }
    letters.line(
      label, in: rect.inset(by: m.unit / 2), on: &surface, size: size, color: color, align: .centre,
      bold: button == .submit)
  }

  private func drawPrompt(_ booth: Booth, on surface: inout Surface) {
    let layout = booth.layout
    let m = layout.metrics
    guard let digit = booth.scoreboard.prompt else { return }
    var rect = layout.prompt
    let top = PixelRect(x: rect.x, y: rect.y, width: rect.width, height: m.title * 12 / 10)
    letters.line(
      Strings.draw(digit), in: top, on: &surface, size: m.title, color: theme.text)
    rect.y = top.maxY
    rect.height -= top.height
    // A figure is 0.73 em high; it fills what is left of the box.
    let size = min(rect.height * 10 / 8, rect.width * 12 / 10, m.title * 8)
    let line = PixelRect(x: rect.x, y: rect.y, width: rect.width, height: size * 8 / 10)
    letters.line("\(digit)", in: line, on: &surface, size: size, color: theme.accent, bold: true)
  }

  private func drawMessage(_ booth: Booth, on surface: inout Surface) {
    let layout = booth.layout
    let m = layout.metrics
    var rect = layout.message
    func put(_ text: String, _ size: Int, _ color: Color, bold: Bool = false) {
      let used = letters.paragraph(text, in: rect, on: &surface, size: size, color: color, bold: bold)
      rect.y += used + m.unit / 2
      rect.height -= used + m.unit / 2
    }
    if case .failing(let sentence) = booth.phase {
      put("! " + Strings.callStaff, m.large, theme.warning, bold: true)
      put(Strings.callStaffWhy, m.body, theme.text)
      put(sentence, m.small, theme.quiet)
      return
    }
    switch booth.message {
    case .none:
      if let notice = booth.notice {
        put("! " + notice, m.small, theme.warning)
      } else {
        put(Strings.notice, m.small, theme.quiet)
      }
    case .drawFirst: put("! " + Strings.drawFirst, m.body, theme.warning)
    case .onlyADot: put("! " + Strings.onlyADot, m.body, theme.warning)
    case .saved(let sample):
      put("✓ " + Strings.saved, m.large, theme.good, bold: true)
      put(Strings.read(sample.read, percent: sample.percent), m.body, theme.text)
      put(Strings.receipt(sample.receipt), m.small, theme.quiet)
    }
  }
}
