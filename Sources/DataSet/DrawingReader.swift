import CDeflate
import Ink
import PNG

/// Reads the pictures of records: 280 x 280, 8-bit gray, as the panel writes them.
///
/// libpng's simplified API takes three times as long, because it computes checksums that the record's SHA-256 has made
/// needless and makes four channels of one. Files of any other form go to libpng.
final class DrawingReader {
  /// Row by row from the top, 255 is ink; as of the last ``read(_:)``.
  private(set) var pixels = [UInt8](repeating: 0, count: Canvas.side * Canvas.side)
  /// A filter byte and the pixels, row after row (PNG, section 9).
  private var filtered = [UInt8](repeating: 0, count: (Canvas.side + 1) * Canvas.side)
  private let decompressor: OpaquePointer?

  init() {
    decompressor = libdeflate_alloc_decompressor()
  }

  deinit {
    libdeflate_free_decompressor(decompressor)
  }

  /// Reads a file into ``pixels``.
  func read(_ png: [UInt8]) throws(PNGError) {
    if inflate(png) && unfilter() { return }
    let picture = try PNG.decode(png, maximumPixels: Canvas.side * Canvas.side)
    guard picture.width == Canvas.side, picture.height == Canvas.side else {
      throw .damaged("\(picture.width)x\(picture.height) pixels")
    }
    // A gray picture: its three colours are one.
    for i in pixels.indices { pixels[i] = picture.rgba[4 * i] }
  }

  /// The filtered rows of a file of exactly the form that the panel writes; false for any other.
  private func inflate(_ png: [UInt8]) -> Bool {
    guard let decompressor, png.count > 57,
      // IHDR: 280 x 280, 8 bits, gray, not interlaced.
      png[8..<29].elementsEqual([
        0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 1, 24, 0, 0, 1, 24, 8, 0, 0, 0, 0,
      ])
    else { return false }
    // Chunks: length, type, data, CRC. Several IDAT are one stream, which is rare enough to copy.
    var position = 33
    var only: Range<Int>?
    var joined: [UInt8] = []
    while position + 12 <= png.count {
      let length =
        Int(png[position]) << 24 | Int(png[position + 1]) << 16 | Int(png[position + 2]) << 8
        | Int(png[position + 3])
      let data = position + 8
      guard length <= png.count - data - 4 else { return false }
      let type = png[position + 4..<data]
      position = data + length + 4
      if type.elementsEqual([0x49, 0x44, 0x41, 0x54]) {
        if let first = only {
          if joined.isEmpty { joined += png[first] }
          joined += png[data..<data + length]
        } else {
          only = data..<data + length
        }
      } else if type.elementsEqual([0x49, 0x45, 0x4E, 0x44]) {
        break
      } else if type.first.map({ $0 & 0x20 == 0 }) == true {
        // A critical chunk that such a file does not have.
        return false
      }
    }
    guard let range = only else { return false }
    return joined.isEmpty
      ? inflate(png, range, decompressor) : inflate(joined, 0..<joined.count, decompressor)
  }

  private func inflate(_ bytes: [UInt8], _ range: Range<Int>, _ decompressor: OpaquePointer) -> Bool {
    let room = filtered.count
    let result = bytes.withUnsafeBytes { input in
      filtered.withUnsafeMutableBytes { output in
        // Without a place for the count, anything but exactly `room` bytes is an error.
        libdeflate_zlib_decompress(
          decompressor, input.baseAddress?.advanced(by: range.lowerBound), range.count, output.baseAddress,
          room, nil)
      }
    }
    return result == LIBDEFLATE_SUCCESS
  }

  /// Undoes the filters (PNG, section 9.2); false for an unknown one.
  private func unfilter() -> Bool {
    let side = Canvas.side
    return filtered.withUnsafeBufferPointer { filtered in
      pixels.withUnsafeMutableBufferPointer { pixels in
        // Both have exactly `side` rows, and every index below lies within its row or the one above.
        for y in 0..<side {
          let from = y &* (side &+ 1) &+ 1
          let to = y &* side
          let up = to &- side
          switch filtered[from &- 1] {
          case 0:
            for x in 0..<side { pixels[to &+ x] = filtered[from &+ x] }
          case 1:
            var left: UInt8 = 0
            for x in 0..<side {
              left &+= filtered[from &+ x]
              pixels[to &+ x] = left
            }
          case 2 where y == 0:
            for x in 0..<side { pixels[to &+ x] = filtered[from &+ x] }
          case 2:
            for x in 0..<side { pixels[to &+ x] = filtered[from &+ x] &+ pixels[up &+ x] }
          case 3:
            var left = 0
            for x in 0..<side {
              let above = y == 0 ? 0 : Int(pixels[up &+ x])
              let value = filtered[from &+ x] &+ UInt8(truncatingIfNeeded: (left &+ above) / 2)
              pixels[to &+ x] = value
              left = Int(value)
            }
          case 4:
            var (left, corner) = (0, 0)
            for x in 0..<side {
              let above = y == 0 ? 0 : Int(pixels[up &+ x])
              let estimate = left &+ above &- corner
              let (a, b, c) = (abs(estimate &- left), abs(estimate &- above), abs(estimate &- corner))
              let nearest = a <= b && a <= c ? left : b <= c ? above : corner
              let value = filtered[from &+ x] &+ UInt8(truncatingIfNeeded: nearest)
              pixels[to &+ x] = value
              left = Int(value)
              corner = above
            }
          default: return false
          }
        }
        return true
      }
    }
  }
}
