import Ink
import Spool

/// Rows as text: members of a JSON object, and fields of a CSV line.
enum RowText {
  /// How a value that is not there is written.
  enum Absence {
    /// As JSON's null.
    case null
    /// By a value of the same type, for readers that infer one type for a whole column and want it to be the same in both
    /// splits: -1, "", and flags as one text.
    case typed
  }

  /// Adds `"name":value` of a column.
  static func appendMember(
    _ field: Field, of row: DataSetRow, absence: Absence = .null, to bytes: inout [UInt8]
  ) {
    bytes.append(UInt8(ascii: "\""))
    bytes.append(text: field.name)
    bytes.append(text: "\":")
    switch field.value(row) {
    case .integer(let value): bytes.append(decimal: value)
    case .digit(let digit?): bytes.append(decimal: Int64(digit))
    case .digit(nil): bytes.append(text: absence == .null ? "null" : "-1")
    case .text(let text): bytes.append(json: text)
    case .choice(let text):
      if text.utf8CodeUnitCount == 0 && absence == .null { return bytes.append(text: "null") }
      bytes.append(UInt8(ascii: "\""))
      bytes.append(text: text)
      bytes.append(UInt8(ascii: "\""))
    case .identifier(let identifier):
      bytes.append(UInt8(ascii: "\""))
      bytes.append(identifier)
      bytes.append(UInt8(ascii: "\""))
    case .time(let milliseconds?):
      bytes.append(UInt8(ascii: "\""))
      CalendarTime(milliseconds).appendISO8601(to: &bytes)
      bytes.append(UInt8(ascii: "\""))
    case .time(nil): bytes.append(text: absence == .null ? "null" : "\"\"")
    case .probability(let value?): bytes.append(real: Double(value) / 65536)
    case .probability(nil): bytes.append(text: absence == .null ? "null" : "-1.0")
    case .probabilities(let values?): append(values, separator: UInt8(ascii: ","), to: &bytes)
    case .probabilities(nil):
      bytes.append(text: absence == .null ? "null" : "[-1.0,-1.0,-1.0,-1.0,-1.0,-1.0,-1.0,-1.0,-1.0,-1.0]")
    case .flags(let flags):
      if absence == .typed {
        bytes.append(json: flags.isEmpty ? "" : flags.names.joined(separator: " "))
      } else {
        bytes.append(UInt8(ascii: "["))
        for (i, name) in (flags.isEmpty ? [] : flags.names).enumerated() {
          if i > 0 { bytes.append(UInt8(ascii: ",")) }
          bytes.append(json: name)
        }
        bytes.append(UInt8(ascii: "]"))
      }
    }
  }

  private static func append(_ values: [UInt32], separator: UInt8, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "["))
    for (i, value) in values.enumerated() {
      if i > 0 { bytes.append(separator) }
      bytes.append(real: Double(value) / 65536)
    }
    bytes.append(UInt8(ascii: "]"))
  }

  /// The first line of a CSV file.
  ///
  /// - Parameter side: of the images whose pixels are columns; nil for none.
  static func csvHeader(side: Int?) -> [UInt8] {
    var bytes: [UInt8] = []
    for (i, field) in Field.all.enumerated() {
      if i > 0 { bytes.append(UInt8(ascii: ",")) }
      guard field.name == "probabilities" else {
        bytes.append(text: field.name)
        continue
      }
      for digit in 0..<10 {
        if digit > 0 { bytes.append(UInt8(ascii: ",")) }
        bytes.append(text: "probability\(digit)")
      }
    }
    for pixel in 0..<(side ?? 0) * (side ?? 0) { bytes.append(text: ",pixel\(pixel)") }
    bytes.append(UInt8(ascii: "\n"))
    return bytes
  }

  /// Adds a line of a CSV file; what is not there is empty.
  ///
  /// - Parameter numbers: 0 ... 255 as text, for the pixels; without it there are none.
  static func appendCSV(_ row: DataSetRow, pixels numbers: PixelNumbers?, to bytes: inout [UInt8]) {
    for (i, field) in Field.all.enumerated() {
      if i > 0 { bytes.append(UInt8(ascii: ",")) }
      switch field.value(row) {
      case .integer(let value): bytes.append(decimal: value)
      case .digit(let digit?): bytes.append(decimal: Int64(digit))
      case .text(let text): bytes.append(csv: text)
      case .choice(let text): bytes.append(text: text)
      case .identifier(let identifier): bytes.append(identifier)
      case .time(let milliseconds?): CalendarTime(milliseconds).appendISO8601(to: &bytes)
      case .probability(let value?): bytes.append(real: Double(value) / 65536)
      case .probabilities(let values?):
        for (digit, value) in values.enumerated() {
          if digit > 0 { bytes.append(UInt8(ascii: ",")) }
          bytes.append(real: Double(value) / 65536)
        }
      case .probabilities(nil): bytes.append(text: ",,,,,,,,,")
      case .flags(let flags): if !flags.isEmpty { bytes.append(text: flags.names.joined(separator: " ")) }
      case .digit(nil), .time(nil), .probability(nil): break
      }
    }
    if let numbers {
      for pixel in row.image {
        bytes.append(UInt8(ascii: ","))
        numbers.append(pixel, to: &bytes)
      }
    }
    bytes.append(UInt8(ascii: "\n"))
  }

  /// Adds strokes as Quick, Draw! has them: `[[[x, ...], [y, ...], [t, ...]], ...]`, in canvas pixels and milliseconds. What is no
  /// number is left out with its point.
  static func appendDrawing(_ strokes: [Stroke], to bytes: inout [UInt8]) {
    append(strokes, of: 3, to: &bytes)
  }

  /// Adds the same with the diameter of the contact as a fourth row.
  static func appendStrokes(_ strokes: [Stroke], to bytes: inout [UInt8]) {
    append(strokes, of: 4, to: &bytes)
  }

  /// Adds the diameters of the contacts alone, `[[size, ...], ...]`.
  static func appendSizes(_ strokes: [Stroke], to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "["))
    for (i, stroke) in strokes.enumerated() {
      if i > 0 { bytes.append(UInt8(ascii: ",")) }
      append(stroke, row: 3, to: &bytes)
    }
    bytes.append(UInt8(ascii: "]"))
  }

  private static func append(_ strokes: [Stroke], of rows: Int, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "["))
    for (i, stroke) in strokes.enumerated() {
      bytes.append(text: i > 0 ? ",[" : "[")
      for row in 0..<rows {
        if row > 0 { bytes.append(UInt8(ascii: ",")) }
        append(stroke, row: row, to: &bytes)
      }
      bytes.append(UInt8(ascii: "]"))
    }
    bytes.append(UInt8(ascii: "]"))
  }

  private static func append(_ stroke: Stroke, row: Int, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "["))
    var isFirst = true
    for point in stroke.points where point.x.isFinite && point.y.isFinite && point.size.isFinite {
      if !isFirst { bytes.append(UInt8(ascii: ",")) }
      isFirst = false
      switch row {
      case 0: bytes.append(real: point.x)
      case 1: bytes.append(real: point.y)
      case 2: bytes.append(decimal: Int64(point.t))
      default: bytes.append(real: point.size)
      }
    }
    bytes.append(UInt8(ascii: "]"))
  }
}

/// The numbers 0 ... 255 as text.
struct PixelNumbers {
  private let texts = (0...255).map { Array(String($0).utf8) }

  func append(_ pixel: UInt8, to bytes: inout [UInt8]) {
    // Most of a drawing is paper.
    if pixel == 0 { bytes.append(UInt8(ascii: "0")) } else { bytes.append(contentsOf: texts[Int(pixel)]) }
  }
}
