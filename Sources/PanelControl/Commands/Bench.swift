import ArgumentParser

/// `panelctl bench`: the speed of this board.
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measures this board: the recogniser, the ink, the store.",
    discussion: "A busy machine measures itself: stop the panel first.",
    subcommands: [BenchInference.self, BenchInk.self, BenchSpool.self, BenchStore.self])
}
