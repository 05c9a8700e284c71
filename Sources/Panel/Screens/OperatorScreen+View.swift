import Display
import Ink
import Spool

extension BoothView {
  func drawOperator(_ staged: Staged<OperatorScreen>, _ booth: Booth, on surface: inout Surface) {
    let (screen, layout, strings) = (staged.screen, booth.layout, booth.strings)
    let m = layout.metrics
    let plan = screen.plan(in: layout)
    surface.fill(surface.bounds, theme.ground)
    if !plan.isOverview || screen.shownNotice == .none {
      letters.line(
        strings[.operatorTitle], in: plan.title, on: &surface, size: m.title, color: theme.text, bold: true)
    }
    // Tabs look alike: the pictures stand above all of the words, or beside all of them.
    let isStacked = plan.tabs.contains { $0.width < m.body * 8 }
    drawButton(
      plan.leave, strings[.operatorLeave], icon: .check, isPressed: staged.pressed == .leave,
      isStacked: isStacked && plan.title.isEmpty, m, on: &surface)
    drawButton(
      plan.withdraw, strings[.withdrawOpen], icon: .receipt, isPressed: staged.pressed == .withdraw,
      isStacked: isStacked && plan.title.isEmpty, m, on: &surface)
    for (page, rect) in zip(OperatorScreen.Page.allCases, plan.tabs) {
      drawButton(
        rect, strings[page.name], icon: page.icon, style: .tab, isPressed: staged.pressed == .page(page),
        isSelected: screen.page == page, isStacked: isStacked, m, on: &surface)
    }
    for page in OperatorScreen.Page.allCases where !plan.card(page).isEmpty {
      let card = plan.card(page)
      drawCard(card, m, on: &surface)
      if plan.heading > 0 {
        letters.line(
          strings[page.name],
          in: PixelRect(
            x: card.x + plan.pad, y: card.y + plan.pad / 2, width: card.width - 2 * plan.pad,
            height: plan.heading),
          on: &surface, size: m.large, color: theme.text, bold: true)
      }
      switch page {
      case .health:
        drawFacts(
          screen.facts, in: plan.inside(page), plan.pitch, strings, m, isNarrow: !plan.isOverview,
          on: &surface)
      case .settings: drawSettings(staged, in: plan.inside(page), strings, m, on: &surface)
      case .touch, .machine: drawActions(page, staged, layout, strings, on: &surface)
      }
    }
    drawNotice(screen, layout, strings, on: &surface)
  }

  private func drawFacts(
    _ facts: OperatorFacts, in rect: PixelRect, _ pitch: Int, _ strings: Strings, _ m: Metrics,
    isNarrow: Bool,
    on surface: inout Surface
  ) {
    let isNarrow = isNarrow && rect.width < m.body * 24
    var row = PixelRect(x: rect.x, y: rect.y, width: rect.width, height: pitch)
    let size = min(m.body, pitch * 20 / 27)
    func line(_ key: StringKey, _ value: String?, isWell: Bool? = nil) {
      let side = pitch * 2 / 3
      let name = min(row.width * 42 / 100, pitch * 2 / 3 + m.unit + m.body * 12)
      if let isWell {
        drawIcon(
          isWell ? .check : .warning, in: PixelRect(x: row.x, y: row.y, width: side, height: pitch),
          size: side,
          color: isWell ? theme.good : theme.warning, bold: true, on: &surface)
      }
      let x = row.x + side + m.unit
      if isNarrow {
        // In a narrow card the value stands below its name.
        let half = PixelRect(x: x, y: row.y, width: row.maxX - x, height: pitch / 2)
        letters.line(strings[key], in: half, on: &surface, size: m.small, color: theme.quiet)
        letters.line(
          value ?? "–", in: half.offset(x: 0, y: pitch / 2), on: &surface, size: m.small,
          color: isWell == false ? theme.warning : theme.text)
        row.y += pitch
        return
      }
      letters.line(
        strings[key], in: PixelRect(x: x, y: row.y, width: row.x + name - x, height: pitch), on: &surface,
        size: size, color: theme.quiet)
      letters.line(
        value ?? "–",
        in: PixelRect(x: row.x + name + m.unit, y: row.y, width: row.width - name - m.unit, height: pitch),
        on: &surface, size: size, color: isWell == false ? theme.warning : theme.text)
      row.y += pitch
    }
    line(.operatorDisplay, facts.display.words, isWell: facts.display.isWell)
    line(
      .operatorTouch, facts.touch.isWell ? facts.touch.words : strings[.operatorNoTouch],
      isWell: facts.touch.isWell)
    let stored = facts.drawings.map { strings(.operatorDrawings, count: $0) }
    line(.operatorStore, facts.store.isWell ? stored : facts.store.words, isWell: facts.store.isWell)
    line(.operatorFree, facts.free.map(BoothView.bytes))
    line(.operatorUnsent, facts.unsent.map(BoothView.grouped))
    line(.operatorLastSync, facts.drawings == nil ? nil : facts.lastSync ?? strings[.operatorNever])
    line(.operatorClock, facts.clock.isEmpty ? nil : facts.clock)
    line(
      .operatorClockSource, facts.clockQuality.map { strings[$0.name] },
      isWell: facts.clockQuality == .unset ? false : nil)
    line(.operatorTouchRate, facts.touchRate.map { "\(BoothView.tenths($0)) Hz" })
    line(
      .operatorInk,
      facts.ink.map {
        "\(BoothView.tenths(Double($0.p50) / 1000)) / \(BoothView.tenths(Double($0.p99) / 1000)) ms"
      })
    line(.operatorModel, facts.model)
    line(.operatorSoftware, facts.software)
  }

  private func drawSettings(
    _ staged: Staged<OperatorScreen>, in rect: PixelRect, _ strings: Strings, _ m: Metrics,
    on surface: inout Surface
  ) {
    let screen = staged.screen
    let rows = screen.rows(rect, m)
    guard rows.count == 3 else { return }
    func name(_ key: StringKey, _ icon: Icon, in rect: PixelRect) {
      let side = m.body * 5 / 4
      drawIcon(
        icon, in: PixelRect(x: rect.x, y: rect.y, width: side, height: rect.height), size: side,
        color: theme.quiet,
        on: &surface)
      letters.line(
        strings[key],
        in: PixelRect(
          x: rect.x + side + m.unit, y: rect.y, width: rect.width - side - m.unit, height: rect.height),
        on: &surface, size: m.body, color: theme.text)
    }
    func button(_ control: OperatorScreen.Control, _ rect: PixelRect, _ label: String, _ icon: Icon?) {
      drawButton(
        rect, label, icon: icon, style: label.isEmpty ? .plain : .key, isPressed: staged.pressed == control,
        isEnabled: screen.isEnabled(control), over: theme.card, m, on: &surface)
    }
    let language = screen.halves(rows[0], m)
    name(.operatorLanguage, .globe, in: language.name)
    let choice = screen.stepper(language.control, m)
    button(.earlierLanguage, choice.less, "", .left)
    button(.laterLanguage, choice.more, "", .right)
    letters.line(
      screen.languages.indices.contains(screen.language) ? screen.languages[screen.language] : "–",
      in: choice.value.inset(by: m.unit / 2), on: &surface, size: m.body, color: theme.text, align: .centre,
      bold: true)

    let brightness = screen.halves(rows[1], m)
    name(.operatorBrightness, .sun, in: brightness.name)
    if let percent = screen.facts.brightness {
      let value = screen.stepper(brightness.control, m)
      button(.dimmer, value.less, "−", nil)
      button(.brighter, value.more, "+", nil)
      letters.line(
        "\(percent)\u{A0}%", in: value.value, on: &surface, size: m.body, color: theme.text, align: .centre,
        bold: true)
    } else {
      drawParagraph(
        strings[.operatorNoBacklight], in: brightness.control, size: m.body, color: theme.quiet, on: &surface)
    }
    drawChoice(
      rows[2], strings[.operatorCollect],
      detail: strings[screen.isCollecting ? .operatorCollectingOn : .operatorCollectingOff],
      isOn: screen.isCollecting, isPressed: staged.pressed == .collecting, over: theme.card, m, on: &surface)
  }

  private func drawActions(
    _ page: OperatorScreen.Page, _ staged: Staged<OperatorScreen>, _ layout: Layout, _ strings: Strings,
    on surface: inout Surface
  ) {
    let (screen, m) = (staged.screen, layout.metrics)
    let isStacked = screen.plan(in: layout).isOverview
    for (control, rect, words) in screen.actions(page, in: layout) {
      let isArmed = screen.armed == control
      drawButton(
        rect, isArmed ? strings[.operatorPressAgain] : strings[control.name],
        icon: isArmed ? .warning : control.icon,
        style: isArmed ? .danger : .plain, isPressed: staged.pressed == control,
        isEnabled: screen.isEnabled(control),
        isStacked: isStacked, over: theme.card, m, on: &surface)
      drawParagraph(strings[control.explanation], in: words, size: m.body, color: theme.quiet, on: &surface)
    }
  }

  private func drawNotice(
    _ screen: OperatorScreen, _ layout: Layout, _ strings: Strings, on surface: inout Surface
  ) {
    let (rect, m) = (screen.noticePlace(in: layout), layout.metrics)
    guard !rect.isEmpty else { return }
    switch screen.shownNotice {
    case .none: break
    case .losesDrawing:
      drawNote(
        strings[.operatorLosesDrawing], icon: .warning, in: rect, size: m.body, color: theme.warning, m,
        on: &surface)
    case .restarting:
      drawNote(
        strings[.operatorRestarting], icon: .clock, in: rect, size: m.body, color: theme.text, m, on: &surface
      )
    case .shuttingDown:
      drawNote(
        strings[.operatorShuttingDown], icon: .clock, in: rect, size: m.body, color: theme.text, m,
        on: &surface)
    case .failed(let sentence):
      drawNote(sentence, icon: .warning, in: rect, size: m.body, color: theme.warning, m, on: &surface)
    }
  }

  /// A number with one digit after the point.
  static func tenths(_ value: Double) -> String {
    let tenths = Int((min(max(value, 0), 1e9) * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }

  /// `12.3 GB`, in powers of ten as disks are sold.
  static func bytes(_ count: Int64) -> String {
    var value = Double(count) / 1e6
    for unit in ["MB", "GB"] {
      if value < 999.95 { return "\(tenths(value)) \(unit)" }
      value /= 1000
    }
    return "\(tenths(value)) TB"
  }
}

extension OperatorScreen.Page {
  var name: StringKey {
    switch self {
    case .health: .operatorHealth
    case .settings: .operatorSettings
    case .touch: .operatorTouch
    case .machine: .operatorMachine
    }
  }

  var icon: Icon {
    switch self {
    case .health: .info
    case .settings: .gear
    case .touch: .hand
    case .machine: .power
    }
  }
}

extension OperatorScreen.Control {
  /// Of a control that does something: what stands on it.
  var name: StringKey {
    switch self {
    case .calibrate: .operatorCalibrate
    case .test: .operatorTest
    case .wipe: .operatorWipe
    case .restart: .operatorRestart
    case .reboot: .operatorReboot
    case .shutDown: .operatorShutDown
    case .page(let page): page.name
    case .leave: .operatorLeave
    case .withdraw: .withdrawOpen
    case .earlierLanguage, .laterLanguage: .operatorLanguage
    case .dimmer, .brighter: .operatorBrightness
    case .collecting: .operatorCollect
    }
  }

  /// What it does, in a sentence.
  var explanation: StringKey {
    switch self {
    case .calibrate: .operatorCalibrateWhy
    case .test: .operatorTestWhy
    case .wipe: .operatorWipeWhy
    case .restart: .operatorRestartWhy
    case .reboot: .operatorRebootWhy
    case .shutDown: .operatorShutDownWhy
    default: name
    }
  }

  var icon: Icon? {
    switch self {
    case .calibrate: .target
    case .test: .hand
    case .wipe: .wipe
    case .restart: .sync
    case .reboot: .restart
    case .shutDown: .power
    default: nil
    }
  }
}

extension ClockQuality {
  /// What it is called on the operator's screen.
  var name: StringKey {
    switch self {
    case .unset: .clockUnset
    case .restored: .clockRestored
    case .rtc: .clockBattery
    case .ntp: .clockNetwork
    }
  }
}
