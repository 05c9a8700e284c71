import ArgumentParser
import Glibc
import JSON
import Kernel
import Spool

/// `panelctl prune`: makes room by taking away what a collector has.
struct Prune: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prune",
    abstract: "Takes drawings off this store that a collector has confirmed.",
    discussion: """
      Only drawings go that a collector has stored durably and confirmed, and that were drawn and confirmed at least so \
      long ago. Counts and board stay as they are. The room is used again by the next drawings; the file itself does not \
      shrink. A drawing whose age nobody knows, as the clock was not set, stays.
      """)

  @Flag(help: "Only what a collector has confirmed; must be given, as nothing else is ever pruned.")
  var acknowledged = false

  @Option(help: ArgumentHelp("At least this old: 30d, 12h.", valueName: "age"))
  var olderThan: Age

  @Flag(help: "Look and tell; change nothing.")
  var dryRun = false

  @Flag(help: "Print JSON, schema 1.")
  var json = false

  @OptionGroup var store: StoreOptions

  /// A number of days or hours.
  struct Age: ExpressibleByArgument {
    let milliseconds: Int64

    init?(argument: String) {
      let units: [Character: Int64] = ["h": 3_600_000, "d": 86_400_000]
      guard let unit = argument.last.flatMap({ units[$0] }), let count = Int64(argument.dropLast()),
        (0...100_000).contains(count)
      else { return nil }
      milliseconds = count * unit
    }
  }

  func validate() throws {
    guard acknowledged else {
      throw ValidationError(
        "prune takes --acknowledged: only drawings that a collector has confirmed are ever pruned.")
    }
  }

  func run() throws { try run(at: .now()) }

  /// - Parameter now: the clocks of this machine; where its wall clock is not set nothing is opened.
  func run(at now: Timestamp) throws {
    let place = try store.place(try store.settings().settings).path
    guard now.quality != .unset else {
      throw KernelError(
        "prune", place, reason: "this machine's clock is not set, so no drawing's age is known",
        next: "set it first")
    }
    let spool = dryRun ? try Store.openReadOnly(directory: place) : try Store.openBeside(directory: place)
    let isWatched = isatty(STDERR_FILENO) == 1
    let pruning = try spool.prune(
      confirmedBefore: now.wall - olderThan.milliseconds, isTrial: dryRun,
      progress: { if isWatched { Output.tell(progress: "\($0) drawings pruned") } })
    if isWatched { Output.tell(progress: "") }
    var output = Output()
    if json {
      try output.json([
        "schema": 1, "dry_run": .bool(dryRun), "pruned": .int(pruning.samples),
        "bytes": .int(Int(pruning.bytes)),
        "too_young": .int(pruning.young), "undated": .int(pruning.undated),
        "mutual": .int(pruning.mutual), "unconfirmed": .int(pruning.unconfirmed),
        "reusable_bytes": .int(Int(pruning.reusable)),
      ])
    } else {
      try output.line(
        "\(Columns.counted(pruning.samples, "drawing")), \(Columns.bytes(pruning.bytes)), "
          + (dryRun ? "would be pruned" : "pruned"))
      if pruning.young > 0 { try output.line("\(pruning.young) confirmed ones stay, as they are too young") }
      if pruning.undated > 0 {
        try output.line("\(pruning.undated) confirmed ones stay, as the clock was not set then")
      }
      if pruning.mutual > 0 {
        try output.line(
          "\(pruning.mutual) stay, as the store that confirmed them is drained into this one: "
            + "each could prune what only the other has")
      }
      if pruning.unconfirmed > 0 {
        try output.line("\(pruning.unconfirmed) stay, as no collector has confirmed them yet")
      }
      try output.line("\(Columns.bytes(pruning.reusable)) within the store are free for new drawings")
    }
    try output.flush()
  }
}
