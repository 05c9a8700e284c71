/// Turns the samples of one stroke into a smooth line on a canvas, a piece with every sample.
///
/// Ink is drawn as soon as its sample is there and is never taken back, so the curve may look only backwards: each piece
/// is a cubic Hermite curve that ends in the newest sample, leaves the last one in the direction in which the line came
/// to it, and ends in the direction of a circle through the last three samples. It goes through every sample and lags
/// behind none. At a sharp turn the line keeps its corner. Panels that report 25 times a second
/// (raspberrypi/linux#3227) still draw round digits.
///
/// It works in `Float`, with sums, products, quotients and square roots only: IEEE 754 prescribes every bit of those, so one
/// stroke leaves the same ink on every processor.
public struct Pen: Sendable {
  /// The width of the line in canvas coordinates.
  public let diameter: Float
  private var last: (x: Float, y: Float)?
  /// The direction in which the line came to `last`: a unit vector, or nil after a single sample.
  private var chord: (x: Float, y: Float)?
  private var tangent: (x: Float, y: Float)?

  public init(diameter: Float) {
    self.diameter = diameter
  }

  /// Puts the pen down: a tap leaves a dot at once.
  public mutating func down(x: Float, y: Float, on canvas: inout Canvas) -> PixelRect {
    last = x.isFinite && y.isFinite ? (x, y) : nil
    chord = nil
    tangent = nil
    return canvas.drawSegment(x0: x, y0: y, x1: x, y1: y, diameter: diameter)
  }

  /// Draws on to the next sample, and returns the changed pixels of the canvas.
  public mutating func move(x: Float, y: Float, on canvas: inout Canvas) -> PixelRect {
    guard let from = last else { return down(x: x, y: y, on: &canvas) }
    let (dx, dy) = (x - from.x, y - from.y)
    let length = (dx * dx + dy * dy).squareRoot()
    // What is no number draws nothing, and the line goes on from the last sample that was one.
    guard length.isFinite else {
      if x.isFinite, y.isFinite { (last, chord, tangent) = ((x, y), nil, nil) }
      return .empty
    }
    guard length > 0.01 else { return .empty }
    let ahead = (x: dx / length, y: dy / length)
    var leave = tangent ?? ahead
    var arrive = ahead
    if let chord {
      let cosine = chord.x * ahead.x + chord.y * ahead.y
      if cosine > 0.5 {
        // Samples on a circle turn by equal angles; the line ends turned by half of this one.
        let (bx, by) = (chord.x + ahead.x, chord.y + ahead.y)
        let norm = (bx * bx + by * by).squareRoot()
        let c = (bx * ahead.x + by * ahead.y) / norm
        let s = (bx * ahead.y - by * ahead.x) / norm
        arrive = (ahead.x * c - ahead.y * s, ahead.x * s + ahead.y * c)
      } else {
        leave = ahead
      }
    }
    last = (x, y)
    chord = ahead
    tangent = arrive
    // A short piece is straight under the brush; one as long as the canvas is no hand's.
    guard length > 6, length < Float(Canvas.side) else {
      return canvas.drawSegment(x0: from.x, y0: from.y, x1: x, y1: y, diameter: diameter)
    }
    // Pieces of at most six pixels: under a brush of 20 they cannot be told from the curve.
    let pieces = min(32, Int((length / 6).rounded(.up)))
    var damage = PixelRect.empty
    var (px, py) = (from.x, from.y)
    for piece in 1...pieces {
      let u = Float(piece) / Float(pieces)
      let (u2, u3) = (u * u, u * u * u)
      let h00 = 2 * u3 - 3 * u2 + 1
      let h01 = 3 * u2 - 2 * u3
      let h10 = (u3 - 2 * u2 + u) * length
      let h11 = (u3 - u2) * length
      let qx = h00 * from.x + h10 * leave.x + h01 * x + h11 * arrive.x
      let qy = h00 * from.y + h10 * leave.y + h01 * y + h11 * arrive.y
      damage = damage.union(canvas.drawSegment(x0: px, y0: py, x1: qx, y1: qy, diameter: diameter))
      (px, py) = (qx, qy)
    }
    return damage
  }
}

extension Canvas {
  /// Draws a whole stroke as the panel drew it, and returns the changed pixels.
  @discardableResult
  public mutating func draw(_ stroke: Stroke, diameter: Float = Sketch.brush) -> PixelRect {
    guard let first = stroke.points.first else { return .empty }
    var pen = Pen(diameter: diameter)
    var damage = pen.down(x: first.x, y: first.y, on: &self)
    for point in stroke.points.dropFirst() {
      damage = damage.union(pen.move(x: point.x, y: point.y, on: &self))
    }
    return damage
  }
}
