import Ink
import Settings
import Touch

/// What the booth knows of its operator: the PIN's tries, and what was chosen at the panel.
struct OperatorDesk: Sendable, Equatable {
  /// Whether the configuration has a PIN.
  var hasPIN = false
  var tries = PINTries()
  /// What was chosen on the operator screen; it stands above the configuration.
  var choices = OperatorChoices()
  /// What the configuration says of collecting.
  var collectsByDefault = true
  /// How the picture is turned.
  var rotation = Rotation.none

  /// Whether drawings are not stored because somebody wants it so.
  var isPaused: Bool { !(choices.collecting ?? collectsByDefault) }
}

/// The way to the operator's screens and back.
extension Booth {
  /// Takes an event before anything else looks at it: the operator's gesture.
  ///
  /// - Returns: what is to be drawn again when the press or stroke in hand was taken back for it; nil when the event goes on.
  mutating func touchCorners(_ event: TouchEvent) -> Response? {
    guard hold.touch(event, bounds: layout.bounds, zone: layout.metrics.corner) == .takesBack else {
      return nil
    }
    if case .operator = stage { return nil }
    return takeBack(at: event)
  }

  /// Both corners have been held for long enough: asks for the PIN. What was on the panel waits behind it.
  mutating func callOperator(at now: UInt64) -> Response {
    if case .operator = stage { return .none }
    interrupted = stage
    return enter(
      .operator(OperatorStage(hasPIN: desk.hasPIN, tries: desk.tries, rotation: desk.rotation, now: now)))
  }

  /// Takes any event while the operator has the panel.
  mutating func touchOperator(_ event: TouchEvent, isFollowed: Bool) -> Response {
    guard case .operator(var operatorStage) = stage else { return .none }
    let answer = operatorStage.touch(event, isFollowed: isFollowed, in: layout)
    stage = .operator(operatorStage)
    return follow(answer, at: event.time)
  }

  mutating func tickOperator(_ now: UInt64) -> Response {
    guard case .operator(var operatorStage) = stage else { return .none }
    let answer = operatorStage.tick(now, in: layout)
    stage = .operator(operatorStage)
    return follow(answer, at: now)
  }

  private mutating func follow(_ answer: OperatorStage.Answer, at now: UInt64) -> Response {
    var response = Response(answer.areas)
    switch answer.wish {
    case nil: break
    case .close: response.add(closeOperator(at: now))
    case .check(let pin):
      desk.tries.begin(at: now)
      desk.choices.wrongPINs = desk.tries.wrong
      response.requests = [.check(pin)]
    case .language(let index):
      guard languages.all.indices.contains(index) else { break }
      desk.choices.language = languages.all[index].language
      strings = languages.all[index]
      response.repaint = .everything
      response.requests = [.keep]
    case .collecting(let isOn):
      desk.choices.collecting = isOn
      response.requests = [.keep]
    case .brightness(let percent):
      desk.choices.brightness = percent
      response.requests = [.brightness(percent), .keep]
    case .keep(let m):
      desk.choices.matrix = [m.a, m.b, m.c, m.d, m.e, m.f]
      response.requests = [.matrix(.settled), .keep]
    case .request(let request): response.requests = [request]
    }
    return response
  }

  /// Gives the panel back to the visitors: to the one who was interrupted when the PIN was not given, else to the next.
  private mutating func closeOperator(at now: UInt64) -> Response {
    guard case .operator(let operatorStage) = stage else { return .none }
    lastTouch = now
    if case .pin = operatorStage.screen, let before = interrupted {
      interrupted = nil
      return enter(before)
    }
    interrupted = nil
    isHandedBack = true
    return .none
  }

  // MARK: Answers

  /// The PIN was looked at.
  ///
  /// - Parameter facts: as they are now, for the menu that opens.
  mutating func verdict(isRight: Bool, facts: OperatorFacts, at now: UInt64) -> Response {
    guard case .operator(var operatorStage) = stage else {
      // The panel was left while it was looked at: a right one counts as never used.
      if isRight { desk.tries.succeed() } else { desk.tries.fail(at: now) }
      desk.choices.wrongPINs = desk.tries.wrong
      return isRight ? Response([.keep]) : .none
    }
    var response = Response()
    if isRight {
      desk.tries.succeed()
      desk.choices.wrongPINs = 0
      let initial = languages.all.firstIndex { $0.language == initialStrings.language } ?? 0
      operatorStage.open(
        OperatorScreen(
          facts: facts, languages: languages.all.map(\.name), language: initial, isCollecting: !desk.isPaused),
        at: now)
      letGo()
      response = Response(nil)
      response.requests = [.keep]
    } else {
      desk.tries.fail(at: now)
      response = Response(operatorStage.refuse(desk.tries, at: now, in: layout))
    }
    stage = .operator(operatorStage)
    return response
  }

  /// The facts were read.
  mutating func tell(_ facts: OperatorFacts) -> Response {
    changeMenu { $0.facts = facts }
  }

  /// Something that the operator asked for could not be done; the sentence says why, and what to do.
  mutating func operatorFailed(_ sentence: String) -> Response {
    changeMenu { $0.notice = .failed(sentence) }
  }

  /// The store has answered about a receipt, whose page may have been left since.
  mutating func tell(_ told: WithdrawScreen.Told, at now: UInt64) -> Response {
    guard case .operator(var operatorStage) = stage else { return .none }
    let areas = operatorStage.tell(told, at: now)
    stage = .operator(operatorStage)
    return Response(areas)
  }

  private mutating func changeMenu(_ body: (inout OperatorScreen) -> Void) -> Response {
    guard case .operator(var operatorStage) = stage else { return .none }
    let areas = operatorStage.change(in: layout, body)
    stage = .operator(operatorStage)
    return Response(areas)
  }

  /// The language that a new visit begins in: the operator's choice where it is on offer.
  var initialStrings: Strings {
    languages.all.first { $0.language == desk.choices.language } ?? languages.initial
  }
}

extension Response {
  /// Asks the machine for something.
  init(_ requests: [OperatorRequest]) {
    self.init()
    self.requests = requests
  }
}
