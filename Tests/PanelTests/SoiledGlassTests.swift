import Ink
import Testing
import Touch

@testable import Panel

@Suite("A drop on the glass")
struct SoiledGlassTests {
  /// A booth on whose canvas a drop has fallen.
  private func wet() -> Visitor {
    var visitor = Visitor()
    let canvas = visitor.booth.layout.canvas
    visitor.send(.down, Float(canvas.x) + 40, Float(canvas.y) + 40, contact: 900)
    return visitor
  }

  @Test("it keeps a finger from drawing for a minute, and no longer")
  func draws() {
    var visitor = wet()
    visitor.drawSeven()
    #expect(visitor.booth.sketch.strokes.count == 1, "a second finger beside one that draws is ignored")
    #expect(visitor.booth.notices.isEmpty)
    visitor.now += 60_000_000_000
    visitor.drawSeven()
    #expect(visitor.booth.sketch.strokes.count == 1, "what the drop drew is taken back")
    #expect(visitor.booth.sketch.strokes.first?.points.count ?? 0 > 3, "and the finger's stroke is there")
    #expect(visitor.booth.notices == [StringKey.soiledGlass.english])
    #expect(visitor.booth.shownNotice == .soiledGlass && visitor.asked.contains(.message))
    visitor.tap(.submit)
    #expect(visitor.submitted == 1)
    visitor.asked = []
    visitor.send(.up, 0, 0, contact: 900)
    #expect(visitor.booth.notices.isEmpty && visitor.asked.contains(.message))
    #expect(visitor.submitted == 1, "its end presses nothing")
  }

  @Test("the operator's gesture is possible beside it")
  func operatorsWay() {
    var visitor = wet()
    let bounds = visitor.booth.layout.bounds
    func hold() {
      visitor.send(.down, 5.5, 5.5, contact: 901)
      visitor.send(.down, Float(bounds.width) - 5.5, Float(bounds.height) - 5.5, contact: 902)
    }
    hold()
    #expect(visitor.booth.hold.deadline == nil)
    visitor.send(.up, 5.5, 5.5, contact: 901)
    visitor.send(.up, Float(bounds.width) - 5.5, Float(bounds.height) - 5.5, contact: 902)
    visitor.now += 60_000_000_000
    hold()
    #expect(visitor.booth.hold.deadline == visitor.now + CornerHold.time)
  }

  @Test("a drop that trembles does not keep a visit from ending")
  func idle() {
    var visitor = wet()
    let canvas = visitor.booth.layout.canvas
    for step in 0..<80 {
      visitor.send(
        .move, Float(canvas.x) + 40 + Float(step % 3), Float(canvas.y) + 40, contact: 900, after: 1000)
    }
    let last = visitor.booth.lastTouch
    for _ in 0..<20 {
      visitor.send(.move, Float(canvas.x) + 41, Float(canvas.y) + 40, contact: 900, after: 1000)
    }
    #expect(visitor.booth.lastTouch == last)
    #expect(visitor.booth.sketch.isEmpty)
  }

  @Test("a visitor who goes on touching beside it is not asked, and answers when asked")
  func answers() {
    var visitor = wet()
    visitor.drawSeven()
    let place = visitor.booth.layout.canvas
    for _ in 0..<10 {
      visitor.wait(5000)
      visitor.tap(place)
      #expect(visitor.booth.screen == "challenge")
    }
    visitor = wet()
    visitor.wait(31_000)
    #expect(visitor.booth.screen == "still there")
    visitor.asked = []
    visitor.tap(place)
    #expect(visitor.booth.screen == "challenge" && visitor.asked.contains(.everything))
    #expect(visitor.booth.sketch.strokes.count == 1, "the answer draws nothing: only the drop has")
    visitor.wait(25_000)
    #expect(visitor.booth.screen == "challenge" && visitor.newVisits == 0)
  }

  @Test("a drop neither answers the question nor keeps the panel from it, lying or trembling")
  func noAnswer() {
    for trembles in [false, true] {
      var visitor = Visitor()
      visitor.drawSeven()
      let canvas = visitor.booth.layout.canvas
      let (x, y) = (Float(canvas.x) + 40, Float(canvas.y) + 40)
      // A finger is on the glass when the drop falls, so that the drop is not followed.
      visitor.send(.down, x + 100, y + 100, contact: 899)
      visitor.send(.down, x, y, contact: 900)
      visitor.send(.up, x + 100, y + 100, contact: 899)
      for step in 0..<41 {
        visitor.wait(1000)
        if trembles { visitor.send(.move, x + Float(step % 2), y, contact: 900, after: 0) }
        if step == 35 { #expect(visitor.booth.screen == "still there") }
      }
      #expect(visitor.newVisits == 1)
    }
  }
}
