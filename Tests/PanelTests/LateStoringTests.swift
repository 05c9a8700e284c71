import Spool
import Testing

@testable import Panel

@Suite("A drawing that the disk takes while its visitor is in free play")
struct LateStoringTests {
  /// A visitor whose drawing the disk refused, and who is in the midst of a second stroke in free play.
  private func waitingInFreePlay() -> Visitor {
    var visitor = Visitor()
    visitor.drawSeven()
    visitor.tap(.submit)
    _ = visitor.booth.failed("cannot store")
    visitor.tap(.freePlayTab)
    visitor.drawSeven()
    let canvas = visitor.booth.layout.canvas
    visitor.send(.down, Float(canvas.x + 40), Float(canvas.y + 40))
    visitor.send(.move, Float(canvas.x + 90), Float(canvas.y + 40))
    return visitor
  }

  @Test(
    "a drawing that the disk takes late destroys nothing of free play; its receipt waits in the challenge")
  func savedInFreePlay() {
    var visitor = waitingInFreePlay()
    let canvas = visitor.booth.layout.canvas
    let response = visitor.booth.saved(Visitor.saved, Scoreboard(prompt: 3, own: 1), at: visitor.now)
    #expect(response.repaint.contains(.everything) && visitor.booth.phase == .drawing)
    visitor.send(.move, Float(canvas.x + 140), Float(canvas.y + 40))
    visitor.send(.up, Float(canvas.x + 140), Float(canvas.y + 40))
    #expect(visitor.booth.sketch.strokes.map(\.points.count) == [5, 3])
    #expect(visitor.booth.screen == "free play" && visitor.booth.message == .none)
    visitor.wait(25_000)
    visitor.tap(.challengeTab)
    #expect(visitor.booth.message == .saved(Visitor.saved) && visitor.booth.sketch.isEmpty)
    #expect(visitor.booth.scoreboard.prompt == 3)
    visitor.wait(19_000)
    #expect(visitor.booth.message == .saved(Visitor.saved))
    visitor.tap(.freePlayTab)
    visitor.tap(.challengeTab)
    #expect(visitor.booth.message == .none, "it is told once")
  }

  @Test("nor while the operator's PIN stands before free play, and the next visitor is not told")
  func savedBehindThePIN() {
    var visitor = waitingInFreePlay()
    _ = visitor.booth.callOperator(at: visitor.now)
    let strokes = visitor.booth.sketch.strokes
    _ = visitor.booth.saved(Visitor.saved, Scoreboard(prompt: 3, own: 1), at: visitor.now)
    visitor.wait(21_000)
    #expect(visitor.booth.screen == "free play" && visitor.booth.sketch.strokes == strokes)
    visitor.wait(41_000)
    #expect(visitor.newVisits == 1)
    visitor.tap(.freePlayTab)
    visitor.tap(.challengeTab)
    #expect(visitor.booth.message == .none)
  }
}
