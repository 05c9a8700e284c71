import ArgumentParser
import Glibc
import JSON
import Kernel
import Spool

/// `panelctl bench spool`: what it costs on this disk to store a drawing so that it survives a pulled plug.
struct BenchSpool: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "spool",
    abstract: "Measures a durable drawing beside one bare fdatasync of the same bytes.",
    discussion: "In a store of its own beside the panel's, which is removed afterwards.")

  @Flag(help: "Print JSON.")
  var json = false

  @Option(help: ArgumentHelp("Drawings to store, 1 to 100000.", valueName: "n"))
  var rounds = 500

  @Option(help: ArgumentHelp("Drawings that the store holds before, 0 to 10000000.", valueName: "n"))
  var samples = 0

  @OptionGroup var store: StoreOptions

  func validate() throws {
    guard (1...100_000).contains(rounds) else {
      throw ValidationError("--rounds takes a number from 1 to 100000, not \(rounds).")
    }
    guard (0...10_000_000).contains(samples) else {
      throw ValidationError("--samples takes a number from 0 to 10000000, not \(samples).")
    }
  }

  private func measure(_ place: String) throws -> SpoolBenchmark {
    // Ctrl-C ends the measurement, not the program, which first takes its store away.
    let interrupt = try Interrupt()
    let isWatched = isatty(STDERR_FILENO) == 1
    defer { if isWatched { Output.tell(progress: "") } }
    return try SpoolBenchmark(directory: place, rounds: rounds, samples: samples) { done in
      if isWatched { Output.tell(progress: "\(done) of \(samples) drawings filled in") }
    } isInterrupted: {
      interrupt.check()
    }
  }

  func run() throws {
    let place = try store.place(try store.settings().settings).path
    // A spool that nobody has used yet is made for the measurement, and taken away again if it was.
    let made = mkdir(place, 0o750) == 0
    defer { if made { rmdir(place) } }
    let result = try measure(place)
    let parts = [
      ("sample", "a durable drawing", result.append), ("fdatasync", "write and fdatasync", result.bare),
      ("checkpoint", "tidying up when idle", result.checkpoint), ("board", "board and counts", result.board),
      ("open", "opening the store", result.open),
    ].map { (name: $0.0, words: $0.1, times: BenchTimes($0.2)) }
    var output = Output()
    if json {
      var members: [(String, JSON)] = [
        ("schema", 1), ("spool", .string(place)), ("rounds", .int(result.rounds)),
        ("samples", .int(result.samples)), ("record_bytes", .int(result.recordBytes)),
        ("ratio", .number((result.ratio * 1000).rounded() / 1000)),
      ]
      for part in parts { members.append(("\(part.name)_us", part.times.json)) }
      try output.json(.object(members))
    } else {
      try output.line(
        "\(result.rounds) drawings of \(result.recordBytes) bytes in \(TerminalText.escaped(place))"
          + (result.samples > 0 ? ", on top of \(result.samples)" : ""))
      for part in parts { try output.line("\(Columns.left(part.words, 22)) \(part.times.words)") }
      try output.line(
        "a durable drawing costs \(Columns.tenths(result.ratio)) times the bare one, by the medians")
    }
    try output.flush()
  }
}

extension BenchTimes {
  init(_ times: SpoolBenchmark.Times) {
    self.init(p50: times.median, p99: times.p99, max: times.worst)
  }
}
