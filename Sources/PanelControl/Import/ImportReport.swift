import JSON
import Spool

/// What an import has read and taken.
struct ImportReport {
  let file: String
  /// Whether nothing is written: then ``intake`` is what would become of the drawings.
  let isTrial: Bool
  var intake = Intake()
  /// Rows of the file, and those of them that show nothing.
  var read = 0
  var blank = 0
  /// Drawings whose visitors did not agree to the data set, known and withdrawn ones among them.
  var withoutConsent = 0
  var problems: [WebRowProblem] = []
  private var seen: Set<Identifier> = []

  init(file: String, isTrial: Bool) {
    self.file = file
    self.isTrial = isTrial
  }

  /// Whether a drawing was not in the file before.
  mutating func isNew(_ id: Identifier) -> Bool { seen.insert(id).inserted }

  /// Prints it.
  ///
  /// - Parameter failure: why it did not come to the end of the file, which whoever calls this says then.
  func tell(json: Bool, failure: (any Error)?) throws {
    var output = Output()
    if json {
      try output.json([
        "schema": 1, "dry_run": .bool(isTrial), "read": .int(read), "added": .int(intake.added),
        "known": .int(intake.known), "withdrawn": .int(intake.withdrawn), "blank": .int(blank),
        "without_consent": .int(withoutConsent),
        "unreadable": .array(
          problems.map { ["line": .int($0.line), "reason": .string($0.reason)] }),
        "error": failure.map { .string("\($0)") } ?? .null,
      ])
    } else {
      let taken = isTrial ? "would be added" : "added"
      try output.line(
        "\(Columns.counted(read, "drawing")) read from \(TerminalText.escaped(file)), \(intake.added) \(taken)"
      )
      if intake.known > 0 { try output.line("\(intake.known) were here already") }
      if intake.withdrawn > 0 { try output.line("\(intake.withdrawn) were withdrawn here, and stay so") }
      if withoutConsent > 0 {
        try output.line(
          "\(withoutConsent) are of visitors who did not agree to the data set, and stay out of it")
      }
      if blank > 0 { try output.line("\(blank) are blank, and were refused") }
    }
    try output.flush()
    for problem in problems.prefix(20) { Output.complain("line \(problem.line): \(problem.reason)") }
    if problems.count > 20 { Output.complain("and \(problems.count - 20) more that cannot be read") }
  }
}
