import Ink

/// The invitation: a hand draws digits on the sheet, beside the board and the languages.
///
/// The first touch only wakes the panel: wherever it lies it leads to the next screen, and what it lies on is neither
/// pressed nor drawn on. The languages are names to be read meanwhile, not buttons: the consent screen asks for one. Where
/// no consent is asked for, because nothing is stored, the invitation itself stays on awake, the names become buttons, and
/// the second touch chooses one or goes on.
struct AttractScreen: BoothScreen {
  enum Control: Hashable, Sendable {
    /// One of the languages on offer, once the invitation is awake.
    case language(Int)
    /// The rest of the screen.
    case anywhere
  }

  enum Outcome: Sendable, Equatable {
    /// What the pen did since the last time.
    case draw([Step])
    /// Somebody is there.
    case wake
    /// They go on, in the language that they touched, if any.
    case start(language: Int?)
    /// Nobody went on: it sleeps again.
    case sleep
  }

  /// A move of the pen.
  enum Step: Sendable, Equatable {
    case sample(Demonstration.Sample)
    /// The sheet is empty again.
    case wipe
  }

  /// The languages by their own names.
  let languages: [String]
  private let demonstration: Demonstration
  /// Whether the hand moves; else a digit stands on the sheet, and the panel sleeps.
  private let isMoving: Bool
  private var drawing = 0
  /// The next sample of the drawing.
  private var next = 0
  /// When the drawing began, CLOCK_MONOTONIC in nanoseconds.
  private var began: UInt64
  private var lastFrame: UInt64 = 0
  /// When it sleeps again, CLOCK_MONOTONIC in nanoseconds; nil while it does.
  private var awakeUntil: UInt64?

  /// 30 frames a second at most.
  static let frame: UInt64 = 33_333_333
  /// A finished digit stands for this long, and then the sheet is empty for a moment.
  static let rest: UInt64 = 1_400_000_000
  static let pause: UInt64 = 500_000_000
  /// Awake it waits for the second touch for this long: 30 s.
  static let patience: UInt64 = 30_000_000_000

  /// - Parameters:
  ///   - now: CLOCK_MONOTONIC in nanoseconds; the hand begins a moment later.
  init(languages: [String], demonstration: Demonstration, isMoving: Bool, now: UInt64) {
    self.languages = languages
    self.demonstration = demonstration
    self.isMoving = isMoving
    began = now &+ AttractScreen.pause
  }

  /// What stands on the sheet from the beginning: a whole digit where the hand does not move.
  var opening: [Step] {
    guard !isMoving, let drawing = demonstration.drawings.first else { return [] }
    return drawing.samples.map(Step.sample)
  }

  /// Whether the next touch chooses a language or goes on.
  var isAwake: Bool { awakeUntil != nil }

  /// The first touch has come, and a language can be chosen here: the hand stops.
  ///
  /// - Parameter now: CLOCK_MONOTONIC in nanoseconds.
  mutating func wake(_ now: UInt64) { awakeUntil = now &+ AttractScreen.patience }

  func controls(in layout: Layout) -> [ScreenControl<Control>] {
    let anywhere = ScreenControl<Control>(control: .anywhere, rect: layout.bounds)
    guard isAwake else { return [anywhere] }
    return zip(languages.indices, languagePlaces(in: layout)).map {
      ScreenControl(control: .language($0), rect: $1)
    } + [anywhere]
  }

  /// The touch that wakes does so when it comes down; what follows is pressed as elsewhere.
  func actsAtOnce(_ control: Control) -> Bool { !isAwake }

  mutating func press(_ control: Control, at time: UInt64) -> Outcome {
    guard isAwake else { return .wake }
    return if case .language(let index) = control { .start(language: index) } else { .start(language: nil) }
  }

  /// The next frame with new ink, or the moment at which the sheet is wiped: in between nothing wakes.
  var deadline: UInt64? {
    if let awakeUntil { return awakeUntil }
    guard isMoving, let samples = current else { return nil }
    guard next < samples.count else { return end(of: samples) &+ AttractScreen.rest }
    return max(lastFrame &+ AttractScreen.frame, began &+ UInt64(samples[next].time) * 1_000_000)
  }

  mutating func tick(_ now: UInt64) -> Outcome {
    if let until = awakeUntil {
      guard now >= until else { return .draw([]) }
      awakeUntil = nil
      next = 0
      began = now &+ AttractScreen.pause
      return .sleep
    }
    guard isMoving, let samples = current else { return .draw([]) }
    if next == samples.count {
      guard now >= end(of: samples) &+ AttractScreen.rest else { return .draw([]) }
      drawing = (drawing + 1) % demonstration.drawings.count
      next = 0
      began = now &+ AttractScreen.pause
      return .draw([.wipe])
    }
    lastFrame = now
    var steps: [Step] = []
    while next < samples.count, began &+ UInt64(samples[next].time) * 1_000_000 <= now {
      steps.append(.sample(samples[next]))
      next += 1
    }
    return .draw(steps)
  }

  /// New ink is told by the outcome, and nothing else changes.
  func changes(since before: AttractScreen, in layout: Layout) -> [PixelRect]? { [] }

  private var current: [Demonstration.Sample]? {
    demonstration.drawings.indices.contains(drawing) ? demonstration.drawings[drawing].samples : nil
  }

  private func end(of samples: [Demonstration.Sample]) -> UInt64 {
    began &+ UInt64(samples.last?.time ?? 0) * 1_000_000
  }
}
