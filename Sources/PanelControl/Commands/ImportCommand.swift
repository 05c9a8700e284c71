import ArgumentParser
import Glibc
import Kernel
import Spool

/// `panelctl import`: takes in what the web collector had before there were panels.
struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Takes in the web collector's drawings: its JSON, or its table.",
    discussion: """
      Reads the JSON export (id, username, label, image, created_at), or the table home_drawndigit as CSV with a header or \
      as pg_dump writes it. Drawings whose ink is only in the alpha channel are read from there; blank ones are counted \
      and refused. The same drawing is taken once, whatever file it comes in, and one that was withdrawn here is not taken \
      again. Imported drawings have no strokes; their software is 'import home_drawndigit'. Of a panel's own data set as \
      JSON they keep visitor, visit and consent: who did not agree to the data set is left out of it here too. Exit status: \
      0 all were taken or refused as blank, 1 some could not be read; what came before a break of the file is taken.
      """)

  @Argument(help: ArgumentHelp("The file.", valueName: "file"))
  var file: String

  @Option(
    help: ArgumentHelp(
      "The version of the text that their visitors agreed to, for the data sheet, where the file does not say it.",
      valueName: "version"))
  var consent = "web-collector"

  @Flag(help: "Read and tell; change nothing.")
  var dryRun = false

  @Flag(help: "Print JSON, schema 1.")
  var json = false

  @OptionGroup var store: StoreOptions

  /// Drawings that are stored in one transaction.
  private static let batch = 100

  func validate() throws {
    guard consent.utf8.count <= Consent.versionLimit else {
      throw ValidationError("--consent takes at most \(Consent.versionLimit) bytes.")
    }
  }

  func run() throws {
    let place = try store.place(try store.settings().settings).path
    var rows = try reader()
    let spool = dryRun ? try look(place) : try open(place)
    var report = ImportReport(file: file, isTrial: dryRun)
    var failure: (any Error)?
    do {
      try read(&rows, into: spool, &report)
    } catch {
      failure = error
    }
    if isatty(STDERR_FILENO) == 1 { Output.tell(progress: "") }
    if let failure {
      // Where nothing was read there is nothing to tell besides.
      if report.read > 0 { try report.tell(json: json, failure: failure) }
      throw failure
    }
    try report.tell(json: json, failure: nil)
    if !report.problems.isEmpty { throw Outcome.attention }
  }

  /// Takes the drawings in, to the end of the file or to where it breaks off.
  private func read(
    _ rows: inout any WebRowReader, into spool: Store?, _ report: inout ImportReport
  ) throws {
    let isWatched = isatty(STDERR_FILENO) == 1
    var batch: [ImportedDrawing] = []
    var broken: (any Error)?
    while broken == nil {
      do {
        guard let next = try rows.next() else { break }
        if let drawing = try drawing(next, &report) { batch.append(drawing) }
      } catch {
        broken = error
      }
      if batch.count == ImportCommand.batch {
        try take(batch, into: spool, &report)
        batch = []
        if isWatched { Output.tell(progress: "\(report.read) drawings read") }
      }
    }
    // What came before a break is whole.
    try take(batch, into: spool, &report)
    if let broken { throw broken }
  }

  /// The next row as a drawing; nil for one that is not taken, which is counted.
  private func drawing(
    _ row: Result<WebRow, WebRowProblem>, _ report: inout ImportReport
  ) throws -> ImportedDrawing? {
    report.read += 1
    switch row {
    case .failure(let problem): report.problems.append(problem)
    case .success(let row):
      guard let canvas = WebInk.canvas(of: row.picture) else {
        report.problems.append(
          WebRowProblem(line: row.line, reason: "its picture is no PNG that can be read"))
        break
      }
      guard !WebInk.isBlank(canvas) else {
        report.blank += 1
        break
      }
      return try WebSample.make(row, canvas: canvas, consent: consent)
    }
    return nil
  }

  private func take(_ batch: [ImportedDrawing], into spool: Store?, _ report: inout ImportReport) throws {
    guard !batch.isEmpty else { return }
    if dryRun {
      let new = batch.filter { report.isNew($0.sample.id) }
      report.intake.known += batch.count - new.count
      if let spool { report.intake += try spool.wouldTakeIn(new) } else { report.intake.added += new.count }
    } else if let spool {
      report.intake += try spool.takeIn(batch)
    }
    report.withoutConsent += batch.count { !$0.sample.consent.dataSet }
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

  /// The store for reading; nil where there is none.
  private func look(_ place: String) throws(StoreError) -> Store? {
    do throws(StoreError) {
      return try Store.openReadOnly(directory: place)
    } catch {
      guard error.kind == .missing else { throw error }
      return nil
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
}
