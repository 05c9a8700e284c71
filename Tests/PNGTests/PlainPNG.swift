/// A plain PNG writer for the tests, by the letter of the PNG specification (third edition) and without libpng: every
/// colour type, depth and interlacing, with the filter 0 and stored deflate blocks.
struct PlainPNG {
  enum Kind: UInt8, CaseIterable {
    case gray = 0
    case rgb = 2
    case palette = 3
    case grayAlpha = 4
    case rgba = 6

    var channels: Int {
      switch self {
      case .gray, .palette: 1
      case .grayAlpha: 2
      case .rgb: 3
      case .rgba: 4
      }
    }
  }

  var width: Int
  var height: Int
  var depth = 8
  var kind: Kind
  var interlaced = false
  /// RGB triples.
  var palette: [UInt8] = []
  /// The bytes of a tRNS chunk; none when empty.
  var transparency: [UInt8] = []
  /// The sample of a channel at (x, y), in 0 ..< 1 << depth.
  var sample: (_ x: Int, _ y: Int, _ channel: Int) -> Int

  var file: [UInt8] {
    var header: [UInt8] = []
    header += bigEndian(UInt32(width)) + bigEndian(UInt32(height))
    header += [UInt8(depth), kind.rawValue, 0, 0, interlaced ? 1 : 0]
    var bytes: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    bytes += PlainPNG.chunk("IHDR", header)
    if !palette.isEmpty { bytes += PlainPNG.chunk("PLTE", palette) }
    if !transparency.isEmpty { bytes += PlainPNG.chunk("tRNS", transparency) }
    bytes += PlainPNG.chunk("IDAT", PlainPNG.zlib(rows))
    return bytes + PlainPNG.chunk("IEND", [])
  }

  private var rows: [UInt8] {
    guard interlaced else { return pass(x0: 0, y0: 0, dx: 1, dy: 1) }
    let adam7 = [
      (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2),
    ]
    return adam7.flatMap { pass(x0: $0.0, y0: $0.1, dx: $0.2, dy: $0.3) }
  }

  private func pass(x0: Int, y0: Int, dx: Int, dy: Int) -> [UInt8] {
    guard x0 < width else { return [] }
    var bytes: [UInt8] = []
    for y in stride(from: y0, to: height, by: dy) {
      bytes.append(0)
      var (bits, count) = (0, 0)
      for x in stride(from: x0, to: width, by: dx) {
        for channel in 0..<kind.channels {
          bits = bits << depth | sample(x, y, channel)
          count += depth
          while count >= 8 {
            bytes.append(UInt8(truncatingIfNeeded: bits >> (count - 8)))
            count -= 8
          }
        }
      }
      if count > 0 { bytes.append(UInt8(truncatingIfNeeded: bits << (8 - count))) }
    }
    return bytes
  }

  static func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
    let body = Array(name.utf8) + data
    return bigEndian(UInt32(data.count)) + body + bigEndian(crc(body))
  }

  static func zlib(_ data: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = [0x78, 0x01]
    var rest = data[...]
    repeat {
      let block = rest.prefix(65_535)
      rest = rest.dropFirst(65_535)
      let size = UInt16(block.count)
      bytes.append(rest.isEmpty ? 1 : 0)
      for half in [size, ~size] { bytes += [UInt8(truncatingIfNeeded: half), UInt8(half >> 8)] }
      bytes += block
    } while !rest.isEmpty
    var (a, b): (UInt32, UInt32) = (1, 0)
    for byte in data {
      a = (a + UInt32(byte)) % 65_521
      b = (b + a) % 65_521
    }
    return bytes + bigEndian(b << 16 | a)
  }

  private static func crc(_ bytes: [UInt8]) -> UInt32 {
    var remainder: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
      remainder ^= UInt32(byte)
      for _ in 0..<8 { remainder = remainder >> 1 ^ (remainder & 1 == 0 ? 0 : 0xEDB8_8320) }
    }
    return ~remainder
  }
}

func bigEndian(_ value: UInt32) -> [UInt8] {
  [UInt8(value >> 24), UInt8(value >> 16 & 255), UInt8(value >> 8 & 255), UInt8(value & 255)]
}
