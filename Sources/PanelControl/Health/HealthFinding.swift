import JSON

/// Something that a person ought to know, with what to do about it.
struct HealthFinding: Equatable, Sendable {
  /// ``Outcome/well`` for what is only told, attention, or critical.
  let level: Outcome
  let sentence: String

  static func attention(_ sentence: String) -> HealthFinding {
    HealthFinding(level: .attention, sentence: sentence)
  }

  static func critical(_ sentence: String) -> HealthFinding {
    HealthFinding(level: .critical, sentence: sentence)
  }

  /// The line of a report for people.
  var line: String { "\(level.name): \(TerminalText.escaped(sentence))" }

  var json: JSON { ["level": .string(level.name), "sentence": .string(sentence)] }
}

extension Outcome {
  /// The word for it in reports.
  var name: String {
    switch self {
    case .well: "well"
    case .attention, .usage: "attention"
    case .critical: "critical"
    }
  }
}
