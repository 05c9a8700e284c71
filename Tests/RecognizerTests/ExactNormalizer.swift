import Randomness

@testable import Recognizer

/// The normaliser's specification computed the slow way: components by flood fill, every covered area as an exact fraction.
enum ExactNormalizer {
  static func normalize(_ pixels: [UInt8], width: Int, height: Int) -> [UInt8]? {
    let ink = withoutStrays(pixels, width: width, height: height)
    let filled = ink.indices.filter { ink[$0] > 0 }
    guard let top = filled.first.map({ $0 / width }), let bottom = filled.last.map({ $0 / width }),
      let left = filled.map({ $0 % width }).min(), let right = filled.map({ $0 % width }).max()
    else { return nil }
    let (w, h) = (right - left + 1, bottom - top + 1)
    let longest = max(w, h)
    // Lengths in 1/40 of a source pixel; a pixel of the result is 2 * longest of them.
    let (columns, rows) = ((20 * w + longest - 1) / longest, (20 * h + longest - 1) / longest)
    let (marginX, marginY) = (columns * longest - 20 * w, rows * longest - 20 * h)
    let side = 2 * longest
    func overlap(_ source: Int, _ margin: Int, _ target: Int) -> Int {
      max(0, min(40 * source + margin + 40, (target + 1) * side) - max(40 * source + margin, target * side))
    }
    var patch = [[Int]](repeating: [Int](repeating: 0, count: columns), count: rows)
    for r in 0..<rows {
      for c in 0..<columns {
        var sum = 0
        for y in 0..<h {
          let down = overlap(y, marginY, r)
          if down == 0 { continue }
          for x in 0..<w {
            sum += down * overlap(x, marginX, c) * Int(ink[(top + y) * width + left + x])
          }
        }
        patch[r][c] = (2 * sum + side * side) / (2 * side * side)
      }
    }
    let mass = patch.joined().reduce(0, +)
    if mass == 0 { return nil }
    func offset(_ moment: Int, _ count: Int) -> Int {
      // The smallest whole offset that brings the centre of mass to 13.5 or beyond.
      var offset = -28
      while 2 * (moment + offset * mass) < 27 * mass { offset += 1 }
      return min(max(offset, 0), 28 - count)
    }
    let dx = offset(
      patch.map { $0.enumerated().reduce(0) { $0 + $1.offset * $1.element } }.reduce(0, +), columns)
    let dy = offset(patch.enumerated().reduce(0) { $0 + $1.offset * $1.element.reduce(0, +) }, rows)
    var image = [UInt8](repeating: 0, count: 784)
    for r in 0..<rows { for c in 0..<columns { image[(dy + r) * 28 + dx + c] = UInt8(patch[r][c]) } }
    return image
  }

  private static func withoutStrays(_ pixels: [UInt8], width: Int, height: Int) -> [UInt8] {
    let total = pixels.reduce(0) { $0 + Int($1) }
    var seen = [Bool](repeating: false, count: pixels.count)
    var kept = pixels
    var dropped = 0
    for start in pixels.indices where pixels[start] > 0 && !seen[start] {
      var component: [Int] = []
      var open = [start]
      seen[start] = true
      while let at = open.popLast() {
        component.append(at)
        for dy in -1...1 {
          for dx in -1...1 {
            let (x, y) = (at % width + dx, at / width + dy)
            guard x >= 0, y >= 0, x < width, y < height, pixels[y * width + x] > 0, !seen[y * width + x]
            else { continue }
            seen[y * width + x] = true
            open.append(y * width + x)
          }
        }
      }
      let mass = component.reduce(0) { $0 + Int(pixels[$1]) }
      if mass * 100 < total * 3 {
        dropped += mass
        for i in component { kept[i] = 0 }
      }
    }
    return dropped * 2 > total ? pixels : kept
  }
}

/// Random blots for the tests.
enum Blot {
  /// A picture of a few random rectangles and specks of random ink.
  static func picture(width: Int, height: Int, using random: inout SplitMix64) -> [UInt8] {
    var picture = [UInt8](repeating: 0, count: width * height)
    for _ in 0..<Int.random(in: 1...5, using: &random) {
      let (x, y) = (Int.random(in: 0..<width, using: &random), Int.random(in: 0..<height, using: &random))
      let (w, h) = (
        Int.random(in: 1...max(1, width / 2), using: &random),
        Int.random(in: 1...max(1, height / 2), using: &random)
      )
      for row in y..<min(height, y + h) {
        for column in x..<min(width, x + w) {
          picture[row * width + column] = UInt8.random(in: 0...255, using: &random)
        }
      }
    }
    for _ in 0..<Int.random(in: 0...6, using: &random) {
      picture[Int.random(in: 0..<picture.count, using: &random)] = UInt8.random(in: 1...255, using: &random)
    }
    return picture
  }

  /// The ink's box of a 28 x 28 image, row by row; turned clockwise when asked.
  static func crop(_ image: [UInt8], turned: Bool) -> [[UInt8]] {
    let filled = image.indices.filter { image[$0] > 0 }
    guard let left = filled.map({ $0 % 28 }).min(), let right = filled.map({ $0 % 28 }).max(),
      let first = filled.first,
      let last = filled.last
    else { return [] }
    let rows = (first / 28...last / 28).map { y in (left...right).map { image[y * 28 + $0] } }
    return turned ? (0..<(right - left + 1)).map { x in rows.reversed().map { $0[x] } } : rows
  }
}
