/// A digit as the network sees it: 28 x 28 bytes, row by row from the top, 255 is ink and 0 is paper.
public struct DigitImage: Equatable, Sendable {
  /// Width and height in pixels.
  public static let side = 28

  /// Exactly `side * side` bytes.
  public let pixels: [UInt8]

  /// An image of the given bytes, or nil when there are not exactly 784 of them.
  public init?(pixels: [UInt8]) {
    guard pixels.count == DigitImage.side * DigitImage.side else { return nil }
    self.pixels = pixels
  }

  init(patch: [UInt8], columns: Int, rows: Int, x: Int, y: Int) {
    var pixels = [UInt8](repeating: 0, count: DigitImage.side * DigitImage.side)
    for row in 0..<rows {
      for column in 0..<columns {
        pixels[(y + row) * DigitImage.side + x + column] = patch[row * Normalizer.box + column]
      }
    }
    self.pixels = pixels
  }
}
