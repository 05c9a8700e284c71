import Display
import Kernel

/// What the service manager is told, and when its watchdog is fed.
extension MainLoop {
  /// The first picture stands: the panel has started, and from now on it is watched.
  func tellReady() {
    takeStock()
    guard let service else { return }
    if !service.tell(["READY=1", vitals.line]) {
      log("the service manager does not listen at NOTIFY_SOCKET")
    }
    guard let limit = service.watchdog else { return }
    let heart = Heartbeat(limit: limit, now: MonotonicClock.now())
    heartbeat = heart
    ask(in: heart.round)
  }

  /// A round of the heartbeat is over, if it is: feeds the watchdog when every part has answered.
  ///
  /// - Parameter now: CLOCK_MONOTONIC in ns.
  func beat(_ now: UInt64) {
    guard var heart = heartbeat, heart.isDue(at: now) else { return }
    // The devices are read whether they have something to tell or not: a read that hangs shows here.
    takeTouch()
    heart.note(.touch, alive: heart.round)
    if screen.isAlive(in: heart.round) { heart.note(.drawing, alive: heart.round) }
    if worker.isAlive(in: heart.round) { heart.note(.store, alive: heart.round) }
    if heart.isWhole, service?.tell(["WATCHDOG=1"]) == true {
      heart.fed(at: now)
      ask(in: heart.round)
    } else if let late = heart.unfed(at: now), !late.isEmpty {
      let words = late.map(\.rawValue).joined(separator: " and ")
      log("the watchdog is not fed: no sign of life from \(words) for \(heart.interval / 1_000_000) ms")
    }
    heartbeat = heart
  }

  /// Asks all parts that have a thread of their own for a sign of life.
  private func ask(in round: UInt64) {
    _ = screen.isAlive(in: round)
    _ = worker.isAlive(in: round)
  }

  /// Counts visits, and tells the service manager when something has changed. Without one it compares a few words.
  func takeStock() {
    var now = vitals
    if case .operator = booth.stage {
      now.stand(before: booth.screen, isVisitor: false)
    } else {
      now.stand(before: booth.screen, isVisitor: true)
    }
    now.total = booth.phase == .starting ? nil : booth.scoreboard.total
    now.problem = problem
    guard now != vitals else { return }
    vitals = now
    if firstPictureShown != nil { service?.tell([vitals.line]) }
  }

  private var problem: String? {
    switch screen.state {
    case .dark(let reason): return "display: dark, \(reason)"
    case .suspended(let reason): return "display: suspended, \(reason)"
    case .lit: break
    }
    if case .failing(let sentence) = booth.phase { return sentence }
    if booth.notice == .noTouch { return "no touch device" }
    return booth.isGlassSoiled ? "something on the glass counts as a finger" : nil
  }

  /// The panel ends, or begins anew in the same process; then the watchdog's time begins anew too.
  func tellEnd() {
    service?.tell(startsAnew ? ["WATCHDOG=1", "STATUS=starting anew"] : ["STOPPING=1", "STATUS=ending"])
  }
}
