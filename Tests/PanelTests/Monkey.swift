import Ink
import Randomness
import Recognizer
import Spool
import Touch

@testable import Panel

/// A visitor who does whatever comes to hand, from a seed: taps what can be tapped, draws, scribbles, lays a palm down, pulls
/// the device out, waits, walks away. Its booth is wired to a real store as the main loop and the worker wire it.
struct Monkey {
  var visitor: Visitor
  var random: SplitMix64
  let recorder: StoreRecorder
  private var recognizer: Recognizer
  private(set) var touches = 0
  private(set) var stored = 0
  /// The contacts that are on the glass.
  private var contacts: [Int32] = []
  private var lastContact: Int32 = 1000
  /// A submission that the disk has not taken yet.
  private var pending: Worker.Submission?
  private var refusals = 0
  /// The screens that were seen.
  private(set) var screens: Set<String> = []

  init(seed: UInt64, size: (Int, Int), recorder: StoreRecorder, recognizer: Recognizer) throws {
    random = SplitMix64(seed: seed)
    visitor = Visitor(width: size.0, height: size.1, prompt: nil, asksConsent: true, invites: true)
    self.recorder = recorder
    self.recognizer = recognizer
    _ = visitor.booth.attract(visitor.now)
    _ = visitor.booth.update(try recorder.scoreboard(for: visitor.booth.visit))
  }

  /// Does some one thing.
  mutating func act() throws {
    // Most come to the sheet some time.
    if !visitor.booth.showsSheet, Bool.random(using: &random) { try goOn() }
    switch Int.random(in: 0..<20, using: &random) {
    case 0..<4: try tapSomething()
    case 4..<12:
      try draw()
      // Now and then as it is meant.
      if Bool.random(using: &random) { try tap(visitor.booth.layout.submit) }
    case 12..<14: try touchAnywhere()
    case 14..<16: try liftAll()
    case 16: try wait(UInt64.random(in: 0...8000, using: &random))
    case 17: try wait(UInt64.random(in: 8000...39_000, using: &random))
    case 18: refusals = Int.random(in: 0...2, using: &random)
    default: try resize()
    }
    screens.insert(visitor.booth.screen)
    try store()
  }

  /// Lifts everything and waits without a touch, until the visit must be over.
  mutating func leave() throws {
    try liftAll()
    refusals = 0
    try store()
    try wait(20_000)
    try store()
    try wait(60_000)
  }

  private mutating func liftAll() throws {
    for contact in contacts { try send(.up, 1, 1, contact) }
  }

  /// Takes what is offered on the way to the sheet: Start, Done, or whatever fills the screen.
  private mutating func goOn() throws {
    let places = visitor.booth.pressPlaces
    if Bool.random(using: &random), let choice = places.first(where: { $0.name == "showName" }) {
      try tap(choice.rect)
    }
    let next =
      places.first { ["start", "done"].contains($0.name) }
      ?? places.max { $0.rect.width * $0.rect.height < $1.rect.width * $1.rect.height }
    if let next { try tap(next.rect) }
  }

  private mutating func tapSomething() throws {
    if let place = visitor.booth.pressPlaces.randomElement(using: &random) { try tap(place.rect) }
  }

  private mutating func tap(_ rect: PixelRect) throws {
    let (x, y) = (Float(rect.x + rect.width / 2), Float(rect.y + rect.height / 2))
    lastContact += 1
    try send(.down, x, y, lastContact, after: UInt64.random(in: 20...1500, using: &random))
    try send(.up, x, y, lastContact, after: UInt64.random(in: 5...200, using: &random))
  }

  private mutating func draw() throws {
    let canvas = visitor.booth.layout.canvas
    lastContact += 1
    let pace = UInt64.random(in: 2...30, using: &random)
    var (x, y) = (Float.random(in: 20...260, using: &random), Float.random(in: 20...260, using: &random))
    for step in 0..<Int.random(in: 1...25, using: &random) {
      let scale = Float(visitor.booth.layout.canvasScale)
      try send(
        step == 0 ? .down : .move, Float(canvas.x) + x * scale, Float(canvas.y) + y * scale, lastContact,
        after: pace)
      x += Float.random(in: -40...40, using: &random)
      y += Float.random(in: -40...40, using: &random)
    }
    try send(.up, Float(canvas.x) + x, Float(canvas.y) + y, lastContact)
  }

  /// One raw event with up to four contacts, wherever.
  private mutating func touchAnywhere() throws {
    let bounds = visitor.booth.layout.bounds
    let x = Float.random(in: 0..<Float(bounds.width), using: &random)
    let y = Float.random(in: 0..<Float(bounds.height), using: &random)
    let held = contacts.randomElement(using: &random)
    switch (Int.random(in: 0..<4, using: &random), held) {
    case (0, _) where contacts.count < 4, (_, nil):
      lastContact += 1
      contacts.append(lastContact)
      try send(.down, x, y, lastContact)
    case (1, let contact?): try send(.move, x, y, contact)
    case (2, let contact?): try send(.up, x, y, contact)
    case (_, let contact?):
      let reasons: [TouchEvent.Cancellation] = [.palm, .deviceGone, .eventsLost]
      try send(.cancel, x, y, contact, cancellation: reasons.randomElement(using: &random))
    }
  }

  private mutating func resize() throws {
    let size = LayoutTests.sizes.randomElement(using: &random) ?? (800, 480)
    let scale = Int.random(in: 1...3, using: &random)
    try carryOut(visitor.booth.resize(Layout(width: size.0, height: size.1, canvasScale: scale)))
  }

  private mutating func send(
    _ phase: TouchEvent.Phase, _ x: Float, _ y: Float, _ contact: Int32, after ms: UInt64 = 8,
    cancellation: TouchEvent.Cancellation? = nil
  ) throws {
    touches += 1
    if phase == .up || phase == .cancel { contacts.removeAll { $0 == contact } }
    try carryOut(visitor.send(phase, x, y, contact: contact, after: ms, cancellation: cancellation))
  }

  private mutating func wait(_ ms: UInt64) throws {
    let end = visitor.now + ms * 1_000_000
    while let due = visitor.booth.deadline, due <= end {
      visitor.now = max(visitor.now, due)
      try carryOut(visitor.booth.tick(visitor.now, visit: .new(using: &random)))
    }
    visitor.now = end
  }

  private mutating func carryOut(_ response: Response) throws {
    if response.submit { pending = visitor.booth.submission }
    if response.newVisit { _ = visitor.booth.update(try recorder.scoreboard(for: visitor.booth.visit)) }
  }

  /// The worker's part: the disk takes the drawing, or refuses it a few times first.
  private mutating func store() throws {
    guard let submission = pending else { return }
    if refusals > 0 {
      refusals -= 1
      _ = visitor.booth.failed("cannot store: no space left on device")
      return
    }
    pending = nil
    let canvas = submission.canvas.pixels
    let reading = recognizer.read(canvas: canvas, width: Canvas.side, height: Canvas.side)
    let (saved, board) = try recorder.record(submission, reading)
    stored += 1
    try carryOut(visitor.booth.saved(saved, board, at: visitor.now))
  }
}
