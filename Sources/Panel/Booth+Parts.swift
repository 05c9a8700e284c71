import Ink

/// What of a ``Booth`` the screens show and what can be pressed now.
extension Booth {
  /// What is wrong now, a sentence each.
  var notices: [String] {
    var all: [String] = []
    if case .failing(let sentence) = phase { all.append(sentence) }
    if let notice { all.append(notice.english) }
    if isGlassSoiled { all.append(StringKey.soiledGlass.english) }
    return all
  }

  /// What staff should see to, as it stands on the sheet.
  var shownNotice: StringKey? { notice ?? (isGlassSoiled ? .soiledGlass : nil) }

  /// Whether the sheet is what the visitor sees.
  var showsSheet: Bool {
    guard stillThere == nil, case .sheet = stage else { return false }
    return true
  }

  /// What stands on the panel, as `panelctl status --json` names it.
  var screen: String {
    if stillThere != nil { return "still there" }
    return switch stage {
    case .attract(let staged): staged.screen.isAwake ? "languages" : "attract"
    case .consent: "consent"
    case .name: "name"
    case .sheet(.challenge): "challenge"
    case .sheet(.freePlay): "free play"
    case .operator(let operatorStage): operatorStage.name
    }
  }

  /// All that can be pressed on the screen that stands there.
  var pressPlaces: [PressPlace] {
    if let stillThere { return stillThere.screen.places(toPressIn: layout) }
    switch stage {
    case .attract(let staged): return staged.screen.places(toPressIn: layout)
    case .consent(let staged): return staged.screen.places(toPressIn: layout)
    case .name(let staged): return staged.screen.places(toPressIn: layout)
    case .sheet:
      return Booth.buttons.compactMap { button in
        place(of: button).map { PressPlace(button, $0, isEnabled: isEnabled(button)) }
      }
    case .operator(let operatorStage): return operatorStage.pressPlaces(in: layout)
    }
  }

  /// Whether the visitor reads that a drawing is saved, and its receipt.
  var isThanking: Bool {
    if case .saved = message { true } else { false }
  }

  /// Whether a drawing that is submitted now would be stored.
  var isCollecting: Bool { !desk.isPaused && (phase == .drawing || phase == .saving) }

  /// Whether a touch on the canvas draws.
  var canDraw: Bool {
    mode == .freePlay || phase == .drawing
  }

  /// Whether a button does something now, and so is shown as such.
  func isEnabled(_ button: Button) -> Bool {
    switch button {
    // Nothing can be submitted while collecting is paused, so nothing is asked for.
    case .challengeTab: !desk.isPaused
    case .freePlayTab: true
    case .undo: canDraw && sketch.canUndo
    case .clear: canDraw && !sketch.isEmpty
    case .submit: phase == .drawing && !desk.isPaused
    }
  }

  /// Where a button stands in the current mode; nil when it is not there.
  func place(of button: Button) -> PixelRect? {
    switch button {
    case .challengeTab: layout.challengeTab
    case .freePlayTab: layout.freePlayTab
    case .undo: mode == .challenge ? layout.undo : nil
    case .clear: mode == .challenge ? layout.clear : layout.freeClear
    case .submit: mode == .challenge ? layout.submit : nil
    }
  }

  static let buttons: [Button] = [.challengeTab, .freePlayTab, .undo, .clear, .submit]
}
