import Spool
import Testing

@testable import Panel

@Suite("A visit that is withdrawn while it goes on")
struct WithdrawnVisitTests {
  private func submitted() -> Visitor {
    var visitor = Visitor()
    visitor.drawSeven()
    visitor.tap(.submit)
    #expect(visitor.booth.phase == .saving)
    return visitor
  }

  private func withdraw(_ visitor: inout Visitor) {
    _ = visitor.booth.withdrawn(visitor.booth.visit.session, at: visitor.now)
  }

  @Test("the visitor reads a friendly sentence, nothing is drawn meanwhile, then the next visit begins")
  func ends() {
    var visitor = submitted()
    let first = visitor.booth.visit
    withdraw(&visitor)
    #expect(visitor.booth.message == .withdrawn)
    #expect(visitor.booth.sketch.isEmpty)
    #expect(!visitor.booth.isCollecting)
    #expect(visitor.booth.notices.isEmpty, "staff is not called")
    visitor.wait(7_900)
    #expect(visitor.booth.visit == first)
    visitor.wait(200)
    #expect(visitor.newVisits == 1)
    #expect(visitor.booth.visit.session != first.session)
    #expect(visitor.booth.message == .none)
    #expect(visitor.booth.phase == .drawing)
    visitor.drawSeven()
    visitor.tap(.submit)
    #expect(visitor.submitted == 2)
  }

  @Test("a touch ends the sentence, but not the one that has just submitted")
  func touched() {
    var visitor = submitted()
    withdraw(&visitor)
    visitor.tap(visitor.booth.layout.canvas, after: 100)
    visitor.wait(0)
    #expect(visitor.newVisits == 0)
    #expect(visitor.booth.sketch.isEmpty)
    visitor.tap(visitor.booth.layout.canvas, after: 1000)
    visitor.wait(0)
    #expect(visitor.newVisits == 1)
    #expect(visitor.booth.sketch.isEmpty)
  }

  @Test("with invitation and consent the next visitor is asked anew")
  func asked() {
    var visitor = Visitor(asksConsent: true, invites: true)
    _ = visitor.booth.enter(.sheet(.challenge))
    visitor.drawSeven()
    visitor.tap(.submit)
    withdraw(&visitor)
    visitor.wait(8_000)
    #expect(visitor.newVisits == 1)
    #expect(visitor.booth.screen == "attract")
  }

  @Test("a visitor who waits in free play for a disk that refuses reads it too")
  func inFreePlay() {
    var visitor = submitted()
    _ = visitor.booth.failed("cannot store: no space left on device")
    visitor.tap(.freePlayTab)
    withdraw(&visitor)
    #expect(visitor.booth.mode == .challenge)
    #expect(visitor.booth.message == .withdrawn)
    visitor.wait(8_000)
    #expect(visitor.newVisits == 1)
  }

  @Test("a visitor who has gone is told nothing, and the one who is here goes on")
  func gone() {
    var visitor = submitted()
    let session = visitor.booth.visit.session
    visitor.wait(45_000)
    #expect(visitor.newVisits == 1)
    let response = visitor.booth.withdrawn(session, at: visitor.now)
    #expect(response.newVisit)
    #expect(visitor.booth.message == .none)
    #expect(visitor.booth.phase == .drawing)
    #expect(visitor.booth.canDraw)
  }

  @Test("behind the operator's PIN it waits, and ends the visit when the PIN is not given")
  func behindTheOperator() {
    var visitor = submitted()
    _ = visitor.booth.callOperator(at: visitor.now)
    withdraw(&visitor)
    visitor.wait(15_000)
    #expect(visitor.newVisits == 0)
    #expect(visitor.booth.screen == "operator PIN")
    visitor.wait(10_000)
    #expect(visitor.newVisits == 1)
    #expect(visitor.booth.screen == "challenge")
    #expect(visitor.booth.phase == .drawing)
  }

  @Test("a drawing that can never be stored is taken away with a hint, and the visit goes on")
  func refused() {
    var visitor = submitted()
    let visit = visitor.booth.visit
    _ = visitor.booth.refused(at: visitor.now)
    #expect(visitor.booth.message == .drawAgain)
    #expect(visitor.booth.sketch.isEmpty)
    visitor.drawSeven()
    #expect(visitor.booth.message == .none)
    visitor.tap(.submit)
    #expect(visitor.submitted == 2)
    #expect(visitor.booth.visit == visit)
  }
}
