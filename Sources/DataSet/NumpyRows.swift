import Kernel
import Spool

/// Rows as columns of bytes: for each column what a NumPy array has in a row, texts as their length and UTF-8.
struct NumpyRows: RowEncoder {
  private let deflater = Deflater(for: .pictures)
  private let withStrokes: Bool
  private var images: [UInt8] = []
  /// The columns of ``Field/all``, then points, strokes' counts of points and drawings' counts of strokes.
  private var streams: [[UInt8]]

  /// The values alone: their names need not be passed around for each of a drawing's.
  private static let values = Field.all.map(\.value)

  /// Streams that the strokes have.
  static let strokeStreams = 3

  init(_ options: ExportOptions) {
    withStrokes = options.withStrokes
    streams = [[UInt8]](
      repeating: [], count: Field.all.count + (options.withStrokes ? NumpyRows.strokeStreams : 0))
  }

  mutating func append(_ row: DataSetRow) {
    images += row.image
    for (i, value) in NumpyRows.values.enumerated() { NumpyRows.append(value(row), to: &streams[i]) }
    if withStrokes { appendStrokes(row) }
  }

  mutating func finish(_ batch: inout EncodedBatch) throws(KernelError) {
    batch.images = try deflater.piece(images)
    batch.streams = streams
    images.removeAll(keepingCapacity: true)
    for i in streams.indices { streams[i].removeAll(keepingCapacity: true) }
  }

  private static func append(_ value: Field.Value, to bytes: inout [UInt8]) {
    switch value {
    case .integer(let value): bytes.append(little: value)
    // -1: no recogniser ran, or it took the drawing for no digit.
    case .digit(let digit): bytes.append(little: Int64(digit ?? -1))
    case .probability(let value): append(value, to: &bytes)
    case .probabilities(let values):
      for digit in 0..<10 { append(values?[digit], to: &bytes) }
    case .flags(let flags): bytes.append(little: flags.rawValue)
    case .text(let text): append(to: &bytes) { $0.append(text: text) }
    case .choice(let text): append(to: &bytes) { $0.append(text: text) }
    case .identifier(let identifier): append(to: &bytes) { $0.append(identifier) }
    case .time(let time):
      append(to: &bytes) { bytes in
        if let time { CalendarTime(time).appendISO8601(to: &bytes) }
      }
    }
  }

  /// 65536ths are exact in the 24 bits of a Float.
  private static func append(_ probability: UInt32?, to bytes: inout [UInt8]) {
    bytes.append(little: (probability.map { Float($0) / 65536 } ?? .nan).bitPattern)
  }

  /// A text with its length before it, in two bytes: no text of a record is longer than 64 bytes, and no name longer than 20
  /// characters, which are at most some hundred.
  private static func append(to bytes: inout [UInt8], _ text: (inout [UInt8]) -> Void) {
    let start = bytes.count
    bytes.append(little: UInt16(0))
    text(&bytes)
    let count = min(bytes.count - start - 2, Int(UInt16.max))
    bytes.removeLast(bytes.count - start - 2 - count)
    bytes[start] = UInt8(count & 0xFF)
    bytes[start + 1] = UInt8(count >> 8)
  }

  private mutating func appendStrokes(_ row: DataSetRow) {
    let first = Field.all.count
    for stroke in row.sample.strokes {
      for point in stroke.points {
        for value in [point.x, point.y, Float(point.t), point.size] {
          streams[first].append(little: value.bitPattern)
        }
      }
      streams[first + 1].append(little: Int64(stroke.points.count))
    }
    streams[first + 2].append(little: Int64(row.sample.strokes.count))
  }
}
