import Ink
import Spool
import Touch

@testable import Panel

/// A visitor on the way in: a booth that asks for consent and name, in the languages as they are shipped.
struct Guest {
  var booth: Booth
  var now: UInt64 = 1_000_000_000
  var newVisits = 0
  /// What was asked to be drawn again since it was last cleared; nil for everything.
  var areas: [PixelRect]? = []
  private var contact: Int32 = 0

  init(width: Int = 800, height: Int = 480, board: [String] = []) throws {
    self.init(width: width, height: height, languages: try StringsTests.languages(), board: board)
  }

  init(width: Int = 800, height: Int = 480, languages: Languages, board: [String] = []) {
    let visit = Visit(pseudonym: .random(), session: .random(), nickname: "Test Wren")
    booth = Booth(
      layout: Layout(width: width, height: height), visit: visit, brush: 20,
      languages: languages, asksConsent: true)
    let rows = board.enumerated().map {
      Scoreboard.Row(rank: $0 + 1, name: $1, count: 40 - $0, own: false)
    }
    _ = booth.update(Scoreboard(prompt: 3, total: 1284, board: rows))
  }

  var consent: ConsentScreen? {
    if case .consent(let staged) = booth.stage { staged.screen } else { nil }
  }
  var name: NameScreen? {
    if case .name(let staged) = booth.stage { staged.screen } else { nil }
  }

  mutating func press(_ control: ConsentScreen.Control, slides: Bool = false) {
    let rect = consent?.controls(in: booth.layout).first { $0.control == control }?.rect
    touch(rect, slides: slides)
  }

  mutating func press(_ control: NameScreen.Control, slides: Bool = false) {
    let rect = name?.controls(in: booth.layout).first { $0.control == control }?.rect
    touch(rect, slides: slides)
  }

  /// Types on the keyboard of the screen, with shift and space as they are needed.
  mutating func type(_ text: String) {
    for letter in text {
      guard let name else { return }
      if letter == " " { press(.space); continue }
      let small = Character(letter.lowercased())
      if name.shown(small) != letter { press(.shift) }
      press(.key(small))
    }
  }

  /// Puts a finger down in the middle of a rectangle and lifts it there, or beside it.
  mutating func touch(_ rect: PixelRect?, slides: Bool = false) {
    guard let rect else { return }
    down(rect)
    now += 60_000_000
    let x = slides ? Float(rect.maxX + 3 * rect.width) : Float(rect.x + rect.width / 2)
    send(.up, x, Float(rect.y + rect.height / 2))
  }

  mutating func down(_ rect: PixelRect) {
    now += 200_000_000
    contact += 1
    send(.down, Float(rect.x + rect.width / 2), Float(rect.y + rect.height / 2))
  }

  mutating func send(_ phase: TouchEvent.Phase, _ x: Float, _ y: Float) {
    take(booth.touch(TouchEvent(phase: phase, contact: contact, x: x, y: y, time: now)))
  }

  /// Lets time pass, as the main loop does.
  mutating func wait(_ ms: UInt64) {
    let end = now + ms * 1_000_000
    while let due = booth.deadline, due <= end {
      now = max(now, due)
      take(booth.tick(now, visit: Visit(pseudonym: .random(), session: .random(), nickname: "Next Owl")))
    }
    now = end
  }

  private mutating func take(_ response: Response) {
    if response.newVisit { newVisits += 1 }
    if response.repaint.contains(.everything) { areas = nil }
    areas?.append(contentsOf: response.areas)
  }
}
