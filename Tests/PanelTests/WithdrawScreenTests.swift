import Ink
import Testing
import Touch

@testable import Panel
@testable import Spool

@Suite("Withdrawing drawings at the panel")
struct WithdrawScreenTests {
  /// The code of a visit, and the visit.
  private static let session = Identifier.random()
  private static let code = ReceiptCode(session: session)
  private static let found = WithdrawScreen.Told.visit(
    session, drawings: 12, time: "2026-11-20 18:02 CET", isNamed: true)

  /// An operator before the page.
  private func operatorVisit() -> OperatorVisit {
    var visit = OperatorVisit()
    visit.open()
    visit.tap(.withdraw)
    visit.requests = []
    return visit
  }

  private func tell(_ told: WithdrawScreen.Told, _ visit: inout OperatorVisit) {
    _ = visit.visitor.booth.tell(told, at: visit.visitor.now)
  }

  @Test("a code is looked up, what it stands for is shown, and only the second press deletes")
  func whole() {
    var visit = operatorVisit()
    visit.type(code: Self.code)
    #expect(visit.withdrawal?.shown == Self.code.description)
    visit.tap(.find)
    #expect(visit.requests == [.find(Self.code)])
    #expect(visit.withdrawal?.state == .finding)
    tell(Self.found, &visit)
    #expect(visit.withdrawal?.state == .told(Self.found))
    visit.tap(.delete)
    #expect(visit.requests.count == 1 && visit.withdrawal?.isArmed == true)
    visit.tap(.delete)
    #expect(visit.requests.last == .withdraw(Self.session))
    #expect(visit.withdrawal?.state == .deleting)
    // Nothing can be pressed until the store has answered, however often it is tried.
    visit.tap(WithdrawScreen.Control.back)
    #expect(visit.booth.pressPlaces.allSatisfy { !$0.isEnabled })
    tell(.withdrawn(12), &visit)
    #expect(visit.withdrawal?.state == .told(.withdrawn(12)))
    #expect(visit.requests.count == 2)
    visit.tap(.another)
    #expect(visit.withdrawal == WithdrawScreen())
    visit.tap(WithdrawScreen.Control.back)
    #expect(visit.menu != nil)
  }

  @Test("the second press counts for 5 s, and another press between takes the first one back")
  func patience() {
    var visit = operatorVisit()
    visit.type(code: Self.code)
    visit.tap(.find)
    tell(Self.found, &visit)
    visit.tap(.delete)
    visit.wait(seconds: 5.1)
    #expect(visit.withdrawal?.isArmed == false)
    visit.tap(.delete)
    #expect(visit.requests == [.find(Self.code)])
    visit.tap(.another)
    visit.type(code: Self.code)
    visit.tap(.find)
    tell(Self.found, &visit)
    visit.tap(.delete)
    #expect(!visit.requests.contains(.withdraw(Self.session)))
  }

  @Test("a slip is told before anything is looked up: no mistyped code can be sent")
  func mistyped() throws {
    var visit = operatorVisit()
    var wrong = Array(Self.code.characters)
    wrong[3] = wrong[3] == "7" ? "8" : "7"
    for letter in wrong { visit.tap(.key(letter)) }
    #expect(visit.withdrawal?.state == .wrong)
    #expect(visit.withdrawal?.isEnabled(.find) == false)
    visit.tap(.find)
    #expect(visit.requests == [])
    // It is mended in place, from behind.
    for _ in 3..<8 { visit.tap(.backspace) }
    #expect(visit.withdrawal?.state == .typing)
    for letter in Self.code.characters.dropFirst(3) { visit.tap(.key(letter)) }
    visit.tap(.find)
    #expect(visit.requests == [.find(Self.code)])
  }

  @Test("a code that is too short is not looked up, and one more key than eight does nothing")
  func length() {
    var visit = operatorVisit()
    for letter in Self.code.characters.prefix(7) { visit.tap(.key(letter)) }
    visit.tap(.find)
    #expect(visit.requests == [] && visit.withdrawal?.state == .typing)
    for letter in Self.code.characters.suffix(1) + "0" { visit.tap(.key(letter)) }
    #expect(visit.withdrawal?.code == Self.code)
  }

  @Test(
    "what cannot be deleted offers no Delete: unknown, withdrawn before, several visits, a store that fails",
    arguments: [
      WithdrawScreen.Told.unknown, .several, .before("2026-11-20 18:02 CET"),
      .failed("cannot read the store in /var/lib/panel: input/output error; look at the disk"),
    ])
  func nothingToDelete(told: WithdrawScreen.Told) {
    var visit = operatorVisit()
    visit.type(code: Self.code)
    visit.tap(.find)
    tell(told, &visit)
    #expect(visit.booth.pressPlaces.map(\.name) == ["back", "another"])
    visit.tap(.delete)
    #expect(visit.requests == [.find(Self.code)])
  }

  @Test("what the store answers is what the operator reads")
  func answers() throws {
    func summary(_ samples: Int, _ first: Int64?, _ last: Int64?, withdrawn: Int64? = nil) -> VisitSummary {
      VisitSummary(
        session: Self.session, samples: samples, first: first, last: last, isNamed: true, withdrawn: withdrawn
      )
    }
    let day = Int64(1_790_000_000_000)
    let (begin, end) = try (
      #require(Upkeep.local(milliseconds: day)), #require(Upkeep.local(milliseconds: day + 420_000))
    )
    #expect(MainLoop.told(of: [VisitSummary]()) == .unknown)
    #expect(
      MainLoop.told(of: [summary(3, day, day + 420_000)])
        == .visit(Self.session, drawings: 3, time: "\(begin) – \(end)", isNamed: true))
    #expect(
      MainLoop.told(of: [summary(1, day, day)])
        == .visit(Self.session, drawings: 1, time: begin, isNamed: true))
    #expect(
      MainLoop.told(of: [summary(0, nil, nil)])
        == .visit(Self.session, drawings: 0, time: "–", isNamed: true))
    #expect(MainLoop.told(of: [summary(0, nil, nil, withdrawn: day)]) == .before(begin))
    #expect(MainLoop.told(of: [summary(1, day, day), summary(2, day, day)]) == .several)
    #expect(MainLoop.told(of: Withdrawal.done(samples: 3, isErased: false)) == .withdrawn(3))
    #expect(MainLoop.told(of: Withdrawal.before(day)) == .before(begin))
    #expect(MainLoop.told(of: Withdrawal.unknown) == .unknown)
  }

  @Test("a store that fails while it deletes says so, and the page can be used again")
  func failing() {
    var visit = operatorVisit()
    visit.type(code: Self.code)
    visit.tap(.find)
    tell(Self.found, &visit)
    visit.tap(.delete)
    visit.tap(.delete)
    tell(
      .failed("cannot withdraw drawings from /var/lib/panel: read-only file system; look at the disk"), &visit
    )
    guard case .told(.failed) = visit.withdrawal?.state else {
      Issue.record("it does not say so: \(String(describing: visit.withdrawal?.state))")
      return
    }
    visit.tap(.another)
    visit.type(code: Self.code)
    visit.tap(.find)
    #expect(visit.requests.last == .find(Self.code))
  }

  @Test("an answer that nobody waits for changes nothing, also when the panel has gone back to the visitors")
  func late() {
    var visit = operatorVisit()
    tell(Self.found, &visit)
    #expect(visit.withdrawal == WithdrawScreen())
    visit.wait(seconds: 61)
    #expect(visit.stage == nil, "60 s without a touch give the panel back")
    let before = visit.booth.stage
    tell(.withdrawn(3), &visit)
    #expect(visit.booth.stage == before)
  }

  @Test("while the store is asked the page waits for it, however long that takes")
  func slowStore() {
    var visit = operatorVisit()
    visit.type(code: Self.code)
    visit.tap(.find)
    visit.wait(seconds: 300)
    tell(Self.found, &visit)
    #expect(visit.withdrawal?.state == .told(Self.found))
  }

  @Test(
    "the keys are the alphabet of receipt codes, at least 48 pixels, and a finger never falls between two",
    arguments: LayoutTests.sizes)
  func keys(width: Int, height: Int) throws {
    let letters = WithdrawScreen.rows(columns: 10).flatMap { $0 }
    #expect(letters.count == 32 && Set(letters).count == 32)
    // Each of them is read as itself.
    for letter in letters {
      let codes = letters.compactMap { ReceiptCode(String(repeating: letter, count: 7) + String($0)) }
      #expect(codes.count == 1 && codes[0].characters.hasPrefix(String(repeating: letter, count: 7)))
    }
    var visit = OperatorVisit(width: width, height: height)
    visit.open()
    visit.tap(.withdraw)
    let layout = visit.layout
    func check(_ name: String) throws {
      let screen = try #require(visit.withdrawal)
      let controls = screen.controls(in: layout)
      for (index, control) in controls.enumerated() {
        #expect(min(control.rect.width, control.rect.height) >= 48, "\(control.control), \(name)")
        #expect(control.rect.intersection(layout.bounds) == control.rect, "\(control.control), \(name)")
        for other in controls[(index + 1)...] {
          #expect(
            control.rect.intersection(other.rect).isEmpty, "\(control.control) and \(other.control), \(name)")
        }
      }
      let places = screen.places(in: layout)
      let parts =
        [places.title, places.back, places.field]
        + (screen.takesKeys
          ? [places.message, places.keyboard] : [places.told, places.delete, places.another])
      for (index, part) in parts.enumerated() where part != .empty {
        #expect(part.intersection(layout.bounds) == part && !part.isEmpty, "\(part), \(name)")
        for other in parts[(index + 1)...] {
          #expect(part.intersection(other).isEmpty, "\(part) \(other), \(name)")
        }
      }
    }
    try check("typing")
    let places = try #require(visit.withdrawal).places(in: layout)
    #expect(
      places.keys.reduce(0) { $0 + $1.touch.width * $1.touch.height } == places.keyboard.width
        * places.keyboard.height)
    visit.type(code: Self.code)
    visit.tap(.find)
    tell(Self.found, &visit)
    try check("found")
  }

  @Test(
    "drawing what changed again gives the same picture as drawing everything",
    arguments: [(480, 320), (1280, 800), (320, 480)])
  func areas(width: Int, height: Int) throws {
    let view = BoothView(theme: .dark, letters: try Letters.inter(), title: "Digit Panel")
    var visit = OperatorVisit(width: width, height: height)
    visit.open()
    visit.tap(.withdraw)
    var shown = Letters.picture(visit.booth, view)
    var keys =
      Self.code.characters.map { WithdrawScreen.Control.key($0) } + [
        .backspace, .backspace, .key("Q"), .find,
      ]
    keys += Self.code.characters.suffix(2).map { .key($0) }
    var partial = 0
    for key in keys {
      guard let rect = visit.withdrawal?.controls(in: visit.layout).first(where: { $0.control == key })?.rect
      else { continue }
      for phase in [TouchEvent.Phase.down, .up] {
        let response = visit.send(phase, Float(rect.x + 20), Float(rect.y + 20), contact: 77, after: 50)
        if response.repaint.isEmpty { partial += 1 }
        _ = view.draw(response.repaint, of: visit.booth, on: &shown)
        var changed: [PixelRect] = []
        view.draw(areas: response.areas, of: visit.booth, on: &shown, changed: &changed)
        #expect(shown == Letters.picture(visit.booth, view), "\(key)")
      }
    }
    #expect(partial > 20)
  }
}
