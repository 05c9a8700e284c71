import ArgumentParser

/// `panelctl status`: whether all is well with a panel.
struct Status: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Tells how a panel is: what runs, what is stored, what wants attention.",
    discussion: """
      It works with and without a running panel. Exit status: 0 all is well, 1 something wants attention, 3 critical: \
      drawings cannot be stored, or were in a store that was damaged.
      """)

  @Flag(help: "Print JSON, schema 1.")
  var json = false

  @Flag(help: "Print metrics in Prometheus' text format.")
  var prometheus = false

  @OptionGroup var store: StoreOptions

  func run() throws {
    if json, prometheus {
      throw UsageError(description: "--json and --prometheus are two formats; choose one")
    }
    let health = try Health.look(store)
    var output = Output()
    if json {
      try output.line(TerminalText.escaped(json: health.json))
    } else if prometheus {
      try output.bytes(Array(health.exposition.text.utf8))
    } else {
      for line in health.lines { try output.line(line) }
    }
    try output.flush()
    try health.outcome.end()
  }
}
