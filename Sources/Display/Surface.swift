import Ink

/// A picture in ordinary memory, in which the screens are composed: width x height pixels 0xFFRRGGBB, row by row.
///
/// Everything that is drawn is clipped to the surface; nothing outside it is an error.
public struct Surface: Equatable, Sendable {
  /// Pixels in a row.
  public let width: Int
  /// Rows.
  public let height: Int
  /// What is drawn changes no pixel outside this; the whole surface, except within ``clipped(to:_:)``.
  public private(set) var clip: PixelRect
  /// `width * height` pixels 0xFFRRGGBB; the high byte is always full.
  public internal(set) var pixels: [UInt32]

  /// A surface of one colour. Sizes below one pixel are taken as one.
  public init(width: Int, height: Int, color: Color = .black) {
    self.width = max(1, width)
    self.height = max(1, height)
    pixels = [UInt32](repeating: color.pixel, count: self.width * self.height)
    clip = PixelRect(x: 0, y: 0, width: self.width, height: self.height)
  }

  /// Draws with everything outside a rectangle left as it is.
  public mutating func clipped(to rect: PixelRect, _ body: (inout Surface) -> Void) {
    let outer = clip
    clip = outer.intersection(rect)
    body(&self)
    clip = outer
  }

  public var bounds: PixelRect { PixelRect(x: 0, y: 0, width: width, height: height) }

  /// The colour at (x, y), or nil outside the surface.
  public subscript(x x: Int, y y: Int) -> Color? {
    bounds.contains(x: x, y: y) ? Color(pixels[y * width + x] & 0xFF_FFFF) : nil
  }

  /// Fills a rectangle.
  ///
  /// - Parameter opacity: 255 covers what was there, 0 leaves it.
  public mutating func fill(_ rect: PixelRect, _ color: Color, opacity: UInt8 = 255) {
    let area = rect.intersection(clip)
    if area.isEmpty || opacity == 0 { return }
    let (width, pixel) = (width, color.pixel)
    pixels.withUnsafeMutableBufferPointer { pixels in
      for y in area.y..<area.maxY {
        let row = y * width
        if opacity == 255 {
          pixels[row + area.x..<row + area.maxX].update(repeating: pixel)
        } else {
          for i in row + area.x..<row + area.maxX { pixels[i] = mix(pixels[i], pixel, UInt32(opacity)) }
        }
      }
    }
  }

  /// Lays a colour over the surface through a mask of 8-bit coverage.
  ///
  /// - Parameters:
  ///   - mask: `maskWidth * maskHeight` bytes, row by row; fewer draw nothing.
  ///   - x, y: where the top left pixel of the mask goes.
  public mutating func blend(
    mask: [UInt8], maskWidth: Int, maskHeight: Int, x: Int, y: Int, color: Color
  ) {
    guard maskWidth > 0, maskHeight > 0, mask.count >= maskWidth * maskHeight else { return }
    let area = PixelRect(x: x, y: y, width: maskWidth, height: maskHeight).intersection(clip)
    if area.isEmpty { return }
    let (width, pixel) = (width, color.pixel)
    pixels.withUnsafeMutableBufferPointer { pixels in
      mask.withUnsafeBufferPointer { mask in
        for row in area.y..<area.maxY {
          var from = (row - y) * maskWidth + area.x - x
          for to in row * width + area.x..<row * width + area.maxX {
            let coverage = mask[from]
            if coverage == 255 {
              pixels[to] = pixel
            } else if coverage > 0 {
              pixels[to] = mix(pixels[to], pixel, UInt32(coverage))
            }
            from += 1
          }
        }
      }
    }
  }

  /// Copies changed pixels of a canvas, coloured by a ramp. Nothing is allocated.
  ///
  /// - Parameters:
  ///   - damage: in canvas pixels.
  ///   - x, y: where the top left pixel of the canvas lies on the surface.
  /// - Returns: the changed pixels of the surface.
  @discardableResult
  public mutating func ink(
    _ canvas: borrowing Canvas, _ damage: PixelRect, x: Int, y: Int, ramp: borrowing InkRamp
  ) -> PixelRect {
    let area = damage.intersection(canvas.bounds).offset(x: x, y: y).intersection(clip)
    if area.isEmpty { return .empty }
    let (width, canvasWidth) = (width, canvas.width)
    pixels.withUnsafeMutableBufferPointer { pixels in
      canvas.pixels.withUnsafeBufferPointer { ink in
        ramp.pixels.withUnsafeBufferPointer { colors in
          for row in area.y..<area.maxY {
            var from = (row - y) * canvasWidth + area.x - x
            for to in row * width + area.x..<row * width + area.maxX {
              pixels[to] = colors[Int(ink[from])]
              from += 1
            }
          }
        }
      }
    }
    return area
  }

  /// Copies a rectangle of another surface.
  ///
  /// - Parameters:
  ///   - rect: in pixels of `source`.
  ///   - x, y: where its top left pixel goes.
  public mutating func copy(_ rect: PixelRect, of source: borrowing Surface, x: Int, y: Int) {
    let (dx, dy) = (x - rect.x, y - rect.y)
    let area = rect.intersection(source.bounds).offset(x: dx, y: dy).intersection(clip)
    if area.isEmpty { return }
    let (width, sourceWidth) = (width, source.width)
    pixels.withUnsafeMutableBufferPointer { pixels in
      source.pixels.withUnsafeBufferPointer { from in
        for row in area.y..<area.maxY {
          let to = row * width + area.x
          let start = (row - dy) * sourceWidth + area.x - dx
          _ = pixels[to..<to + area.width].update(fromContentsOf: from[start..<start + area.width])
        }
      }
    }
  }
}
