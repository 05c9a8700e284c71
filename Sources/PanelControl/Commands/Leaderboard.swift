import ArgumentParser
import JSON
import Spool

/// `panelctl leaderboard`: who has drawn the most.
struct Leaderboard: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "leaderboard",
    abstract: "Prints the board: rank, drawings that count, name.",
    discussion: "Visitors who did not choose to be shown have no name here either.")

  @Flag(help: "Print JSON.")
  var json = false

  @Option(help: ArgumentHelp("How many lines, at least 1.", valueName: "n"))
  var limit = 10

  @OptionGroup var store: StoreOptions

  func validate() throws {
    guard (1...1_000_000).contains(limit) else {
      throw ValidationError("--limit takes a number from 1 to 1000000, not \(limit).")
    }
  }

  func run() throws {
    let place = try store.place(try store.settings().settings)
    let spool = try Store.openReadOnly(directory: place.path)
    let entries = try spool.leaderboard(limit: limit)
    var output = Output()
    if json {
      try output.json([
        "schema": 1,
        "entries": .array(
          entries.map { entry in
            [
              "rank": .int(entry.rank), "score": .int(entry.score),
              "name": entry.name.map { .string($0) } ?? .null,
            ]
          }),
      ])
    } else if entries.isEmpty {
      try output.line("Nobody is on the board yet.")
    } else {
      try output.line("rank  drawings  name")
      for entry in entries {
        let name = entry.name.map { TerminalText.escaped($0) } ?? "(not shown)"
        try output.line("\(Columns.right(entry.rank, 4))  \(Columns.right(entry.score, 8))  \(name)")
      }
    }
    try output.flush()
  }
}
