import ArgumentParser
import Spool

/// `panelctl bench store`: a large store to measure with.
struct BenchStore: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "store",
    abstract: "Makes a store of drawings that nobody drew, for measuring export and sync.",
    discussion: "It is named with --spool, and there must be none yet.")

  @Option(help: ArgumentHelp("Drawings in it, 1 to 10000000.", valueName: "n"))
  var samples = 10_000

  @OptionGroup var store: StoreOptions

  func validate() throws {
    guard (1...10_000_000).contains(samples) else {
      throw ValidationError("--samples takes a number from 1 to 10000000, not \(samples).")
    }
    // The store of an installed panel is never the one that is meant.
    if store.spool == nil { throw ValidationError("name the directory of the new store with --spool.") }
  }

  func run() throws {
    let place = try store.place(try store.settings().settings).path
    var bar = ProgressBar("drawings")
    try MadeUpStore.make(place, samples: samples) { bar.show($0, of: samples) }
    bar.remove()
    var output = Output()
    try output.line("\(samples) made-up drawings in \(TerminalText.escaped(place))")
    try output.flush()
  }
}
