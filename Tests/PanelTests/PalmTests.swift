import Spool
import Testing
import Touch

@testable import Panel

@Suite("A palm beside a drawing")
struct PalmTests {
  @Test("a palm is told with the drawing that it lay beside, a device that went or lost events is not")
  func palm() {
    for (reason, told) in [
      (TouchEvent.Cancellation.palm, true), (.deviceGone, false), (.eventsLost, false),
    ] {
      var visitor = Visitor()
      let canvas = visitor.booth.layout.canvas
      visitor.send(.down, Float(canvas.x + 20), Float(canvas.y + 20))
      visitor.send(.cancel, Float(canvas.x + 20), Float(canvas.y + 20), cancellation: reason)
      visitor.drawSeven()
      #expect(visitor.booth.submission?.palmSeen == told)
      visitor.tap(.submit)
      _ = visitor.booth.saved(Visitor.saved, Scoreboard(prompt: 3), at: visitor.now)
      visitor.drawSeven()
      #expect(visitor.booth.submission?.palmSeen == false)
    }
  }

  @Test("a palm beside what was cleared, or undone, is not told with the next drawing; it comes back with it")
  func palmCleared() {
    var visitor = Visitor()
    let canvas = visitor.booth.layout.canvas
    func layPalm() {
      visitor.send(.down, Float(canvas.x + 20), Float(canvas.y + 20))
      visitor.send(.cancel, Float(canvas.x + 20), Float(canvas.y + 20), cancellation: .palm)
    }
    for button in [Booth.Button.clear, .undo] {
      visitor.drawSeven()
      layPalm()
      #expect(visitor.booth.submission?.palmSeen == true)
      visitor.tap(button)
      visitor.drawSeven()
      #expect(visitor.booth.submission?.palmSeen == false, "\(button)")
      visitor.tap(.clear)
    }
    visitor.drawSeven()
    layPalm()
    visitor.tap(.clear)
    visitor.tap(.undo)
    #expect(visitor.booth.submission?.strokes.count == 1 && visitor.booth.submission?.palmSeen == true)
    visitor.tap(.clear)
    visitor.drawSeven()
    visitor.tap(.clear)
    visitor.tap(.undo)
    #expect(visitor.booth.submission?.palmSeen == false, "it lay beside an earlier one")
  }

  @Test("a palm on a screen before the sheet is not told with the first drawing")
  func palmBefore() {
    var visitor = Visitor(asksConsent: true)
    #expect(visitor.booth.screen == "consent")
    visitor.send(.down, 1, 1)
    visitor.send(.cancel, 1, 1, cancellation: .palm)
    _ = visitor.booth.enter(.sheet(.challenge))
    visitor.drawSeven()
    #expect(visitor.booth.submission?.palmSeen == false)
  }
}
