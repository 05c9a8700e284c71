import Glibc
import Ink
import Kernel

/// What a screen does when displays come and go.
///
/// lit -> dark when the connector is empty or its card is gone, dark -> lit when one is there; lit -> suspended when
/// another program is master, suspended -> lit when it lets go. Each way is one line in the log.
extension Screen {
  /// What was taken for a choice.
  struct Taken {
    var output: Output
    var card: DRMCard?
    var summary: String
    /// Set when there is nothing to show on yet.
    var darkReason: String?
  }

  /// Takes what was chosen.
  static func take(
    _ choice: DisplayChoice, _ inspection: Inspection, _ log: @escaping (String) -> Void,
    _ tell: @escaping @Sendable () -> Void
  ) throws(KernelError) -> Taken {
    switch choice.verdict {
    case .connector(let path, let connector, let mode):
      guard let card = inspection.open.first(where: { $0.path == path }) else {
        throw KernelError("use", path, reason: "it is gone")
      }
      let output = try DRMOutput(card: card, connector: connector, mode: mode, log: log, tell: tell)
      return Taken(output: .drm(output), card: card, summary: choice.summary(output.name))
    case .framebuffer(let path, _):
      let output = try FramebufferOutput(path: path)
      return Taken(output: .framebuffer(output), summary: choice.summary(output.name))
    case .wait(let reason):
      return Taken(output: .none, summary: choice.summary("none yet, \(reason)"), darkReason: reason)
    case .refused(let error):
      throw error
    }
  }

  /// Takes in what the kernel told since the last call, and says what changed for the picture.
  public func handleEvents() -> [ScreenChange] {
    var ready: UInt64 = 0
    do throws(KernelError) {
      try events.wait(timeout: 0) { tag, _ in ready |= 1 << tag }
    } catch {
      log("\(error)")
    }
    if ready & 1 << Tag.timer != 0 {
      timer.acknowledge()
      armed = nil
    }
    if ready & 1 << Tag.card != 0 {
      if case .drm(let output) = output {
        output.readEvents(surface, rotation: rotation)
      } else {
        // A flip that was on its way when the display went: unread, it would wake this thread again and again.
        _ = card?.readEvents()
      }
    }
    if ready & 1 << Tag.uevents != 0 { readUevents() }
    if ready & 1 << Tag.wakeup != 0 {
      wakeup.acknowledge()
      if let found = prober?.take() { reconcile(found) }
    }
    takeFault()
    meetDeadlines()
    takeFault()
    setTimer()
    defer { changes.removeAll(keepingCapacity: true) }
    return changes
  }

  private func readUevents() {
    var isWorthALook = false
    for event in uevents?.events() ?? [] {
      isWorthALook = true
      if event.action == .add { looksLeft = 10 }
      guard event.action == .remove, !event.node.isEmpty else { continue }
      if event.node == card?.path { loseCard("\(event.node) is unplugged") }
      if case .framebuffer(let output) = output, event.node == output.path {
        darken("\(event.node) is unplugged")
      }
    }
    if isWorthALook { prober?.request(holding: card) }
  }

  /// Brings the screen in line with what is there now.
  private func reconcile(_ found: Inspection) {
    if case .suspended = state, let card, card.isPresent {
      if card.isMaster { masterDeadline = MonotonicClock.now() }
      return
    }
    // A card that was taken meanwhile looked busy to that look, as its master is this program's other descriptor.
    guard found.held === card else {
      prober?.request(holding: card)
      return
    }
    var holding: DisplayChoice.Holding?
    if case .drm(let output) = output {
      holding = .init(card: output.card.path, connector: output.connector.name)
    }
    let choice = DisplayChoice.make(
      request, cards: found.cards, framebuffers: found.framebuffers, holding: holding)
    switch (choice.verdict, output) {
    case (.connector(let path, let connector, let mode), .drm(let output))
    where output.card.path == path && output.connector.id == connector.id && output.mode.isSame(as: mode)
      && found.open.contains(where: { $0 === output.card }):
      if connector.isLinkBad {
        log("display: \(connector.name): the link is bad; the mode is set again")
        output.reset()
        output.flip(surface, rotation: rotation)
      }
    case (.framebuffer(let path, _), .framebuffer(let output)) where output.path == path:
      break
    case (.connector, _), (.framebuffer, _):
      retake(choice, found)
    case (.wait(let reason), _):
      darken(reason)
    case (.refused(let error), _):
      darken("\(error)")
    }
    if choice.looksAgain(found.cards) { planLook() }
  }

  /// Looks again soon at a node that is new, later and again and again where nothing is shown.
  private func planLook() {
    if looksLeft > 0 {
      looksLeft -= 1
      probeDeadline = MonotonicClock.now() + 500_000_000
    } else if state != .lit {
      probeDeadline = MonotonicClock.now() + Screen.patience
    }
  }

  private func retake(_ choice: DisplayChoice, _ found: Inspection) {
    drop()
    do throws(KernelError) {
      let wakeup = wakeup
      let taken = try Screen.take(choice, found, log) { wakeup.signal() }
      if let old = card, old !== taken.card {
        events.remove(old.raw)
        card = nil
      }
      if let new = taken.card, new !== card {
        try events.add(new.raw, tag: Tag.card)
        card = new
      }
      output = taken.output
      summary = taken.summary
      log(summary)
      if let missing = choice.missingMode { log("display: \(missing)") }
      takeConsole()
      lighten()
    } catch {
      darken("\(error)")
      probeDeadline = MonotonicClock.now() + Screen.patience
    }
  }

  /// Shows the surface on a new output; one of another size gets a new surface.
  private func lighten() {
    guard let current = output.current else { return }
    state = .lit
    let size = rotation.panelSize(scanoutWidth: current.scanoutWidth, scanoutHeight: current.scanoutHeight)
    if size.width == surface.width, size.height == surface.height {
      current.flip(surface, rotation: rotation)
      tell(.lit)
    } else {
      surface = Surface(width: size.width, height: size.height)
      tell(.resized)
    }
  }

  private func tell(_ change: ScreenChange) {
    changes.append(change)
    wakeup.signal()
  }

  private func drop() {
    output.current?.close()
    output = .none
    masterDeadline = nil
  }

  private func darken(_ reason: String) {
    drop()
    if case .dark = state {
      state = .dark(reason: reason)
      return
    }
    state = .dark(reason: reason)
    log("display: dark: \(reason)")
    tell(.lost(reason: reason))
  }

  private func loseCard(_ reason: String) {
    darken(reason)
    CrashGuard.watch(card: -1)
    if let card { events.remove(card.raw) }
    card = nil
  }

  /// Looks whether the display was lost while something was shown.
  func takeFault() {
    guard case .drm(let output) = output else { return }
    let fault = output.takeFault()
    guard fault != 0, case .lit = state else { return }
    lose(output, to: fault)
  }

  /// Takes in that a commit has failed: another program has the display, or there is none where it was.
  private func lose(_ output: DRMOutput, to fault: Int32) {
    let reason = "\(output.describe(fault))"
    switch fault {
    case EACCES, EPERM:
      state = .suspended(reason: reason)
      log("display: suspended: \(reason)")
      masterDeadline = MonotonicClock.now() + 2_000_000_000
      tell(.lost(reason: reason))
    case ENODEV, ENXIO:
      loseCard("\(output.card.name) is gone")
      prober?.request(holding: nil)
    default:
      darken(reason)
      probeDeadline = MonotonicClock.now() + Screen.patience
    }
  }

  private func meetDeadlines() {
    let now = MonotonicClock.now()
    if case .drm(let output) = output { output.tick(surface, rotation: rotation) }
    if let deadline = masterDeadline, deadline <= now {
      masterDeadline = nil
      regain()
    }
    if let deadline = probeDeadline, deadline <= now {
      probeDeadline = nil
      prober?.request(holding: card)
    }
  }

  /// Tries to get the display back from another program.
  private func regain() {
    guard case .suspended = state, case .drm(let output) = output else { return }
    do throws(KernelError) { try output.card.becomeMaster() } catch {
      state = .suspended(reason: "\(error)")
      if output.card.isPresent {
        masterDeadline = MonotonicClock.now() + 2_000_000_000
        // Without CAP_SYS_ADMIN some kernels let only the thread that opened a card become its master again, and that
        // is the prober's for a card that came later.
        prober?.request(holding: output.card)
      } else {
        loseCard("\(output.card.name) is gone")
        prober?.request(holding: nil)
      }
      return
    }
    output.reset()
    output.flip(surface, rotation: rotation)
    let fault = output.takeFault()
    switch fault {
    case 0:
      state = .lit
      log("display: lit again: \(output.name)")
      tell(.lit)
    case EACCES, EPERM:
      // Another program was faster; the line in the log stands.
      state = .suspended(reason: "\(output.describe(fault))")
      masterDeadline = MonotonicClock.now() + 2_000_000_000
      return
    default:
      // What it had is no more, as where the monitor is another one: no more waiting for who has the card.
      lose(output, to: fault)
    }
    // What came and went meanwhile was not looked at.
    prober?.request(holding: card)
  }

  /// Sets the timer to what comes first, if that is not what it is set to.
  func setTimer() {
    var first = [masterDeadline, probeDeadline].compactMap { $0 }.min()
    if case .drm(let output) = output, let deadline = output.deadline {
      first = min(first ?? deadline, deadline)
    }
    // A timer that is set too early wakes once for nothing; so one flip needs no system call when the last has one.
    guard let first else { return }
    if let armed, armed <= first { return }
    armed = first
    timer.set(first)
  }
}
