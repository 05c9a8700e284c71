/// What time does: messages go, a visit without a touch ends.
extension Booth {
  /// When ``tick(_:visit:)`` has something to do; nil while nothing on the screen will change by itself.
  var deadline: UInt64? {
    if isHandedBack || hasEnded { return lastTouch }
    let passing = Booth.earlier(hold.deadline, Booth.earlier(messageUntil, entrance?.due))
    if let stillThere { return Booth.earlier(passing, stillThere.deadline) }
    let next = Booth.earlier(passing, stageDeadline)
    return endsWhenIdle ? Booth.earlier(next, lastTouch &+ times.idle) : next
  }

  /// Whether the visit was withdrawn, and that was read.
  private var hasEnded: Bool {
    guard phase == .ended, message == .none, case .sheet = stage else { return false }
    return true
  }

  private var stageDeadline: UInt64? {
    switch stage {
    case .attract(let staged): staged.deadline
    case .consent(let staged): staged.deadline
    case .name(let staged): staged.deadline
    case .sheet: nil
    case .operator(let operatorStage): operatorStage.deadline
    }
  }

  /// Lets messages go, tells the screen that its time has come, and ends a visit after idle time.
  ///
  /// - Parameter newVisit: the visit that begins if this one ends.
  mutating func tick(_ now: UInt64, visit newVisit: @autoclosure () -> Visit) -> Response {
    var response = Response()
    if let until = messageUntil, now >= until {
      clearMessage()
      response.repaint.insert(.message)
    }
    if let shown = entrance, now >= shown.due {
      entrance = shown.next(at: now)
      response.repaint.insert(.prompt)
    }
    if isHandedBack || hasEnded {
      isHandedBack = false
      response.add(end(visit: newVisit(), at: now))
      return response
    }
    if hold.tick(now) { response.add(callOperator(at: now)) }
    if case .operator = stage {
      response.add(tickOperator(now))
      return response
    }
    if var staged = stillThere {
      let answer = staged.tick(now, in: layout)
      stillThere = staged
      response.add(Response(answer.areas))
      if answer.outcome == .wipe { response.add(end(visit: newVisit(), at: now)) }
      return response
    }
    if case .attract(var staged) = stage {
      let answer = staged.tick(now, in: layout)
      let drawn = take(staged, answer)
      response.add(drawn)
      response.ink = drawn.ink
    }
    switch stage {
    case .consent(var staged):
      let answer = staged.tick(now, in: layout)
      response.add(take(staged, answer))
    case .name(var staged):
      let answer = staged.tick(now, in: layout)
      response.add(take(staged, answer))
    case .attract, .sheet, .operator: break
    }
    if endsWhenIdle, now >= lastTouch &+ times.idle {
      letGo()
      stillThere = Staged(StillThereScreen(now: now, countdown: times.countdown))
      response.add(Response(nil))
    }
    return response
  }

  /// Ends the visit: nothing of it is left for the next one, neither name nor drawing, nor what can be undone, nor receipt.
  private mutating func end(visit newVisit: Visit, at now: UInt64) -> Response {
    switch phase {
    case .drawing, .starting: break
    case .ended: phase = .drawing
    case .saving, .failing: isOrphaned = isStoring
    }
    visit = newVisit
    strings = initialStrings
    greets = false
    scoreboard.own = 0
    scoreboard.rank = nil
    for row in scoreboard.board.indices { scoreboard.board[row].own = false }
    wipeCanvas()
    clearMessage()
    owedThanks = nil
    var response = invites ? attract(now) : enter(opening)
    response.newVisit = true
    return response
  }

  /// Whether a panel that nobody touches asks, and begins anew.
  private var endsWhenIdle: Bool {
    switch stage {
    case .attract, .operator: false
    // Where there is an invitation, a panel that was only woken goes back to it.
    default: invites || visitLeavesTraces
    }
  }

  /// Whether the next visitor would find something of this one.
  private var visitLeavesTraces: Bool {
    switch stage {
    case .attract: false
    case .consent(let staged): staged.screen.hasChoices || strings != initialStrings
    case .name: true
    case .sheet(let mode):
      // Behind consent and name there is always a name to wipe.
      asksConsent && mode == .challenge || scoreboard.own > 0 || sketch.canUndo || message != .none
        || mode == .freePlay && (!desk.isPaused || strings != initialStrings)
    case .operator: false
    }
  }

  private static func earlier(_ a: UInt64?, _ b: UInt64?) -> UInt64? {
    guard let a, let b else { return a ?? b }
    return min(a, b)
  }
}
