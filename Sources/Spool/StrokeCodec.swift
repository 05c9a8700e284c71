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
    writer.reserve(4 + 4 * strokes.count + 10 * points)
    writer.write(UInt32(strokes.count))
    var last = StrokePoint(x: 0, y: 0)
    for stroke in strokes {
      writer.write(UInt32(stroke.points.count))
      for point in stroke.points {
        let (x, y) = (point.x.bitPattern ^ last.x.bitPattern, point.y.bitPattern ^ last.y.bitPattern)
        let (size, t) = (point.size.bitPattern ^ last.size.bitPattern, point.t &- last.t)
        writer.write(mask(x) | mask(y) << 4 | mask(size) << 8 | mask(t) << 12)
        write(x, to: &writer)
        write(y, to: &writer)
        write(size, to: &writer)
        write(t, to: &writer)
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

  /// The bytes of the word that are not zero.
  private static func write(_ word: UInt32, to writer: inout ByteWriter) {
    for i in 0..<4 {
      let byte = UInt8(truncatingIfNeeded: word >> UInt32(8 * i))
      if byte != 0 { writer.write(byte: byte) }
    }
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
      strokes.append(Stroke(points: try read(points, from: &reader, &last)))
    }
    guard reader.remaining == 0 else { throw .malformed("bytes follow its strokes") }
    return strokes
  }

  /// The next points of the stroke; their number has been checked against the bytes that are there.
  private static func read(
    _ count: Int, from reader: inout ByteReader, _ last: inout StrokePoint
  ) throws(RecordError) -> [StrokePoint] {
    let rest = reader.rest
    var position = 0
    var isWhole = true
    var isShortest = true
    let points = [StrokePoint](unsafeUninitializedCapacity: count) { points, made in
      rest.withUnsafeBufferPointer { bytes in
        while made < count {
          guard position &+ 2 <= bytes.count else { break }
          let masks = UInt16(bytes[position]) | UInt16(bytes[position &+ 1]) << 8
          position &+= 2
          // One comparison for all the bytes of the point; every index below is less.
          guard masks.nonzeroBitCount <= bytes.count &- position else { break }
          last.x = Float(
            bitPattern: last.x.bitPattern ^ word(bytes, &position, mask: masks, &isShortest))
          last.y = Float(
            bitPattern: last.y.bitPattern ^ word(bytes, &position, mask: masks >> 4, &isShortest))
          last.size = Float(
            bitPattern: last.size.bitPattern ^ word(bytes, &position, mask: masks >> 8, &isShortest))
          last.t &+= word(bytes, &position, mask: masks >> 12, &isShortest)
          points.initializeElement(at: made, to: last)
          made += 1
        }
      }
      isWhole = made == count
    }
    // One drawing has one form in bytes: a zero byte is never written.
    guard isShortest else { throw .malformed("its strokes are not in the shortest form") }
    guard isWhole, reader.read(position) != nil else { throw .malformed("its strokes are cut off") }
    return points
  }

  /// The bytes of a word that its mask names.
  @inline(__always)
  private static func word(
    _ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int, mask: UInt16, _ isShortest: inout Bool
  ) -> UInt32 {
    var word: UInt32 = 0
    for i in 0..<4 where mask >> UInt16(i) & 1 == 1 {
      let byte = bytes[position]
      position &+= 1
      if byte == 0 { isShortest = false }
      word |= UInt32(byte) << UInt32(8 * i)
    }
    return word
  }
}
