import Testing

@testable import Panel

@Suite("While collecting is paused")
struct PauseTests {
  /// A visitor before a panel whose collecting the operator, or the configuration, has paused.
  private func visitor(asksConsent: Bool = true, invites: Bool = true) -> Visitor {
    var visitor = Visitor(asksConsent: asksConsent, invites: invites)
    visitor.booth = Booth(
      layout: visitor.booth.layout, visit: visitor.booth.visit, brush: 20,
      desk: OperatorDesk(collectsByDefault: false), asksConsent: asksConsent, invites: invites)
    if invites { _ = visitor.booth.attract(visitor.now) }
    _ = visitor.booth.update(Scoreboard(prompt: 7))
    return visitor
  }

  @Test("a touch on the invitation leads to free play: nothing is stored, so nothing has to be agreed to")
  func invitation() {
    var visitor = visitor()
    #expect(visitor.booth.screen == "attract")
    visitor.tap(visitor.booth.layout.canvas)
    #expect(visitor.booth.screen == "free play")
    visitor.drawSeven()
    #expect(visitor.recognised > 3 && !visitor.booth.sketch.isEmpty)
  }

  @Test("the challenge cannot be opened, by its tab or by time, and nothing is ever submitted")
  func noChallenge() {
    var visitor = visitor()
    visitor.tap(visitor.booth.layout.canvas)
    for _ in 0..<3 {
      visitor.tap(.challengeTab)
      #expect(visitor.booth.screen == "free play")
      visitor.drawSeven()
      visitor.tap(visitor.booth.layout.submit)
      visitor.wait(5000)
    }
    #expect(visitor.submitted == 0 && !visitor.booth.isCollecting)
    #expect(!visitor.booth.isEnabled(.challengeTab) && !visitor.booth.isEnabled(.submit))
    visitor.wait(41_000)
    #expect(visitor.booth.screen == "attract")
  }

  @Test("without an invitation the sheet stands ready, is wiped after idle time, and then sleeps")
  func withoutInvitation() {
    var visitor = visitor(invites: false)
    #expect(visitor.booth.screen == "free play")
    #expect(visitor.booth.deadline == nil)
    visitor.drawSeven()
    visitor.wait(41_000)
    #expect(visitor.booth.screen == "free play" && visitor.booth.sketch.isEmpty)
    #expect(visitor.booth.deadline == nil)
  }

  @Test("the invitation says that collecting is paused, and a tab that cannot be pressed says why")
  func words() throws {
    var visitor = visitor()
    let letters = try Letters.inter()
    let view = BoothView(theme: .dark, letters: letters, title: "Digit Panel")
    var said: Set<String> = []
    letters.observe = { said.insert($0.text) }
    _ = Letters.picture(visitor.booth, view)
    let strings = visitor.booth.strings
    #expect(said.isSuperset(of: [strings[.attractPaused], strings[.attractPausedText]]))
    #expect(!said.contains(strings[.attractHeadline]))
    visitor.tap(visitor.booth.layout.canvas)
    _ = Letters.picture(visitor.booth, view)
    #expect(said.contains(strings[.paused]) && !said.contains(strings[.challenge]))
  }

  @Test(
    "what the operator chooses is kept, holds from the next visitor on, and is taken back by another press")
  func chosen() {
    var visit = OperatorVisit()
    visit.open()
    visit.tap(.collecting)
    #expect(visit.booth.desk.choices.collecting == false)
    #expect(visit.requests.last == .keep)
    visit.tap(OperatorScreen.Control.leave)
    visit.wait(seconds: 0)
    #expect(visit.booth.desk.isPaused && visit.booth.screen == "free play")
    visit.visitor.drawSeven()
    visit.visitor.tap(visit.layout.submit)
    #expect(visit.visitor.submitted == 0)
    visit.open()
    visit.tap(.collecting)
    visit.tap(OperatorScreen.Control.leave)
    visit.wait(seconds: 0)
    #expect(visit.booth.screen == "challenge")
    visit.visitor.drawSeven()
    visit.visitor.tap(.submit)
    #expect(visit.visitor.submitted == 1)
  }

  @Test("a drawing that waits for the disk when collecting is paused is stored all the same")
  func waiting() {
    var visit = OperatorVisit()
    visit.visitor.drawSeven()
    visit.visitor.tap(.submit)
    _ = visit.visitor.booth.failed("cannot store a drawing: no space left on device")
    visit.open()
    visit.tap(.collecting)
    visit.tap(OperatorScreen.Control.leave)
    visit.wait(seconds: 0)
    #expect(visit.booth.screen == "free play")
    let response = visit.visitor.booth.saved(
      Visitor.saved, Scoreboard(prompt: 3, own: 1), at: visit.visitor.now)
    #expect(response.newVisit, "it was the drawing of whoever was there before")
    #expect(visit.booth.screen == "free play" && visit.booth.message == .none)
  }

  @Test("what the configuration says of collecting holds until something was chosen at the panel")
  func configuredPause() {
    var desk = OperatorDesk(collectsByDefault: false)
    #expect(desk.isPaused)
    desk.choices.collecting = true
    #expect(!desk.isPaused)
  }
}
