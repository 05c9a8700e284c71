import Ink
import Randomness
import Testing

/// The brush: one segment on the canvas.
@Suite("Brush")
struct BrushTests {
  /// The share of a pixel within `radius` of the segment's axis, by 16 x 16 points of the pixel.
  static func coverage(
    column: Int, row: Int, _ x0: Double, _ y0: Double, _ x1: Double, _ y1: Double, radius: Double
  ) -> Double {
    var inside = 0
    for i in 0..<16 {
      for j in 0..<16 {
        let (px, py) = (
          Double(column) + (Double(i) + 0.5) / 16 - x0, Double(row) + (Double(j) + 0.5) / 16 - y0
        )
        let (dx, dy) = (x1 - x0, y1 - y0)
        let square = dx * dx + dy * dy
        let along = square > 0 ? max(0, min(1, (px * dx + py * dy) / square)) : 0
        let (ex, ey) = (px - along * dx, py - along * dy)
        if ex * ex + ey * ey <= radius * radius { inside += 1 }
      }
    }
    return Double(inside) / 256
  }

  @Test("a tap leaves a disc of the brush's size at once")
  func disc() {
    var canvas = Canvas()
    canvas.drawSegment(x0: 140, y0: 100, x1: 140, y1: 100, diameter: 20)
    let ink = canvas.pixels.reduce(0) { $0 + Double($1) / 255 }
    #expect(abs(ink - 100 * Double.pi) < 2)
    #expect(canvas.pixels[100 * 280 + 140] == 255)
    #expect(canvas.pixels[100 * 280 + 149] > 0 && canvas.pixels[100 * 280 + 151] == 0)
    #expect(canvas.pixels[91 * 280 + 140] > 0 && canvas.pixels[88 * 280 + 140] == 0)
  }

  @Test(
    "a line's edge is as dark as the brush covers it",
    arguments: [
      (60.0, 60.0, 200.0, 60.0, 20.0), (60.3, 61.7, 201.2, 150.9, 20.0), (100.5, 40.2, 103.1, 220.8, 12.0),
      (140, 140, 140, 140, 28), (50, 200, 52, 201, 7.5),
    ])
  func coverage(x0: Double, y0: Double, x1: Double, y1: Double, diameter: Double) {
    var canvas = Canvas()
    canvas.drawSegment(x0: Float(x0), y0: Float(y0), x1: Float(x1), y1: Float(y1), diameter: Float(diameter))
    var worst = 0.0
    var sum = 0.0
    for row in 0..<280 {
      for column in 0..<280 {
        let truth = BrushTests.coverage(column: column, row: row, x0, y0, x1, y1, radius: diameter / 2)
        let error = Double(canvas.pixels[row * 280 + column]) / 255 - truth
        worst = max(worst, abs(error))
        sum += error
      }
    }
    // Distance to the axis instead of covered area is off by an eighth of a pixel's ink on a slanted edge, and by nothing in the
    // sum.
    #expect(worst < 0.14)
    #expect(abs(sum) < 3)
  }

  @Test("nothing changes outside the damage, and the damage is no larger than it must be", arguments: 0..<40)
  func damage(seed: Int) {
    var random = SplitMix64(seed: UInt64(seed))
    var canvas = Canvas(scale: 1 + seed % 3)
    for _ in 0..<6 {
      let before = canvas
      let ends = (0..<4).map { _ in Float.random(in: -40...320, using: &random) }
      let diameter = Float.random(in: 1...40, using: &random)
      let damage = canvas.drawSegment(x0: ends[0], y0: ends[1], x1: ends[2], y1: ends[3], diameter: diameter)
      #expect(damage == damage.intersection(canvas.bounds))
      for y in 0..<canvas.width {
        for x in 0..<canvas.width where !damage.contains(x: x, y: y) {
          if canvas.pixels[y * canvas.width + x] != before.pixels[y * canvas.width + x] {
            Issue.record("pixel (\(x), \(y)) changed outside \(damage)")
            return
          }
        }
      }
      let s = Float(canvas.scale)
      let span = (max(ends[0], ends[2]) - min(ends[0], ends[2]) + diameter) * s
      #expect(Float(damage.width) <= span + 4)
    }
  }

  @Test("drawing again where ink is never makes it lighter, and the same line twice changes nothing")
  func maximum() {
    var canvas = Canvas()
    canvas.drawSegment(x0: 50, y0: 50, x1: 200, y1: 180, diameter: 20)
    let once = canvas
    canvas.drawSegment(x0: 50, y0: 50, x1: 200, y1: 180, diameter: 20)
    #expect(canvas == once)
    canvas.drawSegment(x0: 200, y0: 50, x1: 50, y1: 180, diameter: 6)
    #expect(zip(once.pixels, canvas.pixels).allSatisfy { $1 >= $0 })
  }

  @Test("points far away, endless or not a number draw nothing and break nothing")
  func farAway() {
    for bad in [Float.infinity, -.infinity, .nan, 1e30, -1e30, Float.greatestFiniteMagnitude] {
      for scale in 1...3 {
        var canvas = Canvas(scale: scale)
        for (x0, y0, x1, y1) in [(bad, bad, bad, bad), (bad, 140, bad, 140), (140, bad, 140, bad)]
          as [(Float, Float, Float, Float)]
        {
          let damage = canvas.drawSegment(x0: x0, y0: y0, x1: x1, y1: y1, diameter: 20)
          #expect(damage == damage.intersection(canvas.bounds))
        }
        #expect(canvas.pixels.allSatisfy { $0 == 0 })
      }
    }
  }

  @Test("a line that leaves the canvas is cut at its edge")
  func clipped() {
    var canvas = Canvas()
    let damage = canvas.drawSegment(x0: 270, y0: 140, x1: 400, y1: 140, diameter: 20)
    #expect(damage.maxX == 280)
    #expect(canvas.pixels[140 * 280 + 279] == 255)
    #expect(canvas.pixels[141 * 280] == 0)
  }

  @Test("canvases of scale 2 and 3 show the same shape as scale 1", arguments: [2, 3])
  func scales(scale: Int) {
    var small = Canvas()
    var large = Canvas(scale: scale)
    let points = (0...20).map { i -> StrokePoint in
      let u = Float(i) / 20
      return StrokePoint(x: 60 + 160 * u, y: 140 + 80 * (u - 0.5) * (u - 0.2) * 10)
    }
    small.draw(Stroke(points: points))
    large.draw(Stroke(points: points))
    var worst = 0.0
    for y in 0..<280 {
      for x in 0..<280 {
        var sum = 0.0
        for j in 0..<scale {
          for i in 0..<scale { sum += Double(large.pixels[(y * scale + j) * large.width + x * scale + i]) }
        }
        worst = max(worst, abs(sum / Double(scale * scale) - Double(small.pixels[y * 280 + x])))
      }
    }
    #expect(worst < 40, "of 255 in any pixel's mean")
  }

  @Test("a canvas takes exactly 280 x 280 pixels")
  func size() {
    #expect(Canvas(pixels: [UInt8](repeating: 7, count: 280 * 280))?.pixels.first == 7)
    #expect(Canvas(pixels: [UInt8](repeating: 7, count: 280 * 279)) == nil)
    #expect(Canvas(pixels: []) == nil)
  }
}
