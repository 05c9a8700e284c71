import Glibc
import Ink
import Kernel

/// The display of the panel: a surface in ordinary memory, and the way of its pixels to the glass.
///
/// The surface is drawn in place, in panel orientation. ``show(_:)`` brings changed pixels into the front buffer at once:
/// ink only adds, so nothing tears. ``flip()`` brings a whole new picture. A display that goes away makes the screen
/// dark, never an error; one that comes is taken. It belongs to one thread, on which it also calls `log`.
public final class Screen {
  public internal(set) var state: ScreenState
  /// The picture, in panel pixels after rotation.
  public var surface: Surface
  public let rotation: Rotation
  /// One line: what was taken, and why each other candidate was not.
  public internal(set) var summary: String

  let request: DisplayRequest
  let log: (String) -> Void
  let events: Poll
  let timer: Timer
  /// Signalled by the threads of the display when they have something to tell.
  let wakeup: SharedWakeup
  let uevents: Uevents?
  let prober: Prober?
  var output: Output
  /// The card in use, and the last one that was, as long as it is there: it stays master while nothing is connected.
  var card: DRMCard?
  private var console: Console?
  private var isConsoleAsked = false
  private var isClosed = false
  /// What ``handleEvents()`` will tell.
  var changes: [ScreenChange] = []
  /// How long it is until displays that could not be taken are looked at again, in nanoseconds: who holds a card does not
  /// tell when it lets go.
  static let patience: UInt64 = 5_000_000_000
  /// When to try to become master again, and to look at the displays again; nil: not.
  var masterDeadline: UInt64?
  var probeDeadline: UInt64?
  /// The deadline that the timer is set to.
  var armed: UInt64?
  /// Looks left at a node that appeared, until udev has set its group.
  var looksLeft = 0

  /// What the surface is shown on.
  enum Output {
    case none
    case headless(HeadlessOutput)
    case framebuffer(FramebufferOutput)
    case drm(DRMOutput)

    var current: (any ScreenOutput)? {
      switch self {
      case .none: nil
      case .headless(let output): output
      case .framebuffer(let output): output
      case .drm(let output): output
      }
    }
  }

  enum Tag {
    static let wakeup: UInt64 = 0
    static let uevents: UInt64 = 1
    static let timer: UInt64 = 2
    static let card: UInt64 = 3
  }

  /// Takes a display, and the console from its text. Where a card waits for a display to be plugged in, the screen is
  /// dark; then it has the size of the mode that is asked for, or 1280x800.
  ///
  /// - Parameters:
  ///   - waits: for a service, which nobody watches start: where no display can be taken the screen is dark, and takes one
  ///     as soon as it can.
  ///   - log: gets one line for each change of state; what is taken here is in ``summary``.
  /// - Throws: ``KernelError`` when there is nothing that could be taken now or later, unless it `waits`.
  public convenience init(
    _ request: DisplayRequest, waits: Bool = false, log: @escaping (String) -> Void
  ) throws(KernelError) {
    try self.init(request, waits: waits, log: log) { Inspection.make(holding: nil) }
  }

  /// Takes a display of those that the first look finds.
  ///
  /// - Parameter look: what is there now; for tests, which have no displays.
  init(
    _ request: DisplayRequest, waits: Bool, log: @escaping (String) -> Void, look: () -> Inspection
  ) throws(KernelError) {
    let events = try Poll()
    let timer = try Timer()
    let wakeup = try SharedWakeup()
    try events.add(timer.raw, tag: Tag.timer)
    try events.add(wakeup.raw, tag: Tag.wakeup)
    var uevents: Uevents?
    var prober: Prober?
    var taken: Taken
    var (isRefused, looksAgain) = (false, false)
    if case .headless(let width, let height) = request.kind {
      let output = try HeadlessOutput(width: width, height: height, frames: request.frames, log: log)
      taken = Taken(output: .headless(output), summary: "display: \(output.name)")
    } else {
      do throws(KernelError) {
        // Before the first look, so that nothing is missed between the two.
        let made = try Uevents()
        try events.add(made.raw, tag: Tag.uevents)
        uevents = consume made
      } catch {
        log("\(error); a display that is plugged in later is not seen")
      }
      prober = try Prober { wakeup.signal() }
      let inspection = look()
      let choice = DisplayChoice.make(request, cards: inspection.cards, framebuffers: inspection.framebuffers)
      do throws(KernelError) {
        taken = try Screen.take(choice, inspection, log) { wakeup.signal() }
      } catch {
        guard waits else { throw error }
        // Also one that was found and could not be taken: no event tells that it can be now.
        (isRefused, looksAgain) = (true, true)
        taken = Taken(
          output: .none, summary: choice.summary("none yet, \(error)"), darkReason: error.description)
      }
      looksAgain = looksAgain || choice.looksAgain(inspection.cards)
      if let card = taken.card { try events.add(card.raw, tag: Tag.card) }
      if let missing = choice.missingMode { log("display: \(missing)") }
    }
    let wanted = request.mode ?? DisplayRequest.Mode(width: 1280, height: 800)
    let size = request.rotation.panelSize(
      scanoutWidth: taken.output.current?.scanoutWidth ?? wanted.width,
      scanoutHeight: taken.output.current?.scanoutHeight ?? wanted.height)
    surface = Surface(width: size.width, height: size.height)
    rotation = request.rotation
    summary = taken.summary
    state = taken.darkReason.map { .dark(reason: $0) } ?? .lit
    output = taken.output
    card = taken.card
    self.request = request
    self.log = log
    self.events = events
    self.timer = timer
    self.wakeup = wakeup
    self.uevents = uevents
    self.prober = prober
    if looksAgain, state != .lit {
      probeDeadline = MonotonicClock.now() + Screen.patience
      setTimer()
    }
    if !isRefused, prober != nil { takeConsole() }
  }

  deinit { close() }

  /// Takes the console from its text, once; without one the picture may have text in it.
  func takeConsole() {
    guard !isConsoleAsked else { return }
    isConsoleAsked = true
    do throws(KernelError) { console = try Console() } catch {
      let isMissing = [ENOENT, ENXIO, ENODEV].contains(error.code)
      log(
        isMissing
          ? "display: no console to take (\(error))" : "display: text may show in the picture: \(error)")
    }
  }

  /// Panel pixels in a row, after rotation.
  public var width: Int { surface.width }
  /// Panel rows, after rotation.
  public var height: Int { surface.height }

  /// The size of the picture in millimetres, after rotation, where the display tells it.
  public var millimetres: (width: Int, height: Int)? {
    output.current?.millimetres.map { rotation.swapsAxes ? ($0.height, $0.width) : $0 }
  }

  /// Readable when ``handleEvents()`` has something to do.
  public var descriptor: Int32 { events.raw }

  /// Brings changed pixels of the surface to the glass now. It never waits, and does nothing while dark.
  public func show(_ rect: PixelRect) {
    guard case .lit = state else { return }
    output.current?.show(rect, of: surface, rotation: rotation)
  }

  /// Brings the whole surface to the glass at the next scanout. It does nothing while dark.
  public func flip() {
    guard case .lit = state else { return }
    output.current?.flip(surface, rotation: rotation)
    takeFault()
    setTimer()
  }

  /// Whether the display's own thread has come upon this round of a heartbeat; at first it is asked, and wakes for it.
  ///
  /// The thread that reads EDIDs is not asked: it may wait for a bad cable as long as it likes, and nobody waits for it.
  ///
  /// - Parameter round: greater than in the round before.
  public func isAlive(in round: UInt64) -> Bool { output.current?.isAlive(in: round) ?? true }

  /// Gives the display back: mode and CRTC as they were, and the console its text. It can be called again.
  public func close() {
    if isClosed { return }
    isClosed = true
    CrashGuard.watch(card: -1)
    prober?.stop()
    output.current?.close()
    card?.restore()
    console = nil
    output = .none
    if let card { events.remove(card.raw) }
    card = nil
    state = .dark(reason: "the screen is closed")
  }

  /// What would be taken, and why each other candidate would not: the answer of `panel --probe`, some lines of text.
  ///
  /// - Returns: the lines, and whether there is a display that can be drawn on now.
  public static func probe(_ request: DisplayRequest) -> (text: String, isFound: Bool) {
    if case .headless(let width, let height) = request.kind {
      return ("display: headless, \(width)x\(height)", true)
    }
    let inspection = Inspection.make(holding: nil)
    let choice = DisplayChoice.make(request, cards: inspection.cards, framebuffers: inspection.framebuffers)
    let first =
      switch choice.verdict {
      case .connector(let card, let connector, let mode): "\(connector.name) of \(card), \(mode)"
      case .framebuffer(let path, let layout):
        "\(path), \(layout.width)x\(layout.height), \(layout.format.rawValue)"
      case .wait(let reason): "none yet, \(reason)"
      case .refused(let error): "none, \(error)"
      }
    let isFound =
      switch choice.verdict {
      case .connector, .framebuffer: true
      case .wait, .refused: false
      }
    let mode = choice.missingMode.map { ["  \($0)"] } ?? []
    let lines = ["display: \(first)"] + mode + choice.refusals.map { "  not \($0)" }
    return (lines.joined(separator: "\n"), isFound)
  }
}

/// A wakeup with several owners: the threads of the display outlive the screen by a moment.
final class SharedWakeup: Sendable {
  private let wakeup: Wakeup

  init() throws(KernelError) { wakeup = try Wakeup() }

  var raw: Int32 { wakeup.raw }
  func signal() { wakeup.signal() }
  func acknowledge() { wakeup.acknowledge() }
}
