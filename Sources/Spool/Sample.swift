import Ink

/// One drawing, with all that is stored of it. Once stored it never changes.
///
/// It holds no name: the visitor is a pseudonym, and the name to it lies in the store's table of contributors, where it
/// can be dropped without touching a sample.
public struct Sample: Equatable, Sendable {
  /// Names this sample in every store it ever reaches. A retry after an error must bring the same one.
  public var id: Identifier
  /// The digit that was asked for, 0 ... 9.
  public var label: Int
  /// The strokes as they came: never smoothed, never predicted.
  public var strokes: [Stroke]
  /// The drawing as PNG: 280 x 280, 8-bit gray, no alpha, 255 = ink.
  public var png: [UInt8]
  /// The visitor's pseudonym.
  public var contributor: Identifier
  /// The visit: what a receipt code stands for.
  public var session: Identifier
  /// The language of the screens, as a BCP 47 tag; at most 35 bytes of UTF-8.
  public var language: String
  public var consent: Consent
  /// The panel that stored the sample first; ``Store/append(_:name:)`` fills it in.
  public var panel: Identifier
  /// At most 64 bytes of UTF-8.
  public var softwareVersion: String
  /// The recogniser's model; at most 64 bytes of UTF-8.
  public var modelVersion: String
  /// What the recogniser read, or nil where none ran.
  public var prediction: Prediction?
  public var flags: QualityFlags
  public var time: Timestamp
  /// Counts the samples of a panel from 1 without gaps; ``Store/append(_:name:)`` fills it in.
  public var sequence: UInt64

  public init(
    id: Identifier = .random(), label: Int, strokes: [Stroke], png: [UInt8], contributor: Identifier,
    session: Identifier, language: String, consent: Consent, panel: Identifier = .none,
    softwareVersion: String, modelVersion: String, prediction: Prediction?, flags: QualityFlags,
    time: Timestamp, sequence: UInt64 = 0
  ) {
    self.id = id
    self.label = label
    self.strokes = strokes
    self.png = png
    self.contributor = contributor
    self.session = session
    self.language = language
    self.consent = consent
    self.panel = panel
    self.softwareVersion = softwareVersion
    self.modelVersion = modelVersion
    self.prediction = prediction
    self.flags = flags
    self.time = time
    self.sequence = sequence
  }
}

/// What the visitor agreed to, and to which text.
public struct Consent: Equatable, Sendable {
  /// The most bytes of a version, in UTF-8.
  public static let versionLimit = SampleHeader.textLimit

  /// The version of the text that was shown; at most 64 bytes of UTF-8.
  public var version: String
  /// *Use my drawings for the data set.* A sample without it is counted on the board and never exported.
  public var dataSet: Bool
  /// *Show my name on the board.* Without it no name is stored at all.
  public var nameShown: Bool

  public init(version: String, dataSet: Bool, nameShown: Bool) {
    self.version = version
    self.dataSet = dataSet
    self.nameShown = nameShown
  }
}
