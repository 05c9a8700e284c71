import Ink

/// What the main loop has to do after an event.
struct Response: Sendable, Equatable {
  /// Parts of the picture to draw again.
  struct Parts: OptionSet, Sendable {
    let rawValue: Int
    static let everything = Parts(rawValue: 1)
    static let canvas = Parts(rawValue: 2)
    static let buttons = Parts(rawValue: 4)
    static let message = Parts(rawValue: 8)
    static let scoreboard = Parts(rawValue: 16)
    static let bars = Parts(rawValue: 32)
    static let prompt = Parts(rawValue: 64)
  }

  /// New ink, in pixels of ``Sketch/shown``: it goes to the glass before anything else.
  var ink = PixelRect.empty
  var repaint: Parts = []
  /// Places of a screen that is not the sheet, to be drawn again.
  var areas: [PixelRect] = []
  /// Whether the recogniser shall look at the canvas.
  var recognise = false
  /// Whether the drawing shall be stored.
  var submit = false
  /// Whether a new visit has begun, so that the store's standing must be asked for.
  var newVisit = false
  /// What the operator's screens want of the machine, in this order.
  var requests: [OperatorRequest] = []

  static let none = Response()

  init() {}

  /// Draws places of a screen again; nil for everything.
  init(_ areas: [PixelRect]?) {
    if let areas { self.areas = areas } else { repaint = .everything }
  }

  /// Adds what another event asks for. Ink is not added: it has been shown.
  mutating func add(_ other: Response) {
    repaint.formUnion(other.repaint)
    if !other.areas.isEmpty { areas.append(contentsOf: other.areas) }
    recognise = recognise || other.recognise
    submit = submit || other.submit
    newVisit = newVisit || other.newVisit
    if !other.requests.isEmpty { requests.append(contentsOf: other.requests) }
  }
}
