import Ink
import Testing
import Touch

@testable import Panel

/// A counter with four buttons, one of each kind.
private struct CounterScreen: BoothScreen {
  enum Control: Hashable, Sendable {
    case add, atOnce, again, never
  }

  var count = 0
  var due: UInt64?

  func controls(in layout: Layout) -> [ScreenControl<Control>] {
    [Control.add, .atOnce, .again, .never].enumerated().map {
      ScreenControl(
        control: $1, rect: PixelRect(x: 100 * $0, y: 0, width: 80, height: 50), isEnabled: $1 != .never)
    }
  }

  func actsAtOnce(_ control: Control) -> Bool { control == .atOnce || control == .again }
  func repeats(_ control: Control) -> Bool { control == .again }

  mutating func press(_ control: Control, at time: UInt64) -> Int {
    count += 1
    return count
  }

  var deadline: UInt64? { due }

  mutating func tick(_ now: UInt64) -> Int {
    due = nil
    return -1
  }

  func changes(since before: CounterScreen, in layout: Layout) -> [PixelRect]? {
    count == 3 ? nil : [PixelRect(x: 0, y: 200, width: 10, height: 10)]
  }
}

@Suite("A finger on a screen")
struct StagedTests {
  private let layout = Layout(width: 800, height: 480)

  private func event(_ phase: TouchEvent.Phase, _ x: Float, _ y: Float = 20, ms: UInt64 = 0) -> TouchEvent {
    TouchEvent(phase: phase, contact: 1, x: x, y: y, time: ms * 1_000_000)
  }

  @Test("a control is pressed by the finger that comes up inside it")
  func press() {
    var staged = Staged(CounterScreen())
    let down = staged.touch(event(.down, 40), in: layout)
    #expect(down.outcome == nil)
    #expect(down.areas == [PixelRect(x: 0, y: 0, width: 80, height: 50)])
    #expect(staged.pressed == .add)
    let up = staged.touch(event(.up, 60), in: layout)
    #expect(up.outcome == 1)
    #expect(staged.pressed == nil)
    #expect(up.areas?.count == 2)
  }

  @Test("a finger that slides off, a palm and a device that goes take the press back")
  func slideOff() {
    for last in [event(.up, 40, 70), event(.up, 140), event(.cancel, 40)] {
      var staged = Staged(CounterScreen())
      _ = staged.touch(event(.down, 40), in: layout)
      let answer = staged.touch(last, in: layout)
      #expect(answer.outcome == nil)
      #expect(answer.areas == [PixelRect(x: 0, y: 0, width: 80, height: 50)])
      #expect(staged.screen.count == 0)
      #expect(staged.pressed == nil)
    }
  }

  @Test("a finger that comes from outside presses nothing, nor does one on what is switched off")
  func outside() {
    var staged = Staged(CounterScreen())
    #expect(staged.touch(event(.down, 40, 90), in: layout).areas == [])
    #expect(staged.touch(event(.up, 40), in: layout).outcome == nil)
    #expect(staged.touch(event(.down, 340), in: layout).areas == [])
    #expect(staged.touch(event(.up, 340), in: layout).outcome == nil)
    #expect(staged.screen.count == 0)
  }

  @Test("a key acts when it is touched, once")
  func atOnce() {
    var staged = Staged(CounterScreen())
    #expect(staged.touch(event(.down, 140), in: layout).outcome == 1)
    #expect(staged.deadline == nil)
    #expect(staged.touch(event(.up, 140), in: layout).outcome == nil)
    #expect(staged.screen.count == 1)
  }

  @Test("a key that repeats does so while it is held, and not after")
  func again() throws {
    var staged = Staged(CounterScreen())
    #expect(staged.touch(event(.down, 240), in: layout).outcome == 1)
    let first = try #require(staged.deadline)
    #expect(first == 500_000_000)
    #expect(staged.tick(first - 1, in: layout).outcome == nil)
    #expect(staged.tick(first, in: layout).outcome == 2)
    #expect(staged.deadline == first + 90_000_000)
    // What a press changes everywhere is told as such.
    #expect(staged.tick(first + 90_000_000, in: layout).areas == nil)
    #expect(staged.screen.count == 3)
    _ = staged.touch(event(.up, 240, ms: 700), in: layout)
    #expect(staged.deadline == nil)
    #expect(staged.screen.count == 3)
  }

  @Test("the screen's own time comes beside a key that is held")
  func time() {
    var staged = Staged(CounterScreen(due: 300_000_000))
    #expect(staged.deadline == 300_000_000)
    _ = staged.touch(event(.down, 240), in: layout)
    #expect(staged.deadline == 300_000_000)
    #expect(staged.tick(300_000_000, in: layout).outcome == -1)
    #expect(staged.deadline == 500_000_000)
  }

  @Test("what can be pressed is told by name")
  func names() {
    var visitor = Visitor()
    #expect(
      visitor.booth.pressPlaces.map(\.name) == ["challengeTab", "freePlayTab", "undo", "clear", "submit"])
    #expect(visitor.booth.pressPlaces.map(\.isEnabled) == [true, true, false, false, true])
    visitor.drawSeven()
    #expect(visitor.booth.pressPlaces.allSatisfy { $0.isEnabled })
    visitor.wait(31_000)
    #expect(visitor.booth.pressPlaces.map(\.name) == ["anywhere"])
  }
}
