import ArgumentParser
import Glibc
import JSON
import Kernel
import PNG
import Spool

/// `panelctl import`: takes in what the web collector had before there were panels.
struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Takes in the web collector's drawings: its JSON, or its table.",
    discussion: """
      Reads the JSON export (id, username, label, image, created_at), or the table home_drawndigit as CSV with a header or \
      as pg_dump writes it. Drawings whose ink is only in the alpha channel are read from there; blank ones are counted \
      and refused. The same drawing is taken once, whatever file it comes in. Imported drawings have no strokes; their \
      software is 'import home_drawndigit'. Exit status: 0 all were taken or refused as blank, 1 some could not be read.
      """)

  @Argument(help: ArgumentHelp("The file.", valueName: "file"))
  var file: String

  @Option(
    help: ArgumentHelp(
      "The version of the text that their visitors agreed to, for the data sheet.", valueName: "version"))
  var consent = "web-collector"

  @Flag(help: "Read and tell; change nothing.")
  var dryRun = false

  @Flag(help: "Print JSON, schema 1.")
  var json = false

  @OptionGroup var store: StoreOptions

  /// Drawings that are stored in one transaction.
  private static let batch = 100

  func validate() throws {
    guard consent.utf8.count <= 64 else {
      throw ValidationError("--consent takes at most 64 bytes.")
    }
  }

  func run() throws {
    let place = try store.place(try store.settings().settings).path
    var rows = try reader()
    let spool = dryRun ? nil : try open(place)
    let isWatched = isatty(STDERR_FILENO) == 1
    var (intake, read, blank) = (Intake(), 0, 0)
    var problems: [WebRowProblem] = []
    var batch: [(sample: Sample, name: String?, alias: Identifier?)] = []
    while let next = try rows.next() {
      read += 1
      switch next {
      case .failure(let problem): problems.append(problem)
      case .success(let row):
        guard let canvas = WebInk.canvas(of: row.picture) else {
          problems.append(
            WebRowProblem(line: row.line, reason: "its picture is no PNG that can be read"))
          continue
        }
        if WebInk.isBlank(canvas) {
          blank += 1
          continue
        }
        batch.append(try WebSample.make(row, canvas: canvas, consent: consent))
      }
      if batch.count == ImportCommand.batch {
        if let spool { intake += try spool.takeIn(batch) }
        batch = []
        if isWatched { Output.tell(progress: "\(read) drawings read") }
      }
    }
    if let spool, !batch.isEmpty { intake += try spool.takeIn(batch) }
    if isWatched { Output.tell(progress: "") }
    try report(read: read, blank: blank, intake, problems)
    if !problems.isEmpty { throw Outcome.attention }
  }

  private func reader() throws -> any WebRowReader {
    var source = try ByteSource(file)
    while let byte = try source.peek(), [0x20, 0x0A, 0x0D, 0x09, 0xEF, 0xBB, 0xBF].contains(byte) {
      _ = try source.next()
    }
    switch try source.peek() {
    case nil: throw ImportError(path: file, reason: "it is empty")
    case UInt8(ascii: "["), UInt8(ascii: "{"): return try JSONRows(source, path: file)
    default: return try TableRows(source, path: file)
    }
  }

  /// The store, beside a running panel or made anew: at a collector there may be none yet.
  private func open(_ place: String) throws(StoreError) -> Store {
    do throws(StoreError) {
      return try Store.openBeside(directory: place)
    } catch {
      guard error.kind == .missing else { throw error }
      return try Store.open(directory: place)
    }
  }

  private func report(read: Int, blank: Int, _ intake: Intake, _ problems: [WebRowProblem]) throws {
    var output = Output()
    if json {
      try output.json([
        "schema": 1, "dry_run": .bool(dryRun), "read": .int(read), "added": .int(intake.added),
        "known": .int(intake.known), "withdrawn": .int(intake.withdrawn), "blank": .int(blank),
        "unreadable": .array(
          problems.map { ["line": .int($0.line), "reason": .string($0.reason)] }),
      ])
    } else {
      let taken = dryRun ? "\(read - blank - problems.count) would be looked at" : "\(intake.added) added"
      try output.line("\(read) drawings read from \(TerminalText.escaped(file)), \(taken)")
      if intake.known > 0 { try output.line("\(intake.known) were here already") }
      if intake.withdrawn > 0 { try output.line("\(intake.withdrawn) were withdrawn here, and stay so") }
      if blank > 0 { try output.line("\(blank) are blank, and were refused") }
    }
    try output.flush()
    for problem in problems.prefix(20) { Output.complain("line \(problem.line): \(problem.reason)") }
    if problems.count > 20 { Output.complain("and \(problems.count - 20) more that cannot be read") }
  }
}
