import Ink
import Settings
import Spool
import Touch

@testable import Panel

/// An operator in front of a booth, with what the machine would answer.
struct OperatorVisit {
  var visitor: Visitor
  var requests: [OperatorRequest] = []
  static let pin = "4711"
  private var contact: Int32 = 1000

  init(
    width: Int = 800, height: Int = 480, hasPIN: Bool = true, languages: Languages = .english,
    wrong: Int = 0, rotation: Rotation = .none
  ) {
    visitor = Visitor(width: width, height: height)
    var desk = OperatorDesk(hasPIN: hasPIN, tries: PINTries(wrong: wrong, now: visitor.now))
    desk.rotation = rotation
    let booth = visitor.booth
    visitor.booth = Booth(
      layout: booth.layout, visit: booth.visit, brush: 20, languages: languages, desk: desk)
    _ = visitor.booth.update(Scoreboard(prompt: 7))
  }

  var booth: Booth { visitor.booth }
  var layout: Layout { visitor.booth.layout }

  var stage: OperatorStage? {
    if case .operator(let stage) = visitor.booth.stage { stage } else { nil }
  }

  var pin: PINScreen? {
    if case .pin(let staged)? = stage?.screen { staged.screen } else { nil }
  }

  var menu: OperatorScreen? {
    if case .menu(let staged)? = stage?.screen { staged.screen } else { nil }
  }

  var test: TouchTestScreen? {
    if case .test(let staged)? = stage?.screen { staged.screen } else { nil }
  }

  var calibration: CalibrationScreen? {
    if case .calibration(let calibration)? = stage?.screen { calibration } else { nil }
  }

  var withdrawal: WithdrawScreen? {
    if case .withdraw(let staged)? = stage?.screen { staged.screen } else { nil }
  }

  var wipe: WipeScreen? {
    if case .wipe(let wipe)? = stage?.screen { wipe } else { nil }
  }

  @discardableResult
  mutating func send(
    _ phase: TouchEvent.Phase, _ x: Float, _ y: Float, contact: Int32, after ms: UInt64 = 8
  ) -> Response {
    let response = visitor.send(phase, x, y, contact: contact, after: ms)
    requests += response.requests
    return response
  }

  /// Lets time pass, as the main loop does.
  mutating func wait(seconds: Double) {
    let end = visitor.now + UInt64(seconds * 1e9)
    var random = SystemRandomNumberGenerator()
    while let due = visitor.booth.deadline, due <= end {
      visitor.now = max(visitor.now, due)
      requests += visitor.booth.tick(visitor.now, visit: .new(using: &random)).requests
    }
    visitor.now = end
  }

  /// Holds two opposite corners for 3.1 s.
  mutating func holdCorners() {
    let bounds = layout.bounds
    let (right, bottom) = (Float(bounds.width) - 9, Float(bounds.height) - 9)
    send(.down, 9, 9, contact: 901)
    send(.down, right, bottom, contact: 902)
    wait(seconds: 3.1)
    send(.up, 9, 9, contact: 901)
    send(.up, right, bottom, contact: 902)
  }

  mutating func tap(_ rect: PixelRect?, after ms: UInt64 = 200) {
    guard let rect else { return }
    contact += 1
    let (x, y) = (Float(rect.x + rect.width / 2), Float(rect.y + rect.height / 2))
    send(.down, x, y, contact: contact, after: ms)
    send(.up, x, y, contact: contact, after: 60)
  }

  mutating func tap(_ key: PINScreen.Control) {
    tap(pin?.controls(in: layout).first { $0.control == key && $0.isEnabled }?.rect)
  }

  mutating func tap(_ control: OperatorScreen.Control) {
    guard let menu else { return }
    func place(_ menu: OperatorScreen?) -> PixelRect? {
      menu?.controls(in: layout).first { $0.control == control && $0.isEnabled }?.rect
    }
    if place(menu) == nil {
      for page in OperatorScreen.Page.allCases where place(self.menu) == nil {
        tap(self.menu?.controls(in: layout).first { $0.control == .page(page) }?.rect)
      }
    }
    tap(place(self.menu))
  }

  mutating func tap(_ control: TouchTestScreen.Control) {
    tap(test?.controls(in: layout).first { $0.control == control }?.rect)
  }

  mutating func tap(_ control: WithdrawScreen.Control) {
    tap(withdrawal?.controls(in: layout).first { $0.control == control && $0.isEnabled }?.rect)
  }

  /// Types the characters of a receipt's code.
  mutating func type(code: ReceiptCode) { for letter in code.characters { tap(.key(letter)) } }

  /// Types a PIN, and answers for the machine whether it is right.
  mutating func type(_ entered: String) {
    for digit in entered { if let digit = digit.wholeNumberValue { tap(.digit(digit)) } }
    tap(.enter)
    guard case .check(let asked)? = requests.last else { return }
    visitor.now += 50_000_000
    let response = visitor.booth.verdict(
      isRight: asked == Self.pin, facts: OperatorVisit.facts, at: visitor.now)
    requests += response.requests
  }

  /// From the visitors' screen to the menu.
  mutating func open() {
    holdCorners()
    type(Self.pin)
    wait(seconds: 0)
  }

  static var facts: OperatorFacts {
    var facts = OperatorFacts()
    facts.display = .init(isWell: true, words: "HDMI-A-1 of /dev/dri/card1, 1280x800@60")
    facts.touch = .init(isWell: true, words: "ILITEK ILITEK-TP")
    facts.drawings = 1284
    facts.unsent = 312
    facts.free = 21_474_836_480
    facts.lastSync = "2026-11-20 18:02 CET"
    facts.clock = "2026-11-21 09:45 CET"
    facts.clockQuality = .rtc
    facts.touchRate = 98.44
    facts.ink = (210, 640)
    facts.model = "digits-2026-11 (3f9a81)"
    facts.software = "panel 0.1.0"
    facts.brightness = 60
    return facts
  }
}
