import ArgumentParser
import DataSet
import Glibc
import JSON
import Spool

/// `panelctl export`: the drawings as a data set.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract:
      "Writes the drawings as a data set for NumPy, torchvision, Hugging Face, Quick, Draw! readers or a table.",
    discussion: """
      Only drawings whose visitors agreed to that are in it, and no names. It appears when it is whole, in place of a file that \
      has its name. \
      npz, json, ndjson and csv are one file; where the path is an empty directory or ends with a slash, and for idx and \
      imagefolder always, a directory is made with a data sheet (README.md) and SHA256SUMS. The same store gives the same \
      bytes. A drawing that cannot be read is left out and told; the exit status is then 1.
      """)

  @Option(help: ArgumentHelp("npz, json, idx, ndjson, imagefolder or csv.", valueName: "format"))
  var format: ExportOptions.Format

  @Option(
    help: ArgumentHelp("28, or 280 as drawn.", valueName: "side"))
  var resize = ExportOptions.Size.small

  @Option(
    help: ArgumentHelp(
      "mnist: longest side 20, centre of mass in the middle (default for 28); none: the whole canvas.",
      valueName: "how"))
  var normalize: ExportOptions.Normalization?

  @Option(
    help: ArgumentHelp(
      "all; clean: without what is flagged or was rejected; reviewed: only what a person accepted or relabelled.",
      valueName: "which"))
  var filter = DataSetSelection.Filter.all

  @Option(
    help: ArgumentHelp(
      "Percent of the visitors whose drawings are for testing, by a hash of the pseudonym.",
      valueName: "percent"))
  var split = 20

  @Flag(
    inversion: .prefixedNo,
    help: ArgumentHelp(
      "Put the names that may be shown on the board into it, for your own eyes: the consent text says that they never go into "
        + "the data set."))
  var names = false

  @Flag(
    help: "Also drawings whose visitors did not agree to the data set: for a look, never to be passed on.")
  var withoutConsent = false

  @Flag(help: "Put the strokes into npz and json too.")
  var strokes = false

  @Option(name: [.short, .long], help: ArgumentHelp("The file or directory to write.", valueName: "path"))
  var output: String

  @Flag(help: "Print the report as JSON.")
  var json = false

  @OptionGroup var store: StoreOptions

  private var options: ExportOptions {
    ExportOptions(
      format, size: resize, normalization: normalize,
      selection: DataSetSelection(filter, includesWithoutConsent: withoutConsent), testPercent: split,
      withNames: names, withStrokes: strokes)
  }

  func validate() throws {
    if let contradiction = options.contradiction { throw ValidationError("\(contradiction).") }
    if output.isEmpty { throw ValidationError("--output names no file.") }
    if output == "-" {
      throw ValidationError(
        "--output takes a file: a data set is not written to standard output. A file of that name is ./-")
    }
  }

  func run() throws {
    try OutputPlace.check(output)
    let place = try store.place(try store.settings().settings)
    let spool = try Store.openReadOnly(directory: place.path)
    var bar = ProgressBar("drawings")
    let report = try Export(options).write(spool, to: output) { done, all in bar.show(done, of: all) }
    bar.remove()
    var output = Output()
    if json {
      try output.json(ExportCommand.json(report, options, path: self.output))
    } else {
      for line in ExportCommand.lines(report, options, path: self.output) { try output.line(line) }
    }
    try output.flush()
    for sample in report.unreadable { Output.complain("drawing \(sample.id) is left out: \(sample.reason)") }
    if report.unreadableCount > report.unreadable.count {
      Output.complain(
        "\(report.unreadableCount - report.unreadable.count) more are left out, as they are damaged")
    }
    if let split = ExportCommand.emptySplit(report, options) {
      Output.complain(
        "there is no drawing for \(split): torchvision's MNIST cannot read that half; choose another --split, or collect more "
          + "visitors")
    }
    if report.unreadableCount > 0 { throw Outcome.attention }
  }

  /// The half of an MNIST set that has nothing in it, which its readers do not expect; nil where both have, or none needs to.
  static func emptySplit(_ report: ExportReport, _ options: ExportOptions) -> String? {
    guard options.format == .idx, (1...99).contains(options.testPercent) else { return nil }
    return report.test == 0 ? "testing" : report.train == 0 ? "training" : nil
  }

  static func lines(_ report: ExportReport, _ options: ExportOptions, path: String) -> [String] {
    let files = report.files > 1 ? " in \(report.files) files" : ""
    var lines = [
      "\(Columns.counted(report.exported, "drawing")) in \(TerminalText.escaped(path)), "
        + "\(Columns.bytes(Int64(clamping: report.bytes)))\(files)",
      "\(report.train) for training, \(report.test) for testing; no visitor is in both",
    ]
    if options.selection.filter == .all && report.rejected + report.relabelled > 0 {
      lines.append(
        "people rejected \(report.rejected) of them and relabelled \(report.relabelled), which stand in it as they were drawn; "
          + "--filter clean goes by what people said")
    }
    let left = report.leftOut
    for (count, reason) in [
      (left.withoutConsent, "their visitors did not agree to the data set"),
      (left.rejected, "a person rejected them"),
      (left.flagged, "they are flagged"), (left.unreviewed, "nobody has looked at them (panelctl review)"),
      (left.pruned, "they were pruned from this store"),
    ] where count > 0 {
      lines.append("\(count) left out, as \(reason)")
    }
    if options.selection.includesWithoutConsent {
      lines.append("This includes drawings whose visitors did not agree to the data set: do not pass it on")
    }
    return lines
  }

  static func json(_ report: ExportReport, _ options: ExportOptions, path: String) -> JSON {
    let left = report.leftOut
    return [
      "schema": 1, "path": .string(path), "format": .string(options.format.rawValue),
      "bytes": .int(Int(clamping: report.bytes)), "files": .int(report.files),
      "exported": .int(report.exported),
      "train": .int(report.train), "test": .int(report.test), "without_consent": .int(left.withoutConsent),
      "rejected": .int(left.rejected), "flagged": .int(left.flagged), "unreviewed": .int(left.unreviewed),
      "pruned": .int(left.pruned), "unreadable_count": .int(report.unreadableCount),
      "unreadable": .array(
        report.unreadable.map { ["id": .string($0.id.description), "reason": .string($0.reason)] }),
    ]
  }
}

extension ExportOptions.Format: ExpressibleByArgument {}

extension ExportOptions.Size: ExpressibleByArgument {}

extension ExportOptions.Normalization: ExpressibleByArgument {}

extension DataSetSelection.Filter: ExpressibleByArgument {}
