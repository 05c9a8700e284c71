import Display
import Ink
import Randomness
import Settings
import Testing

@testable import Panel

@Suite("The layouts of the operator's screens")
struct OperatorLayoutTests {
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

  @Test(
    "drawing what changed again gives the same picture as drawing everything",
    arguments: [(480, 320), (800, 480), (1280, 800), (320, 480)])
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
