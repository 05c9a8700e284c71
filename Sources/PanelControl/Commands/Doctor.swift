import ArgumentParser
import JSON

/// `panelctl doctor`: looks at everything that a panel needs, and says what to do about what is missing.
struct Doctor: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Checks display, touch, permissions, store, clock, model and fonts.",
    discussion: """
      Run it as the user of the panel, or as root. Each finding says what to do. It reads the whole store, which takes a while \
      where that is large. With --salvage it recovers every whole drawing from stores that were damaged and set aside, into the \
      one in use, also while the panel runs; the damaged files stay. A store in use that is damaged is set aside first, while no \
      panel runs. Exit status: 0 all is well, 1 something wants attention, 3 critical.
      """)

  @Flag(help: "Recover the drawings of damaged stores that were set aside.")
  var salvage = false

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup var store: StoreOptions

  func run() throws {
    if salvage {
      return try SalvageReport.run(place: try store.place(try store.settings().settings).path, json: json)
    }
    let checks = try Examination.all(store)
    let outcome = checks.map(\.finding.level).max() ?? .well
    var output = Output()
    if json {
      try output.json([
        "schema": 1, "health": .string(outcome.name), "checks": .array(checks.map(\.json)),
      ])
    } else {
      for check in checks { try output.line(check.line) }
    }
    try output.flush()
    try outcome.end()
  }
}
