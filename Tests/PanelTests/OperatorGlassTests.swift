import Testing
import Touch

@testable import Panel

@Suite("Wiping and testing the glass")
struct OperatorGlassTests {
  @Test("while the glass is wiped no touch does anything, and after 30 s the menu is back")
  func wiping() {
    var visit = OperatorVisit()
    visit.open()
    visit.tap(.wipe)
    visit.requests = []
    #expect(visit.wipe?.seconds == 30)
    visit.wait(seconds: 10)
    #expect(visit.wipe?.seconds == 20)
    for x in stride(from: 10, to: 800, by: 40) {
      for y in stride(from: 10, to: 480, by: 40) {
        visit.send(.down, Float(x), Float(y), contact: Int32(x * 1000 + y), after: 4)
        visit.send(.up, Float(x), Float(y), contact: Int32(x * 1000 + y), after: 4)
      }
    }
    visit.holdCorners()
    #expect(visit.requests == [])
    #expect(visit.wipe != nil)
    visit.wait(seconds: 18)
    #expect(visit.menu != nil)
    // From then on nobody has touched: the menu stays for its 60 s.
    visit.wait(seconds: 55)
    #expect(visit.menu != nil)
  }

  @Test("on the test page every finger draws, and a button draws nothing")
  func testPage() {
    var visit = OperatorVisit()
    visit.open()
    visit.tap(.test)
    visit.send(.down, 30, 30, contact: 1)
    visit.send(.down, 700, 400, contact: 2)
    let response = visit.send(.move, 60, 40, contact: 1)
    visit.send(.move, 720, 410, contact: 2)
    #expect(visit.test?.pieces.map(\.finger) == [0, 1, 0, 1])
    #expect(response.areas.count == 1 && response.areas[0].contains(x: 45, y: 35))
    visit.send(.up, 60, 40, contact: 1)
    visit.send(.up, 720, 410, contact: 2)
    let count = visit.test?.pieces.count
    guard let done = visit.test?.places(in: visit.layout).first else { return }
    visit.send(.down, Float(done.x + 5), Float(done.y + 5), contact: 3)
    visit.send(.move, Float(done.x + 25), Float(done.y + 5), contact: 3)
    #expect(visit.test?.pieces.count == count)
    visit.send(.up, Float(done.x + 25), Float(done.y + 5), contact: 3)
    #expect(visit.menu != nil)
  }

  @Test("the test page keeps no more than it can draw quickly, however long somebody draws")
  func longTrace() {
    var page = TouchTestScreen()
    for i in 0..<20_000 {
      let event = TouchEvent(
        phase: i == 0 ? .down : .move, contact: 1, x: Float(i % 700), y: 50, time: UInt64(i))
      _ = page.trace(event, thickness: 4)
    }
    #expect(page.pieces.count <= 4096 && page.pieces.count > 2000)
  }
}
