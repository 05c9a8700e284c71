/// A colour of the screens: 8-bit sRGB red, green and blue.
public struct Color: Equatable, Hashable, Sendable {
  /// The pixel 0xFFRRGGBB as a ``Surface`` holds it.
  public let pixel: UInt32

  /// - Parameter rgb: 0xRRGGBB.
  public init(_ rgb: UInt32) {
    // Some framebuffers take the fourth byte for alpha, so it is always full.
    pixel = rgb | 0xFF00_0000
  }

  public init(red: UInt8, green: UInt8, blue: UInt8) {
    self.init(UInt32(red) << 16 | UInt32(green) << 8 | UInt32(blue))
  }

  public var red: UInt8 { UInt8(truncatingIfNeeded: pixel >> 16) }
  public var green: UInt8 { UInt8(truncatingIfNeeded: pixel >> 8) }
  public var blue: UInt8 { UInt8(truncatingIfNeeded: pixel) }

  public static let black = Color(0x000000)
  public static let white = Color(0xFFFFFF)

  /// This colour with `other` laid over it, 0 ... 255 parts of 255.
  public func mixed(with other: Color, _ parts: UInt8) -> Color {
    Color(mix(pixel, other.pixel, UInt32(parts)) & 0xFF_FFFF)
  }
}

/// `below` with `alpha`/255 of `above` over it, rounded to the nearest in each channel; the high byte is full.
///
/// Two channels are worked on at once: (v + 128 + (v + 128) / 256) / 256 is v / 255 rounded, for v up to 255 * 255, and
/// fits in 16 bits.
@inline(__always)
func mix(_ below: UInt32, _ above: UInt32, _ alpha: UInt32) -> UInt32 {
  let mask: UInt32 = 0x00FF_00FF
  let rest = 255 &- alpha
  var redBlue = (below & mask) &* rest
  redBlue = redBlue &+ (above & mask) &* alpha &+ 0x0080_0080
  redBlue = (redBlue &+ (redBlue >> 8 & mask)) >> 8 & mask
  var green = (below >> 8 & 0xFF) &* rest
  green = green &+ (above >> 8 & 0xFF) &* alpha &+ 0x80
  green = (green &+ green >> 8) >> 8
  return 0xFF00_0000 | redBlue | green << 8
}
