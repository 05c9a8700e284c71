import Ink
import Touch

/// A screen with the finger that is on it: which control is pressed, slides off, is held.
struct Staged<Screen: BoothScreen>: Sendable, Equatable {
  /// What came of a touch or of time.
  struct Answer: Sendable {
    /// What the screen wants of the booth; nil when nothing was pressed.
    var outcome: Screen.Outcome?
    /// Where it looks different now; nil for everywhere.
    var areas: [PixelRect]? = []

    mutating func add(_ more: [PixelRect]?) {
      if let more { areas?.append(contentsOf: more) } else { areas = nil }
    }
  }

  var screen: Screen
  /// The control under the finger that came down on it.
  private(set) var pressed: Screen.Control?
  private var repeatAt: UInt64?

  /// A control that repeats does so after this long, and then as often as this: nanoseconds.
  static var firstRepeat: UInt64 { 500_000_000 }
  static var nextRepeat: UInt64 { 90_000_000 }

  init(_ screen: Screen) { self.screen = screen }

  /// Takes one event of the finger that the booth follows.
  mutating func touch(_ event: TouchEvent, in layout: Layout) -> Answer {
    let (x, y) = (Int(event.x.rounded(.down)), Int(event.y.rounded(.down)))
    switch event.phase {
    case .hover, .move: return Answer()
    case .down:
      guard
        let hit = screen.controls(in: layout).first(where: { $0.isEnabled && $0.rect.contains(x: x, y: y) })
      else { return Answer() }
      pressed = hit.control
      var answer = Answer(areas: [hit.rect])
      guard screen.actsAtOnce(hit.control) else { return answer }
      if screen.repeats(hit.control) { repeatAt = event.time &+ Self.firstRepeat }
      press(hit.control, at: event.time, in: layout, &answer)
      return answer
    case .up, .cancel:
      guard let control = pressed else { return Answer() }
      release()
      let hit = screen.controls(in: layout).first { $0.control == control }
      var answer = Answer(areas: hit.map { [$0.rect] })
      // A finger that slides off takes the press back.
      guard event.phase == .up, let hit, hit.isEnabled, hit.rect.contains(x: x, y: y),
        !screen.actsAtOnce(control)
      else { return answer }
      press(control, at: event.time, in: layout, &answer)
      return answer
    }
  }

  /// When ``tick(_:in:)`` has something to do.
  var deadline: UInt64? {
    guard let repeatAt, let due = screen.deadline else { return repeatAt ?? screen.deadline }
    return min(repeatAt, due)
  }

  /// Repeats what is held, and tells the screen that its time has come.
  mutating func tick(_ now: UInt64, in layout: Layout) -> Answer {
    var answer = Answer()
    if let due = repeatAt, now >= due {
      if let pressed, screen.controls(in: layout).contains(where: { $0.control == pressed && $0.isEnabled }) {
        repeatAt = now &+ Self.nextRepeat
        press(pressed, at: now, in: layout, &answer)
      } else {
        repeatAt = nil
      }
    }
    if answer.outcome == nil, let due = screen.deadline, now >= due {
      let before = screen
      answer.outcome = screen.tick(now)
      answer.add(screen.changes(since: before, in: layout))
    }
    return answer
  }

  /// The finger is not this screen's any more.
  mutating func release() {
    pressed = nil
    repeatAt = nil
  }

  private mutating func press(
    _ control: Screen.Control, at time: UInt64, in layout: Layout, _ answer: inout Answer
  ) {
    let before = screen
    answer.outcome = screen.press(control, at: time)
    answer.add(screen.changes(since: before, in: layout))
  }
}
