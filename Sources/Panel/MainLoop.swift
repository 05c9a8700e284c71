import Display
import Glibc
import Ink
import Kernel
import Touch

/// The thread that owns screen and touch, and the whole way of a touch, from top to bottom.
///
/// It sleeps in one epoll wait until something happens: a touch, an answer of the worker, a change of the display, a
/// question on the control socket, a signal, a deadline. Nothing in it can block: what could (fsync, DIRTYFB, inference,
/// a hotplug probe, the operator's PIN) lives in other threads. While nothing on the screen changes no timer is set, and it
/// never wakes; only under a service manager with a watchdog does ``Heartbeat`` wake it, twice in the watchdog's time.
final class MainLoop {
  private enum Source: UInt64 {
    case touch, worker, display, control, signals, timer, upkeep
  }

  let screen: Screen
  let touch: TouchInput
  let worker: Worker
  let upkeep: Upkeep
  /// The service manager that wants to be told how the panel is, if there is one.
  let service: ServiceSocket?
  /// When its watchdog is fed; nil without one, and before the first picture.
  var heartbeat: Heartbeat?
  /// What was done so far, as the service manager was told it last.
  var vitals = Vitals()
  /// Served once the store is open: its lock makes sure that no other panel's socket is replaced.
  private var control: ControlServer?
  private let controlPath: String
  private let signals: Signals
  private let timer: Timer
  private let poll: Poll

  var booth: Booth
  let painter: Painter
  private let layout: (Screen) -> Layout
  private var random = SystemRandomNumberGenerator()

  let findings: [String]
  let model: String
  /// The configuration's digitizer matrix, which holds where none was found by calibration.
  let configured: DigitizerMatrix
  let started = MonotonicClock.now()
  /// From the kernel's time of an event to its ink in the scanout buffer.
  private(set) var inkLatency = LatencyRecord()
  private var events: [TouchEvent] = []
  private var answers: [Worker.Answer] = []
  var kept: [Upkeep.Answer] = []
  /// What the upkeep found when it last looked; nil before the first operator.
  var looking: Upkeep.Looked?
  /// Whether the program is to begin anew when the loop has ended.
  var startsAnew = false
  private var touchSummary = ""
  private var touchChanges = 0
  private var ready: UInt64 = 0
  private var ended = false
  private var exitCode: Int32 = 0

  /// The first picture waits this long for the store, so that it shows the prompt at once; a slow disk does not keep
  /// the screen black.
  private static let patience: UInt64 = 250_000_000
  private var firstPictureDue: UInt64?
  var firstPictureShown: UInt64? { painter.firstShown }

  init(
    screen: Screen, touch: TouchInput, worker: Worker, controlPath: String, signals: consuming Signals,
    booth: Booth, view: BoothView, layout: @escaping (Screen) -> Layout, findings: [String], model: String,
    upkeep: Upkeep, configured: DigitizerMatrix, service: ServiceSocket? = nil
  ) throws(KernelError) {
    let timer = try Timer()
    let poll = try Poll()
    try poll.add(touch.descriptor, tag: Source.touch.rawValue)
    try poll.add(worker.answered.raw, tag: Source.worker.rawValue)
    try poll.add(screen.descriptor, tag: Source.display.rawValue)
    try poll.add(signals.raw, tag: Source.signals.rawValue)
    try poll.add(timer.raw, tag: Source.timer.rawValue)
    try poll.add(upkeep.answered.raw, tag: Source.upkeep.rawValue)
    self.upkeep = upkeep
    self.service = service
    self.configured = configured
    self.screen = screen
    self.touch = touch
    self.worker = worker
    self.controlPath = controlPath
    self.findings = findings
    self.model = model
    self.signals = signals
    self.booth = booth
    painter = Painter(screen: screen, view: view)
    self.layout = layout
    self.timer = timer
    self.poll = poll
    events.reserveCapacity(256)
    answers.reserveCapacity(16)
  }

  /// Runs until a signal ends it.
  ///
  /// - Returns: the exit code: 0, or 1 when the store cannot be used as it was set up.
  func run() throws(KernelError) -> Int32 {
    if booth.invites { _ = booth.attract(MonotonicClock.now()) }
    worker.welcome(booth.visit)
    if screen.state != .lit { booth.show(isUnseen: true) }
    takeDevices()
    firstPictureDue = MonotonicClock.now() &+ MainLoop.patience
    while !ended {
      timer.set(nextDeadline)
      ready = 0
      try poll.wait { tag, _ in ready |= 1 << tag }

      // A touch becomes ink: every event frame, at once, before anything else.
      if isReady(.touch) { takeTouch() }
      // The worker has read a canvas, or stored a drawing.
      if isReady(.worker) { takeAnswers() }
      // The display came, went, or finished a flip.
      if isReady(.display) { takeDisplayChanges() }
      // Time is over: a message, a visit, bars that wait for their frame, the watchdog.
      if isReady(.timer) { takeTime() }
      // A PIN was looked at, or facts for the operator were read.
      if isReady(.upkeep) { takeUpkeep() }
      // panelctl asks.
      if isReady(.control) { control?.serve(status: { report() }, screenshot: { screen.surface }) }
      if isReady(.signals) { takeSignals() }
      // What the service manager shows of all that.
      takeStock()
    }
    tellEnd()
    try drain()
    return exitCode
  }

  // MARK: Events -> frames -> stroke -> ink -> damage -> present

  func takeTouch() {
    touch.read(into: &events)
    var owed = Response.none
    for event in events {
      painter.moveCursor(event)
      let response = booth.touch(event)
      if !response.ink.isEmpty {
        painter.ink(response.ink, of: booth)
        let now = MonotonicClock.now()
        inkLatency.add(now &- min(now, event.time))
      }
      owed.add(response)
    }
    if touch.changes != touchChanges { takeDevices() }
    events.removeAll(keepingCapacity: true)
    carryOut(owed)
  }

  /// A device came or went: without any the screen says so.
  private func takeDevices() {
    touchChanges = touch.changes
    let summary = touch.summary
    if summary != touchSummary { log(summary) }
    touchSummary = summary
    booth.hold.allowsOneFinger = !touch.devices.contains { $0.kind.knowsTwoContacts }
    carryOut(booth.notice(touch.devices.isEmpty && !touch.isReplayOver ? .noTouch : nil))
  }

  /// Does what the booth asked for.
  func carryOut(_ response: Response) {
    if !response.requests.isEmpty { carryOut(response.requests) }
    // The hand of the invitation; a finger's ink is on the glass by now.
    if !response.ink.isEmpty { painter.demonstrate(response.ink, of: booth) }
    if response.recognise { worker.recognise(booth.sketch) }
    if response.submit, let submission = booth.submission { worker.store(submission) }
    if response.newVisit { worker.welcome(booth.visit) }
    painter.paint(response.repaint, areas: response.areas, of: booth)
  }

  // MARK: The worker's answers

  private func takeAnswers() {
    worker.takeAnswers(into: &answers)
    for answer in answers {
      switch answer {
      case .reading(let reading): carryOut(booth.read(reading))
      case .scoreboard(let scoreboard):
        let response = booth.update(scoreboard)
        openControl()
        firstPicture()
        carryOut(response)
      case .saved(let sample, let scoreboard):
        vitals.stored += 1
        carryOut(booth.saved(sample, scoreboard, at: MonotonicClock.now()))
      case .withdrawn(let session):
        carryOut(booth.withdrawn(session, at: MonotonicClock.now()))
      case .refused(let sentence):
        log(sentence)
        carryOut(booth.refused(at: MonotonicClock.now()))
      // What the operator asked of a receipt's code.
      case .visits(let visits, _): carryOut(booth.tell(MainLoop.told(of: visits), at: MonotonicClock.now()))
      case .withdrawal(let withdrawal, _):
        carryOut(booth.tell(MainLoop.told(of: withdrawal), at: MonotonicClock.now()))
      case .notWithdrawn(let sentence):
        log(sentence)
        carryOut(booth.tell(.failed(sentence), at: MonotonicClock.now()))
      // A person who starts a panel is told at once. A service shows its sentence on the panel and tries again: a booth is
      // never dark for it, and what was in the way may go, as a killed panel that still has the store.
      case .unusable(let sentence) where booth.phase == .starting && service == nil:
        log(sentence)
        ended = true
        exitCode = 1
      // A panel that runs never ends because its store misbehaves.
      case .failing(let sentence), .unusable(let sentence):
        let response = booth.failed(sentence)
        // It is tried again every two seconds; one line is enough.
        if response != .none { log(sentence) }
        firstPicture()
        carryOut(response)
      case .ended: break
      }
    }
    answers.removeAll(keepingCapacity: true)
  }

  private func openControl() {
    guard control == nil else { return }
    do throws(KernelError) {
      let server = try ControlServer(path: controlPath)
      try poll.add(server.descriptor, tag: Source.control.rawValue)
      control = server
    } catch {
      log("\(error); panelctl cannot ask this panel")
    }
  }

  private func firstPicture() {
    guard firstPictureDue != nil else { return }
    firstPictureDue = nil
    painter.begin(with: booth)
    tellReady()
  }

  // MARK: Display, signals, time

  /// The screen has written its line in the log for each of them.
  private func takeDisplayChanges() {
    for change in screen.handleEvents() {
      switch change {
      case .lit: booth.show(isUnseen: false)
      case .resized:
        booth.show(isUnseen: false)
        let layout = layout(screen)
        touch.geometry.width = screen.width
        touch.geometry.height = screen.height
        carryOut(booth.resize(layout))
      case .lost: booth.show(isUnseen: true)
      }
    }
  }

  /// Ends the loop when what is in hand is done.
  func end() { ended = true }

  private func takeSignals() {
    while let number = signals.next() {
      log("ending on signal \(number)")
      ended = true
    }
  }

  private func takeTime() {
    timer.acknowledge()
    let now = MonotonicClock.now()
    beat(now)
    if let due = firstPictureDue, now >= due { firstPicture() }
    painter.tick(now, of: booth)
    let strings = booth.initialStrings
    carryOut(booth.tick(now, visit: Visit.new(using: &random, in: strings)))
  }

  private var nextDeadline: UInt64? {
    // No array of them: this runs for every touch, and an array is an allocation.
    MainLoop.earlier(
      MainLoop.earlier(heartbeat?.deadline, MainLoop.earlier(firstPictureDue, painter.barsDeadline)),
      MainLoop.earlier(painter.cursorDeadline, booth.deadline))
  }

  private static func earlier(_ a: UInt64?, _ b: UInt64?) -> UInt64? {
    guard let a, let b else { return a ?? b }
    return min(a, b)
  }

  /// What was submitted reaches the disk before the program ends, unless the disk takes longer than two seconds.
  private func drain() throws(KernelError) {
    worker.end()
    let deadline = MonotonicClock.now() &+ 2_000_000_000
    while MonotonicClock.now() < deadline {
      worker.takeAnswers(into: &answers)
      for answer in answers {
        switch answer {
        case .failing(let sentence):
          if booth.failed(sentence) != .none { log(sentence) }
        case .ended(let isAllStored):
          if !isAllStored { log("the store refused to the end; the drawing that waited is lost") }
          return
        default: break
        }
      }
      answers.removeAll(keepingCapacity: true)
      try poll.wait(timeout: 100) { _, _ in }
    }
    log("the store did not answer within 2 s; what was not saved is lost")
  }

  private func isReady(_ source: Source) -> Bool { ready & (1 << source.rawValue) != 0 }
}
