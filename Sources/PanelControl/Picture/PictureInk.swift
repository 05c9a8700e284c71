import PNG

/// The ink of any picture: 255 where it is darkest against its paper, 0 on the paper, cut to the box of the ink.
///
/// Ink is what differs from the paper, in whatever direction: dark on light, light on dark, red on blue. So the polarity
/// needs no decision, only the paper's colour does. A drawing of the panel's own brush on plain paper comes out with
/// exactly the pixels that it has; paper that is not quite even, faint pencil and thin pens are brought to it.
struct PictureInk: Equatable, Sendable {
  let width: Int
  let height: Int
  /// `width * height` bytes, row by row from the top.
  let pixels: [UInt8]

  /// Paper without ink.
  static let blank = PictureInk(width: 1, height: 1, pixels: [0])

  /// Differences from the paper below this, of 255, are no ink: what a person takes for a blank sheet.
  static let leastContrast = 24

  init(_ image: consuming PNGImage) {
    self = PictureInk.find(in: image)
  }

  private init(width: Int, height: Int, pixels: [UInt8]) {
    self.width = width
    self.height = height
    self.pixels = pixels
  }

  private static func find(in image: consuming PNGImage) -> PictureInk {
    let (width, height) = (image.width, image.height)
    let distances = PictureInk.distances(of: image)
    guard let tone = InkTone(distances) else { return blank }
    let frame = withoutFrame(distances, width: width, height: height, level: tone.half)
    guard let box = inkBox(distances, width: width, within: frame, above: tone.floor) else { return blank }
    let ramp = tone.ramp
    var ink = [UInt8](repeating: 0, count: box.width * box.height)
    for y in 0..<box.height {
      let from = (box.y + y) * width + box.x
      for x in 0..<box.width { ink[y &* box.width &+ x] = ramp[Int(distances[from &+ x])] }
    }
    let found = PictureInk(width: box.width, height: box.height, pixels: ink)
    return PenWidth.normalized(found)
  }

  /// How far each pixel is from the paper. The picture itself, which is the largest thing in memory, goes with this.
  private static func distances(of image: consuming PNGImage) -> [UInt8] {
    if image.hasAlpha { PictureGround.lay(&image) }
    return distances(in: image.rgba, width: image.width, height: image.height)
  }

  private static func distances(in rgba: [UInt8], width: Int, height: Int) -> [UInt8] {
    let count = width * height
    precondition(rgba.count >= 4 * count)
    return rgba.withUnsafeBufferPointer { rgba in
      let paper = Paper.colour(of: rgba, width: width, height: height)
      return [UInt8](unsafeUninitializedCapacity: count) { distances, made in
        for i in 0..<count { distances.initializeElement(at: i, to: paper.distance(to: rgba, at: 4 &* i)) }
        made = count
      }
    }
  }

  typealias Box = (x: Int, y: Int, width: Int, height: Int)

  /// The picture without a frame that is drawn along its four edges, if it has one and there is ink inside.
  private static func withoutFrame(_ distances: [UInt8], width: Int, height: Int, level: Int) -> Box {
    let whole: Box = (0, 0, width, height)
    var box = whole
    func inked(_ line: StrideTo<Int>) -> Bool {
      var (count, all) = (0, 0)
      for i in line {
        all += 1
        if Int(distances[i]) >= level { count += 1 }
      }
      return count * 5 >= all * 4
    }
    while box.width > width * 3 / 4, box.height > height * 3 / 4, box.width > 4, box.height > 4 {
      let first = box.y * width + box.x
      let last = (box.y + box.height - 1) * width + box.x
      guard inked(stride(from: first, to: first + box.width, by: 1)),
        inked(stride(from: last, to: last + box.width, by: 1)),
        inked(stride(from: first, to: last + 1, by: width)),
        inked(stride(from: first + box.width - 1, to: last + box.width, by: width))
      else { break }
      box = (box.x + 1, box.y + 1, box.width - 2, box.height - 2)
    }
    if box.width == whole.width { return whole }
    // One more for the frame's soft edge.
    let inner: Box = (box.x + 1, box.y + 1, box.width - 2, box.height - 2)
    return inkBox(distances, width: width, within: inner, above: level) == nil ? whole : inner
  }

  /// The smallest box around everything above a level; nil when there is nothing.
  private static func inkBox(_ distances: [UInt8], width: Int, within area: Box, above level: Int) -> Box? {
    var (left, top, right, bottom) = (Int.max, Int.max, -1, -1)
    for y in area.y..<area.y + area.height {
      for x in area.x..<area.x + area.width where Int(distances[y &* width &+ x]) > level {
        if x < left { left = x }
        if x > right { right = x }
        if y < top { top = y }
        bottom = y
      }
    }
    return right < 0 ? nil : (left, top, right - left + 1, bottom - top + 1)
  }

  /// The same ink in other pixels.
  func with(width: Int, height: Int, pixels: [UInt8]) -> PictureInk {
    PictureInk(width: width, height: height, pixels: pixels)
  }
}
