import Display
import Ink
import Spool
import Testing
import Touch

@testable import Panel

@Suite("A store with less room than its reserve")
struct FullStoreTests {
  private static let full = Scoreboard(full: "cannot store a drawing: no room", total: 7)

  /// What the worker tells, and tells again every two seconds.
  private func tellFull(_ visitor: inout Visitor) -> [Response] {
    [visitor.booth.update(Self.full), visitor.booth.failed(Self.full.full ?? "")]
  }

  @Test("nothing is asked for and nothing can be drawn, before any Submit, until there is room")
  func pauses() {
    var visitor = Visitor(prompt: nil)
    #expect(tellFull(&visitor)[1].repaint == .everything)
    #expect(!visitor.booth.isCollecting && visitor.booth.scoreboard.prompt == nil)
    #expect(visitor.booth.scoreboard.total == 7)
    visitor.drawSeven()
    visitor.tap(.submit)
    #expect(visitor.booth.sketch.isEmpty && visitor.submitted == 0)
    #expect(tellFull(&visitor).allSatisfy { $0 == .none }, "nothing changes, nothing is painted")
    let response = visitor.booth.update(Scoreboard(prompt: 3))
    #expect(response.repaint.contains(.everything) && visitor.booth.isCollecting)
    visitor.drawSeven()
    visitor.tap(.submit)
    #expect(visitor.submitted == 1)
  }

  @Test("free play goes on")
  func freePlay() {
    var visitor = Visitor()
    _ = tellFull(&visitor)
    visitor.tap(.freePlayTab)
    visitor.drawSeven()
    #expect(visitor.booth.sketch.strokes.count == 1 && visitor.recognised > 0)
    visitor.tap(.challengeTab)
    visitor.drawSeven()
    #expect(visitor.booth.sketch.isEmpty)
  }

  @Test("the drawing that fills it is thanked for, and then it is told why there is no next one")
  func last() throws {
    let studio = try Studio()
    var visitor = Visitor()
    visitor.drawSeven()
    visitor.tap(.submit)
    var board = Self.full
    (board.own, board.rank) = (1, 1)
    _ = visitor.booth.saved(Visitor.saved, board, at: visitor.now)
    _ = visitor.booth.failed(board.full ?? "")
    #expect(!visitor.booth.isCollecting)
    let strings = visitor.booth.strings
    #expect(studio.said(visitor.booth).contains(strings[.saved]))
    #expect(!studio.said(visitor.booth).contains(strings[.callStaff]))
    visitor.asked = []
    visitor.drawSeven()
    #expect(visitor.asked.contains(.message) && visitor.booth.sketch.isEmpty)
    #expect(studio.said(visitor.booth).contains(strings[.callStaff]))
    #expect(!studio.said(visitor.booth).contains(strings[.saved]))
    #expect(!studio.said(visitor.booth).contains(strings[.callStaffWhy]), "no drawing waits")
  }
}
