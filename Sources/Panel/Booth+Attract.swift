import Ink

/// The invitation: the hand that draws on the sheet, and the touch that wakes.
extension Booth {
  /// Puts the invitation on the panel. The visit before has ended.
  ///
  /// - Parameter now: CLOCK_MONOTONIC in nanoseconds.
  mutating func attract(_ now: UInt64) -> Response {
    wipeCanvas()
    let screen = AttractScreen(
      languages: languages.all.map(\.name), demonstration: demonstration, isMoving: hasTransitions, now: now)
    _ = ink(screen.opening)
    return enter(.attract(Staged(screen)))
  }

  /// Takes what came of a touch or of time on the invitation.
  mutating func take(_ staged: Staged<AttractScreen>, _ answer: Staged<AttractScreen>.Answer) -> Response {
    stage = .attract(staged)
    switch answer.outcome {
    case .draw(let steps): return ink(steps)
    case .wake:
      wipeCanvas()
      // The consent screen asks for the language. Where there is none, the invitation does so before it goes.
      if case .consent = opening { return enter(opening) }
      guard languages.all.count > 1 else { return enter(opening) }
      var awake = staged
      awake.screen.wake(lastTouch)
      return enter(.attract(awake))
    case .sleep:
      wipeCanvas()
      _ = ink(staged.screen.opening)
      return Response(nil)
    case .start(let language):
      if let language, languages.all.indices.contains(language) {
        strings = languages.all[language]
        visit.language = strings.language
      }
      return enter(opening)
    case nil: return Response(answer.areas)
    }
  }

  /// Draws what the hand drew, with the ink of the sheet.
  private mutating func ink(_ steps: [AttractScreen.Step]) -> Response {
    var response = Response()
    for step in steps {
      switch step {
      case .wipe:
        wipeCanvas()
        response.repaint.insert(.canvas)
      case .sample(let sample):
        let point = StrokePoint(x: sample.x, y: sample.y, t: sample.time, size: 0)
        response.ink = response.ink.union(sample.begins ? sketch.begin(point) : sketch.extend(point))
        if sample.ends { sketch.end() }
      }
    }
    return response
  }
}
