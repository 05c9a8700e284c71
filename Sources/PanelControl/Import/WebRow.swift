import Spool

/// A drawing of the web collector that came before the panels, as its file says it.
struct WebRow: Equatable {
  /// What the file has for a picture.
  enum Picture: Equatable {
    /// A data URL or bare base64 of a PNG file.
    case url(String)
    /// Rows of numbers 0 ... 255, 255 is ink.
    case pixels([UInt8], width: Int)
  }

  /// The line of the file on which it begins, from 1.
  var line: Int
  /// Its number or UUID in the file.
  var id: String?
  var username: String?
  var label: Int
  var picture: Picture
  var createdAt: String?
  /// What only a panel's own data set says besides.
  var panel = PanelColumns()

  /// The most bytes of one row: a picture of 280 x 280 as numbers takes 310,000.
  static let limit = 16 << 20
}

/// What a panel's data set says of a drawing beside the web collector's columns; each is nil where it is not said.
struct PanelColumns: Equatable {
  /// Whether the visitor agreed to the data set, and the version of the text.
  var agreed: Bool?
  var consent: String?
  /// The visitor's pseudonym and the visit.
  var contributor: Identifier?
  var session: Identifier?
  /// How far the time can be trusted.
  var clock: ClockQuality?
}

/// A row that cannot be read: the others are not concerned.
struct WebRowProblem: Error, Equatable {
  let line: Int
  let reason: String
}

/// A file of rows, read one by one.
protocol WebRowReader {
  /// The next row, a row that is wrong, or nil at the end.
  mutating func next() throws -> Result<WebRow, WebRowProblem>?
}

/// Why a file cannot be read on, in one sentence with the next step.
struct ImportError: Error, CustomStringConvertible {
  let path: String
  let reason: String
  var next =
    "give the JSON export of the web collector, or its table home_drawndigit as CSV with a header or as pg_dump writes it"

  /// The file ends before its drawings do.
  static func cutOff(_ path: String, _ place: String) -> ImportError {
    ImportError(
      path: path, reason: "it is cut off \(place)",
      next: "get the whole file and import it again: what is here by then is known")
  }

  var description: String { "cannot import \(TerminalText.escaped(path)): \(reason); \(next)" }
}
