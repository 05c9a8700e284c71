/// Reads evemu's text: `N:` name, `I:` identity, `P:` properties, `B:` codes, `A:` axes, `E:` events; `L:` and `S:`
/// (lamps and switches) are passed over.
struct EvemuReader {
  private var recording = Recording(
    description: DeviceDescription(
      name: "", identity: DeviceDescription.Identity(bus: 0, vendor: 0, product: 0, version: 0)))
  private var propertyByte = 0
  private var codeBytes: [UInt16: Int] = [:]
  private var hasName = false
  private var line = 0

  /// - Throws: ``RecordingError`` with the number of the first line that is damaged.
  static func read(_ text: [UInt8]) throws(RecordingError) -> Recording {
    var reader = EvemuReader()
    var start = 0
    while start < text.count {
      var end = start
      while end < text.count && text[end] != UInt8(ascii: "\n") { end += 1 }
      reader.line += 1
      try reader.readLine(text[start..<end])
      start = end + 1
    }
    guard reader.hasName else { throw RecordingError(line: 0, "it has no line N: with the name of a device") }
    return reader.recording
  }

  private mutating func readLine(_ bytes: ArraySlice<UInt8>) throws(RecordingError) {
    var bytes = bytes
    if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
    guard let kind = bytes.first, kind != UInt8(ascii: "#") else { return }
    if bytes.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }) { return }
    guard bytes.count >= 2, bytes[bytes.startIndex + 1] == UInt8(ascii: ":") else {
      throw RecordingError(line: line, "it does not begin with a letter and a colon")
    }
    let rest = bytes.dropFirst(2)
    if kind == UInt8(ascii: "N") {
      recording.description.name = String(decoding: rest, as: UTF8.self).trimmed
      hasName = true
      return
    }
    let fields = rest.prefix { $0 != UInt8(ascii: "#") }
      .split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    switch kind {
    case UInt8(ascii: "I"): try readIdentity(fields)
    case UInt8(ascii: "P"):
      for field in fields {
        guard propertyByte < 128 else {
          throw RecordingError(line: line, "more properties than the kernel has")
        }
        for bit in bits(of: try byte(field)) {
          recording.description.properties.insert(UInt16(propertyByte * 8 + bit))
        }
        propertyByte += 1
      }
    case UInt8(ascii: "B"): try readCodes(fields)
    case UInt8(ascii: "A"): try readAxis(fields)
    case UInt8(ascii: "E"): try readEvent(fields)
    case UInt8(ascii: "L"), UInt8(ascii: "S"): break
    default: throw RecordingError(line: line, "no such line is known in evemu's format")
    }
  }

  private mutating func readIdentity(_ fields: [ArraySlice<UInt8>]) throws(RecordingError) {
    guard fields.count == 4 else { throw wrongCount("bus, vendor, product and version", fields.count) }
    recording.description.identity = DeviceDescription.Identity(
      bus: try word(fields[0]), vendor: try word(fields[1]), product: try word(fields[2]),
      version: try word(fields[3]))
  }

  private mutating func readCodes(_ fields: [ArraySlice<UInt8>]) throws(RecordingError) {
    guard let first = fields.first else { throw wrongCount("an event type and its codes", 0) }
    let type = try word(first)
    var offset = codeBytes[type] ?? 0
    for field in fields.dropFirst() {
      guard offset < 128 else { throw RecordingError(line: line, "more codes than the kernel has") }
      for bit in bits(of: try byte(field)) where type != EventType.syn {
        recording.description.codes[type, default: []].insert(UInt16(offset * 8 + bit))
      }
      offset += 1
    }
    codeBytes[type] = offset
  }

  private mutating func readAxis(_ fields: [ArraySlice<UInt8>]) throws(RecordingError) {
    // The resolution came with evemu 1.2.
    guard fields.count == 5 || fields.count == 6 else {
      throw wrongCount("code, minimum, maximum, fuzz, flat and resolution", fields.count)
    }
    let code = try word(fields[0])
    recording.description.axes[code] = AxisRange(
      try number(fields[1]), try number(fields[2]), fuzz: try number(fields[3]), flat: try number(fields[4]),
      resolution: fields.count == 6 ? try number(fields[5]) : 0)
    recording.description.codes[EventType.abs, default: []].insert(code)
  }

  private mutating func readEvent(_ fields: [ArraySlice<UInt8>]) throws(RecordingError) {
    guard fields.count == 4 else { throw wrongCount("time, type, code and value", fields.count) }
    let time = try nanoseconds(fields[0])
    if let last = recording.events.last, time < last.time {
      throw RecordingError(line: line, "its time lies before that of the event above")
    }
    recording.events.append(
      InputEvent(
        time: time, type: try word(fields[1]), code: try word(fields[2]), value: try number(fields[3])))
  }

  private func wrongCount(_ wanted: String, _ count: Int) -> RecordingError {
    RecordingError(line: line, "expected \(wanted), found \(count) fields")
  }

  private func bits(of byte: UInt8) -> [Int] { (0..<8).filter { byte >> UInt8($0) & 1 == 1 } }

  private func byte(_ field: ArraySlice<UInt8>) throws(RecordingError) -> UInt8 {
    guard let value = UInt8(String(decoding: field, as: UTF8.self), radix: 16) else {
      throw notA("byte in hexadecimal", field)
    }
    return value
  }

  private func word(_ field: ArraySlice<UInt8>) throws(RecordingError) -> UInt16 {
    guard let value = UInt16(String(decoding: field, as: UTF8.self), radix: 16) else {
      throw notA("number in hexadecimal", field)
    }
    return value
  }

  private func number(_ field: ArraySlice<UInt8>) throws(RecordingError) -> Int32 {
    guard let value = Int32(String(decoding: field, as: UTF8.self)) else { throw notA("number", field) }
    return value
  }

  /// `seconds.microseconds`, with exactly six digits behind the point.
  private func nanoseconds(_ field: ArraySlice<UInt8>) throws(RecordingError) -> UInt64 {
    let parts = field.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 2, parts[1].count == 6, parts[1].allSatisfy({ (48...57).contains($0) }),
      let seconds = UInt32(String(decoding: parts[0], as: UTF8.self)),
      let microseconds = UInt32(String(decoding: parts[1], as: UTF8.self))
    else { throw notA("time as seconds.microseconds", field) }
    return UInt64(seconds) * 1_000_000_000 + UInt64(microseconds) * 1_000
  }

  private func notA(_ what: String, _ field: ArraySlice<UInt8>) -> RecordingError {
    let text = String(decoding: field.prefix(24), as: UTF8.self)
    return RecordingError(line: line, "\"\(text.printable)\" is no \(what)")
  }
}

extension Recording {
  /// A recording from evemu's text.
  ///
  /// - Throws: ``RecordingError`` with the number of the first line that is damaged.
  public init(evemu text: [UInt8]) throws(RecordingError) {
    self = try EvemuReader.read(text)
  }
}

extension String {
  var trimmed: String {
    let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    return String(drop(while: isSpace).reversed().drop(while: isSpace).reversed())
  }

  /// The text without control characters, for messages: a device or a file may name itself as it likes.
  var printable: String {
    String(
      String.UnicodeScalarView(
        unicodeScalars.map { $0.value < 32 || (127...159).contains($0.value) ? "?" : $0 }))
  }
}
