/// A square 8-bit picture of ink: 255 is ink, 0 is paper.
///
/// A canvas of scale 1 has ``side`` x ``side`` pixels, row by row; one of scale 2 or 3 shows the same drawing at 560 or
/// 840 pixels for dense screens. Coordinates are always those of scale 1, in 0 ... 280; pixel (i, j) of scale 1 covers
/// the square from (i, j) to (i + 1, j + 1).
public struct Canvas: Equatable, Sendable {
  /// Width and height of the drawing in canvas coordinates, and in pixels at scale 1.
  public static let side = 280

  /// Pixels per canvas coordinate: 1, 2 or 3.
  public let scale: Int
  /// Width and height in pixels.
  public let width: Int
  /// `width * width` bytes, row by row from the top.
  public private(set) var pixels: [UInt8]

  public init(scale: Int = 1) {
    self.scale = scale
    width = Canvas.side * scale
    pixels = [UInt8](repeating: 0, count: width * width)
  }

  /// A scale 1 canvas with the given pixels, or nil when there are not exactly 280 x 280 of them.
  public init?(pixels: [UInt8]) {
    guard pixels.count == Canvas.side * Canvas.side else { return nil }
    scale = 1
    width = Canvas.side
    self.pixels = pixels
  }

  /// The whole canvas in its own pixels.
  public var bounds: PixelRect { PixelRect(x: 0, y: 0, width: width, height: width) }

  /// Copies the pixels into a buffer of the same size, such as a mailbox that another thread reads, without allocating.
  public borrowing func copyPixels(into buffer: inout [UInt8]) {
    for i in 0..<min(buffer.count, pixels.count) { buffer[i] = pixels[i] }
  }

  public mutating func clear() {
    for i in pixels.indices { pixels[i] = 0 }
  }

  /// Takes the ink away that lies outside a rectangle: pixels whose middle is not in it. All in pixels of scale 1.
  public mutating func keep(left: Float, top: Float, right: Float, bottom: Float) {
    if left <= 0, top <= 0, right >= Float(Canvas.side), bottom >= Float(Canvas.side) { return }
    var index = 0
    for row in 0..<width {
      let y = (Float(row) + 0.5) / Float(scale)
      let isInside = y >= top && y < bottom
      for column in 0..<width {
        let x = (Float(column) + 0.5) / Float(scale)
        if !isInside || x < left || x >= right { pixels[index] = 0 }
        index += 1
      }
    }
  }

  /// Draws a line with round ends, antialiased by the distance to its axis, and keeps the darker of old and new ink in
  /// each pixel, so that a stroke drawn over itself never shows its joints.
  ///
  /// - Parameters:
  ///   - x0, y0, x1, y1: the ends in canvas coordinates; the same point twice draws a disc.
  ///   - diameter: of the brush, in canvas coordinates.
  /// - Returns: the pixels that may have changed, clipped to the canvas.
  @discardableResult
  public mutating func drawSegment(
    x0: Float, y0: Float, x1: Float, y1: Float, diameter: Float
  ) -> PixelRect {
    let s = Float(scale)
    let limit = Float(width) * 2
    // A device may report anything; a point far outside draws nothing, but must not overflow an integer.
    func pixel(_ v: Float) -> Float { v.isFinite ? max(-limit, min(limit, v * s)) : -limit }
    let (ax, ay, bx, by) = (pixel(x0), pixel(y0), pixel(x1), pixel(y1))
    let radius = diameter * s / 2
    let reach = radius + 0.5
    let box = PixelRect(
      x: Int((min(ax, bx) - reach).rounded(.down)), y: Int((min(ay, by) - reach).rounded(.down)),
      width: 0, height: 0)
    let right = Int((max(ax, bx) + reach).rounded(.up))
    let bottom = Int((max(ay, by) + reach).rounded(.up))
    let damage = PixelRect(x: box.x, y: box.y, width: right - box.x, height: bottom - box.y)
      .intersection(bounds)
    if damage.isEmpty { return .empty }

    let (dx, dy) = (bx - ax, by - ay)
    let lengthSquared = dx * dx + dy * dy
    let inverse: Float = lengthSquared > 0 ? 1 / lengthSquared : 0
    let solid = max(0, radius - 0.5)
    let (solidSquared, reachSquared) = (solid * solid, reach * reach)
    for row in damage.y..<damage.maxY {
      let py = Float(row) + 0.5 - ay
      var index = row * width + damage.x
      for column in damage.x..<damage.maxX {
        let px = Float(column) + 0.5 - ax
        let along = max(0, min(1, (px * dx + py * dy) * inverse))
        let (ex, ey) = (px - along * dx, py - along * dy)
        let distanceSquared = ex * ex + ey * ey
        if distanceSquared < reachSquared {
          let ink: UInt8 =
            distanceSquared <= solidSquared
            ? 255 : UInt8((max(0, min(1, reach - distanceSquared.squareRoot())) * 255).rounded())
          if ink > pixels[index] { pixels[index] = ink }
        }
        index += 1
      }
    }
    return damage
  }
}
