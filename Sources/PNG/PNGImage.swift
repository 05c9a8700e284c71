/// The picture in a PNG file, as 8-bit sRGB with straight alpha.
public struct PNGImage: Equatable, Sendable {
  /// Pixels in a row.
  public let width: Int
  /// Rows.
  public let height: Int
  /// Red, green, blue and alpha (255 is opaque) of each pixel, row by row from the top.
  public var rgba: [UInt8]
  /// Whether the file has an alpha channel or a transparent colour; without one all alpha is 255.
  public let hasAlpha: Bool

  public init(width: Int, height: Int, rgba: [UInt8], hasAlpha: Bool) {
    self.width = width
    self.height = height
    self.rgba = rgba
    self.hasAlpha = hasAlpha
  }
}
