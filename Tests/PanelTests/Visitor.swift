import Ink
import Spool
import Touch

@testable import Panel

/// Plays touch into a booth, as the main loop does, and keeps what the booth asked for.
struct Visitor {
  var booth: Booth
  var now: UInt64 = 1_000_000_000
  var submitted = 0
  var recognised = 0
  var newVisits = 0
  var asked = Response.Parts()
  var areas: [PixelRect] = []
  /// Milliseconds between two samples of a stroke.
  var pace: UInt64 = 60
  private var contact: Int32 = 0

  init(
    width: Int = 800, height: Int = 480, scale: Int? = nil, prompt: Int? = 7, isLeftHanded: Bool = false,
    languages: Languages = .english, asksConsent: Bool = false, invites: Bool = false,
    demonstration: Demonstration = .none, hasTransitions: Bool = true
  ) {
    let layout = Layout(width: width, height: height, canvasScale: scale, isLeftHanded: isLeftHanded)
    let visit = Visit(pseudonym: .random(), session: .random(), nickname: "Test Wren")
    booth = Booth(
      layout: layout, visit: visit, brush: 20, languages: languages, asksConsent: asksConsent,
      invites: invites,
      demonstration: demonstration,
      hasTransitions: hasTransitions)
    if let prompt { _ = booth.update(Scoreboard(prompt: prompt)) }
  }

  @discardableResult
  mutating func send(
    _ phase: TouchEvent.Phase, _ x: Float, _ y: Float, contact: Int32? = nil, after ms: UInt64 = 8,
    pointer: TouchEvent.Pointer = .finger, cancellation: TouchEvent.Cancellation? = nil
  ) -> Response {
    now += ms * 1_000_000
    if phase == .down, contact == nil { self.contact += 1 }
    let response = booth.touch(
      TouchEvent(
        phase: phase, contact: contact ?? self.contact, x: x, y: y, time: now, pointer: pointer,
        cancellation: cancellation))
    if response.submit { submitted += 1 }
    if response.recognise { recognised += 1 }
    asked.formUnion(response.repaint)
    areas += response.areas
    return response
  }

  /// Lets time pass, as the main loop does: the booth is woken at its deadlines.
  mutating func wait(_ ms: UInt64) {
    let end = now + ms * 1_000_000
    var woken = 0
    while let due = booth.deadline, due <= end, woken < 10_000 {
      now = max(now, due)
      let response = booth.tick(
        now, visit: Visit(pseudonym: .random(), session: .random(), nickname: "Next Owl"))
      if response.newVisit { newVisits += 1 }
      asked.formUnion(response.repaint)
      woken += 1
    }
    now = end
  }

  /// Presses and lifts in the middle of a rectangle.
  mutating func tap(_ rect: PixelRect?, after ms: UInt64 = 1000) {
    guard let rect else { return }
    let (x, y) = (Float(rect.x + rect.width / 2), Float(rect.y + rect.height / 2))
    send(.down, x, y, after: ms)
    send(.up, x, y)
  }

  /// Draws a line through points in canvas coordinates.
  mutating func draw(_ points: [(Float, Float)]) {
    let (origin, scale) = (booth.layout.canvas, Float(booth.layout.canvasScale))
    for (i, point) in points.enumerated() {
      send(
        i == 0 ? .down : .move, Float(origin.x) + point.0 * scale, Float(origin.y) + point.1 * scale,
        after: pace)
    }
    if let last = points.last {
      send(.up, Float(origin.x) + last.0 * scale, Float(origin.y) + last.1 * scale)
    }
  }

  mutating func drawSeven() {
    draw([(60, 60), (120, 60), (200, 60), (160, 140), (120, 230)])
  }

  mutating func tap(_ button: Booth.Button, after ms: UInt64 = 1000) {
    tap(booth.place(of: button), after: ms)
  }

  static let saved = SavedSample(asked: 7, read: 7, percent: 99, receipt: "ABCD-1234")
}
