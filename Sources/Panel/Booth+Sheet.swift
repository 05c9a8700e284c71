import Ink
import Spool
import Touch

/// The sheet of the challenge and of free play: strokes and buttons.
extension Booth {
  mutating func touchSheet(_ event: TouchEvent) -> Response {
    switch event.phase {
    case .hover: .none
    case .down: down(event)
    case .move: move(event)
    case .up: up(event)
    case .cancel: cancel()
    }
  }

  private mutating func down(_ event: TouchEvent) -> Response {
    let (x, y) = (Int(event.x.rounded(.down)), Int(event.y.rounded(.down)))
    var response = Response()
    if phase == .ended {
      // Whoever touches the sheet has read it.
      if event.time >= lockedUntil { clearMessage() }
      return response
    }
    if let button = button(x: x, y: y) {
      pressed = button
      response.repaint = .buttons
      return response
    }
    guard layout.canvas.contains(x: x, y: y) else { return response }
    guard canDraw else {
      // In the place of the thanks stands why nothing can be drawn.
      if case .failing = phase, isThanking {
        clearMessage()
        response.repaint = .message
      }
      return response
    }
    if sketch.isEmpty { drawingStart = event.time }
    // What was refused is being mended; what was saved stays to be read, with its receipt.
    if message == .drawFirst || message == .onlyADot || message == .drawAgain {
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
      guard mode != wanted, phase != .saving, isEnabled(button) else { return response }
      wipeCanvas()
      clearMessage()
      response.add(enter(.sheet(wanted)))
      if wanted == .challenge, let sample = owedThanks.take() { show(.saved(sample), at: time, seconds: 20) }
    case .undo, .clear:
      guard canDraw, button == .undo ? sketch.canUndo : !sketch.isEmpty else { return response }
      if button == .clear {
        _ = sketch.clear()
        palmCleared = palmSeen
      } else {
        let bringsBack = sketch.isEmpty
        _ = sketch.undo()
        if bringsBack { palmSeen = palmSeen || palmCleared }
      }
      if sketch.isEmpty { (reading, palmSeen) = (nil, false) }
      clearMessage()
      response.repaint.formUnion([.canvas, .message, .bars])
      response.recognise = mode == .freePlay && !sketch.isEmpty
    case .submit:
      guard mode == .challenge, isEnabled(.submit), time >= lockedUntil else { return response }
      lockedUntil = time &+ times.submitLock
      let quality = Quality.flags(
        strokes: sketch.strokes, canvas: sketch.canvas, label: scoreboard.prompt ?? 0, prediction: nil)
      if sketch.isEmpty || quality.contains(.blank) {
        show(.drawFirst, at: time)
      } else if quality.contains(.dot) {
        show(.onlyADot, at: time)
      } else {
        phase = .saving
        isStoring = true
        clearMessage()
        response.submit = true
      }
      response.repaint.insert(.message)
    }
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

  /// The drawing as it goes to the disk; nil before the store has told which digit is asked for.
  var submission: Worker.Submission? {
    guard let asked = scoreboard.prompt else { return nil }
    var visit = visit
    visit.language = strings.language
    return Worker.Submission(
      asked: asked, strokes: sketch.strokes, canvas: sketch.canvas, brush: sketch.brush, visit: visit,
      palmSeen: palmSeen, time: lastTouch)
  }

  mutating func wipeCanvas() {
    _ = sketch.wipe()
    reading = nil
    drawingStart = nil
    (palmSeen, palmCleared) = (false, false)
  }

  mutating func show(_ message: Message, at time: UInt64, seconds: UInt64 = 4) {
    self.message = message
    messageUntil = time &+ seconds * 1_000_000_000
  }

  mutating func clearMessage() {
    message = .none
    messageUntil = nil
  }
}
