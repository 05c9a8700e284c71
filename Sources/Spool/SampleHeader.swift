import Ink

/// The fields of a record that are neither strokes nor picture: a tag, a length and a value each, tags ascending.
///
/// A reader skips the tags that it does not know, so that a field can be added without a new version.
enum SampleHeader {
  /// The numbers of the fields, which never change their meaning.
  enum Tag: UInt16 {
    case id = 1
    case label = 2
    case contributor = 3
    case session = 4
    case language = 5
    case consent = 6
    case panel = 7
    case software = 8
    case model = 9
    case prediction = 10
    case flags = 11
    case wall = 12
    case boot = 13
    case sequence = 14
  }

  static let languageLimit = 35
  static let textLimit = 64

  static func encode(_ sample: Sample) throws(RecordError) -> [UInt8] {
    var header = ByteWriter()
    func field(_ tag: Tag, _ value: [UInt8]) {
      header.write(tag.rawValue)
      header.write(UInt16(value.count))
      header.write(value)
    }
    func text(_ text: String, _ name: String, limit: Int) throws(RecordError) -> [UInt8] {
      let bytes = Array(text.utf8)
      guard bytes.count <= limit else { throw .tooLarge(name, bytes.count, limit: limit) }
      return bytes
    }
    field(.id, sample.id.bytes)
    field(.label, [UInt8(sample.label)])
    field(.contributor, sample.contributor.bytes)
    field(.session, sample.session.bytes)
    field(.language, try text(sample.language, "language", limit: languageLimit))
    let choices: UInt8 = (sample.consent.dataSet ? 1 : 0) | (sample.consent.nameShown ? 2 : 0)
    field(.consent, [choices] + (try text(sample.consent.version, "consent version", limit: textLimit)))
    field(.panel, sample.panel.bytes)
    field(.software, try text(sample.softwareVersion, "software version", limit: textLimit))
    field(.model, try text(sample.modelVersion, "model version", limit: textLimit))
    if let prediction = sample.prediction {
      var value = ByteWriter()
      for probability in prediction.probabilities { value.write(probability) }
      value.write(prediction.rejection)
      value.write(UInt8(prediction.isDigit ? 1 : 0))
      field(.prediction, value.bytes)
    }
    var flags = ByteWriter()
    flags.write(sample.flags.rawValue)
    field(.flags, flags.bytes)
    var wall = ByteWriter()
    wall.write(sample.time.wall)
    wall.write(sample.time.quality.rawValue)
    field(.wall, wall.bytes)
    var boot = ByteWriter()
    boot.write(sample.time.boot.bytes)
    boot.write(sample.time.sinceBoot)
    field(.boot, boot.bytes)
    var sequence = ByteWriter()
    sequence.write(sample.sequence)
    field(.sequence, sequence.bytes)
    return header.bytes
  }

  static func decode(
    _ bytes: ArraySlice<UInt8>, strokes: [Stroke], png: [UInt8]
  ) throws(RecordError) -> Sample {
    let fields = try Fields(bytes)
    func value(_ tag: Tag, _ length: Int) throws(RecordError) -> ArraySlice<UInt8> {
      guard let value = fields[tag] else { throw .malformed("its \(tag) is missing") }
      guard value.count == length else { throw .malformed("its \(tag) has \(value.count) bytes") }
      return value
    }
    func identifier(_ tag: Tag) throws(RecordError) -> Identifier {
      guard let identifier = Identifier(bytes: try value(tag, 16)) else { throw .malformed("its \(tag)") }
      return identifier
    }
    func text(_ tag: Tag, skip: Int = 0, limit: Int) throws(RecordError) -> String {
      guard let value = fields[tag] else { throw .malformed("its \(tag) is missing") }
      guard value.count <= limit + skip else {
        throw .tooLarge("\(tag)", value.count - skip, limit: limit)
      }
      guard value.count >= skip, let text = String(validating: value.dropFirst(skip), as: UTF8.self) else {
        throw .malformed("its \(tag) is no UTF-8 text")
      }
      return text
    }
    func number<I: FixedWidthInteger>(_ bytes: ArraySlice<UInt8>) throws(RecordError) -> I {
      var reader = ByteReader(bytes)
      guard let number: I = reader.read() else { throw .malformed("a number is cut off") }
      return number
    }

    let label = Int(try number(try value(.label, 1)) as UInt8)
    guard label <= 9 else { throw .malformed("its label is \(label)") }
    let consentVersion = try text(.consent, skip: 1, limit: textLimit)
    let choices = fields[.consent]?.first ?? 0
    guard choices <= 3 else { throw .malformed("its consent has an unknown choice") }
    let wall = try value(.wall, 9)
    guard let quality = wall.last.flatMap(ClockQuality.init(rawValue:)) else {
      throw .malformed("its clock has an unknown quality")
    }
    let boot = try value(.boot, 24)
    guard let bootIdentifier = Identifier(bytes: boot.prefix(16)) else { throw .malformed("its boot") }
    return Sample(
      id: try identifier(.id), label: label, strokes: strokes, png: png,
      contributor: try identifier(.contributor), session: try identifier(.session),
      language: try text(.language, limit: languageLimit),
      consent: Consent(
        version: consentVersion, dataSet: choices & 1 != 0, nameShown: choices & 2 != 0),
      panel: try identifier(.panel), softwareVersion: try text(.software, limit: textLimit),
      modelVersion: try text(.model, limit: textLimit), prediction: try prediction(fields),
      flags: QualityFlags(rawValue: try number(try value(.flags, 4))),
      time: Timestamp(
        wall: try number(wall), quality: quality, boot: bootIdentifier,
        sinceBoot: try number(boot.dropFirst(16))),
      sequence: try number(try value(.sequence, 8)))
  }

  /// Only the time; nil where the fields do not hold one.
  static func time(_ bytes: ArraySlice<UInt8>) -> Timestamp? {
    guard let fields = try? Fields(bytes), let wall = fields[.wall], wall.count == 9,
      let boot = fields[.boot], boot.count == 24,
      let quality = wall.last.flatMap(ClockQuality.init(rawValue:)),
      let identifier = Identifier(bytes: boot.prefix(16))
    else { return nil }
    var (times, counts) = (ByteReader(wall), ByteReader(boot.dropFirst(16)))
    guard let milliseconds = times.read(Int64.self), let nanoseconds = counts.read(UInt64.self) else {
      return nil
    }
    return Timestamp(wall: milliseconds, quality: quality, boot: identifier, sinceBoot: nanoseconds)
  }

  /// The values of the fields that are known here.
  private struct Fields {
    /// By tag; nil where there is none.
    private var values = [ArraySlice<UInt8>?](repeating: nil, count: Int(Tag.sequence.rawValue) + 1)

    init(_ bytes: ArraySlice<UInt8>) throws(RecordError) {
      var reader = ByteReader(bytes)
      var last: UInt16 = 0
      while reader.remaining > 0 {
        guard let tag = reader.read(UInt16.self), let length = reader.read(UInt16.self).map(Int.init),
          let value = reader.read(length)
        else { throw .malformed("its header is cut off") }
        guard tag > last else { throw .malformed("its fields are not in order") }
        if Int(tag) < values.count { values[Int(tag)] = value }
        last = tag
      }
    }

    subscript(_ tag: Tag) -> ArraySlice<UInt8>? { values[Int(tag.rawValue)] }
  }

  private static func prediction(
    _ fields: Fields
  ) throws(RecordError) -> Prediction? {
    guard let value = fields[.prediction] else { return nil }
    var reader = ByteReader(value)
    var numbers: [UInt32] = []
    numbers.reserveCapacity(11)
    while let number = reader.read(UInt32.self) { numbers.append(number) }
    guard numbers.count == 11, let isDigit = reader.read(UInt8.self), isDigit <= 1, reader.remaining == 0,
      let prediction = Prediction(
        probabilities: Array(numbers.prefix(10)), rejection: numbers[10], isDigit: isDigit == 1)
    else { throw .malformed("its prediction is none") }
    return prediction
  }
}
