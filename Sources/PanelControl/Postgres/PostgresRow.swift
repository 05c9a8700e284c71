import Spool

/// A sample as a row of `digit_panel.samples`, in the order of ``PostgresSchema/columns``.
enum PostgresRow {
  static let fields = Int16(PostgresSchema.columns.count)

  static func write(_ sample: Sample, record: [UInt8], hash: Digest, to copy: inout BinaryCopy) {
    copy.row(fields)
    copy.field(sample.id)
    copy.field(sample.panel)
    copy.field(Int64(bitPattern: sample.sequence))
    copy.field(sample.contributor)
    copy.field(sample.session)
    copy.field(Int16(sample.label))
    if let prediction = sample.prediction {
      copy.field(Int16(prediction.digit))
      copy.field(Double(prediction.confidence) / 65_536)
      copy.field(prediction.isDigit)
    } else {
      for _ in 0..<3 { copy.null() }
    }
    copy.field(Int64(sample.flags.rawValue))
    copy.field(text: sample.language)
    copy.field(text: sample.consent.version)
    copy.field(sample.consent.dataSet)
    copy.field(text: sample.softwareVersion)
    copy.field(text: sample.modelVersion)
    copy.field(wall: sample.time.wall)
    copy.field(text: sample.time.quality.description)
    copy.field(hash.bytes)
    // The picture stands at the end of a record, before the hash; SQL counts from 1.
    copy.field(Int32(record.count - Digest.length - sample.png.count + 1))
    copy.field(Int32(sample.png.count))
    copy.field(record)
  }
}
