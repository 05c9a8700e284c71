import Glibc
import Ink

/// Antialiased shapes: coverage is the distance of the pixel's centre to the edge, as the brush of ``Ink/Canvas`` has
/// it, so that buttons and ink look alike.
extension Surface {
  /// Fills a rectangle with round corners; half the height as the radius makes a pill, of a square a disc.
  public mutating func fill(_ rect: PixelRect, _ color: Color, radius: Int, opacity: UInt8 = 255) {
    let radius = min(radius, min(rect.width, rect.height) / 2)
    guard radius > 0 else { return fill(rect, color, opacity: opacity) }
    let middle = PixelRect(
      x: rect.x, y: rect.y + radius, width: rect.width, height: rect.height - 2 * radius)
    fill(middle, color, opacity: opacity)
    for (top, centre) in [(rect.y, rect.y + radius), (rect.maxY - radius, rect.maxY - radius)] {
      let band = PixelRect(
        x: rect.x + radius, y: top, width: rect.width - 2 * radius, height: radius)
      fill(band, color, opacity: opacity)
      for (left, middle) in [(rect.x, rect.x + radius), (rect.maxX - radius, rect.maxX - radius)] {
        let corner = PixelRect(x: left, y: top, width: radius, height: radius)
        cover(corner, color, opacity) { x, y in
          let (dx, dy) = (x - Float(middle), y - Float(centre))
          return Float(radius) + 0.5 - (dx * dx + dy * dy).squareRoot()
        }
      }
    }
  }

  /// Draws the outline of a rectangle with round corners, `thickness` pixels inwards from its edge.
  public mutating func stroke(
    _ rect: PixelRect, _ color: Color, thickness: Int, radius: Int = 0, opacity: UInt8 = 255
  ) {
    guard thickness > 0, !rect.isEmpty else { return }
    let thickness = min(thickness, min(rect.width, rect.height) / 2)
    let corner = min(max(radius, thickness), min(rect.width, rect.height) / 2)
    let round = Float(min(radius, corner))
    let (halfWidth, halfHeight) = (Float(rect.width) / 2, Float(rect.height) / 2)
    let (centreX, centreY) = (Float(rect.x) + halfWidth, Float(rect.y) + halfHeight)
    /// The distance outwards from the edge of the rounded box (Inigo Quilez, 2D distance functions).
    func distance(_ x: Float, _ y: Float) -> Float {
      let dx = abs(x - centreX) - halfWidth + round
      let dy = abs(y - centreY) - halfHeight + round
      let (ox, oy) = (max(dx, 0), max(dy, 0))
      return min(max(dx, dy), 0) + (ox * ox + oy * oy).squareRoot() - round
    }
    let inner = PixelRect(
      x: rect.x, y: rect.y + corner, width: rect.width, height: rect.height - 2 * corner)
    var edge = inner
    edge.width = thickness
    fill(edge, color, opacity: opacity)
    fill(edge.offset(x: rect.width - thickness, y: 0), color, opacity: opacity)
    for top in [rect.y, rect.maxY - corner] {
      let band = PixelRect(x: rect.x, y: top, width: rect.width, height: corner)
      cover(band, color, opacity) { x, y in
        let d = distance(x, y)
        return min(0.5 - d, d + Float(thickness) + 0.5)
      }
    }
  }

  /// Draws a line with round ends; coordinates are those of pixel corners, so (0.5, 0.5) is the middle of a pixel.
  public mutating func line(
    x0: Float, y0: Float, x1: Float, y1: Float, _ color: Color, thickness: Float, opacity: UInt8 = 255
  ) {
    let limit: Float = 1_000_000
    guard [x0, y0, x1, y1, thickness].allSatisfy({ abs($0) < limit }), thickness > 0 else { return }
    let reach = thickness / 2 + 0.5
    let left = Int((min(x0, x1) - reach).rounded(.down))
    let top = Int((min(y0, y1) - reach).rounded(.down))
    let right = Int((max(x0, x1) + reach).rounded(.up))
    let bottom = Int((max(y0, y1) + reach).rounded(.up))
    let (dx, dy) = (x1 - x0, y1 - y0)
    let lengthSquared = dx * dx + dy * dy
    let inverse: Float = lengthSquared > 0 ? 1 / lengthSquared : 0
    let box = PixelRect(x: left, y: top, width: right - left, height: bottom - top)
    cover(box, color, opacity) { x, y in
      let (px, py) = (x - x0, y - y0)
      let along = max(0, min(1, (px * dx + py * dy) * inverse))
      let (ex, ey) = (px - along * dx, py - along * dy)
      return reach - (ex * ex + ey * ey).squareRoot()
    }
  }

  /// Draws a part of a ring, clockwise from the top, with round ends: how much of a time is left.
  ///
  /// - Parameters:
  ///   - x, y: the middle, in coordinates of pixel corners.
  ///   - radius: from the middle to the middle of the line, in pixels.
  ///   - part: 0 draws nothing, 1 the whole ring.
  public mutating func ring(
    x: Float, y: Float, radius: Float, thickness: Float, part: Float, _ color: Color, opacity: UInt8 = 255
  ) {
    let limit: Float = 1_000_000
    guard [x, y, radius, thickness].allSatisfy({ abs($0) < limit }), radius > 0, thickness > 0, part > 0
    else { return }
    let half = thickness / 2
    let reach = radius + half + 1
    let sweep = min(1, part) * 2 * Float.pi
    let (endX, endY) = (x + radius * sinf(sweep), y - radius * cosf(sweep))
    let box = PixelRect(
      x: Int((x - reach).rounded(.down)), y: Int((y - reach).rounded(.down)),
      width: Int((2 * reach).rounded(.up)) + 1, height: Int((2 * reach).rounded(.up)) + 1)
    cover(box, color, opacity) { px, py in
      let (dx, dy) = (px - x, py - y)
      let away = abs((dx * dx + dy * dy).squareRoot() - radius)
      // Far from the line nothing needs its angle.
      guard away < half + 0.5 else { return 0 }
      var angle = atan2f(dx, -dy)
      if angle < 0 { angle += 2 * .pi }
      if part >= 1 || angle <= sweep { return half + 0.5 - away }
      let (fromEnd, fromTop) = ((px - endX, py - endY), (px - x, py - y + radius))
      let nearest = min(
        fromEnd.0 * fromEnd.0 + fromEnd.1 * fromEnd.1, fromTop.0 * fromTop.0 + fromTop.1 * fromTop.1)
      return half + 0.5 - nearest.squareRoot()
    }
  }

  /// Lays a colour over each pixel of a rectangle with the coverage (clamped to 0 ... 1) at its centre.
  private mutating func cover(
    _ rect: PixelRect, _ color: Color, _ opacity: UInt8, _ coverage: (_ x: Float, _ y: Float) -> Float
  ) {
    let area = rect.intersection(clip)
    if area.isEmpty { return }
    let (width, pixel) = (width, color.pixel)
    pixels.withUnsafeMutableBufferPointer { pixels in
      for y in area.y..<area.maxY {
        for x in area.x..<area.maxX {
          let part = max(0, min(1, coverage(Float(x) + 0.5, Float(y) + 0.5)))
          let alpha = UInt32((part * Float(opacity)).rounded())
          if alpha > 0 { pixels[y * width + x] = mix(pixels[y * width + x], pixel, alpha) }
        }
      }
    }
  }
}
