import ArgumentParser
import Glibc
import JSON
import Spool

/// `panelctl export`: the drawings as a data set.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Writes the drawings as a data set: NumPy arrays or JSON.",
    discussion: """
      Only drawings whose visitors agreed to that are in it, and only names that may be shown. The file appears when it is \
      whole. A drawing that cannot be read is left out and told; the exit status is then 1.
      """)

  @Option(help: ArgumentHelp("npz or json.", valueName: "format"))
  var format: Export.Format

  @Option(
    help: ArgumentHelp(
      "28: normalised as for the recogniser and as in MNIST; 280: as drawn.", valueName: "side"))
  var resize = Export.Size.normalized

  @Option(name: [.short, .long], help: ArgumentHelp("The file to write.", valueName: "path"))
  var output: String

  @Flag(help: "Print the report as JSON.")
  var json = false

  @OptionGroup var store: StoreOptions

  func run() throws {
    let place = try store.place(try store.settings().settings)
    let spool = try Store.openReadOnly(directory: place.path)
    let isWatched = isatty(STDERR_FILENO) == 1
    let report = try Export(format, size: resize).write(spool, to: output) { done, all in
      if isWatched { Output.tell(progress: "\(done) of \(all) drawings") }
    }
    if isWatched { Output.tell(progress: "") }
    var output = Output()
    if json {
      try output.json(ExportCommand.json(report, path: self.output))
    } else {
      for line in ExportCommand.lines(report, path: self.output) { try output.line(line) }
    }
    try output.flush()
    for sample in report.unreadable { Output.complain("drawing \(sample.id) is left out: \(sample.reason)") }
    if !report.unreadable.isEmpty { throw Outcome.attention }
  }

  static func lines(_ report: Export.Report, path: String) -> [String] {
    var lines = [
      "\(report.exported) drawings in \(TerminalText.escaped(path)), \(Columns.bytes(Int64(clamping: report.bytes)))"
    ]
    if report.withoutConsent > 0 {
      lines.append("\(report.withoutConsent) left out, as their visitors did not agree to the data set")
    }
    if report.pruned > 0 { lines.append("\(report.pruned) left out, as they were pruned from this store") }
    return lines
  }

  static func json(_ report: Export.Report, path: String) -> JSON {
    [
      "schema": 1, "path": .string(path), "bytes": .int(Int(clamping: report.bytes)),
      "exported": .int(report.exported), "without_consent": .int(report.withoutConsent),
      "pruned": .int(report.pruned),
      "unreadable": .array(
        report.unreadable.map { ["id": .string($0.id.description), "reason": .string($0.reason)] }),
    ]
  }
}

extension Export.Format: ExpressibleByArgument {}

extension Export.Size: ExpressibleByArgument {}
