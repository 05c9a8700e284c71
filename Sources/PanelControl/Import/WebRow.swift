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

  /// The most bytes of one row: a picture of 280 x 280 as numbers takes 310,000.
  static let limit = 16 << 20
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
  var description: String {
    "cannot import \(TerminalText.escaped(path)): \(reason); give the JSON export of the web collector, or its table "
      + "home_drawndigit as CSV with a header or as pg_dump writes it"
  }
}
