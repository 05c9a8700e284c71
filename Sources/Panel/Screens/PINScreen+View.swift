import Display
import Ink

extension BoothView {
  func drawPIN(_ staged: Staged<PINScreen>, _ booth: Booth, on surface: inout Surface) {
    let (screen, layout, strings) = (staged.screen, booth.layout, booth.strings)
    let m = layout.metrics
    let places = screen.places(in: layout)
    surface.fill(surface.bounds, theme.ground)
    letters.line(
      strings[.operatorTitle], in: places.title, on: &surface, size: m.title, color: theme.text, bold: true)
    drawButton(
      places.back, strings[.operatorBack], icon: .left, isPressed: staged.pressed == .back, m, on: &surface)
    guard screen.state != .unset else {
      var rect = places.message
      let used = drawNote(
        strings[.operatorNoPIN], icon: .lock, in: rect, size: m.large, color: theme.text, m, on: &surface)
      rect.y += used + 2 * m.unit
      rect.height -= used + 2 * m.unit
      letters.paragraph(strings[.operatorSetPIN], in: rect, on: &surface, size: m.body, color: theme.quiet)
      return
    }
    drawField(
      places.field, String(repeating: "●", count: screen.pin.utf8.count),
      placeholder: strings[.operatorEnterPIN],
      hasCaret: screen.takesDigits, m, on: &surface)
    drawState(of: screen, in: places.message, strings, m, on: &surface)
    for (control, rect) in places.keys {
      let isPressed = staged.pressed == control
      let isEnabled = screen.isEnabled(control)
      switch control {
      case .digit(let digit):
        drawButton(rect, "\(digit)", style: .key, isPressed: isPressed, isEnabled: isEnabled, m, on: &surface)
      case .erase:
        drawButton(
          rect, "", icon: .backspace, style: .key, isPressed: isPressed, isEnabled: isEnabled, m, on: &surface
        )
      case .enter:
        drawButton(
          rect, "", icon: .check, style: .primary, isPressed: isPressed, isEnabled: isEnabled, m, on: &surface
        )
      case .back: break
      }
    }
  }

  private func drawState(
    of screen: PINScreen, in rect: PixelRect, _ strings: Strings, _ m: Metrics, on surface: inout Surface
  ) {
    switch screen.state {
    case .unset, .entering: break
    case .checking:
      drawNote(
        strings[.operatorChecking], icon: .clock, in: rect, size: m.body, color: theme.quiet, m, on: &surface)
    case .wrong:
      drawNote(
        strings[.operatorWrongPIN], icon: .warning, in: rect, size: m.body, color: theme.warning, m,
        on: &surface)
    case .locked(let seconds):
      drawNote(
        strings(.operatorLocked, [.count: "\(seconds)"]), icon: .lock, in: rect, size: m.body,
        color: theme.warning, m, on: &surface)
    }
  }
}
