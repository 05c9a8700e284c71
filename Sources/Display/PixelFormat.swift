/// How a scanout buffer holds a pixel: the four layouts that panels have. Little-endian, as DRM's fourcc names have it.
public enum PixelFormat: String, CaseIterable, Sendable {
  /// 32 bits: blue, green, red, unused in memory.
  case xrgb8888 = "XRGB8888"
  /// 32 bits: red, green, blue, unused in memory.
  case xbgr8888 = "XBGR8888"
  /// 24 bits, packed: blue, green, red in memory.
  case rgb888 = "RGB888"
  /// 16 bits: blue in the low 5, green in the middle 6, red in the high 5.
  case rgb565 = "RGB565"

  public var bytesPerPixel: Int {
    switch self {
    case .xrgb8888, .xbgr8888: 4
    case .rgb888: 3
    case .rgb565: 2
    }
  }

  /// Where a channel lies in a pixel: the lowest bit and the number of bits, as fbdev's `fb_bitfield` tells.
  public struct Bits: Equatable, Sendable {
    public var offset: Int
    public var length: Int

    public init(_ offset: Int, _ length: Int) {
      self.offset = offset
      self.length = length
    }
  }

  /// The format with these bitfields; nil when it is none of the four.
  public init?(bitsPerPixel: Int, red: Bits, green: Bits, blue: Bits) {
    let fields = [red, green, blue]
    switch bitsPerPixel {
    case 32 where fields == [Bits(16, 8), Bits(8, 8), Bits(0, 8)]: self = .xrgb8888
    case 32 where fields == [Bits(0, 8), Bits(8, 8), Bits(16, 8)]: self = .xbgr8888
    case 24 where fields == [Bits(16, 8), Bits(8, 8), Bits(0, 8)]: self = .rgb888
    case 16 where fields == [Bits(11, 5), Bits(5, 6), Bits(0, 5)]: self = .rgb565
    default: return nil
    }
  }

  /// The formats to try on a driver, best first.
  ///
  /// One that prefers 16 bits, as small displays on SPI do, converts all others on the CPU, and that is where drivers
  /// go wrong: cirrus 6.1 puts damage at the wrong columns when it makes 24 bits of 32.
  ///
  /// - Parameters:
  ///   - shown: what the driver says it shows; nil where it does not say.
  ///   - preferredDepth: bits of colour, 0 where it does not say.
  static func order(_ shown: [PixelFormat]?, preferredDepth: Int) -> [PixelFormat] {
    let known = allCases.filter { shown?.contains($0) ?? true }
    return preferredDepth == 16 ? known.filter { $0 == .rgb565 } + known.filter { $0 != .rgb565 } : known
  }
}
