import Display
import Ink

extension BoothView {
  func drawName(_ staged: Staged<NameScreen>, _ booth: Booth, on surface: inout Surface) {
    let (screen, layout, strings) = (staged.screen, booth.layout, booth.strings)
    let m = layout.metrics
    let isCompact = layout.isCompact
    let places = screen.places(in: layout)
    surface.fill(surface.bounds, theme.ground)
    letters.line(
      strings[.nameTitle], in: places.title, on: &surface, size: isCompact ? m.body : m.title,
      color: isCompact ? theme.quiet : theme.text, bold: !isCompact)
    // A nickname on offer stands there ready, without a caret; nothing has to be typed.
    drawField(
      places.field, screen.text, placeholder: strings[.anonymous], hasCaret: !screen.isOffered, m,
      on: &surface)
    drawButton(
      places.another, strings[.nameAnother], icon: .dice, isPressed: staged.pressed == .another, m,
      on: &surface)
    drawButton(
      places.done, strings[.nameDone], icon: .play, style: .primary, isPressed: staged.pressed == .done, m,
      on: &surface)
    drawNameMessage(screen, booth, places.message, on: &surface)
    for key in places.keys { drawKey(key, staged, strings, m, on: &surface) }
  }

  private func drawNameMessage(
    _ screen: NameScreen, _ booth: Booth, _ rect: PixelRect, on surface: inout Surface
  ) {
    let (m, strings) = (booth.layout.metrics, booth.strings)
    let (text, icon, color): (String, Icon, Color) =
      if screen.isFull {
        (strings[.nameFull], .info, theme.warning)
      } else if screen.isKnown {
        (strings(.nameKnown, [.name: screen.name]), .trophy, theme.good)
      } else if screen.isOffered {
        (strings[.nameHint], .pencil, theme.quiet)
      } else {
        (strings[.nameEmpty], .person, theme.quiet)
      }
    guard screen.isOffered || screen.isFull || screen.isKnown || screen.name.isEmpty else { return }
    let size = booth.layout.form == .narrow ? m.small : m.body
    drawNote(text, icon: icon, in: rect, size: size, color: color, m, on: &surface)
  }

  private func drawKey(
    _ key: NameScreen.Key, _ staged: Staged<NameScreen>, _ strings: Strings, _ m: Metrics,
    on surface: inout Surface
  ) {
    let screen = staged.screen
    let isPressed = staged.pressed == key.control
    var label = ""
    var icon: Icon?
    var style = ButtonStyle.key
    switch key.control {
    case .key(let letter): label = String(screen.shown(letter))
    case .shift: icon = screen.isShifted ? .shiftOn : .shift
    case .accent: label = screen.accented.map { String($0) } ?? "á"
    case .figures: label = screen.showsFigures ? "abc" : "123"
    case .space: icon = .space
    case .backspace: icon = .backspace
    case .another, .done: return
    }
    if case .figures = key.control { style = .plain }
    drawButton(
      key.face, label, icon: icon, style: style, isPressed: isPressed,
      isEnabled: screen.isEnabled(key.control),
      isSelected: key.control == .shift && screen.isShifted, m, on: &surface)
  }
}
