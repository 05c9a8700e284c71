import JSON
import Kernel

/// A data set as one JSON array, an object a line.
final class JSONWriter: DataSetWriter {
  private let output: OutputFile
  private var isFirst = true
  /// The numbers 0 ... 255 as text.
  private let numbers = (0...255).map { Array(String($0).utf8) }

  init(_ output: OutputFile) throws(KernelError) {
    self.output = output
    try output.write("[".utf8)
  }

  func append(_ row: DataSetRow) throws(KernelError) {
    let sample = row.sample
    let before: JSON = [
      "id": .string(sample.id.description), "username": .string(row.username), "label": .int(sample.label),
    ]
    let after: JSON = [
      "created_at": .string(CalendarTime.iso8601(sample.time.wall)),
      "clock": .string(sample.time.quality.description),
      "contributor": .string(sample.contributor.description),
      "session": .string(sample.session.description), "panel": .string(sample.panel.description),
      "sequence": .int(Int(clamping: sample.sequence)),
      "prediction": sample.prediction.map { $0.isDigit ? .int($0.digit) : .null } ?? .null,
      "probabilities": sample.prediction.map {
        .array($0.probabilities.map { .number(Double($0) / 65536) })
      } ?? .null,
      "rejection": sample.prediction.map { .number(Double($0.rejection) / 65536) } ?? .null,
      "flags": .array(sample.flags.names.map { .string($0) }), "language": .string(sample.language),
      "consent": .string(sample.consent.version), "software": .string(sample.softwareVersion),
      "model": .string(sample.modelVersion),
    ]
    var bytes: [UInt8] = []
    bytes.reserveCapacity(row.image.count * 3)
    bytes += isFirst ? "\n".utf8 : ",\n".utf8
    isFirst = false
    bytes += before.text.utf8.dropLast()
    bytes += ",\"image\":".utf8
    appendImage(row.image, to: &bytes)
    bytes += ",".utf8
    bytes += after.text.utf8.dropFirst()
    try output.write(bytes)
  }

  func finish() throws(KernelError) {
    try output.write("\n]\n".utf8)
  }

  /// The picture as rows of numbers.
  private func appendImage(_ image: [UInt8], to bytes: inout [UInt8]) {
    let side = image.count == 28 * 28 ? 28 : 280
    for (i, pixel) in image.enumerated() {
      bytes += i == 0 ? "[[".utf8 : i % side == 0 ? "],[".utf8 : ",".utf8
      bytes += numbers[Int(pixel)]
    }
    bytes += "]]".utf8
  }
}
