/// Brings thin pens to a width that survives the way to 28 x 28.
///
/// A line of one pixel in a picture of a thousand is a fiftieth of a pixel wide there, and would be read as nothing. Lines
/// thinner than 1/14 of the drawing's longest side are widened to 1/10, which is a finger's brush on the panel.
enum PenWidth {
  /// - Parameter limit: pixels that the result has at most where lines are widened. A large picture, or a long line, which
  ///   gets taller by a tenth of its length, is made smaller first: that is still far more than 28 x 28 show.
  static func normalized(_ ink: PictureInk, limit: Int = 1 << 24) -> PictureInk {
    var ink = ink
    while let radius = radius(for: ink) {
      if (ink.width + 2 * radius) * (ink.height + 2 * radius) <= limit { return widened(ink, by: radius) }
      ink = halved(ink)
    }
    return ink
  }

  /// By how much lines are to be widened on both sides, in pixels; nil where they are wide enough.
  private static func radius(for ink: PictureInk) -> Int? {
    let longest = max(ink.width, ink.height)
    let width = meanWidth(ink)
    guard width > 0, width * 14 < Double(longest) else { return nil }
    let radius = Int((Double(longest) / 10 - width).rounded()) / 2
    return radius > 0 ? radius : nil
  }

  /// The ink at half the size, each pixel the largest value of four, so that no line vanishes.
  static func halved(_ ink: PictureInk) -> PictureInk {
    let (width, height) = ((ink.width + 1) / 2, (ink.height + 1) / 2)
    var pixels = [UInt8](repeating: 0, count: width * height)
    for y in 0..<ink.height {
      let (from, to) = (y &* ink.width, (y / 2) &* width)
      for x in 0..<ink.width {
        let i = to &+ x / 2
        pixels[i] = max(pixels[i], ink.pixels[from &+ x])
      }
    }
    return ink.with(width: width, height: height, pixels: pixels)
  }

  /// The mean width of the lines, in pixels: twice their area by their outline, which runs along both sides.
  static func meanWidth(_ ink: PictureInk) -> Double {
    let (width, height, pixels) = (ink.width, ink.height, ink.pixels)
    var (area, outline) = (0, 0)
    for y in 0..<height {
      var left = false
      for x in 0..<width {
        let i = y &* width &+ x
        area &+= Int(pixels[i])
        let inked = pixels[i] >= 128
        let above = y > 0 && pixels[i &- width] >= 128
        if inked != left { outline &+= 1 }
        if inked != above { outline &+= 1 }
        left = inked
      }
      if left { outline += 1 }
    }
    for x in 0..<width where pixels[(height - 1) * width + x] >= 128 { outline += 1 }
    // Steps of a slanting edge make it look longer by 4 / pi in the mean.
    return outline == 0 ? 0 : 2 * Double(area) / 255 / (Double(outline) * 0.7854)
  }

  /// The ink with a square of `2 * radius + 1` around every pixel: the largest value of it, first along rows, then down.
  static func widened(_ ink: PictureInk, by radius: Int) -> PictureInk {
    let (width, height) = (ink.width + 2 * radius, ink.height + 2 * radius)
    var rows = [UInt8](repeating: 0, count: width * ink.height)
    for y in 0..<ink.height {
      slide(
        ink.pixels, from: y * ink.width, step: 1, count: ink.width, to: &rows, at: y * width, step: 1,
        radius: radius)
    }
    var pixels = [UInt8](repeating: 0, count: width * height)
    for x in 0..<width {
      slide(rows, from: x, step: width, count: ink.height, to: &pixels, at: x, step: width, radius: radius)
    }
    return ink.with(width: width, height: height, pixels: pixels)
  }

  /// The running maximum of a line over windows of `2 * radius + 1`, `2 * radius` longer than the line, by the maxima of
  /// whole blocks from both sides (van Herk 1992, Gil and Werman 1993): three comparisons a pixel for any radius.
  private static func slide(
    _ source: [UInt8], from first: Int, step sourceStep: Int, count: Int, to target: inout [UInt8],
    at start: Int,
    step: Int, radius: Int
  ) {
    let window = 2 * radius + 1
    let padded = count + 4 * radius
    func value(_ i: Int) -> UInt8 {
      let position = i - 2 * radius
      return position >= 0 && position < count ? source[first + position * sourceStep] : 0
    }
    var forward = [UInt8](repeating: 0, count: padded)
    var backward = [UInt8](repeating: 0, count: padded)
    for i in 0..<padded { forward[i] = i % window == 0 ? value(i) : max(forward[i - 1], value(i)) }
    for i in stride(from: padded - 1, through: 0, by: -1) {
      backward[i] =
        i == padded - 1 || i % window == window - 1 ? value(i) : max(backward[i + 1], value(i))
    }
    for i in 0..<count + 2 * radius {
      target[start + i * step] = max(backward[i], forward[i + window - 1])
    }
  }
}
