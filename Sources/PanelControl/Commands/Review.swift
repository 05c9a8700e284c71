import ArgumentParser
import DataSet
import Glibc
import JSON
import Kernel
import PNG
import Spool

/// `panelctl review`: drawings are put before a person, and what the person says of them is kept.
struct Review: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "review",
    abstract: "Makes contact sheets of the drawings by disagreement, and takes verdicts on them.",
    discussion: """
      --sheet writes pages of small drawings, the worst disagreement of label and recogniser first, and verdicts.txt, a line \
      for each. Put accept, reject or the right digit in place of the question marks, and give the file back with --verdicts. \
      Verdicts stand beside the drawings, which never change; the last one counts. export --filter reviewed and clean honour \
      them. They stay in the store in which they were given, so review what you export: at the collector. Without an option \
      it says how many have which verdict.
      """)

  @Option(help: ArgumentHelp("Write the pages and the list into this directory.", valueName: "dir"))
  var sheet: String?

  @Option(
    help: ArgumentHelp(
      "Drawings on the sheets, 1 to 100000 (default: \(2 * ContactSheet.perPage)).", valueName: "n"))
  var limit: Int?

  @Flag(help: "Put those on the sheets too that have a verdict.")
  var reviewed = false

  @Option(help: ArgumentHelp("Take the verdicts in a file; - is standard input.", valueName: "file"))
  var verdicts: String?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Drawings that are what they ought to be: ids, or their first eight digits.", valueName: "id"))
  var accept: [String] = []

  @Option(
    parsing: .upToNextOption, help: ArgumentHelp("Drawings that no data set should hold.", valueName: "id"))
  var reject: [String] = []

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Drawings that are another digit.", valueName: "id=digit"))
  var relabel: [String] = []

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup var store: StoreOptions

  func validate() throws {
    if let limit, !(1...100_000).contains(limit) {
      throw ValidationError("--limit takes a number from 1 to 100000, not \(limit).")
    }
    if sheet == nil && (limit != nil || reviewed) {
      throw ValidationError(
        "--limit and --reviewed choose what is on the sheets; name their directory with --sheet DIR.")
    }
    if sheet != nil && (verdicts != nil || !accept.isEmpty || !reject.isEmpty || !relabel.isEmpty) {
      throw ValidationError("--sheet shows drawings, the others take verdicts; give one or the other.")
    }
  }

  func run() throws {
    let place = try store.place(try store.settings().settings).path
    if let sheet { return try write(sheet, Store.openReadOnly(directory: place)) }
    let given = try givenVerdicts()
    if given.isEmpty && verdicts == nil {
      return try tell(Store.openReadOnly(directory: place).verdictCounts())
    }
    try take(given, Store.openBeside(directory: place))
  }

  // MARK: - Sheets

  private func write(_ directory: String, _ spool: Store) throws {
    var tiles: [ContactSheet.Tile] = []
    var damaged = 0
    let pictures = DrawingReader()
    try spool.reviewCandidates(limit: limit ?? 2 * ContactSheet.perPage, reviewed: reviewed) { candidate in
      // The next ones take the places of those that cannot be shown.
      guard let sample = try? SampleRecord.decode(candidate.record), (try? pictures.read(sample.png)) != nil
      else {
        damaged += 1
        return false
      }
      tiles.append(ContactSheet.Tile(number: tiles.count + 1, sample: sample, verdict: candidate.verdict))
      return true
    }
    let list = "\(directory)/verdicts.txt"
    let pages = (tiles.count + ContactSheet.perPage - 1) / ContactSheet.perPage
    if !tiles.isEmpty { try write(tiles, pages: pages, list: list, into: directory) }
    var output = Output()
    if json {
      try output.json([
        "schema": 1, "directory": .string(directory), "drawings": .int(tiles.count), "pages": .int(pages),
        "list": tiles.isEmpty ? .null : .string(list), "damaged": .int(damaged),
      ])
    } else if tiles.isEmpty {
      try output.line("There is no drawing without a verdict.")
    } else {
      let shown = TerminalText.escaped(directory)
      try output.line(
        "\(Columns.counted(tiles.count, "drawing")) on \(Columns.counted(pages, "page")): "
          + "\(shown)/\(Review.pageName(1))")
      try output.line(
        "write your verdicts into \(shown)/verdicts.txt, then: panelctl review --verdicts \(shown)/verdicts.txt"
      )
    }
    try output.flush()
    if damaged > 0 {
      Output.complain(
        "\(Columns.counted(damaged, "drawing")) cannot be shown because of damage; panelctl export names them"
      )
      throw Outcome.attention
    }
  }

  /// Writes the pages and the list that belongs to them, in place of the pages of an earlier sheet.
  private func write(
    _ tiles: [ContactSheet.Tile], pages: Int, list: String, into directory: String
  ) throws {
    guard mkdir(directory, 0o755) == 0 || errno == EEXIST else {
      throw KernelError("make the directory", directory, errno: errno, next: "choose another --sheet")
    }
    try OutputPlace.check(list)
    // A list that somebody has written into is never replaced, and neither are the pages that its numbers mean.
    if access(list, F_OK) == 0 {
      throw KernelError(
        "write", list, reason: "it is there already", next: "give it back with --verdicts, then remove it")
    }
    let contact = try ContactSheet()
    for page in 0..<pages {
      let start = page * ContactSheet.perPage
      let shown = Array(tiles[start..<min(start + ContactSheet.perPage, tiles.count)])
      let png = try contact.page(shown, page: page + 1, of: pages)
      try OutputFile.write(png, to: "\(directory)/\(Review.pageName(page + 1))")
    }
    // What an earlier sheet had more shows drawings that are not in this list. A picture of another size is not ours.
    var stale = pages + 1
    while ContactSheet.isPage("\(directory)/\(Review.pageName(stale))") {
      unlink("\(directory)/\(Review.pageName(stale))")
      stale += 1
    }
    try OutputFile.write(Array(Review.list(tiles).utf8), to: list)
  }

  private static func pageName(_ number: Int) -> String {
    let text = String(number)
    return "page-" + String(repeating: "0", count: max(0, 3 - text.count)) + text + ".png"
  }

  private static func list(_ tiles: [ContactSheet.Tile]) -> String {
    var text = """
      # Put accept, reject or the right digit in place of ?, then: panelctl review --verdicts THIS-FILE
      # Lines that keep their ? are left as they are.

      """
    for tile in tiles {
      let flags = tile.sample.flags.names.map { ", \($0)" }.joined()
      let verdict =
        switch tile.verdict {
        case nil: "?"
        case .relabel(let digit): "relabel \(digit)"
        case let verdict?: verdict.name
        }
      let reading = ContactSheet.Reading(tile.sample).words
      text +=
        "\(tile.sample.id) \(verdict)  # \(tile.number): asked \(tile.sample.label), read \(reading)\(flags)\n"
    }
    return text
  }

  // MARK: - Verdicts

  /// The verdicts of the command line and of the file, in this order; the last one on a drawing counts.
  private func givenVerdicts() throws -> [VerdictList.Line] {
    var lines = accept.map { VerdictList.Line(id: $0, verdict: .accept) }
    lines += reject.map { VerdictList.Line(id: $0, verdict: .reject) }
    for text in relabel {
      let parts = text.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2, case .relabel(let digit)? = VerdictList.verdict(["relabel", parts[1]]) else {
        throw UsageError(description: "--relabel takes ID=DIGIT, not \(TerminalText.escaped(text))")
      }
      lines.append(VerdictList.Line(id: parts[0], verdict: .relabel(digit)))
    }
    if let verdicts {
      let bytes = try contentsOfFileOrInput(verdicts, limit: 64 << 20)
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw UsageError(description: "\(TerminalText.escaped(verdicts)) is no text")
      }
      lines += try VerdictList(text, source: TerminalText.escaped(verdicts)).lines
    }
    return lines
  }

  private func take(_ lines: [VerdictList.Line], _ spool: Store) throws {
    var found: [(id: Identifier, verdict: Verdict)] = []
    var unknown: [String] = []
    for line in lines {
      if let id = try Identifier(line.id) ?? spool.sample(beginningWith: line.id) {
        found.append((id, line.verdict))
      } else {
        unknown.append(line.id)
      }
    }
    let report = try spool.give(found)
    unknown += report.unknown.map(\.description)
    var output = Output()
    if json {
      try output.json([
        "schema": 1, "changed": .int(report.changed), "unchanged": .int(report.unchanged),
        "unknown": .array(unknown.map { .string($0) }),
      ])
    } else {
      try output.line("\(report.changed) verdicts are new, \(report.unchanged) were known")
    }
    try output.flush()
    for id in unknown {
      Output.complain(
        "there is no drawing \(TerminalText.escaped(id)) here, or more than one begins so; its verdict is not kept"
      )
    }
    if !unknown.isEmpty { throw Outcome.attention }
  }

  private func tell(_ counts: VerdictCounts) throws {
    var output = Output()
    if json {
      try output.json([
        "schema": 1, "accepted": .int(counts.accepted), "rejected": .int(counts.rejected),
        "relabelled": .int(counts.relabelled), "unreviewed": .int(counts.unreviewed),
      ])
    } else {
      try output.line(
        "\(counts.accepted) accepted, \(counts.rejected) rejected, \(counts.relabelled) relabelled, \(counts.unreviewed) "
          + "not looked at")
    }
    try output.flush()
  }
}
