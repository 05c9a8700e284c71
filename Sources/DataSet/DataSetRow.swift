import Ink
import Spool

/// A row of the data set.
struct DataSetRow {
  let sample: Sample
  /// The digit that it is: as asked for, or as a person says.
  let label: Int
  let verdict: Verdict?
  /// The name that may be shown, else "Anonymous".
  let username: String
  /// Whether its visitor is one of the test split.
  let isTest: Bool
  /// The time as well as it is known.
  let time: ClockCorrection.Time
  /// Row by row from the top, 255 is ink; empty where the format needs none.
  let image: [UInt8]

  /// What the recogniser read; nil where none ran or it took the drawing for no digit.
  var prediction: Int? { sample.prediction.flatMap { $0.isDigit ? $0.digit : nil } }
}

/// A stored sample that is no row of a data set, and why.
public struct UnreadableSample: Equatable, Sendable {
  public let id: Identifier
  public let reason: String
}
