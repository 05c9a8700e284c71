import Settings
import Spool

/// What was found out about a panel, and what of it wants a person.
struct Health: Sendable {
  /// What is known of the store, or why nothing is.
  enum StoreState: Sendable {
    case open(Statistics, panel: Identifier)
    case failed(StoreError)
  }

  /// Whether a panel runs on the store.
  enum PanelState: Sendable {
    /// One runs. Its answer goes into the report for scripts as it was, one line of JSON.
    case running(LiveStatus, answer: String)
    /// Nobody listens at the control socket.
    case absent
    /// Somebody does and cannot be asked: the sentence says why.
    case unreachable(String)
  }

  var place: SpoolPlace
  var settings: SettingsFile
  var store: StoreState
  /// How far the databases are behind that the store was uploaded to.
  var uploads: [UploadState] = []
  /// Records of other stores that were set aside in this one.
  var recordsAside = RecordsAside(count: 0, newest: nil)
  /// Files of the store that were damaged and lie beside it.
  var setAside: [String] = []
  /// What was found damaged in the store while it was in use, until the panel has set it aside.
  var notedDamage: String?
  var panel: PanelState
  var clock: Timestamp
  /// The model's version, or why there is none.
  var model: Result<String, ModelProblem>
  /// What was chosen on the panel's own screen, and what of it could not be read.
  var choices: (choices: OperatorChoices, problem: String?) = (OperatorChoices(), nil)

  struct ModelProblem: Error, Equatable, Sendable {
    let sentence: String
  }

  /// The store may grow by this many bytes more than its reserve before a person should look after it: a day of visitors.
  static let comfort: Int64 = 4 * Store.reserve

  /// What wants a person, the worst first.
  var findings: [HealthFinding] {
    var all: [HealthFinding] = []
    // A running panel complains of its configuration too.
    for finding in storeFindings + panelFindings + clockFindings + modelFindings + settingsFindings
      + choiceFindings
    where !all.contains(finding) { all.append(finding) }
    return all.filter { $0.level == .critical } + all.filter { $0.level != .critical }
  }

  /// The worst of the findings.
  var outcome: Outcome { findings.map(\.level).max() ?? .well }

  private var storeFindings: [HealthFinding] {
    var found = setAside.map { name in
      HealthFinding.critical(
        "a damaged store was set aside as \(name); keep that file: panelctl doctor --salvage recovers its drawings"
      )
    }
    if let notedDamage { found.append(.critical(damageSentence(notedDamage))) }
    switch store {
    // Opening it left the note, unless nothing can be written there.
    case .failed(let error) where error.kind == .damaged && notedDamage != nil: break
    case .failed(let error) where error.kind == .damaged: found.append(.critical(error.description))
    case .failed(let error): found.append(.attention(error.description))
    case .open(let statistics, _):
      let free = Columns.bytes(statistics.freeBytes)
      if statistics.isFull {
        found.append(
          .critical("collecting pauses: only \(free) are free on the disk of \(place.path); make room there"))
      } else if statistics.freeBytes < Health.comfort {
        found.append(.attention("only \(free) are free on the disk of \(place.path); make room there"))
      }
    }
    if let asideSentence { found.append(.attention(asideSentence)) }
    return found
  }

  /// That the store in use is damaged, and how its drawings come back.
  func damageSentence(_ reason: String) -> String {
    let next =
      if case .absent = panel {
        "panelctl doctor --salvage sets the file aside and recovers its drawings"
      } else {
        "restart the panel, which sets the file aside and opens a new one; then panelctl doctor --salvage recovers its drawings"
      }
    return "the store \(place.path) turned out to be damaged (\(reason)); \(next)"
  }

  /// What a person ought to know of records that were set aside; nil where there are none.
  var asideSentence: String? {
    guard let newest = recordsAside.newest else { return nil }
    let count = recordsAside.count == 1 ? "1 record was" : "\(recordsAside.count) records were"
    let next =
      switch newest.kind {
      case .damaged:
        "the panel still has it: run panelctl doctor there, bring the software here up to date, and sync again, which looks at it "
          + "once more"
      case .unknownPanel: "add it to \(place.path)/panels if it is yours, and sync again, which takes them"
      case .conflict:
        "both are kept, and the panel still has its own: see that no two panels use copies of one store"
      }
    return "\(count) set aside here, the newest since \(newest.reason); \(next)"
  }

  private var panelFindings: [HealthFinding] {
    switch panel {
    case .running(let live, _):
      return live.notices.map { .attention($0) }
    case .absent:
      // A collector's store, or one of a person who tries it, needs no panel.
      return place.reason == .service
        ? [.attention("no panel runs on \(place.path); start it with systemctl start panel")] : []
    case .unreachable(let sentence): return [.attention(sentence)]
    }
  }

  private var clockFindings: [HealthFinding] {
    clock.quality == .unset
      ? [
        .attention(
          "the clock was never set since power came; set it with timedatectl set-time, or connect a network for a minute"
        )
      ] : []
  }

  private var modelFindings: [HealthFinding] {
    if case .failure(let problem) = model { [.attention(problem.sentence)] } else { [] }
  }

  private var settingsFindings: [HealthFinding] {
    settings.findings.map { .attention($0.description) }
  }

  /// Whether drawings are not stored because somebody wants it so.
  var isPaused: Bool { !(choices.choices.collecting ?? settings.settings.collecting) }

  private var choiceFindings: [HealthFinding] {
    var found = choices.problem.map { [HealthFinding.attention($0)] } ?? []
    if choices.choices.collecting == false {
      found.append(
        .attention("collecting was paused at the panel; let it go on there, on the operator screen"))
    }
    return found
  }
}
