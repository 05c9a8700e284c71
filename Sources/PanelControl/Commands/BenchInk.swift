import ArgumentParser
import JSON

/// `panelctl bench ink`: what the panel adds to the way of a touch.
struct BenchInk: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ink",
    abstract: "Measures the way of a touch event to its pixels in a screen in memory.",
    discussion: """
      Brush, colours and copy, one event at a time. What the running panel does, the kernel's part included, is in \
      panelctl status.
      """)

  @Flag(help: "Print JSON.")
  var json = false

  @Option(help: ArgumentHelp("Touch events to time, 1 to 1000000.", valueName: "n"))
  var events = 20_000

  @OptionGroup var store: StoreOptions

  func validate() throws {
    guard (1...1_000_000).contains(events) else {
      throw ValidationError("--events takes a number from 1 to 1000000, not \(events).")
    }
  }

  func run() throws {
    let core = PinnedCore.pin()
    var results: [(scale: Int, times: BenchTimes)] = []
    for scale in 1...3 { results.append((scale, try InkBenchmark(events: events, scale: scale).times)) }
    var output = Output()
    if json {
      try output.json([
        "schema": 1, "core": core.map { .int($0) } ?? .null, "events": .int(events),
        "scales": .array(results.map { ["canvas_scale": .int($0.scale), "event_us": $0.times.json] }),
      ])
    } else {
      for result in results { try output.line("canvas_scale \(result.scale): \(result.times.words)") }
    }
    try output.flush()
  }
}
