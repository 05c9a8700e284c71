/// What time does to the operator's screens: a count goes down, facts are read anew, a panel that was left goes back.
extension OperatorStage {
  /// When ``tick(_:in:)`` has something to do.
  var deadline: UInt64? {
    switch screen {
    case .pin(let staged):
      let idleAt = lastTouch &+ OperatorStage.idlePIN
      return min(staged.deadline ?? idleAt, idleAt)
    case .menu(let staged):
      let idleAt = lastTouch &+ OperatorStage.idle
      return min(min(staged.deadline ?? idleAt, nextLook ?? idleAt), idleAt)
    case .calibration(let calibration): return calibration.deadline
    case .test(let staged): return staged.deadline ?? lastTouch &+ OperatorStage.idle
    case .withdraw(let staged):
      let idleAt = lastTouch &+ OperatorStage.idle
      return min(staged.deadline ?? idleAt, idleAt)
    case .wipe(let wipe): return wipe.deadline
    }
  }

  mutating func tick(_ now: UInt64, in layout: Layout) -> Answer {
    var answer = Answer()
    switch screen {
    case .pin(var staged):
      answer.areas = staged.tick(now, in: layout).areas
      screen = .pin(staged)
      // While a PIN is looked at, the panel waits for the answer.
      if now >= lastTouch &+ OperatorStage.idlePIN, staged.screen.state != .checking { answer.wish = .close }
      if staged.screen.state == .checking { lastTouch = max(lastTouch, now) }
    case .menu(var staged):
      let told = staged.tick(now, in: layout)
      answer.areas = told.areas
      screen = .menu(staged)
      if let outcome = told.outcome { follow(outcome, staged, at: now, &answer) }
      if now >= lastTouch &+ OperatorStage.idle {
        answer.wish = .close
      } else if answer.wish == nil, let due = nextLook, now >= due {
        nextLook = now &+ OperatorStage.lookAgain
        answer.wish = .request(.look)
      }
    case .calibration(var calibration):
      let outcome = calibration.tick(now)
      screen = .calibration(calibration)
      answer.areas = [calibration.words(in: layout)]
      follow(outcome, at: now, &answer)
    case .test(var staged):
      let told = staged.tick(now, in: layout)
      answer.areas = told.areas
      screen = .test(staged)
      if let outcome = told.outcome { follow(outcome, &answer) }
      if case .test = screen, !staged.screen.isTrial, now >= lastTouch &+ OperatorStage.idle {
        answer.wish = .close
      }
    case .withdraw(var staged):
      answer.areas = staged.tick(now, in: layout).areas
      screen = .withdraw(staged)
      // While the store is asked, the panel waits for the answer.
      if staged.screen.isWaiting { lastTouch = max(lastTouch, now) }
      if now >= lastTouch &+ OperatorStage.idle { answer.wish = .close }
    case .wipe(var wipe):
      if wipe.tick(now) {
        lastTouch = now
        backToMenu(&answer)
      } else {
        screen = .wipe(wipe)
        answer.areas = [wipe.places(in: layout).ring]
      }
    }
    return answer
  }
}
