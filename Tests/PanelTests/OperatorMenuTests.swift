import Testing

@testable import Panel

@Suite("The operator's menu")
struct OperatorMenuTests {
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

  @Test(
    "before a restart loses a drawing that waits for the disk, the first press says so",
    arguments: [OperatorScreen.Control.restart, .reboot, .shutDown])
  func losesDrawing(control: OperatorScreen.Control) {
    var visit = OperatorVisit()
    visit.open()
    visit.tap(control)
    #expect(visit.menu?.shownNotice == OperatorScreen.Notice.none, "nothing waits")
    visit.wait(seconds: 5.1)
    var facts = OperatorVisit.facts
    facts.isStoring = true
    _ = visit.visitor.booth.tell(facts)
    #expect(visit.menu?.shownNotice == OperatorScreen.Notice.none)
    visit.visitor.areas = []
    visit.tap(control)
    #expect(visit.menu?.shownNotice == .losesDrawing)
    let place = visit.menu?.noticePlace(in: visit.layout)
    #expect(place.map(visit.visitor.areas.contains) == true, "it is painted")
    visit.wait(seconds: 5.1)
    #expect(visit.menu?.shownNotice == OperatorScreen.Notice.none)
    visit.tap(control)
    visit.tap(control)
    #expect(visit.menu?.shownNotice == (control == .shutDown ? .shuttingDown : .restarting))
  }
}
