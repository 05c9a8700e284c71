/// The one line that a service manager shows of the panel (`systemctl status panel`): what stands there, and what was done.
struct Vitals: Sendable, Equatable {
  /// As ``StatusReport/screen`` names it.
  var screen = ""
  /// Visits since the start.
  var visits = 0
  /// Drawings stored since the start.
  var stored = 0
  /// Drawings in the store; nil before it has told.
  var total: Int?
  /// What is wrong now, the gravest first; nil when all is well.
  var problem: String?

  /// A screen stands on the panel. A visit begins when the invitation gives way to a visitor, not to the operator.
  mutating func stand(before screen: String, isVisitor: Bool) {
    if self.screen == "attract", screen != "attract", isVisitor { visits += 1 }
    self.screen = screen
  }

  /// `STATUS=` and the line.
  var line: String {
    let (visits, drawings) = (Vitals.counted(visits, "visit"), Vitals.counted(stored, "drawing"))
    var words = "\(screen); \(visits) and \(drawings) since the start"
    if let total { words += ", \(total) in the store" }
    if let problem { words = "\(problem); \(words)" }
    return "STATUS=" + words
  }

  private static func counted(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }
}
