/// Taps on crosses at known places, and the digitizer matrix that puts them there.
///
/// The matrix has six numbers and four taps give eight, so what the matrix cannot explain shows how far the taps can be
/// trusted. It is the least squares solution (normal equations about the mean, each axis of the glass by itself).
public struct FourTaps: Equatable, Sendable {
  /// One tap: where the digitizer felt it and where on the glass its cross was, both 0 ... 1 along the axes.
  public struct Tap: Equatable, Sendable {
    public var felt: (u: Float, v: Float)
    public var meant: (u: Float, v: Float)

    public init(felt: (u: Float, v: Float), meant: (u: Float, v: Float)) {
      self.felt = felt
      self.meant = meant
    }

    public static func == (a: Tap, b: Tap) -> Bool { a.felt == b.felt && a.meant == b.meant }
  }

  /// Why taps give no matrix.
  public enum Refusal: Error, Equatable, Sendable {
    /// Fewer than four.
    case tooFew
    /// They lie on a line, or all in one place: the digitizer did not feel where the crosses are.
    case onALine
    /// They lie where no even digitizer would feel the crosses: one of them was not tapped in its middle, or another thing
    /// touched the glass.
    case uneven
  }

  public private(set) var taps: [Tap] = []

  public init() {}

  /// How far from its cross a tap may lie by the matrix that fits best, in parts of the glass: a fingertip on a small panel.
  public static let tolerance: Double = 0.04

  public mutating func add(_ tap: Tap) {
    taps.append(tap)
  }

  /// The matrix that lays what was felt onto what was meant.
  public func matrix() throws(Refusal) -> DigitizerMatrix {
    guard taps.count >= 4 else { throw .tooFew }
    let n = Double(taps.count)
    let felt = taps.map { (x: Double($0.felt.u), y: Double($0.felt.v)) }
    let meant = taps.map { (x: Double($0.meant.u), y: Double($0.meant.v)) }
    let (meanX, meanY) = (felt.reduce(0) { $0 + $1.x } / n, felt.reduce(0) { $0 + $1.y } / n)
    var (xx, xy, yy) = (0.0, 0.0, 0.0)
    for point in felt {
      let (x, y) = (point.x - meanX, point.y - meanY)
      xx += x * x
      xy += x * y
      yy += y * y
    }
    let spread = xx * yy - xy * xy
    // Crosses an eighth from the edges of a glass that the digitizer covers give 0.32; a digitizer of which the glass takes a
    // fifth in both directions gives 0.0005.
    guard spread > 1e-4, spread > 1e-3 * (xx + yy) * (xx + yy) else { throw .onALine }
    func row(_ goals: [Double]) -> (Double, Double, Double) {
      let mean = goals.reduce(0, +) / n
      var (gx, gy) = (0.0, 0.0)
      for (point, goal) in zip(felt, goals) {
        gx += (point.x - meanX) * (goal - mean)
        gy += (point.y - meanY) * (goal - mean)
      }
      let p = (gx * yy - gy * xy) / spread
      let q = (gy * xx - gx * xy) / spread
      return (p, q, mean - p * meanX - q * meanY)
    }
    let (a, b, c) = row(meant.map(\.x))
    let (d, e, f) = row(meant.map(\.y))
    for (point, goal) in zip(felt, meant) {
      let (dx, dy) = (a * point.x + b * point.y + c - goal.x, d * point.x + e * point.y + f - goal.y)
      guard (dx * dx + dy * dy).squareRoot() <= FourTaps.tolerance else { throw .uneven }
    }
    guard let matrix = DigitizerMatrix([a, b, c, d, e, f].map { Float($0) }) else { throw .onALine }
    return matrix
  }
}
