import Ink
import Recognizer
import Spool
import Touch

/// What the visitor sees and does, as a value: touch events and answers go in, requests and repaints come out.
///
/// It knows no clock, no display and no file, so every visit can be played in a test. The main loop carries out what
/// ``Response`` asks for.
struct Booth: Sendable {
  enum Mode: Sendable, Equatable {
    /// Draw the digit that is asked for; it is stored.
    case challenge
    /// Draw anything; nothing is stored.
    case freePlay
  }

  /// Where the challenge stands.
  enum Phase: Sendable, Equatable {
    /// The store has not said yet which digit is next.
    case starting
    case drawing
    /// The drawing is on its way to the disk.
    case saving
    /// The disk refused; the drawing is kept in memory and tried again. The sentence is for the operator.
    case failing(String)
  }

  enum Message: Sendable, Equatable {
    case none
    case drawFirst
    case onlyADot
    case saved(SavedSample)
  }

  enum Button: Sendable, Equatable {
    case challengeTab, freePlayTab, undo, clear, submit
  }

  private(set) var layout: Layout
  private(set) var mode = Mode.challenge
  private(set) var phase = Phase.starting
  private(set) var message = Message.none
  private(set) var sketch: Sketch
  private(set) var scoreboard = Scoreboard()
  /// What the recogniser reads in free play; nil for an empty canvas.
  private(set) var reading: Reading?
  private(set) var pressed: Button?
  /// A sentence for the operator, shown small: there is no touch device.
  private(set) var notice: String?

  private let brush: Float
  private let submitLock: UInt64
  /// The contact that is being followed, and whether it draws.
  private var follow: StrokeFilter
  private var drawingStart: UInt64?
  private var lockedUntil: UInt64 = 0
  private var messageUntil: UInt64?
  private var lastTouch: UInt64 = 0
  /// The visit: what is drawn between two idle times belongs to one contributor.
  private(set) var visit: Visit

  /// - Parameters:
  ///   - layout: of the panel as it is now.
  ///   - visit: of the first visitor.
  ///   - brush: diameter in canvas pixels.
  ///   - submitLock: nanoseconds for which Submit does nothing after it was used.
  init(layout: Layout, visit: Visit, brush: Float, submitLock: UInt64) {
    self.layout = layout
    self.visit = visit
    self.brush = brush
    self.submitLock = submitLock
    sketch = Sketch(scale: layout.canvasScale, diameter: brush)
    follow = StrokeFilter()
  }

  // MARK: Touch

  /// Takes one touch event. Nothing is allocated while a finger moves.
  mutating func touch(_ event: TouchEvent) -> Response {
    guard follow.admits(event) else { return .none }
    lastTouch = event.time
    switch event.phase {
    case .hover: return .none
    case .down: return down(event)
    case .move: return move(event)
    case .up: return up(event)
    case .cancel: return cancel()
    }
  }

  private mutating func down(_ event: TouchEvent) -> Response {
    let (x, y) = (Int(event.x.rounded(.down)), Int(event.y.rounded(.down)))
    var response = Response()
    if let button = button(x: x, y: y) {
      pressed = button
      response.repaint = .buttons
      return response
    }
    guard canDraw, layout.canvas.contains(x: x, y: y) else { return response }
    if sketch.isEmpty { drawingStart = event.time }
    if message != .none {
      clearMessage()
      response.repaint.insert(.message)
    }
    let firstStroke = sketch.isEmpty
    response.ink = sketch.begin(canvasPoint(event))
    if firstStroke { response.repaint.insert(.buttons) }
    response.recognise = mode == .freePlay
    return response
  }

  private mutating func move(_ event: TouchEvent) -> Response {
    var response = Response()
    guard sketch.isDrawing else { return response }
    response.ink = sketch.extend(canvasPoint(event))
    response.recognise = mode == .freePlay
    return response
  }

  private mutating func up(_ event: TouchEvent) -> Response {
    var response = Response()
    if sketch.isDrawing {
      sketch.end()
      response.recognise = mode == .freePlay
      return response
    }
    guard let button = pressed else { return response }
    pressed = nil
    response.repaint = .buttons
    let (x, y) = (Int(event.x.rounded(.down)), Int(event.y.rounded(.down)))
    // A finger that slides off the button takes the press back.
    guard self.button(x: x, y: y) == button else { return response }
    return act(on: button, at: event.time, response)
  }

  /// A palm, or a device that went: the stroke in hand is taken away.
  private mutating func cancel() -> Response {
    var response = Response()
    if pressed != nil {
      pressed = nil
      response.repaint = .buttons
    }
    if sketch.isDrawing {
      _ = sketch.cancel()
      response.repaint.formUnion([.canvas, .buttons])
      response.recognise = mode == .freePlay && !sketch.isEmpty
      if sketch.isEmpty {
        reading = nil
        response.repaint.insert(.bars)
      }
    }
    return response
  }

  private mutating func act(on button: Button, at time: UInt64, _ response: Response) -> Response {
    var response = response
    switch button {
    case .challengeTab, .freePlayTab:
      let wanted: Mode = button == .challengeTab ? .challenge : .freePlay
      guard mode != wanted, phase != .saving else { return response }
      mode = wanted
      wipeCanvas()
      clearMessage()
      response.repaint = .everything
    case .undo, .clear:
      guard canDraw, button == .undo ? sketch.canUndo : !sketch.isEmpty else { return response }
      _ = button == .undo ? sketch.undo() : sketch.clear()
      if sketch.isEmpty { reading = nil }
      clearMessage()
      response.repaint.formUnion([.canvas, .message, .bars])
      response.recognise = mode == .freePlay && !sketch.isEmpty
    case .submit:
      guard mode == .challenge, phase == .drawing, time >= lockedUntil else { return response }
      lockedUntil = time &+ submitLock
      let quality = Quality.flags(
        strokes: sketch.strokes, canvas: sketch.canvas, label: scoreboard.prompt ?? 0, prediction: nil)
      if sketch.isEmpty || quality.contains(.blank) {
        show(.drawFirst, at: time)
      } else if quality.contains(.dot) {
        show(.onlyADot, at: time)
      } else {
        phase = .saving
        clearMessage()
        response.submit = true
      }
      response.repaint.insert(.message)
    }
    return response
  }

  // MARK: Answers of the worker

  /// The store is open, or has counted: the digit that is next, and the board.
  mutating func update(_ scoreboard: Scoreboard) -> Response {
    self.scoreboard = scoreboard
    var response = Response()
    response.repaint = [.scoreboard, .prompt]
    if phase == .starting {
      phase = .drawing
      response.repaint = .everything
    }
    return response
  }

  /// The drawing is on the disk: from this instant it survives a power cut.
  mutating func saved(_ sample: SavedSample, _ scoreboard: Scoreboard, at time: UInt64) -> Response {
    self.scoreboard = scoreboard
    phase = .drawing
    wipeCanvas()
    show(.saved(sample), at: time, seconds: 20)
    // The lock counts from here: a second tap that was meant for this drawing must not submit the next.
    lockedUntil = max(lockedUntil, time &+ submitLock)
    var response = Response()
    response.repaint = .everything
    return response
  }

  /// The disk refused. The drawing stays in memory and on the screen until it is stored.
  mutating func failed(_ sentence: String) -> Response {
    var response = Response()
    guard phase != .failing(sentence) else { return response }
    phase = .failing(sentence)
    response.repaint = .everything
    return response
  }

  /// Something that staff should see to, or nil when that is over.
  mutating func notice(_ sentence: String?) -> Response {
    var response = Response()
    guard notice != sentence else { return response }
    notice = sentence
    response.repaint = .message
    return response
  }

  /// The newest canvas has been read.
  mutating func read(_ reading: Reading) -> Response {
    var response = Response()
    guard mode == .freePlay, !sketch.isEmpty, self.reading != reading else { return response }
    self.reading = reading
    response.repaint = .bars
    return response
  }

  // MARK: Time

  /// How long a visit lasts without a touch before the next visitor finds a clean panel: 40 s.
  static let idle: UInt64 = 40_000_000_000

  /// When ``tick(_:visit:)`` has something to do; nil while nothing on the screen will change by itself.
  var deadline: UInt64? {
    var next = messageUntil
    if visitLeavesTraces {
      let idleAt = lastTouch &+ Booth.idle
      next = min(next ?? idleAt, idleAt)
    }
    return next
  }

  /// Lets messages go and ends a visit after idle time.
  ///
  /// - Parameter newVisit: the visit that begins if this one ends.
  mutating func tick(_ now: UInt64, visit newVisit: @autoclosure () -> Visit) -> Response {
    var response = Response()
    if let until = messageUntil, now >= until {
      clearMessage()
      response.repaint.insert(.message)
    }
    if visitLeavesTraces, now >= lastTouch &+ Booth.idle {
      visit = newVisit()
      scoreboard.own = 0
      scoreboard.rank = nil
      mode = .challenge
      wipeCanvas()
      clearMessage()
      response.repaint = .everything
      response.newVisit = true
    }
    return response
  }

  /// The display has another size, or there is one again.
  mutating func resize(_ layout: Layout) -> Response {
    let strokes = sketch.strokes
    self.layout = layout
    pressed = nil
    sketch = Sketch(scale: layout.canvasScale, diameter: brush)
    for stroke in strokes {
      for (i, point) in stroke.points.enumerated() {
        _ = i == 0 ? sketch.begin(point) : sketch.extend(point)
      }
      sketch.end()
    }
    var response = Response()
    response.repaint = .everything
    return response
  }

  private func button(x: Int, y: Int) -> Button? {
    for button in Booth.buttons where place(of: button)?.contains(x: x, y: y) == true { return button }
    return nil
  }

  private func canvasPoint(_ event: TouchEvent) -> StrokePoint {
    let scale = Float(layout.canvasScale)
    let since = event.time &- min(drawingStart ?? event.time, event.time)
    return StrokePoint(
      x: (event.x - Float(layout.canvas.x)) / scale, y: (event.y - Float(layout.canvas.y)) / scale,
      t: UInt32(clamping: since / 1_000_000), size: event.size / scale)
  }

  private var visitLeavesTraces: Bool {
    phase != .saving && (scoreboard.own > 0 || sketch.canUndo || mode == .freePlay || message != .none)
  }

  private mutating func wipeCanvas() {
    _ = sketch.wipe()
    reading = nil
    drawingStart = nil
  }

  private mutating func show(_ message: Message, at time: UInt64, seconds: UInt64 = 4) {
    self.message = message
    messageUntil = time &+ seconds * 1_000_000_000
  }

  private mutating func clearMessage() {
    message = .none
    messageUntil = nil
  }
}
