import Ink

/// Where the operator's menu stands.
extension OperatorScreen {
  /// Rectangles of everything on the menu.
  struct Plan {
    /// All cards stand side by side; else one at a time, chosen by tabs.
    var isOverview = false
    var title = PixelRect.empty
    var leave = PixelRect.empty
    var withdraw = PixelRect.empty
    var tabs: [PixelRect] = []
    /// The cards, by ``Page``; empty for one that is not shown.
    var cards = [PixelRect](repeating: .empty, count: Page.allCases.count)
    /// Height of a card's heading; 0 where the tab says it.
    var heading = 0
    /// Between a card's edge and what is in it.
    var pad = 0
    /// Distance of the lines of the health card.
    var pitch = 0

    func card(_ page: Page) -> PixelRect { cards[page.rawValue] }

    /// What of a card is below its heading.
    func inside(_ page: Page) -> PixelRect {
      let card = card(page)
      guard !card.isEmpty else { return .empty }
      return PixelRect(
        x: card.x + pad, y: card.y + pad + heading, width: card.width - 2 * pad,
        height: card.height - 2 * pad - heading)
    }
  }

  /// Lines of the health card.
  static let lines = 12

  func plan(in layout: Layout) -> Plan {
    let m = layout.metrics
    let margin = layout.isCompact ? m.unit : m.unit * 3 / 2
    let inner = layout.bounds.inset(by: margin)
    return overview(inner, m) ?? pages(inner, m, isWide: layout.bounds.width > layout.bounds.height)
  }

  /// All cards at once, or nil where there is no room for them.
  private func overview(_ inner: PixelRect, _ m: Metrics) -> Plan? {
    var plan = Plan()
    let gap = m.unit * 3 / 2
    plan.isOverview = true
    plan.heading = m.large * 5 / 4
    plan.pad = m.unit * 3 / 2
    plan.pitch = m.body * 3 / 2
    plan.leave = PixelRect(
      x: inner.maxX - max(m.body * 8, 2 * m.target), y: inner.y, width: max(m.body * 8, 2 * m.target),
      height: m.target)
    plan.withdraw = plan.leave.offset(x: -plan.leave.width - gap, y: 0)
    plan.title = PixelRect(x: inner.x, y: inner.y, width: plan.withdraw.x - inner.x - gap, height: m.target)
    let frame = plan.heading + 2 * plan.pad
    let health = frame + Self.lines * plan.pitch
    let settings = frame + 3 * m.target + 2 * m.unit
    let touch = frame + m.target
    let machine = frame + m.target
    let stack = settings + touch + machine + 2 * gap
    let top = plan.title.maxY + m.unit
    let body = PixelRect(x: inner.x, y: top, width: inner.width, height: inner.maxY - top)
    var column: PixelRect
    if body.width > body.height {
      guard stack <= body.height, health <= body.height, body.width >= m.body * 44 else { return nil }
      let left = (body.width - gap) * 48 / 100
      plan.cards[Page.health.rawValue] = PixelRect(
        x: body.x, y: body.y, width: left, height: max(health, stack))
      column = PixelRect(x: body.x + left + gap, y: body.y, width: body.width - left - gap, height: stack)
    } else {
      guard health + gap + stack <= body.height, body.width >= m.body * 26 else { return nil }
      plan.cards[Page.health.rawValue] = PixelRect(x: body.x, y: body.y, width: body.width, height: health)
      column = PixelRect(x: body.x, y: body.y + health + gap, width: body.width, height: stack)
    }
    for (page, height) in [(Page.settings, settings), (.touch, touch), (.machine, machine)] {
      plan.cards[page.rawValue] = PixelRect(x: column.x, y: column.y, width: column.width, height: height)
      column.y += height + gap
    }
    return plan
  }

  /// One card at a time.
  private func pages(_ inner: PixelRect, _ m: Metrics, isWide: Bool) -> Plan {
    var plan = Plan()
    let gap = m.unit
    plan.pad = 2 * m.unit
    var top = inner.y
    if isWide {
      // Tabs, what leads on, and the way out share a row.
      let width = (inner.width - 3 * gap) / 6
      plan.leave = PixelRect(x: inner.maxX - width, y: top, width: width, height: m.target)
      plan.withdraw = plan.leave.offset(x: -width - gap, y: 0)
      let tab = (plan.withdraw.x - 2 * gap - inner.x) / 4
      plan.tabs = Page.allCases.indices.map {
        PixelRect(x: inner.x + $0 * tab, y: top, width: tab, height: m.target)
      }
    } else {
      let leave = min(max(m.body * 8, 2 * m.target), (inner.width - gap) / 2)
      plan.leave = PixelRect(x: inner.maxX - leave, y: top, width: leave, height: m.target)
      plan.withdraw = plan.leave.offset(x: -leave - gap, y: 0)
      // Where fingers need large buttons, those take the title's room.
      let title = plan.withdraw.x - gap - inner.x
      if title >= m.title * 3 {
        plan.title = PixelRect(x: inner.x, y: top, width: title, height: m.target)
      }
      top += m.target + 2 * gap
      let tab = inner.width / 4
      plan.tabs = Page.allCases.indices.map {
        PixelRect(x: inner.x + $0 * tab, y: top, width: tab, height: max(m.target, m.body * 3))
      }
    }
    let y = (plan.tabs.last?.maxY ?? top) + 2 * gap
    let card = PixelRect(x: inner.x, y: y, width: inner.width, height: inner.maxY - y)
    plan.pitch = min((card.height - 2 * plan.pad) / Self.lines, m.body * 2)
    plan.cards[page.rawValue] = card
    return plan
  }

  /// Three rows of a card: settings, or with one card at a time what can be done, with a sentence to each.
  func rows(_ rect: PixelRect, _ m: Metrics, of count: Int = 3) -> [PixelRect] {
    guard !rect.isEmpty else { return [] }
    let height = min((rect.height - (count - 1) * m.unit) / count, m.target * 3 / 2)
    return (0..<count).map {
      PixelRect(x: rect.x, y: rect.y + $0 * (height + m.unit), width: rect.width, height: height)
    }
  }

  /// The left part of a row with its name, and the right part with what can be pressed.
  func halves(_ row: PixelRect, _ m: Metrics) -> (name: PixelRect, control: PixelRect) {
    // In a narrow row the value needs more than its name.
    let width = min(row.width * (row.width < m.body * 24 ? 64 : 58) / 100, m.target * 2 + m.body * 12)
    return (
      PixelRect(x: row.x, y: row.y, width: row.width - width - m.unit, height: row.height),
      PixelRect(x: row.maxX - width, y: row.y, width: width, height: row.height)
    )
  }

  /// A button at each end of a control, and the value between them.
  func stepper(_ rect: PixelRect, _ m: Metrics) -> (less: PixelRect, value: PixelRect, more: PixelRect) {
    let side = max(m.target, min(rect.height * 5 / 4, rect.width / 4))
    return (
      PixelRect(x: rect.x, y: rect.y, width: side, height: rect.height),
      PixelRect(x: rect.x + side, y: rect.y, width: rect.width - 2 * side, height: rect.height),
      PixelRect(x: rect.maxX - side, y: rect.y, width: side, height: rect.height)
    )
  }

  /// The buttons of a card with things to do, and with one card at a time the place of the sentence to each.
  func actions(_ page: Page, in layout: Layout) -> [(control: Control, button: PixelRect, words: PixelRect)] {
    let controls: [Control] = page == .touch ? [.calibrate, .test, .wipe] : [.restart, .reboot, .shutDown]
    let (plan, m) = (plan(in: layout), layout.metrics)
    let inside = plan.inside(page)
    guard !inside.isEmpty else { return [] }
    if plan.isOverview {
      let width = (inside.width - 2 * m.unit) / 3
      return controls.enumerated().map { index, control in
        let x = inside.x + index * (width + m.unit)
        return (control, PixelRect(x: x, y: inside.y, width: width, height: m.target), .empty)
      }
    }
    // Below the machine's rows there is room for what became of them.
    var rect = inside
    if page == .machine { rect.height -= max(0, min(rect.height - 3 * m.target - 2 * m.unit, 4 * m.body)) }
    let rows = rows(rect, m)
    return zip(controls, rows).map { control, row in
      let width = min(row.width * 45 / 100, m.body * 15)
      return (
        control, PixelRect(x: row.x, y: row.y, width: width, height: row.height),
        PixelRect(
          x: row.x + width + 2 * m.unit, y: row.y, width: row.width - width - 2 * m.unit, height: row.height)
      )
    }
  }

  /// Where it is told what became of what was asked for: below the machine's rows, or in place of the title.
  func noticePlace(in layout: Layout) -> PixelRect {
    let plan = plan(in: layout)
    if plan.isOverview { return plan.title }
    let (inside, m) = (plan.inside(.machine), layout.metrics)
    guard !inside.isEmpty, let last = actions(.machine, in: layout).last else { return .empty }
    let y = last.button.maxY + m.unit
    return PixelRect(x: inside.x, y: y, width: inside.width, height: inside.maxY - y)
  }

  func controls(in layout: Layout) -> [ScreenControl<Control>] {
    let (plan, m) = (plan(in: layout), layout.metrics)
    var found: [ScreenControl<Control>] = [
      ScreenControl(control: .leave, rect: plan.leave),
      ScreenControl(control: .withdraw, rect: plan.withdraw),
    ]
    for (page, rect) in zip(Page.allCases, plan.tabs) {
      found.append(ScreenControl(control: .page(page), rect: rect))
    }
    func add(_ control: Control, _ rect: PixelRect) {
      found.append(ScreenControl(control: control, rect: rect, isEnabled: isEnabled(control)))
    }
    let settings = rows(plan.inside(.settings), m)
    if settings.count == 3 {
      let language = stepper(halves(settings[0], m).control, m)
      add(.earlierLanguage, language.less)
      add(.laterLanguage, language.more)
      if facts.brightness != nil {
        let brightness = stepper(halves(settings[1], m).control, m)
        add(.dimmer, brightness.less)
        add(.brighter, brightness.more)
      }
      add(.collecting, settings[2])
    }
    for page in [Page.touch, .machine] {
      for action in actions(page, in: layout) { add(action.control, action.button) }
    }
    return found
  }
}
