import Ink
import Recognizer
import Spool
import Touch

/// What the visitor sees and does, as a value: touch events and answers go in, requests and repaints come out.
///
/// It knows no clock, no display and no file, so every visit can be played in a test. The main loop carries out what
/// ``Response`` asks for. What stands on the panel is the ``stage``; the sheet's touches are in Booth+Sheet.swift, what the
/// worker answers in Booth+Answers.swift, time in Booth+Time.swift.
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
    /// The visit was withdrawn while it went on: it ends when the message of it has been read.
    case ended
  }

  enum Message: Sendable, Equatable {
    case none
    case drawFirst
    case onlyADot
    /// The drawing could not be stored, ever; another one can.
    case drawAgain
    /// The drawings of this visit are deleted, as its visitor wished.
    case withdrawn
    case saved(SavedSample)
    /// The name that was typed is on the board already, with so many drawings.
    case welcomeBack(Int)
  }

  enum Button: Sendable, Equatable {
    case challengeTab, freePlayTab, undo, clear, submit
  }

  /// How long things last, in nanoseconds.
  struct Times: Sendable, Equatable {
    /// Submit does nothing for this long after it was used.
    var submitLock: UInt64 = 600_000_000
    /// A visit without a touch for this long is asked whether anybody is there.
    var idle: UInt64 = 30_000_000_000
    /// The question stands for this long before name and drawing are wiped.
    var countdown: UInt64 = 10_000_000_000
  }

  private(set) var layout: Layout
  var stage = Stage.sheet(.challenge)
  /// The question whether anybody is there; it stands before the stage and has its touches.
  var stillThere: Staged<StillThereScreen>?
  /// The visit: what is drawn between two idle times belongs to one contributor.
  var visit: Visit
  var scoreboard = Scoreboard()
  /// Something for the operator, shown small: there is no touch device.
  var notice: StringKey?
  /// What the screens say, in the visitor's language.
  var strings: Strings
  /// The languages on offer.
  let languages: Languages
  /// Whether the invitation stands on the panel while nobody is there.
  let invites: Bool
  /// What the hand of the invitation draws.
  let demonstration: Demonstration
  /// Whether pictures may move.
  let hasTransitions: Bool

  // The sheet.
  /// The prompt as it comes in; nil when it stands.
  var entrance: Entrance?
  var phase = Phase.starting
  var message = Message.none
  var sketch: Sketch
  /// What the recogniser reads in free play; nil for an empty canvas.
  var reading: Reading?
  var pressed: Button?
  var drawingStart: UInt64?
  /// Whether the device told of a palm on the sheet since it was clean.
  var palmSeen = false
  /// The same for the drawing that Clear took away, for as long as Undo can bring it back.
  var palmCleared = false
  var lockedUntil: UInt64 = 0
  var messageUntil: UInt64?
  /// Whether the store is still to tell how a name that was typed stands on the board.
  var greets = false
  /// Whether the drawing that is being saved belongs to a visit that has ended.
  var isOrphaned = false
  /// Whether a drawing was submitted that the disk has not taken yet.
  var isStoring = false
  /// What the disk took while its visitor was in free play, which has no place for thanks: the challenge gives them.
  var owedThanks: SavedSample?

  // The operator.
  var desk: OperatorDesk
  var hold = CornerHold()
  /// Whether there is no display now that would show what is touched.
  private(set) var isUnseen = false
  /// What the operator's gesture has put aside.
  var interrupted: Stage?
  /// Whether the operator has left, and the next visit is to begin.
  var isHandedBack = false

  let times: Times
  /// Whether a visit begins with the questions for consent and name.
  let asksConsent: Bool
  private let brush: Float
  /// The contact that is being followed, and whether it draws.
  private var follow = StrokeFilter()
  /// What lies on the glass and is no finger.
  private var stuck = StuckContacts()
  var lastTouch: UInt64 = 0

  /// - Parameters:
  ///   - layout: of the panel as it is now.
  ///   - visit: of the first visitor.
  ///   - brush: diameter in canvas pixels.
  ///   - asksConsent: whether a visit begins with the questions for consent and name, and not with the sheet.
  ///   - languages: on offer; a visit begins in their initial one.
  ///   - invites: whether the invitation stands on the panel while nobody is there.
  ///   - demonstration: what the hand of the invitation draws.
  ///   - hasTransitions: whether pictures may move.
  init(
    layout: Layout, visit: Visit, brush: Float, times: Times = Times(), languages: Languages = .english,
    desk: OperatorDesk = OperatorDesk(), asksConsent: Bool = false,
    invites: Bool = false, demonstration: Demonstration = .none, hasTransitions: Bool = true
  ) {
    self.asksConsent = asksConsent
    self.invites = invites
    self.demonstration = demonstration
    self.hasTransitions = hasTransitions
    self.languages = languages
    self.desk = desk
    strings = languages.initial
    self.layout = layout
    self.visit = visit
    self.brush = brush
    self.times = times
    sketch = Sketch(scale: layout.canvasScale, diameter: brush)
    strings = initialStrings
    stage = opening
  }

  /// What a visitor finds. While collecting is paused nothing is stored, so nothing has to be agreed to: there is free play.
  var opening: Stage {
    if desk.isPaused { return .sheet(.freePlay) }
    return asksConsent ? .consent(Staged(consentScreen)) : .sheet(.challenge)
  }

  /// What the sheet is for; the challenge also while another screen stands before it.
  var mode: Mode {
    if case .sheet(let mode) = stage { mode } else { .challenge }
  }

  /// Whether the visitor is in free play, also while the operator's screens stand before it.
  var isInFreePlay: Bool {
    if case .sheet(.freePlay) = interrupted ?? stage { true } else { false }
  }

  // MARK: Touch

  /// Whether something lies on the glass that was taken for a finger, until it stayed too long.
  var isGlassSoiled: Bool { stuck.isAny }

  /// Takes one touch event. Nothing is allocated while a finger moves on the sheet.
  mutating func touch(_ event: TouchEvent) -> Response {
    let wasSoiled = isGlassSoiled
    var counts = stuck.admits(event, slack: Float(layout.metrics.corner) / 3)
    var before = Response.none
    while let lifted = stuck.lifted(at: event.time) {
      if lifted.contact == event.contact { counts = false }
      before.add(takeCounted(lifted))
    }
    if isGlassSoiled != wasSoiled { before.repaint.insert(.message) }
    guard counts else { return before }
    var response = takeCounted(event)
    if before != .none { response.add(before) }
    return response
  }

  private mutating func takeCounted(_ event: TouchEvent) -> Response {
    let isFollowed = follow.admits(event)
    if isUnseen {
      // It goes on counting fingers.
      _ = hold.touch(event, bounds: layout.bounds, zone: layout.metrics.corner)
      hold.cancel()
      return .none
    }
    // Beside consent or name nothing is drawn.
    if event.cancellation == .palm, showsSheet { palmSeen = true }
    if let takenBack = touchCorners(event) { return takenBack }
    if case .operator = stage { return touchOperator(event, isFollowed: isFollowed) }
    guard event.phase != .hover else { return .none }
    return isFollowed ? touchStage(event) : touchBeside(event)
  }

  /// A touch beside the contact that is followed, or beside one that lies on the glass, draws and presses nothing. But who
  /// lays a finger down is there; what trembles or lies there lays none down.
  private mutating func touchBeside(_ event: TouchEvent) -> Response {
    guard event.phase == .down else { return .none }
    lastTouch = event.time
    return touchStillThere(event)
  }

  private mutating func touchStage(_ event: TouchEvent) -> Response {
    lastTouch = event.time
    if stillThere != nil { return touchStillThere(event) }
    switch stage {
    case .attract(var staged):
      let answer = staged.touch(event, in: layout)
      return take(staged, answer)
    case .consent(var staged):
      let answer = staged.touch(event, in: layout)
      return take(staged, answer)
    case .name(var staged):
      let answer = staged.touch(event, in: layout)
      return take(staged, answer)
    case .sheet: return touchSheet(event)
    case .operator: return .none
    }
  }

  /// Takes back what the finger on the glass has begun, and follows it no more until it is lifted.
  mutating func takeBack(at event: TouchEvent) -> Response {
    guard follow.owner != 0 else { return .none }
    var cancel = event
    cancel.phase = .cancel
    cancel.contact = follow.owner
    follow.release()
    return touchStage(cancel)
  }

  private mutating func touchStillThere(_ event: TouchEvent) -> Response {
    guard var staged = stillThere else { return .none }
    let answer = staged.touch(event, in: layout)
    stillThere = staged
    guard answer.outcome == .goOn else { return Response(answer.areas) }
    // This touch has only woken the panel: it neither draws nor presses.
    follow.release()
    stillThere = nil
    return Response(nil)
  }

  /// Puts a screen on the panel. The finger that is down does nothing more until it is lifted.
  mutating func enter(_ stage: Stage) -> Response {
    self.stage = stage
    stillThere = nil
    letGo()
    return Response(nil)
  }

  /// The display went or came: what a finger does in the dark, nobody has meant.
  mutating func show(isUnseen: Bool) {
    if isUnseen {
      letGo()
      hold.cancel()
    }
    self.isUnseen = isUnseen
  }

  /// Ends what the finger on the glass does: it is ignored until it is lifted.
  mutating func letGo() {
    follow.release()
    pressed = nil
    if sketch.isDrawing { sketch.end() }
    switch stage {
    case .consent(var staged):
      staged.release()
      stage = .consent(staged)
    case .name(var staged):
      staged.release()
      stage = .name(staged)
    case .operator(var operatorStage):
      operatorStage.release()
      stage = .operator(operatorStage)
    case .attract(var staged):
      staged.release()
      stage = .attract(staged)
    case .sheet: break
    }
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
    return Response(nil)
  }
}
