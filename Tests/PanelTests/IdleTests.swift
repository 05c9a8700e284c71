import Ink
import Spool
import Testing
import Touch

@testable import Panel

@Suite("A visitor who goes quiet")
struct IdleTests {
  /// A visitor who has stored one drawing and begun another.
  private func busyVisitor() -> Visitor {
    var visitor = Visitor()
    visitor.drawSeven()
    visitor.tap(.submit)
    let row = Scoreboard.Row(rank: 1, name: "Test Wren", count: 1, own: true)
    _ = visitor.booth.saved(
      Visitor.saved, Scoreboard(prompt: 3, own: 1, rank: 1, board: [row]), at: visitor.now)
    visitor.drawSeven()
    return visitor
  }

  @Test("after 30 s without touch the panel asks whether anybody is there, and counts down ten seconds")
  func stillThere() throws {
    var visitor = busyVisitor()
    visitor.wait(29_999)
    #expect(visitor.booth.stillThere == nil)
    visitor.wait(1)
    #expect(visitor.booth.screen == "still there")
    var shown: [Int] = []
    for _ in 0..<10 {
      shown.append(try #require(visitor.booth.stillThere?.screen.seconds))
      visitor.wait(1000)
    }
    #expect(shown == [10, 9, 8, 7, 6, 5, 4, 3, 2, 1])
    #expect(visitor.booth.stillThere == nil)
    #expect(visitor.newVisits == 1)
  }

  @Test("any touch goes on with the visit, and neither draws nor presses")
  func goOn() {
    var visitor = busyVisitor()
    let before = visitor.booth
    visitor.wait(35_000)
    #expect(visitor.booth.screen == "still there")
    let canvas = visitor.booth.layout.canvas
    visitor.send(.down, Float(canvas.x + 50), Float(canvas.y + 50))
    #expect(visitor.booth.screen == "challenge")
    visitor.send(.move, Float(canvas.x + 90), Float(canvas.y + 50))
    visitor.send(.up, Float(canvas.x + 90), Float(canvas.y + 50))
    #expect(visitor.booth.sketch.strokes == before.sketch.strokes)
    #expect(visitor.booth.visit == before.visit)
    visitor.wait(29_000)
    #expect(visitor.booth.screen == "challenge")
    visitor.wait(2_000)
    #expect(visitor.booth.screen == "still there")
    visitor.tap(visitor.booth.layout.submit)
    #expect(visitor.submitted == 1)
  }

  @Test(
    "a mouse that trembles and a pen that hovers touch nothing: the visit ends beside them",
    arguments: [TouchEvent.Pointer.mouse, .pen])
  func hover(pointer: TouchEvent.Pointer) {
    var visitor = busyVisitor()
    func tremble(seconds: Int) {
      for step in 0..<seconds {
        visitor.wait(999)
        visitor.send(.hover, 100 + Float(step % 2), 100, contact: 0, after: 1, pointer: pointer)
      }
    }
    tremble(seconds: 29)
    #expect(visitor.booth.stillThere == nil)
    tremble(seconds: 2)
    #expect(visitor.booth.screen == "still there")
    tremble(seconds: 10)
    #expect(visitor.newVisits == 1)
  }

  @Test(
    "what a finger does while no display shows it draws nothing, presses nothing, and keeps nobody waiting")
  func unseen() {
    var visitor = busyVisitor()
    let canvas = visitor.booth.layout.canvas
    visitor.send(.down, Float(canvas.x + 50), Float(canvas.y + 50))
    visitor.booth.show(isUnseen: true)
    let before = visitor.booth
    visitor.send(.move, Float(canvas.x + 90), Float(canvas.y + 50))
    visitor.send(.up, Float(canvas.x + 90), Float(canvas.y + 50))
    visitor.tap(.submit)
    visitor.tap(.clear)
    #expect(visitor.booth.sketch.strokes == before.sketch.strokes)
    #expect(visitor.submitted == 1)
    visitor.wait(31_000)
    #expect(visitor.booth.screen == "still there")
    visitor.tap(.submit)
    visitor.wait(11_000)
    #expect(visitor.newVisits == 1)
    // A finger that lies on the glass when the picture comes back is lifted first.
    visitor.send(.down, Float(canvas.x + 50), Float(canvas.y + 50))
    visitor.booth.show(isUnseen: false)
    visitor.send(.move, Float(canvas.x + 90), Float(canvas.y + 50))
    visitor.send(.up, Float(canvas.x + 90), Float(canvas.y + 50))
    #expect(visitor.booth.sketch.isEmpty)
    visitor.drawSeven()
    visitor.tap(.submit)
    #expect(visitor.submitted == 2)
  }

  @Test("the next visitor finds neither name nor drawing, nor what could be undone, nor message or receipt")
  func nextVisitor() {
    var visitor = busyVisitor()
    let first = visitor.booth.visit
    visitor.wait(40_000)
    #expect(visitor.newVisits == 1)
    let booth = visitor.booth
    #expect(booth.visit.pseudonym != first.pseudonym)
    #expect(booth.visit.session != first.session)
    #expect(booth.sketch.isEmpty)
    #expect(!booth.sketch.canUndo)
    #expect(booth.message == .none)
    #expect(booth.scoreboard.own == 0)
    #expect(booth.scoreboard.rank == nil)
    #expect(booth.scoreboard.board.allSatisfy { !$0.own })
  }

  @Test(
    "a drawing that the disk takes only after its visitor has gone shows no receipt to the next, whose digit the store says first"
  )
  func lateSave() {
    var visitor = busyVisitor()
    visitor.tap(.submit)
    _ = visitor.booth.failed("cannot store: no space left on device")
    visitor.wait(40_000)
    #expect(visitor.newVisits == 1)
    // The next one was welcomed before the drawing was stored.
    _ = visitor.booth.update(Scoreboard(prompt: 3))
    let own = Scoreboard(prompt: 4, own: 2, rank: 1, total: 9)
    let response = visitor.booth.saved(Visitor.saved, own, at: visitor.now)
    #expect(response.newVisit)
    #expect(visitor.booth.message == .none)
    #expect(visitor.booth.scoreboard.own == 0)
    #expect(visitor.booth.scoreboard.prompt == 4 && visitor.booth.scoreboard.total == 9)
    visitor.drawSeven()
    #expect(visitor.booth.sketch.isEmpty)
    _ = visitor.booth.update(Scoreboard(prompt: 5, total: 9))
    visitor.drawSeven()
    visitor.tap(.submit)
    #expect(visitor.booth.submission?.asked == 5)
  }

  @Test("the prompt of a drawing that was begun does not change under the finger")
  func keptPrompt() {
    var visitor = Visitor(prompt: 7)
    visitor.drawSeven()
    _ = visitor.booth.update(Scoreboard(prompt: 2, total: 4))
    #expect(visitor.booth.scoreboard.prompt == 7 && visitor.booth.scoreboard.total == 4)
    visitor.tap(.submit)
    #expect(visitor.booth.submission?.asked == 7)
  }

  @Test("while nothing on the screen will change there is no deadline to wake for")
  func noDeadline() throws {
    var visitor = Visitor()
    #expect(visitor.booth.deadline == nil)
    visitor.tap(.submit)
    let message = try #require(visitor.booth.deadline)
    let visit = visitor.booth.visit
    _ = visitor.booth.tick(message, visit: visit)
    #expect(visitor.booth.message == .none)
    #expect(visitor.booth.deadline == nil)
    visitor.drawSeven()
    let idle = try #require(visitor.booth.deadline)
    #expect(idle == visitor.now + visitor.booth.times.idle)
    visitor.wait(45_000)
    #expect(visitor.newVisits == 1)
    #expect(visitor.booth.deadline == nil)
  }
}
