import Ink

/// A sample as bytes, and back: the same bytes lie in the store, cross the wire, and are what a receipt confirms.
///
/// Layout of version 1, little-endian, described byte by byte in RECORD.md: magic, version, lengths, header of tagged
/// fields, strokes, PNG, SHA-256 over everything before it. One sample has exactly one form in bytes. The reader
/// accepts any bytes: what is cut, changed or absurd is refused with a reason, before memory is asked for.
public enum SampleRecord {
  /// The first eight bytes. As in PNG, the first is no ASCII and the line ends tell a transfer that changed them.
  public static let magic: [UInt8] = [0x89, 0x44, 0x50, 0x53, 0x0D, 0x0A, 0x1A, 0x0A]
  /// The version that is written.
  public static let version = 1
  /// Bytes before the header of fields.
  public static let prefixLength = 28
  /// The most bytes of a whole record.
  public static let maximumLength = 4 << 20

  static let headerLimit = 4096
  static let strokesLimit = 2 << 20
  static let pngLimit = 1 << 20

  /// The length of the whole record that begins with these bytes (at least 16 are needed), for reading from a stream.
  ///
  /// - Throws: ``RecordError`` when no record can begin so.
  public static func length(ofRecordBeginningWith start: some Collection<UInt8>) throws(RecordError) -> Int {
    var reader = ByteReader(ArraySlice(start.prefix(16)))
    guard let first = reader.read(8), first.elementsEqual(magic) else { throw .notARecord }
    guard let version = reader.read(UInt16.self), reader.read(UInt16.self) != nil,
      let length = reader.read(UInt32.self).map(Int.init)
    else { throw .wrongLength(expected: 16, found: start.count) }
    guard version == SampleRecord.version else { throw .unknownVersion(Int(version)) }
    guard length <= maximumLength else { throw .tooLarge("length", length, limit: maximumLength) }
    guard length >= prefixLength + Digest.length else { throw .malformed("its length is \(length)") }
    return length
  }

  /// The hash at the end of a record that has already been verified.
  public static func digest(of record: [UInt8]) -> Digest? {
    Digest(bytes: record.suffix(Digest.length))
  }

  /// Checks magic, version, length and hash: everything but the meaning of the fields.
  @discardableResult
  public static func verify(_ record: [UInt8]) throws(RecordError) -> Digest {
    let length = try length(ofRecordBeginningWith: record)
    guard record.count == length else { throw .wrongLength(expected: length, found: record.count) }
    let digest = Digest(of: record.dropLast(Digest.length))
    guard record.suffix(Digest.length).elementsEqual(digest.bytes) else { throw .wrongHash }
    return digest
  }

  /// The sample as a record.
  ///
  /// - Throws: ``RecordError`` when the sample holds what no record may: a label over 9, a picture that is not 280 x 280
  ///   gray, a text or a drawing over its limit.
  public static func encode(_ sample: Sample) throws(RecordError) -> [UInt8] {
    guard (0...9).contains(sample.label) else { throw .malformed("its label is \(sample.label)") }
    try checkPicture(sample.png[...])
    let header = try SampleHeader.encode(sample)
    let strokes = try StrokeCodec.encode(sample.strokes)
    var writer = ByteWriter()
    writer.write(magic)
    writer.write(UInt16(version))
    writer.write(UInt16(0))
    writer.write(UInt32(prefixLength + header.count + strokes.count + sample.png.count + Digest.length))
    writer.write(UInt32(header.count))
    writer.write(UInt32(strokes.count))
    writer.write(UInt32(sample.png.count))
    writer.write(header)
    writer.write(strokes)
    writer.write(sample.png)
    let digest = Digest(of: writer.bytes)
    writer.write(digest.bytes)
    return writer.bytes
  }

  /// The sample in a record.
  ///
  /// - Parameter strokes: without them they are not looked at, and the sample has none: for what is known to be well-formed, as
  ///   all in a store is, and where only the rest is wanted.
  /// - Throws: ``RecordError`` for anything else than a whole and sound record.
  public static func decode(
    _ record: [UInt8], strokes isWithStrokes: Bool = true
  ) throws(RecordError) -> Sample {
    try verify(record)
    var reader = ByteReader(record.dropLast(Digest.length))
    _ = reader.read(10)
    guard reader.read(UInt16.self) == 0, reader.read(UInt32.self) != nil,
      let headerLength = reader.read(UInt32.self).map(Int.init),
      let strokesLength = reader.read(UInt32.self).map(Int.init),
      let pngLength = reader.read(UInt32.self).map(Int.init)
    else { throw .malformed("its prefix is wrong") }
    guard headerLength <= headerLimit else {
      throw .tooLarge("header", headerLength, limit: headerLimit)
    }
    guard strokesLength <= strokesLimit else {
      throw .tooLarge("strokes", strokesLength, limit: strokesLimit)
    }
    guard pngLength <= pngLimit else { throw .tooLarge("picture", pngLength, limit: pngLimit) }
    guard headerLength + strokesLength + pngLength == reader.remaining,
      let header = reader.read(headerLength), let strokes = reader.read(strokesLength),
      let png = reader.read(pngLength)
    else { throw .malformed("its parts do not add up to its length") }
    try checkPicture(png)
    return try SampleHeader.decode(
      header, strokes: isWithStrokes ? StrokeCodec.decode(strokes) : [], png: Array(png))
  }

  /// The time in a record that nobody has checked, without taking the rest apart; nil where there is none.
  static func time(in record: [UInt8]) -> Timestamp? {
    var reader = ByteReader(record[...])
    guard reader.read(16) != nil, let length = reader.read(UInt32.self).map(Int.init), reader.read(8) != nil,
      let header = reader.read(length)
    else { return nil }
    return SampleHeader.time(header)
  }

  private static let pictureStart: [UInt8] = {
    let side = [0, 0, UInt8(Canvas.side >> 8), UInt8(Canvas.side & 0xFF)]
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + [0, 0, 0, 13] + Array("IHDR".utf8)
      + side + side + [8, 0]
  }()

  /// Whether it begins as PNG of 280 x 280, 8-bit gray, no alpha (PNG, sections 5.2 and 11.2.2). The rest is the PNG
  /// reader's to judge.
  private static func checkPicture(_ png: ArraySlice<UInt8>) throws(RecordError) {
    guard png.count <= pngLimit else { throw .tooLarge("picture", png.count, limit: pngLimit) }
    guard png.starts(with: pictureStart) else {
      throw .malformed("its picture is no PNG of \(Canvas.side) x \(Canvas.side) 8-bit gray")
    }
  }
}
