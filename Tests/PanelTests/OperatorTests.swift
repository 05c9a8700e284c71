import Display
import Ink
import Randomness
import Settings
import Testing
import Touch

@testable import Panel

@Suite("The operator's screens")
struct OperatorTests {
  // MARK: The way in

  @Test("the gesture asks for the PIN, and takes back the dot or press that the first finger made")
  func gesture() {
    var visit = OperatorVisit()
    visit.visitor.drawSeven()
    let before = visit.booth.sketch.canvas.pixels
    visit.send(.down, 3, 3, contact: 1)
    visit.send(.down, 797, 477, contact: 2)
    #expect(visit.booth.pressed == nil)
    visit.wait(seconds: 2.9)
    #expect(visit.stage == nil)
    visit.wait(seconds: 0.2)
    #expect(visit.pin?.state == .entering)
    visit.send(.up, 3, 3, contact: 1)
    visit.send(.up, 797, 477, contact: 2)
    #expect(visit.pin?.state == .entering)
    #expect(visit.booth.sketch.canvas.pixels == before)
    #expect(visit.booth.screen == "operator PIN")
  }

  @Test("a stroke that begins in a corner is taken back when the other corner is held")
  func strokeInACorner() {
    // On this panel the sheet reaches into the corners.
    var visit = OperatorVisit(width: 320, height: 480)
    let canvas = visit.layout.canvas
    let zone = Float(visit.layout.metrics.corner)
    let corners: [(x: Float, y: Float)] = [(zone - 4, zone - 4), (320 - zone + 4, 480 - zone + 4)]
    guard canvas.contains(x: Int(corners[0].x), y: Int(corners[0].y)) else { return }
    visit.send(.down, corners[0].x, corners[0].y, contact: 1)
    #expect(!visit.booth.sketch.isEmpty)
    visit.send(.down, corners[1].x, corners[1].y, contact: 2)
    #expect(visit.booth.sketch.isEmpty)
  }

  @Test("without a PIN set the screen says how to set one and opens nothing")
  func unset() {
    var visit = OperatorVisit(hasPIN: false)
    visit.holdCorners()
    #expect(visit.pin?.state == .unset)
    visit.type("4711")
    #expect(visit.requests == [])
    #expect(visit.pin?.controls(in: visit.layout).map(\.control) == [.back])
    visit.tap(.back)
    #expect(visit.booth.stage == visit.booth.opening)
  }

  @Test(
    "wrong PINs are counted on the disk before they are looked at; the third locks for 30 s, the next for 60 s"
  )
  func wrongPINs() {
    var visit = OperatorVisit()
    visit.holdCorners()
    for wrong in 1...2 {
      visit.type("9999")
      #expect(visit.requests == [.check("9999")])
      visit.requests = []
      #expect(visit.booth.desk.choices.wrongPINs == wrong)
      #expect(visit.pin?.state == .wrong)
    }
    visit.type("0815")
    #expect(visit.pin?.state == .locked(30))
    visit.requests = []
    visit.type(OperatorVisit.pin)
    #expect(visit.requests == [] && visit.pin?.pin == "")
    visit.wait(seconds: 10)
    #expect(visit.pin?.state == .locked(20))
    // Nobody touched for 20 s: the visitors have the panel again, and the wait goes on.
    visit.wait(seconds: 12)
    #expect(visit.stage == nil)
    visit.holdCorners()
    visit.wait(seconds: 5)
    #expect(visit.pin?.state == .entering)
    visit.type("1111")
    #expect(visit.pin?.state == .locked(60))
    #expect(visit.booth.desk.tries.wrong == 4)
  }

  @Test("a panel that was restarted after wrong PINs makes wait as long again")
  func restartedWhileLocked() {
    var visit = OperatorVisit(wrong: 4)
    visit.holdCorners()
    #expect(visit.pin?.state == .locked(57))
    visit.tap(.digit(4))
    #expect(visit.pin?.pin == "")
  }

  @Test("the right PIN opens the menu and forgets the wrong ones")
  func rightPIN() {
    var visit = OperatorVisit(wrong: 2)
    visit.open()
    #expect(visit.menu?.facts == OperatorVisit.facts)
    #expect(visit.booth.desk.choices.wrongPINs == 0)
    #expect(visit.requests.contains(.keep))
    #expect(visit.requests.last == .look, "facts are read at once")
    #expect(visit.booth.screen == "operator")
  }

  @Test("the PIN stands nowhere once it was given")
  func pinIsForgotten() {
    var visit = OperatorVisit()
    visit.holdCorners()
    for digit in [4, 7, 1, 1] { visit.tap(.digit(digit)) }
    #expect(visit.pin?.pin == "4711")
    visit.tap(.enter)
    #expect(visit.pin?.pin == "" && visit.pin?.state == .checking)
    #expect(!String(reflecting: visit.booth).contains("4711"))
    // Nothing more is taken while it is looked at.
    visit.tap(.digit(5))
    #expect(visit.pin?.pin == "")
  }

  @Test("backspace takes digits back, fewer than four are not taken, more than twelve neither")
  func typing() {
    var visit = OperatorVisit()
    visit.holdCorners()
    for digit in [1, 2, 3] { visit.tap(.digit(digit)) }
    visit.tap(.enter)
    #expect(visit.requests == [])
    visit.tap(.erase)
    #expect(visit.pin?.pin == "12")
    for _ in 0..<20 { visit.tap(.digit(0)) }
    #expect(visit.pin?.pin.count == PIN.lengths.upperBound)
  }

  @Test("who gives no PIN within 20 s, or goes back, leaves the visitor's drawing as it was")
  func interrupted() {
    for leaves in [true, false] {
      var visit = OperatorVisit()
      visit.visitor.drawSeven()
      let (before, person) = (visit.booth.sketch.canvas.pixels, visit.booth.visit)
      visit.holdCorners()
      visit.tap(.digit(1))
      if leaves { visit.tap(.back) } else { visit.wait(seconds: 21) }
      #expect(visit.booth.stage == .sheet(.challenge))
      #expect(visit.booth.sketch.canvas.pixels == before)
      #expect(visit.booth.visit == person)
    }
  }

  @Test("a disk that answers while the PIN is asked for changes nothing on it")
  func savedMeanwhile() {
    var visit = OperatorVisit()
    visit.visitor.drawSeven()
    visit.visitor.tap(.submit)
    visit.holdCorners()
    _ = visit.visitor.booth.saved(Visitor.saved, Scoreboard(prompt: 3, own: 1), at: visit.visitor.now)
    #expect(visit.pin?.state == .entering)
    visit.tap(.back)
    #expect(visit.booth.scoreboard.own == 1)
  }

  // MARK: The menu

  @Test("leaving, and 60 s without a touch, give the panel to the next visitor")
  func leaving() {
    for leaves in [true, false] {
      var visit = OperatorVisit()
      visit.visitor.drawSeven()
      let person = visit.booth.visit
      visit.open()
      visit.wait(seconds: 50)
      visit.tap(.page(.touch))
      visit.wait(seconds: 50)
      #expect(visit.menu != nil)
      if leaves { visit.tap(OperatorScreen.Control.leave) }
      visit.wait(seconds: leaves ? 0 : 11)
      #expect(visit.booth.stage == visit.booth.opening)
      #expect(visit.booth.visit != person)
      #expect(visit.booth.sketch.isEmpty)
      #expect(visit.booth.deadline == nil)
    }
  }

  @Test("facts are read every two seconds while the menu is shown, and never else")
  func looking() {
    var visit = OperatorVisit()
    visit.wait(seconds: 100)
    visit.open()
    visit.requests = []
    visit.wait(seconds: 20.5)
    #expect(visit.requests == [OperatorRequest](repeating: .look, count: 10))
    visit.tap(.wipe)
    visit.requests = []
    visit.wait(seconds: 20)
    #expect(visit.requests == [])
  }

  @Test("pausing is kept, and ends what Submit does until it is taken back")
  func pausing() {
    var visit = OperatorVisit()
    visit.open()
    visit.tap(.collecting)
    #expect(visit.booth.desk.choices.collecting == false)
    #expect(visit.requests.last == .keep)
    visit.tap(OperatorScreen.Control.leave)
    visit.wait(seconds: 0)
    #expect(visit.booth.desk.isPaused && !visit.booth.isCollecting)
    visit.visitor.drawSeven()
    visit.visitor.tap(.submit)
    #expect(visit.visitor.submitted == 0)
    visit.open()
    visit.tap(.collecting)
    visit.tap(OperatorScreen.Control.leave)
    visit.wait(seconds: 0)
    visit.visitor.drawSeven()
    visit.visitor.tap(.submit)
    #expect(visit.visitor.submitted == 1)
  }

  @Test("what the configuration says of collecting holds until something was chosen at the panel")
  func configuredPause() {
    var desk = OperatorDesk(collectsByDefault: false)
    #expect(desk.isPaused)
    desk.choices.collecting = true
    #expect(!desk.isPaused)
  }

  @Test("the language goes round those on offer, holds for the next visits, and is kept")
  func language() throws {
    var visit = OperatorVisit(languages: try StringsTests.languages())
    visit.open()
    #expect(visit.menu?.languages.first == "English")
    visit.tap(.laterLanguage)
    #expect(visit.booth.desk.choices.language == "de" && visit.booth.strings.language == "de")
    visit.tap(.earlierLanguage)
    visit.tap(.earlierLanguage)
    #expect(visit.booth.desk.choices.language == "uk")
    #expect(visit.requests.last == .keep)
    visit.tap(OperatorScreen.Control.leave)
    visit.wait(seconds: 0)
    #expect(visit.booth.strings.language == "uk")
    // One that is not on offer any more does nothing.
    visit.visitor.booth.desk.choices.language = "it"
    #expect(visit.booth.initialStrings.language == "en")
  }

  @Test("brightness goes in steps of ten, from 10 to 100, and is told to be missing where there is none")
  func brightness() {
    var visit = OperatorVisit()
    visit.open()
    for wanted in [70, 80, 90, 100] {
      visit.tap(.brighter)
      #expect(visit.requests.suffix(2) == [.brightness(wanted), .keep])
    }
    visit.tap(.brighter)
    #expect(visit.booth.desk.choices.brightness == 100)
    for _ in 0..<12 { visit.tap(.dimmer) }
    #expect(visit.booth.desk.choices.brightness == 10)
    var facts = OperatorVisit.facts
    facts.brightness = nil
    _ = visit.visitor.booth.tell(facts)
    #expect(visit.menu?.controls(in: visit.layout).contains { $0.control == .brighter } == false)
  }

  @Test(
    "restart and shut down want two presses within 5 s",
    arguments: [
      (OperatorScreen.Control.restart, OperatorRequest.restart), (.reboot, .power(.reboot)),
      (.shutDown, .power(.off)),
    ])
  func twoPresses(control: OperatorScreen.Control, request: OperatorRequest) {
    var visit = OperatorVisit()
    visit.open()
    visit.requests = []
    visit.tap(control)
    #expect(!visit.requests.contains(request) && visit.menu?.armed == control)
    visit.wait(seconds: 5.1)
    #expect(visit.menu?.armed == nil)
    visit.tap(control)
    visit.tap(control == .restart ? OperatorScreen.Control.reboot : .restart)
    visit.tap(control)
    #expect(!visit.requests.contains(request), "another was pressed between")
    visit.tap(control)
    #expect(visit.requests.contains(request))
    // The machine may not: it is said, and can be tried again.
    _ = visit.visitor.booth.operatorFailed("cannot shut the machine down: no; pull the plug")
    #expect(visit.menu?.notice == .failed("cannot shut the machine down: no; pull the plug"))
    visit.tap(control)
    #expect(visit.menu?.notice == OperatorScreen.Notice.none)
  }

  // MARK: Wiping, testing

  @Test("while the glass is wiped no touch does anything, and after 30 s the menu is back")
  func wiping() {
    var visit = OperatorVisit()
    visit.open()
    visit.tap(.wipe)
    visit.requests = []
    #expect(visit.wipe?.seconds == 30)
    visit.wait(seconds: 10)
    #expect(visit.wipe?.seconds == 20)
    for x in stride(from: 10, to: 800, by: 40) {
      for y in stride(from: 10, to: 480, by: 40) {
        visit.send(.down, Float(x), Float(y), contact: Int32(x * 1000 + y), after: 4)
        visit.send(.up, Float(x), Float(y), contact: Int32(x * 1000 + y), after: 4)
      }
    }
    visit.holdCorners()
    #expect(visit.requests == [])
    #expect(visit.wipe != nil)
    visit.wait(seconds: 18)
    #expect(visit.menu != nil)
    // From then on nobody has touched: the menu stays for its 60 s.
    visit.wait(seconds: 55)
    #expect(visit.menu != nil)
  }

  @Test("on the test page every finger draws, and a button draws nothing")
  func testPage() {
    var visit = OperatorVisit()
    visit.open()
    visit.tap(.test)
    visit.send(.down, 30, 30, contact: 1)
    visit.send(.down, 700, 400, contact: 2)
    let response = visit.send(.move, 60, 40, contact: 1)
    visit.send(.move, 720, 410, contact: 2)
    #expect(visit.test?.pieces.map(\.finger) == [0, 1, 0, 1])
    #expect(response.areas.count == 1 && response.areas[0].contains(x: 45, y: 35))
    visit.send(.up, 60, 40, contact: 1)
    visit.send(.up, 720, 410, contact: 2)
    let count = visit.test?.pieces.count
    guard let done = visit.test?.places(in: visit.layout).first else { return }
    visit.send(.down, Float(done.x + 5), Float(done.y + 5), contact: 3)
    visit.send(.move, Float(done.x + 25), Float(done.y + 5), contact: 3)
    #expect(visit.test?.pieces.count == count)
    visit.send(.up, Float(done.x + 25), Float(done.y + 5), contact: 3)
    #expect(visit.menu != nil)
  }

  @Test("the test page keeps no more than it can draw quickly, however long somebody draws")
  func longTrace() {
    var page = TouchTestScreen()
    for i in 0..<20_000 {
      let event = TouchEvent(
        phase: i == 0 ? .down : .move, contact: 1, x: Float(i % 700), y: 50, time: UInt64(i))
      _ = page.trace(event, thickness: 4)
    }
    #expect(page.pieces.count <= 4096 && page.pieces.count > 2000)
  }

  // MARK: Layout

  @Test(
    "every control of every screen is at least 48 pixels, on the panel, and apart from the others",
    arguments: LayoutTests.sizes)
  func controls(width: Int, height: Int) {
    func check<Control>(_ controls: [ScreenControl<Control>], _ name: String) {
      for (index, control) in controls.enumerated() {
        let rect = control.rect
        #expect(
          min(rect.width, rect.height) >= 48, "\(control.control) of \(name) at \(width)x\(height): \(rect)")
        #expect(
          rect.x >= 0 && rect.y >= 0 && rect.maxX <= width && rect.maxY <= height,
          "\(control.control) \(rect)")
        for other in controls[(index + 1)...] {
          #expect(rect.intersection(other.rect).isEmpty, "\(control.control) and \(other.control) of \(name)")
        }
      }
    }
    for density: Float? in [nil, 4, 6, 9] {
      let layout = Layout(width: width, height: height, pixelsPerMillimetre: density)
      for hasPIN in [true, false] {
        let screen = PINScreen(hasPIN: hasPIN, tries: PINTries(), now: 0)
        check(screen.controls(in: layout), "PIN")
        let places = screen.places(in: layout)
        #expect(places.message.height >= layout.metrics.body * 27 / 20, "no room for a sentence")
        if hasPIN { #expect(places.field.intersection(places.message).isEmpty) }
      }
      var menu = OperatorScreen(
        facts: OperatorVisit.facts, languages: ["a", "b"], language: 0, isCollecting: true)
      for page in OperatorScreen.Page.allCases {
        _ = menu.press(.page(page), at: 0)
        check(menu.controls(in: layout), "\(page)")
        let plan = menu.plan(in: layout)
        #expect(plan.card(page).intersection(layout.bounds) == plan.card(page))
        if !plan.card(.health).isEmpty {
          #expect(plan.pitch >= 15 && plan.pitch * 12 <= plan.inside(.health).height)
        }
      }
      #expect(Set(menu.controls(in: layout).map(\.control)).isSuperset(of: [.leave]))
      check(TouchTestScreen().controls(in: layout), "test")
      check(TouchTestScreen(tryingSince: 0).controls(in: layout), "trial")
    }
  }

  @Test("every size has all there is to press, at once or by pages", arguments: LayoutTests.sizes)
  func everything(width: Int, height: Int) {
    let layout = Layout(width: width, height: height)
    var menu = OperatorScreen(
      facts: OperatorVisit.facts, languages: ["a", "b"], language: 0, isCollecting: true)
    var found: Set<OperatorScreen.Control> = []
    for page in OperatorScreen.Page.allCases {
      _ = menu.press(.page(page), at: 0)
      found.formUnion(menu.controls(in: layout).map(\.control))
    }
    #expect(
      found.isSuperset(of: [
        .leave, .earlierLanguage, .laterLanguage, .dimmer, .brighter, .collecting, .calibrate, .test, .wipe,
        .restart,
        .reboot, .shutDown,
      ]))
  }

  // MARK: Pictures

  @Test(
    "drawing what changed again gives the same picture as drawing everything",
    arguments: [(480, 320), (800, 480), (1280, 800)])
  func areasEqualWhole(width: Int, height: Int) throws {
    let letters = Lettering(
      regular: try Typeface(inter: .regular), strong: try Typeface(inter: .semiBold))
    let view = BoothView(theme: .dark, letters: letters, title: "Digit Panel")
    func picture(_ booth: Booth) -> Surface {
      var surface = Surface(width: width, height: height)
      _ = view.draw(.everything, of: booth, on: &surface)
      return surface
    }
    var random = SplitMix64(seed: UInt64(width))
    var visit = OperatorVisit(width: width, height: height, languages: try StringsTests.languages())
    visit.open()
    visit.visitor.asked = []
    var shown = picture(visit.booth)
    var partial = 0
    for step in 0..<160 {
      var response = Response.none
      switch Int.random(in: 0..<8, using: &random) {
      case 0:
        var facts = OperatorVisit.facts
        facts.unsent = step
        facts.store.isWell = step % 2 == 0
        response = visit.visitor.booth.tell(facts)
      case 1: response = visit.visitor.booth.operatorFailed("cannot do step \(step)")
      case 2:
        visit.visitor.now = visit.booth.deadline.map { max($0, visit.visitor.now) } ?? visit.visitor.now
        let same = visit.booth.visit
        response = visit.visitor.booth.tick(visit.visitor.now, visit: same)
      default:
        let places = visit.booth.pressPlaces.filter(\.isEnabled)
        guard let rect = places.randomElement(using: &random)?.rect else { break }
        let (x, y) = (Float(rect.x + rect.width / 2), Float(rect.y + rect.height / 2))
        response = visit.send(.down, x, y, contact: Int32(step + 10))
        var surface = shown
        draw(response, view, visit.booth, &surface)
        shown = surface
        response = visit.send(.up, x, y, contact: Int32(step + 10))
      }
      if response.repaint.isEmpty, !response.areas.isEmpty { partial += 1 }
      draw(response, view, visit.booth, &shown)
      guard shown == picture(visit.booth) else {
        Issue.record("step \(step) left something of the last picture: \(visit.booth.screen)")
        return
      }
      if visit.stage == nil {
        visit.open()
        shown = picture(visit.booth)
      }
    }
    #expect(partial > 8)
  }

  private func draw(_ response: Response, _ view: BoothView, _ booth: Booth, _ surface: inout Surface) {
    _ = view.draw(response.repaint, of: booth, on: &surface)
    var changed: [PixelRect] = []
    view.draw(areas: response.areas, of: booth, on: &surface, changed: &changed)
  }
}
