import Spool

/// README.md of a data set: a card as Hugging Face's hub reads it, and a data sheet for people (Gebru et al. 2018, "Datasheets
/// for Datasets"): what is in it, where it comes from, what is known to be wrong with it.
struct DataSheet {
  private let options: ExportOptions
  private let tally: Tally
  private let report: ExportReport
  private let files: [String]

  init(_ options: ExportOptions, _ tally: Tally, _ report: ExportReport, files: [String]) {
    self.options = options
    self.tally = tally
    self.report = report
    self.files = files
  }

  var text: String {
    (([card, "# Digits drawn by hand on a touch panel"] + warnings + [
      about, counts, people, origin, quality, columns, limits,
    ])
    .joined(separator: "\n\n")) + "\n"
  }

  /// The YAML head (huggingface.co/docs/hub/datasets-cards).
  private var card: String {
    var lines = [
      "---", "pretty_name: Digits drawn by hand on a touch panel", "task_categories:",
      "- image-classification",
      "size_categories:", "- \(size)",
    ]
    switch options.format {
    // A viewer that is sent to pictures which are not there fails; without a word it finds out by itself.
    case .imagefolder where report.exported == 0: break
    case .imagefolder:
      lines += ["configs:", "- config_name: default", "  data_files:"]
      for (isTest, name) in [(false, "train"), (true, "test")] where tally.drawings(isTest: isTest) > 0 {
        lines += ["  - split: \(name)", "    path: \(name)/**"]
      }
    case .json, .csv, .ndjson:
      lines += ["configs:", "- config_name: default", "  data_files: digits.\(options.format.rawValue)"]
    case .npz, .idx: break
    }
    return (lines + ["---"]).joined(separator: "\n")
  }

  private var size: String {
    switch report.exported {
    case ..<1000: "n<1K"
    case ..<10_000: "1K<n<10K"
    case ..<100_000: "10K<n<100K"
    case ..<1_000_000: "100K<n<1M"
    default: "1M<n<10M"
    }
  }

  private var images: String {
    switch (options.format, options.size, options.normalization) {
    case (.ndjson, _, _):
      "The strokes are as they came from the touch screen: never smoothed, never predicted; x and y in pixels of a canvas of "
        + "280 x 280, t in milliseconds since the first touch, `sizes` the diameter of the contact."
    case (_, .drawn, _): "The images are 280 x 280 pixels, as drawn: 255 is ink, 0 is paper."
    case (_, .small, .mnist):
      "The images are normalised as MNIST's are: aspect kept, longest side 20 pixels, averaged by area, centre of mass in the "
        + "middle of 28 x 28; 255 is ink, 0 is paper. A spot of less than 3 % of the ink is taken for a slip."
    case (_, .small, .none):
      "The images are the whole canvas, each pixel the mean of 10 x 10, with the digit where it was drawn: 28 x 28, 255 is ink, "
        + "0 is paper."
    }
  }

  /// What nobody may overlook, each a sentence of its own.
  private var warnings: [String] {
    var lines: [String] = []
    if tally.withoutConsent > 0 {
      lines.append(
        "**The visitors of \(drawings(tally.withoutConsent)) did not agree to the data set (`agreed` is 0): it must not be "
          + "passed on.**")
    }
    if tally.named > 0 {
      lines.append(
        "**The names of visitors stand with \(drawings(tally.named)). The consent text says that names never go into the data "
          + "set: it must not be passed on.**")
    }
    return lines
  }

  private func drawings(_ count: Int) -> String { count == 1 ? "1 drawing" : "\(count) drawings" }

  /// Who drew, and on what.
  private var drawers: String {
    let booth = "Visitors of a booth were asked to draw a digit with a finger."
    let web =
      "drawn on a web page, by mouse, pen or finger, and stored without their strokes (`software` begins with import)."
    if tally.imported == 0 { return booth }
    if tally.imported == report.exported { return "All drawings came by import: \(web)" }
    return "\(booth) \(tally.imported) of the drawings came by import: \(web)"
  }

  private var about: String {
    let filter =
      switch options.selection.filter {
      case .all:
        "No drawing is left out for what it looks like; labels are those that were asked for, whatever a person said since "
          + "(`verdict`, `verdict_label`)."
      case .clean:
        "Drawings that are flagged \(DataSheet.unclean), and those that a person rejected, are left out. Those that only the "
          + "recogniser misreads are in it: a model must not choose its own training data. Where a person gave another label, "
          + "that is the label."
      case .reviewed:
        "Only drawings that a person has looked at are in it: accepted, or with the label that the person gave."
      }
    let split =
      "\(options.testPercent) % of the visitors, by a hash of the pseudonym, are for testing: nobody is in both splits."
    return [
      "\(drawers) \(images)", filter, split,
      "Files: \(files.isEmpty ? "pictures by split and digit" : files.map { "`\($0)`" }.joined(separator: ", "))."
        + " `sha256sum --check SHA256SUMS` tells whether they are whole.",
    ].joined(separator: "\n\n")
  }

  /// The flags for which drawings are left out, as a list in words.
  private static var unclean: String {
    let names = DataSetSelection.uncleanFlags.names
    return names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
  }

  private var counts: String {
    var lines = ["## Drawings", "", "| digit | train | test |", "| --- | --- | --- |"]
    for digit in 0...9 {
      lines.append("| \(digit) | \(tally.digits[0][digit]) | \(tally.digits[1][digit]) |")
    }
    lines.append("| all | \(report.train) | \(report.test) |")
    let left = report.leftOut
    let reasons = [
      (left.withoutConsent, "their visitors did not agree to the data set"),
      (left.rejected, "a person rejected them"),
      (left.flagged, "they are flagged"), (left.unreviewed, "nobody has looked at them"),
      (left.pruned, "they are no longer in that store"), (report.unreadableCount, "they are damaged"),
    ].filter { $0.0 > 0 }
    lines += ["", reasons.isEmpty ? "Nothing was left out." : "Left out:"]
    for (count, reason) in reasons { lines.append("- \(count), because \(reason)") }
    return lines.joined(separator: "\n")
  }

  private var people: String {
    let drawings = tally.visitors.values.map(\.drawings).sorted()
    var lines = [
      "## Visitors", "",
      "\(drawings.count) visitors (train \(tally.visitors(isTest: false)), test \(tally.visitors(isTest: true)))"
        + (drawings.isEmpty
          ? "."
          : "; drawings of one: least \(drawings[0]), median \(drawings[drawings.count / 2]), most "
            + "\(drawings[drawings.count - 1])."),
    ]
    lines.append(
      options.withNames
        ? "With \(self.drawings(tally.named)) stands the name that the visitor chose to show; the others say Anonymous."
        : "Names are left out.")
    lines += list("Consent texts", tally.consents) + list("Languages of the screens", tally.languages)
    return lines.joined(separator: "\n")
  }

  private var origin: String {
    var lines = ["## Origin", ""]
    if let first = tally.first, let last = tally.last {
      lines.append("From \(date(first)) to \(date(last)), as far as the times are known.")
    }
    lines += list("Panels", tally.panels) + list("Software", tally.software) + list("Models", tally.models)
    lines += list("Clocks", tally.clocks) + list("Times known by", tally.bases)
    return lines.joined(separator: "\n")
  }

  private var quality: String {
    var lines = ["## Quality", ""]
    if tally.read > 0 {
      lines.append(
        "The panel's recogniser read \(drawings(tally.read)), \(tally.agreed) of them as their label.")
    } else {
      lines.append("No recogniser read the drawings.")
    }
    lines += list("Flags", tally.flags) + list("Verdicts of people", tally.verdicts)
    return lines.joined(separator: "\n")
  }

  private var columns: String {
    var lines = ["## Columns", ""] + ownColumns
    for field in Field.all where options.format != .imagefolder || field.name != "split" {
      lines.append("- `\(title(of: field))`: \(field.meaning)\(nothing(in: field))")
    }
    if options.withStrokes && options.format == .npz {
      lines += [
        "- `points`: x, y, milliseconds, diameter of the contact",
        "- `stroke_starts`: where each stroke begins in `points`",
        "- `drawing_starts`: where each drawing begins in `stroke_starts`",
      ]
    }
    if options.withStrokes && options.format == .json {
      lines.append(
        "- `strokes`: for each stroke four rows, x, y, milliseconds, diameter of the contact, a number in each for every point"
      )
    }
    return lines.joined(separator: "\n")
  }

  /// What stands before the columns that all formats have.
  private var ownColumns: [String] {
    switch options.format {
    case .npz: ["- `images`: (N, side, side), rows from the top"]
    case .json: ["- `image`: the rows of the image from the top, each a list of numbers"]
    case .csv: ["- `pixel0` and so on, behind all others: the image, row by row from the top"]
    case .imagefolder: ["- `file_name`: the image"]
    case .idx: []
    case .ndjson:
      [
        "- `word`: the label as text", "- `countrycode`: empty, nobody was asked",
        "- `timestamp`: when it was stored, as the panel's clock said",
        "- `recognized`: whether the recogniser read what the label says; null: no recogniser ran",
        "- `drawing`: for each stroke three rows, x, y and milliseconds",
        "- `sizes`: for each stroke the diameters of the contact",
      ]
    }
  }

  private func title(_ name: String) -> String {
    Field.all.first { $0.name == name }.map(title(of:)) ?? name
  }

  /// What a column is called in this format.
  private func title(of field: Field) -> String {
    switch (options.format, field.name) {
    case (.npz, _): field.array
    case (.ndjson, "id"): "key_id"
    case (.csv, "probabilities"), (.idx, "probabilities"): "probability0` … `probability9"
    default: field.name
    }
  }

  /// What stands where no recogniser ran.
  private func nothing(in field: Field) -> String {
    switch (field.kind, options.format) {
    case (.reals, .npz): "; NaN: no recogniser ran"
    case (.reals, .imagefolder): "; -1: no recogniser ran"
    case (.reals, .csv), (.reals, .idx): "; empty: no recogniser ran"
    case (.reals, _): "; null: no recogniser ran"
    default: ""
    }
  }

  /// What a label is worth.
  private var labels: String {
    switch options.selection.filter {
    case .all:
      "The label is what was asked for. Some drew something else; where nobody has looked, nobody knows how many. "
        + "A person gave \(drawings(tally.relabelled)) another one: `\(title("verdict_label"))`."
    case .clean:
      "The label is what was asked for, but in \(drawings(tally.relabelled)), to which a person gave another one (`\(title("verdict"))` is "
        + "relabel). Some drew something else; where nobody has looked, nobody knows how many."
    case .reviewed:
      "The label is what a person who looked at the drawing took it for: in \(drawings(tally.relabelled)) another digit than "
        + "was asked for (`asked`). People err too."
    }
  }

  private var limits: String {
    """
    ## Known limits

    - Drawn \(tally.imported > 0 ? "on glass or on a web page" : "with a finger on glass"), with one brush each: digits of a pen on \
    paper look otherwise.
    - Visitors of a booth are no sample of any population, and nothing is known of their age, hand or origin.
    - \(labels)
    - Two pseudonyms may be one person who came twice, and one pseudonym may be several who drew in turns.
    - The recogniser's reading was shown after each drawing, and may have taught visitors to write for it.
    - A visitor may still withdraw: take a new export before you publish, and drop what is no longer in it.
    """
  }

  /// A line for each value, the most frequent first.
  private func list(_ title: String, _ counts: [String: Int]) -> [String] {
    guard !counts.isEmpty else { return ["", "\(title): none."] }
    let sorted = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    let shown = sorted.prefix(50).map { "- \(DataSheet.plain($0.key)): \($0.value)" }
    let more = sorted.count > shown.count ? ["- \(sorted.count - shown.count) more"] : []
    return ["", "\(title):"] + shown + more
  }

  /// Text from a record as it may stand in Markdown.
  private static func plain(_ text: String) -> String {
    let safe = text.unicodeScalars.allSatisfy {
      $0.properties.isAlphabetic || ("0"..."9").contains($0) || " .-_".unicodeScalars.contains($0)
    }
    return text.isEmpty ? "(empty)" : safe ? text : "`\(text.filter { $0 != "`" && !$0.isNewline })`"
  }

  private func date(_ milliseconds: Int64) -> String {
    var bytes: [UInt8] = []
    CalendarTime(milliseconds).appendDate(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }
}
