import Spool

/// A column of the data set besides the image: the same in every format.
///
/// ``all`` is the one table of them; a format writes each as it writes its kind.
struct Field: Sendable {
  enum Value {
    case integer(Int64)
    /// Of 0 ... 9; nil for none.
    case digit(Int?)
    case text(String)
    case choice(StaticString)
    case identifier(Identifier)
    /// Milliseconds since 1970; nil where it is not known.
    case time(Int64?)
    /// In 1/65536; nil where there is none.
    case probability(UInt32?)
    case probabilities([UInt32]?)
    case flags(QualityFlags)
  }

  /// The key in JSON and the column in CSV.
  let name: String
  /// The array in npz.
  let array: String
  let kind: NumpyKind
  /// What it means, for the data sheet.
  let meaning: String
  let value: @Sendable (DataSetRow) -> Value

  private init(
    _ name: String, _ array: String, _ kind: NumpyKind, _ meaning: String,
    _ value: @escaping @Sendable (DataSetRow) -> Value
  ) {
    self.name = name
    self.array = array
    self.kind = kind
    self.meaning = meaning
    self.value = value
  }

  /// The web collector's keys come first, and between `label` and `created_at` stands its image.
  static let all: [Field] = [
    Field("id", "ids", .text, "names the drawing for ever (UUID)") { .identifier($0.sample.id) },
    Field("username", "usernames", .text, "the name that the visitor chose to show, else Anonymous") {
      .text($0.username)
    },
    Field("label", "labels", .integer, "the digit, 0 to 9") { .digit($0.label) },
    Field("created_at", "created_at", .text, "the panel's clock when it was drawn, as it was; see clock") {
      .time($0.sample.time.wall)
    },
    Field("split", "splits", .text, "train or test; all drawings of a visitor are in one") {
      .choice($0.isTest ? "test" : "train")
    },
    Field("asked", "asked", .integer, "the digit that was asked for") { .digit($0.sample.label) },
    Field("verdict", "verdicts", .text, "what a person said of it: accept, reject, relabel, or nothing") {
      switch $0.verdict {
      case nil: .choice("")
      case .accept: .choice("accept")
      case .reject: .choice("reject")
      case .relabel: .choice("relabel")
      }
    },
    Field(
      "verdict_label", "verdict_labels", .integer,
      "the digit that the person says it is, where verdict is relabel; -1 or null: none given"
    ) {
      if case .relabel(let digit) = $0.verdict { .digit(digit) } else { .digit(nil) }
    },
    Field("corrected_at", "corrected_at", .text, "the time as well as it is known, or nothing") {
      .time($0.time.milliseconds)
    },
    Field(
      "time_basis", "time_bases", .text,
      "where corrected_at comes from: clock, anchor (another instant of the"
        + " same boot at which the time was known) or unknown"
    ) {
      switch $0.time.basis {
      case .clock: .choice("clock")
      case .anchor: .choice("anchor")
      case .unknown: .choice("unknown")
      }
    },
    Field("clock", "clocks", .text, "how far created_at can be trusted: ntp, rtc, restored or unset") {
      .text($0.sample.time.quality.description)
    },
    Field("contributor", "contributors", .text, "the visitor's pseudonym (UUID)") {
      .identifier($0.sample.contributor)
    },
    Field("session", "sessions", .text, "the visit (UUID)") { .identifier($0.sample.session) },
    Field("panel", "panels", .text, "the panel that it was drawn on (UUID)") { .identifier($0.sample.panel) },
    Field("sequence", "sequences", .integer, "its number on that panel, from 1") {
      .integer(Int64(clamping: $0.sample.sequence))
    },
    Field("boot", "boots", .text, "the start of the panel after which it was drawn (UUID)") {
      .identifier($0.sample.time.boot)
    },
    Field("since_boot_ms", "since_boot_ms", .integer, "milliseconds since that start") {
      .integer(Int64(clamping: $0.sample.time.sinceBoot / 1_000_000))
    },
    Field(
      "prediction", "predictions", .integer, "the digit that the panel's recogniser read; -1 or null: none"
    ) {
      .digit($0.prediction)
    },
    Field(
      "probabilities", "probabilities", .reals(10),
      "the recogniser's probabilities of 0 to 9, given that it is a digit"
    ) { .probabilities($0.sample.prediction?.probabilities) },
    Field("rejection", "rejections", .reals(1), "the recogniser's probability that it is no digit") {
      .probability($0.sample.prediction?.rejection)
    },
    Field(
      "flags", "flags", .word,
      "what may be wrong, by name; in npz the sum of "
        + QualityFlags.names.map { "\($0.flag.rawValue) \($0.name)" }.joined(separator: ", ")
    ) { .flags($0.sample.flags) },
    Field("language", "languages", .text, "of the screens (BCP 47)") { .text($0.sample.language) },
    Field("consent", "consents", .text, "the version of the text that the visitor agreed to") {
      .text($0.sample.consent.version)
    },
    Field(
      "agreed", "agreed", .integer,
      "1: the visitor agreed to the data set; 0 is there only where it was asked for"
    ) {
      .integer($0.sample.consent.dataSet ? 1 : 0)
    },
    Field("software", "software", .text, "version of the panel's software") {
      .text($0.sample.softwareVersion)
    },
    Field("model", "models", .text, "version of the recogniser's model") { .text($0.sample.modelVersion) },
  ]

  /// The columns before the image.
  static let beforeImage = 3
}
