import Ink

/// Strokes as bytes: every bit of every value kept, about eight bytes a point. The layout is in RECORD.md.
///
/// Neighbouring points have most bits in common, so each value is stored as its difference from the point before: an
/// exclusive or of the bits of x, y and size, of which the bytes that are zero are left out, and the difference of t.
enum StrokeCodec {
  /// Points in one drawing; more than ``Sketch/pointLimit`` cannot come from the panel.
  static let pointLimit = 65_536
  /// Strokes in one drawing.
  static let strokeLimit = 4096

  static func encode(_ strokes: [Stroke]) throws(RecordError) -> [UInt8] {
    guard strokes.count <= strokeLimit else {
      throw .tooLarge("number of strokes", strokes.count, limit: strokeLimit)
    }
    let points = strokes.reduce(0) { $0 + $1.points.count }
    guard points <= pointLimit else { throw .tooLarge("number of points", points, limit: pointLimit) }
    var writer = ByteWriter()
    writer.write(UInt32(strokes.count))
    var last = StrokePoint(x: 0, y: 0)
    for stroke in strokes {
      writer.write(UInt32(stroke.points.count))
      for point in stroke.points {
        let words = [
          point.x.bitPattern ^ last.x.bitPattern, point.y.bitPattern ^ last.y.bitPattern,
          point.size.bitPattern ^ last.size.bitPattern, point.t &- last.t,
        ]
        var masks: UInt16 = 0
        for (i, word) in words.enumerated() { masks |= mask(word) << UInt16(4 * i) }
        writer.write(masks)
        for word in words {
          for i in 0..<4 {
            let byte = UInt8(truncatingIfNeeded: word >> UInt32(8 * i))
            if byte != 0 { writer.write(CollectionOfOne(byte)) }
          }
        }
        last = point
      }
    }
    return writer.bytes
  }

  /// A bit for each byte of the word that is not zero.
  private static func mask(_ word: UInt32) -> UInt16 {
    var mask: UInt16 = 0
    for i in 0..<4 where word >> UInt32(8 * i) & 0xFF != 0 { mask |= 1 << UInt16(i) }
    return mask
  }

  static func decode(_ bytes: ArraySlice<UInt8>) throws(RecordError) -> [Stroke] {
    var reader = ByteReader(bytes)
    guard let count = reader.read(UInt32.self).map(Int.init) else {
      throw .malformed("its strokes are cut off")
    }
    guard count <= strokeLimit else { throw .tooLarge("number of strokes", count, limit: strokeLimit) }
    var strokes: [Stroke] = []
    var total = 0
    var last = StrokePoint(x: 0, y: 0)
    for _ in 0..<count {
      guard let points = reader.read(UInt32.self).map(Int.init) else {
        throw .malformed("its strokes are cut off")
      }
      // A point has two bytes at least: nothing is allocated for points that cannot be there.
      guard points <= reader.remaining / 2 else { throw .malformed("its strokes are cut off") }
      total += points
      guard total <= pointLimit else { throw .tooLarge("number of points", total, limit: pointLimit) }
      var stroke = Stroke()
      stroke.points.reserveCapacity(points)
      for _ in 0..<points {
        last = try point(&reader, after: last)
        stroke.points.append(last)
      }
      strokes.append(stroke)
    }
    guard reader.remaining == 0 else { throw .malformed("bytes follow its strokes") }
    return strokes
  }

  private static func point(
    _ reader: inout ByteReader, after last: StrokePoint
  ) throws(RecordError) -> StrokePoint {
    guard let masks = reader.read(UInt16.self) else { throw .malformed("its strokes are cut off") }
    var words: (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
    words.0 = try word(&reader, mask: masks)
    words.1 = try word(&reader, mask: masks >> 4)
    words.2 = try word(&reader, mask: masks >> 8)
    words.3 = try word(&reader, mask: masks >> 12)
    return StrokePoint(
      x: Float(bitPattern: last.x.bitPattern ^ words.0), y: Float(bitPattern: last.y.bitPattern ^ words.1),
      t: last.t &+ words.3, size: Float(bitPattern: last.size.bitPattern ^ words.2))
  }

  private static func word(_ reader: inout ByteReader, mask: UInt16) throws(RecordError) -> UInt32 {
    var word: UInt32 = 0
    for i in 0..<4 where mask >> UInt16(i) & 1 == 1 {
      guard let byte = reader.read(UInt8.self) else { throw .malformed("its strokes are cut off") }
      // One drawing has one form in bytes: a zero byte is never written.
      guard byte != 0 else { throw .malformed("its strokes are not in the shortest form") }
      word |= UInt32(byte) << UInt32(8 * i)
    }
    return word
  }
}
