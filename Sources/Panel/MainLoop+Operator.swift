import Display
import Kernel
import Settings
import Spool
import Touch

/// What the operator's screens ask for, carried out: at once where it is quick, else by the ``Upkeep``.
extension MainLoop {
  func carryOut(_ requests: [OperatorRequest]) {
    for request in requests {
      switch request {
      case .look: upkeep.give(.look)
      case .check(let pin): upkeep.give(.check(pin, booth.desk.choices))
      case .keep: upkeep.give(.keep(booth.desk.choices))
      case .find(let code): worker.look(for: code)
      case .withdraw(let session):
        log("the operator withdraws the visit \(session)")
        worker.withdraw(session)
      case .brightness(let percent): upkeep.give(.brightness(percent))
      case .matrix(.bare): touch.geometry.matrix = .identity
      case .matrix(.trial(let matrix)): touch.geometry.matrix = matrix
      case .matrix(.settled):
        touch.geometry.matrix = booth.desk.choices.matrix.flatMap { DigitizerMatrix($0) } ?? configured
      case .restart:
        log("starting anew, as the operator wants it")
        startsAnew = true
        end()
      case .power(let power):
        log(power == .off ? "the operator shuts the machine down" : "the operator restarts the machine")
        upkeep.give(.power(power))
      }
    }
  }

  func takeUpkeep() {
    upkeep.takeAnswers(into: &kept)
    for answer in kept {
      let now = MonotonicClock.now()
      switch answer {
      case .looked(let looked):
        looking = looked
        carryOut(booth.tell(facts()))
      case .verdict(let isRight):
        if !isRight { log("a wrong PIN was given, \(booth.desk.tries.wrong) since the last right one") }
        carryOut(booth.verdict(isRight: isRight, facts: facts(), at: now))
      case .failed(let sentence):
        log(sentence)
        carryOut(booth.operatorFailed(sentence))
      }
    }
    kept.removeAll(keepingCapacity: true)
  }

  /// What the operator reads of the visits that have a receipt's code.
  static func told(of visits: [VisitSummary]) -> WithdrawScreen.Told {
    guard let visit = visits.first else { return .unknown }
    guard visits.count == 1 else { return .several }
    if let before = visit.withdrawn { return .before(Upkeep.local(milliseconds: before) ?? "–") }
    let times = [visit.first, visit.last].compactMap { $0.flatMap { Upkeep.local(milliseconds: $0) } }
    return .visit(
      visit.session, drawings: visit.samples,
      time: times.first == times.last ? times.first ?? "–" : times.joined(separator: " – "),
      isNamed: visit.isNamed)
  }

  /// What became of a visit that was to be deleted.
  static func told(of withdrawal: Withdrawal) -> WithdrawScreen.Told {
    switch withdrawal {
    case .unknown: .unknown
    case .ambiguous: .several
    case .before(let wall): .before(Upkeep.local(milliseconds: wall) ?? "–")
    case .done(let samples, _): .withdrawn(samples)
    }
  }

  /// What the operator screen shows of the panel as it is now.
  func facts() -> OperatorFacts {
    var facts = OperatorFacts()
    switch screen.state {
    case .lit: facts.display = .init(isWell: true, words: MainLoop.brief(screen.summary))
    case .dark(let reason), .suspended(let reason): facts.display = .init(isWell: false, words: reason)
    }
    let devices = touch.devices
    facts.touch = .init(isWell: !devices.isEmpty, words: devices.map(\.name).joined(separator: ", "))
    facts.touchRate = devices.compactMap(\.reportRate).max()
    if let p50 = inkLatency.quantile(0.5), let p99 = inkLatency.quantile(0.99) { facts.ink = (p50, p99) }
    (facts.model, facts.software) = (model, "panel \(PanelProgram.version)")
    facts.isStoring = booth.isStoring
    if case .failing(let sentence) = booth.phase { facts.store = .init(isWell: false, words: sentence) }
    if let looking {
      if let problem = looking.problem { facts.store = .init(isWell: false, words: problem) }
      facts.drawings = looking.statistics?.samples
      facts.unsent = looking.statistics?.unsent
      facts.free = looking.statistics?.freeBytes
      facts.lastSync = looking.lastSync
      facts.clock = looking.clock
      facts.clockQuality = looking.quality
      facts.brightness = looking.brightness
    }
    return facts
  }

  /// The first part of a line of the log: "display: HDMI-A-1 of card0, 1280x800; not …" is told without what is not.
  static func brief(_ summary: String) -> String {
    let words = summary.hasPrefix("display: ") ? summary.dropFirst("display: ".count) : summary[...]
    return String(words.prefix { $0 != ";" })
  }
}
