import Ink

/// The invitation: a hand draws digits on the sheet, beside the board and the languages.
///
/// The first touch only wakes the panel: wherever it lies it leads to the consent screen, and what it lies on is neither
/// pressed nor drawn on. On the name of a language it leads there in that language, because a name that one can touch and
/// that does nothing would be a riddle.
struct AttractScreen: BoothScreen {
  enum Control: Hashable, Sendable {
    /// One of the languages on offer.
    case language(Int)
    /// The rest of the screen.
    case anywhere
  }

  enum Outcome: Sendable, Equatable {
    /// What the pen did since the last time.
    case draw([Step])
    /// Somebody is there; the language that they touched, if any.
    case wake(language: Int?)
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

  /// 30 frames a second at most.
  static let frame: UInt64 = 33_333_333
  /// A finished digit stands for this long, and then the sheet is empty for a moment.
  static let rest: UInt64 = 1_400_000_000
  static let pause: UInt64 = 500_000_000

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

  func controls(in layout: Layout) -> [ScreenControl<Control>] {
    zip(languages.indices, languagePlaces(in: layout)).map {
      ScreenControl(control: .language($0), rect: $1)
    } + [ScreenControl(control: .anywhere, rect: layout.bounds)]
  }

  func actsAtOnce(_ control: Control) -> Bool { true }

  mutating func press(_ control: Control, at time: UInt64) -> Outcome {
    if case .language(let index) = control { .wake(language: index) } else { .wake(language: nil) }
  }

  /// The next frame with new ink, or the moment at which the sheet is wiped: in between nothing wakes.
  var deadline: UInt64? {
    guard isMoving, let samples = current else { return nil }
    guard next < samples.count else { return end(of: samples) &+ AttractScreen.rest }
    return max(lastFrame &+ AttractScreen.frame, began &+ UInt64(samples[next].time) * 1_000_000)
  }

  mutating func tick(_ now: UInt64) -> Outcome {
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
