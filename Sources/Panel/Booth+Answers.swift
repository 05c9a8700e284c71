import Recognizer
import Spool

/// What the worker answers.
extension Booth {
  /// The store is open, or has counted: the digit that is next, and the board.
  mutating func update(_ scoreboard: Scoreboard) -> Response {
    var (response, scoreboard) = (Response(), scoreboard)
    // What a drawing was begun for does not change under the finger.
    if case .sheet(.challenge) = interrupted ?? stage, !sketch.isEmpty, let asked = self.scoreboard.prompt {
      scoreboard.prompt = asked
    }
    // A store without room says the same every two seconds.
    if scoreboard.full == nil || scoreboard != self.scoreboard { response.repaint = [.scoreboard, .prompt] }
    self.scoreboard = scoreboard
    takeFreeNickname()
    if greets, scoreboard.own > 0 {
      show(.welcomeBack(scoreboard.own), at: lastTouch, seconds: 10)
      response.repaint.insert(.message)
    }
    greets = false
    // A store that refused to open, or to say what is next, does so now; one that refuses a drawing still has it to take, and
    // one without room takes none.
    let isOpen =
      switch phase {
      case .starting: true
      case .saving, .failing: !isStoring
      case .drawing, .ended: false
      }
    if isOpen, scoreboard.full == nil {
      phase = .drawing
      response.repaint = .everything
    }
    return response
  }

  /// The drawing is on the disk: from this instant it survives a power cut.
  mutating func saved(_ sample: SavedSample, _ scoreboard: Scoreboard, at time: UInt64) -> Response {
    isStoring = false
    if isOrphaned {
      // It was the drawing of a visitor who has gone; whoever is here now has another standing, and no receipt. What is next for
      // them the store is still to say: until then nothing can be drawn, for the last prompt may be what was just stored.
      isOrphaned = false
      (self.scoreboard.prompt, self.scoreboard.total) = (scoreboard.prompt, scoreboard.total)
      var response = Response(nil)
      response.newVisit = true
      return response
    }
    phase = .drawing
    self.scoreboard = scoreboard
    if isInFreePlay {
      // What is on the sheet there is another drawing.
      owedThanks = sample
      return Response(nil)
    }
    wipeCanvas()
    show(.saved(sample), at: time, seconds: 20)
    if hasTransitions, mode == .challenge { entrance = Entrance(at: time) }
    // The lock counts from here: a second tap that was meant for this drawing must not submit the next.
    lockedUntil = max(lockedUntil, time &+ times.submitLock)
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

  /// The visit of the drawing was withdrawn at another program: nothing of it is kept, and it ends.
  mutating func withdrawn(_ session: Identifier, at time: UInt64) -> Response {
    (phase, isStoring) = (.drawing, false)
    if isOrphaned || session != visit.session {
      isOrphaned = false
      var response = Response(nil)
      response.newVisit = true
      return response
    }
    phase = .ended
    // Free play, where a visitor may wait for a disk that refuses, has no place for a message.
    if case .sheet = stage { stage = .sheet(.challenge) }
    wipeCanvas()
    show(.withdrawn, at: time, seconds: 8)
    // The finger that has just pressed does not take the sentence away.
    lockedUntil = max(lockedUntil, time &+ times.submitLock)
    return Response(nil)
  }

  /// The drawing can never be stored; the visitor may draw another one.
  mutating func refused(at time: UInt64) -> Response {
    (phase, isStoring) = (.drawing, false)
    if isOrphaned {
      isOrphaned = false
    } else if !isInFreePlay {
      wipeCanvas()
      show(.drawAgain, at: time, seconds: 8)
    }
    return Response(nil)
  }

  /// Something that staff should see to, or nil when that is over.
  mutating func notice(_ sentence: StringKey?) -> Response {
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
}
