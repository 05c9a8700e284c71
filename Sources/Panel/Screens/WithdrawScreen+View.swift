import Display
import Ink

extension BoothView {
  func drawWithdraw(_ staged: Staged<WithdrawScreen>, _ booth: Booth, on surface: inout Surface) {
    let (screen, layout, strings) = (staged.screen, booth.layout, booth.strings)
    let m = layout.metrics
    let places = screen.places(in: layout)
    surface.fill(surface.bounds, theme.ground)
    letters.line(
      strings[.withdrawTitle], in: places.title, on: &surface, size: m.title, color: theme.text, bold: true)
    drawButton(
      places.back, strings[.operatorBack], icon: .left, isPressed: staged.pressed == .back,
      isEnabled: screen.isEnabled(.back), m, on: &surface)
    drawField(
      places.field, screen.shown, placeholder: strings[.withdrawField], hasCaret: screen.takesKeys, m,
      on: &surface)
    switch screen.state {
    case .typing:
      drawNote(
        strings[.withdrawAsk], icon: .receipt, in: places.message, size: m.body, color: theme.quiet, m,
        on: &surface)
    case .wrong:
      drawNote(
        strings[.withdrawWrong], icon: .warning, in: places.message, size: m.body, color: theme.warning, m,
        on: &surface)
    case .finding, .deleting:
      drawNote(
        strings[screen.state == .finding ? .withdrawFinding : .withdrawDeleting], icon: .clock,
        in: places.told, size: m.body, color: theme.quiet, m, on: &surface)
    case .told(let told): drawTold(told, staged, strings, places, m, on: &surface)
    }
    for key in places.keys { drawKey(key, staged, strings, m, on: &surface) }
  }

  private func drawKey(
    _ key: WithdrawScreen.Key, _ staged: Staged<WithdrawScreen>, _ strings: Strings, _ m: Metrics,
    on surface: inout Surface
  ) {
    let screen = staged.screen
    let (label, icon, style): (String, Icon?, ButtonStyle) =
      switch key.control {
      case .key(let character): (String(character), nil, .key)
      case .backspace: ("", .backspace, .key)
      case .find: (strings[.withdrawFind], .right, .primary)
      case .delete, .another, .back: ("", nil, .plain)
      }
    drawButton(
      key.face, label, icon: icon, style: style, isPressed: staged.pressed == key.control,
      isEnabled: screen.isEnabled(key.control), m, on: &surface)
  }

  /// What the store says, as a sentence or a few on a card, and what can be done about it.
  private func drawTold(
    _ told: WithdrawScreen.Told, _ staged: Staged<WithdrawScreen>, _ strings: Strings,
    _ places: WithdrawScreen.Places, _ m: Metrics, on surface: inout Surface
  ) {
    drawCard(places.told, m, on: &surface)
    var rest = places.told.inset(by: m.unit * 3 / 2)
    func say(_ text: String, _ icon: Icon, _ color: Color, size: Int, bold: Bool = false) {
      let used = drawNote(text, icon: icon, in: rest, size: size, color: color, bold: bold, m, on: &surface)
      rest.y += used + m.unit
      rest.height -= used + m.unit
    }
    switch told {
    case .unknown: say(strings[.withdrawUnknown], .info, theme.warning, size: m.body)
    case .several: say(strings[.withdrawSeveral], .info, theme.warning, size: m.body)
    case .before(let time): say(strings(.withdrawBefore, [.time: time]), .info, theme.text, size: m.body)
    case .withdrawn(let count):
      say(
        count == 0 ? strings[.withdrawDoneNone] : strings(.withdrawDone, count: count), .check, theme.good,
        size: m.large, bold: true)
      say(strings[.withdrawDoneFar], .sync, theme.text, size: m.body)
    case .failed(let sentence): say(sentence, .warning, theme.warning, size: m.body)
    case .visit(_, let drawings, let time, let isNamed):
      if drawings > 0 {
        say(strings(.operatorDrawings, count: drawings), .pencil, theme.text, size: m.large, bold: true)
        say(time, .clock, theme.text, size: m.body)
      } else {
        say(strings[.withdrawFoundNone], .pencil, theme.text, size: m.body)
      }
      say(strings[isNamed ? .withdrawNamed : .withdrawUnnamed], .person, theme.text, size: m.body)
      let isArmed = staged.screen.isArmed
      drawButton(
        places.delete, strings[isArmed ? .operatorPressAgain : .withdrawDelete],
        icon: isArmed ? .warning : .clear, style: .danger, isPressed: staged.pressed == .delete, m,
        on: &surface)
    }
    drawButton(
      places.another, strings[.withdrawAnother], icon: .receipt, isPressed: staged.pressed == .another, m,
      on: &surface)
  }
}
