import CDeflate
import Ink
import PNG

/// Reads the pictures of records: 280 x 280, 8-bit gray, as the panel writes them.
///
/// libpng's simplified API takes many times as long, because it makes four channels of one. Files of any other form go to
/// libpng, and so do those with a wrong checksum: a record's SHA-256 says that they are as they were written, not that they
/// were written well.
public final class DrawingReader {
  /// Bytes from a row of ``rows`` to the next: a byte of paper, then the pixels.
  public static let stride = Canvas.side + 1

  /// The picture as of the last ``read(_:)``, row by row from the top, 255 is ink. Before each row stands a byte of paper, where
  /// the file has the row's filter (PNG, section 9): so nothing is copied, and every pixel has one to its left.
  public private(set) var rows = [UInt8](repeating: 0, count: DrawingReader.stride * Canvas.side)
  /// A deflate stream, and zeros behind it.
  private var stream: [UInt8] = []
  private let decompressor: OpaquePointer?

  /// libdeflate goes through the last bytes of its input with care, a byte of output at a time, so as not to read behind them.
  /// In a drawing they are the paper under it, a third of the picture: with zeros behind them it takes a fifth of the time.
  private static let margin = 64

  public init() {
    decompressor = libdeflate_alloc_decompressor()
  }

  deinit {
    libdeflate_free_decompressor(decompressor)
  }

  /// The picture without the bytes before its rows.
  var pixels: [UInt8] {
    [UInt8](unsafeUninitializedCapacity: Canvas.side * Canvas.side) { pixels, count in
      for y in 0..<Canvas.side {
        let start = y * DrawingReader.stride + 1
        for x in 0..<Canvas.side { pixels[y * Canvas.side + x] = rows[start + x] }
      }
      count = pixels.count
    }
  }

  /// Reads a file into ``rows``.
  ///
  /// - Throws: ``PNGError`` for a file that is no picture of 280 x 280 pixels; what is in ``rows`` then is nothing.
  public func read(_ png: [UInt8]) throws(PNGError) {
    if inflate(png) && unfilter() { return }
    let picture = try PNG.decode(png, maximumPixels: Canvas.side * Canvas.side)
    guard picture.width == Canvas.side, picture.height == Canvas.side else {
      throw .damaged("\(picture.width)x\(picture.height) pixels")
    }
    for y in 0..<Canvas.side {
      rows[y * DrawingReader.stride] = 0
      // A gray picture: its three colours are one.
      for x in 0..<Canvas.side {
        rows[y * DrawingReader.stride + 1 + x] = picture.rgba[4 * (y * Canvas.side + x)]
      }
    }
  }

  /// The filtered rows of a file of exactly the form that the panel writes; false for any other.
  private func inflate(_ png: [UInt8]) -> Bool {
    guard let decompressor, png.count > 57,
      // IHDR: 280 x 280, 8 bits, gray, not interlaced.
      png[8..<29].elementsEqual([
        0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 1, 24, 0, 0, 1, 24, 8, 0, 0, 0, 0,
      ]), DrawingReader.isWhole(png, type: 12, end: 29)
    else { return false }
    // Chunks: length, type, data, CRC. Several IDAT are one stream.
    stream.removeAll(keepingCapacity: true)
    var position = 33
    while position + 12 <= png.count {
      let length =
        Int(png[position]) << 24 | Int(png[position + 1]) << 16 | Int(png[position + 2]) << 8
        | Int(png[position + 3])
      let data = position + 8
      guard length <= png.count - data - 4 else { return false }
      let type = png[position + 4..<data]
      position = data + length + 4
      if type.elementsEqual([0x49, 0x44, 0x41, 0x54]) {
        guard DrawingReader.isWhole(png, type: data - 4, end: data + length) else { return false }
        stream += png[data..<data + length]
      } else if type.elementsEqual([0x49, 0x45, 0x4E, 0x44]) {
        break
      } else if type.first.map({ $0 & 0x20 == 0 }) == true {
        // A critical chunk that such a file does not have.
        return false
      }
    }
    return inflate(decompressor)
  }

  /// Whether the CRC behind a chunk is that of its type and its data. There are four bytes behind `end`.
  private static func isWhole(_ png: [UInt8], type: Int, end: Int) -> Bool {
    let sum = png[type..<end].withUnsafeBytes { libdeflate_crc32(0, $0.baseAddress, $0.count) }
    return sum == (0..<4).reduce(0) { $0 << 8 | UInt32(png[end + $1]) }
  }

  /// Makes ``rows`` of ``stream``, which has zlib's form (RFC 1950): two bytes of head, deflate, Adler-32.
  private func inflate(_ decompressor: OpaquePointer) -> Bool {
    let count = stream.count
    // Deflate, a window that it may have, no dictionary.
    guard count > 6, stream[0] & 15 == 8, stream[0] >> 4 <= 7, stream[1] & 0x20 == 0,
      (Int(stream[0]) << 8 | Int(stream[1])) % 31 == 0
    else { return false }
    stream.append(contentsOf: repeatElement(0, count: DrawingReader.margin))
    let room = rows.count
    var read = 0
    let (result, sum) = stream.withUnsafeBytes { input in
      rows.withUnsafeMutableBytes { output in
        // Without a place for the count, anything but exactly `room` bytes is an error.
        let result = libdeflate_deflate_decompress_ex(
          decompressor, input.baseAddress?.advanced(by: 2), input.count - 2, output.baseAddress, room, &read,
          nil)
        return (result, libdeflate_adler32(1, output.baseAddress, room))
      }
    }
    let end = 2 + read
    guard result == LIBDEFLATE_SUCCESS, end + 4 <= count else { return false }
    return sum == (0..<4).reduce(0) { $0 << 8 | UInt32(stream[end + $1]) }
  }

  /// Undoes the filters (PNG, section 9.2) where they stand; false for an unknown one.
  ///
  /// Most of a drawing is paper, and paper beside and above paper is zeros under every filter: eight of them are passed at once.
  private func unfilter() -> Bool {
    let stride = DrawingReader.stride
    return rows.withUnsafeMutableBytes { rows in
      // Every index below lies within its row, the one above, or the byte before one of them, which was made paper.
      func word(_ place: Int) -> UInt64 { rows.loadUnaligned(fromByteOffset: place, as: UInt64.self) }
      for y in 0..<Canvas.side {
        let first = y &* stride &+ 1
        let end = first &+ Canvas.side
        let filter = rows[first &- 1]
        rows[first &- 1] = 0
        var x = first
        switch (filter, y) {
        case (0, _), (2, 0): break
        case (1, _), (4, 0):
          var left: UInt8 = 0
          // 280 is 35 x 8.
          while x < end {
            let differences = word(x)
            if differences != 0 || left != 0 {
              let sums = DrawingReader.sums(UInt64(littleEndian: differences), from: left)
              left = UInt8(truncatingIfNeeded: sums >> 56)
              rows.storeBytes(of: sums.littleEndian, toByteOffset: x, as: UInt64.self)
            }
            x &+= 8
          }
        case (2, _):
          // 280 is 8 x 32 and 3 x 8.
          while x &+ 32 <= end {
            let above = rows.loadUnaligned(fromByteOffset: x &- stride, as: SIMD32<UInt8>.self)
            let sum = rows.loadUnaligned(fromByteOffset: x, as: SIMD32<UInt8>.self) &+ above
            rows.storeBytes(of: sum, toByteOffset: x, as: SIMD32<UInt8>.self)
            x &+= 32
          }
          while x < end {
            let above = rows.loadUnaligned(fromByteOffset: x &- stride, as: SIMD8<UInt8>.self)
            let sum = rows.loadUnaligned(fromByteOffset: x, as: SIMD8<UInt8>.self) &+ above
            rows.storeBytes(of: sum, toByteOffset: x, as: SIMD8<UInt8>.self)
            x &+= 8
          }
        case (3, _):
          var left = 0
          while x < end {
            if left == 0, y > 0, x &+ 8 <= end, word(x) | word(x &- stride) == 0 {
              x &+= 8
              continue
            }
            let above = y == 0 ? 0 : Int(rows[x &- stride])
            let value = rows[x] &+ UInt8(truncatingIfNeeded: (left &+ above) / 2)
            rows[x] = value
            left = Int(value)
            x &+= 1
          }
        case (4, _):
          var (left, corner) = (0, 0)
          while x < end {
            if left | corner == 0, x &+ 8 <= end, word(x) | word(x &- stride) == 0 {
              x &+= 8
              continue
            }
            let above = Int(rows[x &- stride])
            let estimate = left &+ above &- corner
            let (a, b, c) = (abs(estimate &- left), abs(estimate &- above), abs(estimate &- corner))
            let nearest = a <= b && a <= c ? left : b <= c ? above : corner
            let value = rows[x] &+ UInt8(truncatingIfNeeded: nearest)
            rows[x] = value
            left = Int(value)
            corner = above
            x &+= 1
          }
        default: return false
        }
      }
      return true
    }
  }

  /// The sum of eight bytes up to each of them, and of what stands before them; the first byte is the lowest.
  @inline(__always)
  private static func sums(_ bytes: UInt64, from first: UInt8) -> UInt64 {
    var sums = unsafeBitCast(bytes, to: SIMD8<UInt8>.self)
    // Each step adds to a byte's sum that of as many bytes before it as it has summed already.
    sums &+= unsafeBitCast(unsafeBitCast(sums, to: UInt64.self) << 8, to: SIMD8<UInt8>.self)
    sums &+= unsafeBitCast(unsafeBitCast(sums, to: UInt64.self) << 16, to: SIMD8<UInt8>.self)
    sums &+= unsafeBitCast(unsafeBitCast(sums, to: UInt64.self) << 32, to: SIMD8<UInt8>.self)
    return unsafeBitCast(sums &+ SIMD8(repeating: first), to: UInt64.self)
  }
}
