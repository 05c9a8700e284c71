import FoundationEssentials
import Ink

/// One drawing of a stroke set: a JSON object with `label`, `strokes` as lists of [x, y] or [x, y, t], and, where they are
/// known, `writer` and `split`.
struct StrokeLine: Decodable, Equatable, Sendable {
  /// The digit, or nil for a drawing of something else.
  let digit: Int?
  let writer: String?
  /// The part of the set that the drawing belongs to, such as "test".
  let split: String?
  let strokes: [[[Double]]]

  private enum CodingKeys: String, CodingKey {
    case label, writer, split, strokes
  }

  init(from decoder: any Decoder) throws {
    let object = try decoder.container(keyedBy: CodingKeys.self)
    // Symbols have names, digits are numbers, in some sets written as text.
    var number = try? object.decode(Int.self, forKey: .label)
    if number == nil { number = Int(try object.decode(String.self, forKey: .label)) }
    digit = number.flatMap { (0...9).contains($0) ? $0 : nil }
    writer = try object.decodeIfPresent(String.self, forKey: .writer)
    split = try object.decodeIfPresent(String.self, forKey: .split)
    strokes = try object.decode([[[Double]]].self, forKey: .strokes)
    guard strokes.allSatisfy({ $0.allSatisfy { $0.count >= 2 && $0[0].isFinite && $0[1].isFinite } }) else {
      throw DecodingError.dataCorruptedError(
        forKey: .strokes, in: object, debugDescription: "a point has no x and y")
    }
  }

  /// How a drawing is laid on the canvas.
  struct Placement: Equatable, Sendable {
    /// The longest side of the box around it, in canvas pixels, the width of the line not counted.
    var side = 160.0
    /// The middle of that box, in canvas pixels.
    var centre = (x: 140.0, y: 140.0)
    /// The width of the line, in canvas pixels.
    var brush = Double(Sketch.brush)

    /// What visitors draw, and with what pens, in canvas pixels.
    private static let (sides, brushes) = (90.0...230.0, 12.0...28.0)

    /// The most pixels of the canvas, across, that such a drawing covers with its line.
    static func reach(side: Int?, brush: Int?, atRandom: Bool) -> Int {
      let middle = Placement(side: side, brush: brush)
      return Int(side == nil && atRandom ? sides.upperBound : middle.side)
        + Int(brush == nil && atRandom ? brushes.upperBound : middle.brush)
    }

    static func == (a: Placement, b: Placement) -> Bool {
      a.side == b.side && a.centre == b.centre && a.brush == b.brush
    }

    /// In the middle of the canvas.
    init(side: Int? = nil, brush: Int? = nil) {
      if let side { self.side = Double(side) }
      if let brush { self.brush = Double(brush) }
    }

    /// Anywhere on the canvas, and unless they are given, 90 to 230 pixels large, with a pen of 12 to 28: what visitors do.
    ///
    /// - Parameter side, brush: together at most the canvas; see ``reach(side:brush:atRandom:)``.
    init(side: Int? = nil, brush: Int? = nil, using generator: inout some RandomNumberGenerator) {
      // Both are drawn in any case: one seed gives the same places whatever is given.
      let random = (
        side: Double.random(in: Placement.sides, using: &generator),
        brush: Double.random(in: Placement.brushes, using: &generator)
      )
      self.init(side: side, brush: brush)
      if side == nil { self.side = random.side }
      if brush == nil { self.brush = random.brush }
      let margin = (self.side + self.brush) / 2
      let places = margin...(Double(Canvas.side) - margin)
      centre.x = .random(in: places, using: &generator)
      centre.y = .random(in: places, using: &generator)
    }
  }

  /// The drawing as a finger would have drawn it there, in canvas coordinates.
  ///
  /// - Parameter yGoesUp: for sets that count y from below.
  func placed(_ placement: Placement, yGoesUp: Bool) -> [Stroke] {
    let points = strokes.joined()
    guard let first = points.first else { return [] }
    var (left, right, top, bottom) = (first[0], first[0], first[1], first[1])
    for point in points {
      (left, right) = (min(left, point[0]), max(right, point[0]))
      (top, bottom) = (min(top, point[1]), max(bottom, point[1]))
    }
    let longest = max(right - left, bottom - top)
    let scale = longest > 0 ? placement.side / longest : 0
    return strokes.filter { !$0.isEmpty }.map { stroke in
      Stroke(
        points: stroke.map { point in
          let dy = (point[1] - (top + bottom) / 2) * scale
          return StrokePoint(
            x: Float(placement.centre.x + (point[0] - (left + right) / 2) * scale),
            y: Float(placement.centre.y + (yGoesUp ? -dy : dy)))
        })
    }
  }

  /// The drawing in the panel's own ink.
  func canvas(_ placement: Placement, yGoesUp: Bool) -> Canvas {
    var canvas = Canvas()
    for stroke in placed(placement, yGoesUp: yGoesUp) {
      canvas.draw(stroke, diameter: Float(placement.brush))
    }
    return canvas
  }
}
