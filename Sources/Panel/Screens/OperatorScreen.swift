import Ink

/// The operator's menu: how the panel is, what can be set, and what can be done.
///
/// On a large panel all of it stands side by side; on a small one it is in four pages.
struct OperatorScreen: BoothScreen {
  enum Page: Int, CaseIterable, Sendable {
    case health, settings, touch, machine
  }

  enum Control: Hashable, Sendable {
    case page(Page)
    case leave
    /// Leads to the page that deletes a visitor's drawings.
    case withdraw
    case earlierLanguage, laterLanguage
    case dimmer, brighter
    case collecting
    case calibrate, test, wipe
    case restart, reboot, shutDown
  }

  enum Outcome: Sendable, Equatable {
    case none
    case leave
    /// The index of the language that a new visit begins in.
    case language(Int)
    case brightness(Int)
    case collecting(Bool)
    case calibrate, test, wipe
    case withdraw
    case restart, reboot, shutDown
  }

  /// What became of the last thing that was asked for.
  enum Notice: Sendable, Equatable {
    case none
    /// What was pressed once would lose a drawing that waits for the disk.
    case losesDrawing
    case restarting, shuttingDown
    /// It failed: a sentence with the next step.
    case failed(String)
  }

  private(set) var page = Page.health
  var facts: OperatorFacts
  /// The languages on offer, by their own names, and the one that a new visit begins in.
  let languages: [String]
  private(set) var language: Int
  private(set) var isCollecting: Bool
  var notice = Notice.none
  /// What was pressed once and is done when it is pressed again.
  private(set) var armed: Control?
  private var armedUntil: UInt64 = 0

  /// How long a second press is waited for: 5 s.
  static let patience: UInt64 = 5_000_000_000
  /// Steps of the brightness in percent, and its least.
  static let brightnessStep = 10
  static let leastBrightness = 10

  init(facts: OperatorFacts, languages: [String], language: Int, isCollecting: Bool) {
    self.facts = facts
    self.languages = languages
    self.language = language
    self.isCollecting = isCollecting
  }

  /// What is told: what became of the last thing that was asked for, or what the second press would lose.
  var shownNotice: Notice {
    switch armed {
    case .restart, .reboot, .shutDown: notice == .none && facts.isStoring ? .losesDrawing : notice
    default: notice
    }
  }

  func isEnabled(_ control: Control) -> Bool {
    switch control {
    case .earlierLanguage, .laterLanguage: languages.count > 1
    case .dimmer: facts.brightness.map { $0 > Self.leastBrightness } ?? false
    case .brighter: facts.brightness.map { $0 < 100 } ?? false
    case .restart, .reboot, .shutDown: notice != .restarting && notice != .shuttingDown
    default: true
    }
  }

  mutating func press(_ control: Control, at time: UInt64) -> Outcome {
    let wasArmed = armed == control && time < armedUntil
    armed = nil
    if case .failed = notice { notice = .none }
    switch control {
    case .page(let page): self.page = page
    case .leave: return .leave
    case .withdraw: return .withdraw
    case .earlierLanguage, .laterLanguage:
      guard languages.count > 1 else { return .none }
      language = (language + (control == .laterLanguage ? 1 : languages.count - 1)) % languages.count
      return .language(language)
    case .dimmer, .brighter:
      guard let now = facts.brightness else { return .none }
      let step = control == .brighter ? Self.brightnessStep : -Self.brightnessStep
      let wanted = max(Self.leastBrightness, min(100, (now + step) / 10 * 10))
      facts.brightness = wanted
      return .brightness(wanted)
    case .collecting:
      isCollecting.toggle()
      return .collecting(isCollecting)
    case .calibrate: return .calibrate
    case .test: return .test
    case .wipe: return .wipe
    case .restart, .reboot, .shutDown:
      // Pressed twice, so that a sleeve does not end the day.
      guard wasArmed else {
        armed = control
        armedUntil = time &+ Self.patience
        return .none
      }
      notice = control == .shutDown ? .shuttingDown : .restarting
      return control == .restart ? .restart : control == .reboot ? .reboot : .shutDown
    }
    return .none
  }

  func repeats(_ control: Control) -> Bool { control == .dimmer || control == .brighter }

  var deadline: UInt64? { armed == nil ? nil : armedUntil }

  mutating func tick(_ now: UInt64) -> Outcome {
    if now >= armedUntil { armed = nil }
    return .none
  }

  func changes(since before: OperatorScreen, in layout: Layout) -> [PixelRect]? {
    if self == before { return [] }
    let plan = plan(in: layout)
    guard page == before.page || plan.isOverview else { return nil }
    var areas: [PixelRect] = []
    if facts != before.facts { areas += [plan.card(.health), plan.card(.settings)] }
    if language != before.language || isCollecting != before.isCollecting {
      areas.append(plan.card(.settings))
    }
    if armed != before.armed || shownNotice != before.shownNotice { areas.append(plan.card(.machine)) }
    if shownNotice != before.shownNotice { areas.append(noticePlace(in: layout)) }
    return areas
  }
}
