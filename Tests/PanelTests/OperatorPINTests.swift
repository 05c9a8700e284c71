import Settings
import Testing

@testable import Panel

@Suite("The operator's way in")
struct OperatorPINTests {
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
    visit.tap(PINScreen.Control.back)
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
      if leaves { visit.tap(PINScreen.Control.back) } else { visit.wait(seconds: 21) }
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
    visit.tap(PINScreen.Control.back)
    #expect(visit.booth.scoreboard.own == 1)
  }
}
