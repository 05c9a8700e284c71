/// The way of a finger through points, at the speed of a hand.
///
/// The curve is a centripetal Catmull-Rom spline (Yuksel, Schaefer, Keyser 2011), which makes no loops of its own; the
/// way along it follows the minimum-jerk profile of reaching movements (Flash and Hogan 1985), from rest to rest.
struct HandCurve: Sendable {
  /// Points along the curve and how far each lies along it.
  private var points: [DrawingPoint] = []
  private var lengths: [Double] = []

  var length: Double { lengths.last ?? 0 }

  init(through knots: [DrawingPoint]) {
    guard let first = knots.first, knots.count > 1 else {
      points = knots
      lengths = knots.map { _ in 0 }
      return
    }
    append(first)
    for i in 0..<(knots.count - 1) {
      let (p1, p2) = (knots[i], knots[i + 1])
      let p0 = i > 0 ? knots[i - 1] : DrawingPoint(2 * p1.x - p2.x, 2 * p1.y - p2.y)
      let p3 = i + 2 < knots.count ? knots[i + 2] : DrawingPoint(2 * p2.x - p1.x, 2 * p2.y - p1.y)
      for step in 1...24 {
        append(Self.spline(p0, p1, p2, p3, Double(step) / 24))
      }
    }
  }

  /// The place after a part (0 ... 1) of the time.
  func place(at time: Double) -> DrawingPoint {
    guard let first = points.first else { return DrawingPoint(0, 0) }
    let t = max(0, min(1, time))
    let wanted = length * (t * t * t * (10 - 15 * t + 6 * t * t))
    guard let after = lengths.firstIndex(where: { $0 >= wanted }), after > 0 else { return first }
    let span = lengths[after] - lengths[after - 1]
    let part = span > 0 ? (wanted - lengths[after - 1]) / span : 0
    let (a, b) = (points[after - 1], points[after])
    return DrawingPoint(a.x + (b.x - a.x) * part, a.y + (b.y - a.y) * part)
  }

  private mutating func append(_ point: DrawingPoint) {
    lengths.append(points.last.map { length + Self.distance($0, point) } ?? 0)
    points.append(point)
  }

  private static func distance(_ a: DrawingPoint, _ b: DrawingPoint) -> Double {
    ((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y)).squareRoot()
  }

  /// Barry and Goldman's pyramid between p1 and p2.
  private static func spline(
    _ p0: DrawingPoint, _ p1: DrawingPoint, _ p2: DrawingPoint, _ p3: DrawingPoint, _ part: Double
  ) -> DrawingPoint {
    func step(_ a: DrawingPoint, _ b: DrawingPoint) -> Double { max(1e-9, distance(a, b).squareRoot()) }
    func mix(_ a: DrawingPoint, _ b: DrawingPoint, _ from: Double, _ to: Double, _ t: Double) -> DrawingPoint
    {
      let w = (t - from) / (to - from)
      return DrawingPoint(a.x + (b.x - a.x) * w, a.y + (b.y - a.y) * w)
    }
    let t1 = step(p0, p1)
    let t2 = t1 + step(p1, p2)
    let t3 = t2 + step(p2, p3)
    let t = t1 + (t2 - t1) * part
    let a1 = mix(p0, p1, 0, t1, t)
    let a2 = mix(p1, p2, t1, t2, t)
    let a3 = mix(p2, p3, t2, t3, t)
    return mix(mix(a1, a2, 0, t2, t), mix(a2, a3, t1, t3, t), t1, t2, t)
  }
}
