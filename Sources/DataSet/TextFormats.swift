import Kernel

/// A data set as one JSON array, an object a line.
struct JSONRows: RowEncoder {
  private let side: Int
  private let withStrokes: Bool
  private let numbers = PixelNumbers()
  private var bytes: [UInt8] = []

  init(_ options: ExportOptions) {
    side = options.size.rawValue
    withStrokes = options.withStrokes
  }

  mutating func append(_ row: DataSetRow) {
    bytes.append(text: ",\n{")
    for (i, field) in Field.all.enumerated() {
      if i > 0 { bytes.append(UInt8(ascii: ",")) }
      if i == Field.beforeImage { appendImage(row.image) }
      RowText.appendMember(field, of: row, to: &bytes)
    }
    if withStrokes {
      bytes.append(text: ",\"strokes\":")
      RowText.appendStrokes(row.sample.strokes, to: &bytes)
    }
    bytes.append(UInt8(ascii: "}"))
  }

  mutating func finish(_ batch: inout EncodedBatch) {
    batch.streams = [bytes]
    bytes.removeAll(keepingCapacity: true)
  }

  /// The picture as rows of numbers.
  private mutating func appendImage(_ image: [UInt8]) {
    bytes.append(text: "\"image\":")
    for y in 0..<side {
      bytes.append(text: y == 0 ? "[[" : "],[")
      for x in 0..<side {
        if x > 0 { bytes.append(UInt8(ascii: ",")) }
        numbers.append(image[y * side + x], to: &bytes)
      }
    }
    bytes.append(text: "]],")
  }
}

/// A data set as a CSV table, a line a drawing.
struct CSVRows: RowEncoder {
  private let numbers = PixelNumbers()
  private var bytes: [UInt8] = []

  mutating func append(_ row: DataSetRow) {
    RowText.appendCSV(row, pixels: numbers, to: &bytes)
  }

  mutating func finish(_ batch: inout EncodedBatch) {
    batch.streams = [bytes]
    bytes.removeAll(keepingCapacity: true)
  }
}

/// The strokes, a line a drawing, as the raw files of Quick, Draw! have them (github.com/googlecreativelab/quickdraw-dataset):
/// its six keys first, then the columns of the other formats.
struct StrokeRows: RowEncoder {
  private static let others = Field.all.filter { $0.name != "id" }
  private var bytes: [UInt8] = []

  mutating func append(_ row: DataSetRow) {
    bytes.append(text: "{\"key_id\":\"")
    bytes.append(row.sample.id)
    bytes.append(text: "\",\"word\":\"")
    bytes.append(decimal: Int64(row.label))
    // Nobody asks visitors where they come from.
    bytes.append(text: "\",\"countrycode\":\"\",\"timestamp\":\"")
    CalendarTime(row.sample.time.wall).appendQuickDraw(to: &bytes)
    bytes.append(text: "\",\"recognized\":")
    bytes.append(text: row.sample.prediction == nil ? "null" : row.prediction == row.label ? "true" : "false")
    bytes.append(text: ",\"drawing\":")
    RowText.appendDrawing(row.sample.strokes, to: &bytes)
    bytes.append(text: ",\"sizes\":")
    RowText.appendSizes(row.sample.strokes, to: &bytes)
    for field in StrokeRows.others {
      bytes.append(UInt8(ascii: ","))
      RowText.appendMember(field, of: row, to: &bytes)
    }
    bytes.append(text: "}\n")
  }

  mutating func finish(_ batch: inout EncodedBatch) {
    batch.streams = [bytes]
    bytes.removeAll(keepingCapacity: true)
  }
}

/// Writes formats that are one text: what stands before the rows, the rows, what stands after them.
final class TextWriter: BatchWriter {
  private let output: OutputFile
  private let name: String
  private let end: String
  /// Bytes that the first row leaves away: the comma that stands before every other.
  private var skip: Int

  init(
    _ output: OutputFile, name: String, begin: [UInt8], end: String = "", skipFirst skip: Int = 0
  ) throws(KernelError) {
    self.output = output
    self.name = name
    self.end = end
    self.skip = skip
    try output.write(begin)
  }

  func write(_ batch: EncodedBatch) throws(KernelError) {
    guard batch.rows > 0, let bytes = batch.streams.first else { return }
    if skip > 0 { try output.write(bytes.dropFirst(skip)) } else { try output.write(bytes) }
    skip = 0
  }

  func finish() throws(KernelError) -> [String] {
    try output.write(end.utf8)
    try output.finish()
    return [name]
  }
}
