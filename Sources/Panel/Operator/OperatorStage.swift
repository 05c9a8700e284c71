import Ink
import Settings
import Touch

/// What stands on the panel while the operator has it: the PIN, the menu, and what is reached from there.
struct OperatorStage: Sendable, Equatable {
  enum Screen: Sendable, Equatable {
    case pin(Staged<PINScreen>)
    case menu(Staged<OperatorScreen>)
    case calibration(CalibrationScreen)
    case test(Staged<TouchTestScreen>)
    case wipe(WipeScreen)
    case withdraw(Staged<WithdrawScreen>)
  }

  /// What came of a touch or of time, for the booth.
  struct Answer: Sendable {
    enum Wish: Sendable, Equatable {
      /// The panel goes back to the visitors.
      case close
      case check(String)
      case language(Int)
      case collecting(Bool)
      case brightness(Int)
      case keep(DigitizerMatrix)
      case request(OperatorRequest)
    }

    /// Where the picture changes; nil for everywhere.
    var areas: [PixelRect]? = []
    var wish: Wish?

    mutating func add(_ more: [PixelRect]?) {
      if let more { areas?.append(contentsOf: more) } else { areas = nil }
    }
  }

  var screen: Screen
  /// The menu with its facts, while something that was reached from it stands on the panel.
  private var menu: OperatorScreen?
  /// The matrix that is being tried.
  private var trial: DigitizerMatrix?
  var lastTouch: UInt64
  var nextLook: UInt64?
  /// How the picture, and touch with it, is turned.
  private let rotation: Rotation

  /// Without a touch for this long the panel goes back to the visitors: 60 s; from the PIN after 20 s.
  static let idle: UInt64 = 60_000_000_000
  static let idlePIN: UInt64 = 20_000_000_000
  /// Facts are read again after this long: 2 s.
  static let lookAgain: UInt64 = 2_000_000_000

  /// - Parameter now: CLOCK_MONOTONIC in ns.
  init(hasPIN: Bool, tries: PINTries, rotation: Rotation, now: UInt64) {
    screen = .pin(Staged(PINScreen(hasPIN: hasPIN, tries: tries, now: now)))
    lastTouch = now
    self.rotation = rotation
  }

  /// What it is called in `panelctl status --json`.
  var name: String {
    if case .pin = screen { "operator PIN" } else { "operator" }
  }

  /// All that can be pressed now.
  func pressPlaces(in layout: Layout) -> [PressPlace] {
    switch screen {
    case .pin(let staged): return staged.screen.places(toPressIn: layout)
    case .menu(let staged): return staged.screen.places(toPressIn: layout)
    case .test(let staged): return staged.screen.places(toPressIn: layout)
    case .withdraw(let staged): return staged.screen.places(toPressIn: layout)
    case .calibration(let calibration):
      let (x, y) = CalibrationScreen.cross(calibration.step, in: layout.bounds)
      return [
        PressPlace("cross", PixelRect(x: Int(x) - 24, y: Int(y) - 24, width: 48, height: 48), isEnabled: true)
      ]
    case .wipe: return []
    }
  }

  // MARK: Answers

  /// The PIN was right: the menu opens.
  mutating func open(_ menu: OperatorScreen, at now: UInt64) {
    guard case .pin = screen else { return }
    screen = .menu(Staged(menu))
    lastTouch = now
    nextLook = now
  }

  /// The PIN was wrong.
  mutating func refuse(_ tries: PINTries, at now: UInt64, in layout: Layout) -> [PixelRect]? {
    guard case .pin(var staged) = screen else { return [] }
    staged.screen.refuse(tries, at: now)
    screen = .pin(staged)
    lastTouch = now
    return nil
  }

  /// Facts were read, or something failed: the menu is changed, wherever it is.
  mutating func change(in layout: Layout, _ body: (inout OperatorScreen) -> Void) -> [PixelRect]? {
    if var hidden = menu {
      body(&hidden)
      menu = hidden
      return []
    }
    guard case .menu(var staged) = screen else { return [] }
    let before = staged.screen
    body(&staged.screen)
    screen = .menu(staged)
    return staged.screen.changes(since: before, in: layout)
  }

  /// The store has answered about a receipt.
  mutating func tell(_ told: WithdrawScreen.Told, at now: UInt64) -> [PixelRect]? {
    guard case .withdraw(var staged) = screen else { return [] }
    staged.screen.tell(told)
    screen = .withdraw(staged)
    lastTouch = now
    return nil
  }

  // MARK: Touch

  /// Takes one event of any contact.
  ///
  /// - Parameter isFollowed: it is of the finger that presses; others only draw on the test page.
  mutating func touch(_ event: TouchEvent, isFollowed: Bool, in layout: Layout) -> Answer {
    var answer = Answer()
    if event.phase != .hover, event.time > lastTouch { lastTouch = event.time }
    switch screen {
    case .pin(var staged):
      guard isFollowed else { return answer }
      let told = staged.touch(event, in: layout)
      screen = .pin(staged)
      answer.areas = told.areas
      switch told.outcome {
      case .check(let pin): answer.wish = .check(pin)
      case .back: answer.wish = .close
      case .some(.none), nil: break
      }
    case .menu(var staged):
      guard isFollowed else { return answer }
      let told = staged.touch(event, in: layout)
      screen = .menu(staged)
      answer.areas = told.areas
      if let outcome = told.outcome { follow(outcome, staged, at: event.time, &answer) }
    case .calibration(var calibration):
      guard isFollowed else { return answer }
      let outcome = calibration.touch(event, bounds: layout.bounds, rotation: rotation)
      screen = .calibration(calibration)
      follow(outcome, at: event.time, &answer)
    case .test(var staged):
      // What presses a button draws no line.
      let wasPressed = staged.pressed != nil
      let told = isFollowed ? staged.touch(event, in: layout) : nil
      if let told { answer.areas = told.areas }
      if !isFollowed || !(wasPressed || staged.pressed != nil) {
        let area = staged.screen.trace(event, thickness: TouchTestScreen.thickness(layout.metrics))
        if !area.isEmpty { answer.add([area]) }
      }
      screen = .test(staged)
      if let outcome = told?.outcome { follow(outcome, &answer) }
    case .withdraw(var staged):
      guard isFollowed else { return answer }
      let told = staged.touch(event, in: layout)
      screen = .withdraw(staged)
      answer.areas = told.areas
      if let outcome = told.outcome { follow(outcome, &answer) }
    case .wipe: break
    }
    return answer
  }

  mutating func follow(
    _ outcome: OperatorScreen.Outcome, _ staged: Staged<OperatorScreen>, at now: UInt64,
    _ answer: inout Answer
  ) {
    switch outcome {
    case .none: break
    case .leave: answer.wish = .close
    case .language(let index): answer.wish = .language(index)
    case .brightness(let percent): answer.wish = .brightness(percent)
    case .collecting(let isOn): answer.wish = .collecting(isOn)
    case .restart: answer.wish = .request(.restart)
    case .reboot: answer.wish = .request(.power(.reboot))
    case .shutDown: answer.wish = .request(.power(.off))
    case .calibrate:
      enter(.calibration(CalibrationScreen(now: now)), from: staged.screen, &answer)
      answer.wish = .request(.matrix(.bare))
    case .test: enter(.test(Staged(TouchTestScreen())), from: staged.screen, &answer)
    case .wipe: enter(.wipe(WipeScreen(now: now)), from: staged.screen, &answer)
    case .withdraw: enter(.withdraw(Staged(WithdrawScreen())), from: staged.screen, &answer)
    }
  }

  mutating func follow(_ outcome: WithdrawScreen.Outcome, _ answer: inout Answer) {
    switch outcome {
    case .none: break
    case .find(let code): answer.wish = .request(.find(code))
    case .withdraw(let session): answer.wish = .request(.withdraw(session))
    case .back: backToMenu(&answer)
    }
  }

  mutating func follow(_ outcome: CalibrationScreen.Outcome, at now: UInt64, _ answer: inout Answer) {
    switch outcome {
    case .none: return
    case .next: break
    case .found(let matrix):
      trial = matrix
      screen = .test(Staged(TouchTestScreen(tryingSince: now)))
      answer.wish = .request(.matrix(.trial(matrix)))
    case .ended:
      backToMenu(&answer)
      answer.wish = .request(.matrix(.settled))
    }
    answer.areas = nil
  }

  mutating func follow(_ outcome: TouchTestScreen.Outcome, _ answer: inout Answer) {
    switch outcome {
    case .none: return
    case .done: break
    case .keep: answer.wish = trial.map { .keep($0) }
    case .discard: answer.wish = .request(.matrix(.settled))
    }
    trial = nil
    backToMenu(&answer)
  }

  private mutating func enter(_ screen: Screen, from menu: OperatorScreen, _ answer: inout Answer) {
    self.menu = menu
    self.screen = screen
    nextLook = nil
    answer.areas = nil
  }

  mutating func backToMenu(_ answer: inout Answer) {
    guard let menu else { return }
    screen = .menu(Staged(menu))
    self.menu = nil
    nextLook = 0
    answer.areas = nil
  }

  /// The finger on the glass is not this stage's any more.
  mutating func release() {
    switch screen {
    case .pin(var staged):
      staged.release()
      screen = .pin(staged)
    case .menu(var staged):
      staged.release()
      screen = .menu(staged)
    case .test(var staged):
      staged.release()
      screen = .test(staged)
    case .withdraw(var staged):
      staged.release()
      screen = .withdraw(staged)
    case .calibration, .wipe: break
    }
  }
}
