/// Gray PNG files whose rows have the filters that a test wants (PNG, section 9), without compression.
enum FilteredPNG {
  /// - Parameters:
  ///   - addToChecksum: makes the stream's Adler-32 wrong.
  ///   - chunks: IDAT chunks that the stream is cut into.
  static func file(
    of picture: [UInt8], side: Int, filters: [UInt8], addToChecksum: UInt32 = 0, chunks: Int = 1
  ) -> [UInt8] {
    var rows: [UInt8] = []
    for y in 0..<side {
      rows.append(filters[y])
      for x in 0..<side {
        let left = x == 0 ? 0 : Int(picture[y * side + x - 1])
        let above = y == 0 ? 0 : Int(picture[(y - 1) * side + x])
        let corner = x == 0 || y == 0 ? 0 : Int(picture[(y - 1) * side + x - 1])
        let guess =
          switch filters[y] {
          case 0: 0
          case 1: left
          case 2: above
          case 3: (left + above) / 2
          default: paeth(left, above, corner)
          }
        rows.append(picture[y * side + x] &- UInt8(guess))
      }
    }
    var stream: [UInt8] = [0x78, 0x01]
    var start = 0
    while start < rows.count {
      let count = min(65_535, rows.count - start)
      stream.append(start + count == rows.count ? 1 : 0)
      stream += [UInt8(count & 255), UInt8(count >> 8), UInt8(~count & 255), UInt8(~count >> 8 & 255)]
      stream += rows[start..<start + count]
      start += count
    }
    stream += bytes(adler32(rows) &+ addToChecksum)
    let header = bytes(UInt32(side)) + bytes(UInt32(side)) + [8, 0, 0, 0, 0]
    let data = (0..<chunks).flatMap {
      chunk("IDAT", Array(stream[stream.count * $0 / chunks..<stream.count * ($0 + 1) / chunks]))
    }
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk("IHDR", header) + data + chunk("IEND", [])
  }

  private static func paeth(_ left: Int, _ above: Int, _ corner: Int) -> Int {
    let estimate = left + above - corner
    let (a, b, c) = (abs(estimate - left), abs(estimate - above), abs(estimate - corner))
    return a <= b && a <= c ? left : b <= c ? above : corner
  }

  private static func chunk(_ type: String, _ content: [UInt8]) -> [UInt8] {
    let body = Array(type.utf8) + content
    return bytes(UInt32(content.count)) + body + bytes(crc32(body))
  }

  private static func bytes(_ value: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }

  private static func adler32(_ bytes: [UInt8]) -> UInt32 {
    var (a, b) = (UInt32(1), UInt32(0))
    for byte in bytes {
      a = (a + UInt32(byte)) % 65_521
      b = (b + a) % 65_521
    }
    return b << 16 | a
  }

  private static func crc32(_ bytes: [UInt8]) -> UInt32 {
    var crc = UInt32.max
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    return ~crc
  }
}
