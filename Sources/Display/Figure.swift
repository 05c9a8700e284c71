import Glibc

/// A small drawing of lines and areas in a square grid: what an icon is before it has a size.
///
/// Lines have round ends and joints and are antialiased by the distance to their axis, as the brush of ``Ink/Canvas`` is,
/// so that icons, buttons and ink look alike at every size.
public struct Figure: Sendable {
  public struct Point: Sendable, Equatable {
    public var x: Float
    public var y: Float

    public init(_ x: Float, _ y: Float) {
      self.x = x
      self.y = y
    }
  }

  /// What a figure is made of; coordinates and radii are in units of its grid, y grows downwards.
  public enum Part: Sendable {
    /// A line through points, one after another.
    case line([Point])
    /// A part of a circle: from an angle on, over a sweep, in degrees; 0 is at the right, 90 below, a positive sweep clockwise.
    case arc(x: Float, y: Float, radius: Float, from: Float, sweep: Float)
    /// A filled circle.
    case disc(x: Float, y: Float, radius: Float)
    /// A filled polygon; the last point joins the first.
    case area([Point])
  }

  /// Coverage of the pixels of a square, row by row.
  public struct Mask: Sendable, Equatable {
    /// Width and height in pixels.
    public let size: Int
    /// `size * size` bytes: 255 is wholly covered.
    public let coverage: [UInt8]
  }

  /// Width and height of the grid.
  private let grid: Float
  private var lines: [[Point]] = []
  private var areas: [[Point]] = []
  private var discs: [(centre: Point, radius: Float)] = []

  /// - Parameter grid: width and height of the square that the parts lie in.
  public init(grid: Float, _ parts: [Part]) {
    self.grid = max(1, grid)
    for part in parts {
      switch part {
      case .line(let points): lines.append(points)
      case .arc(let x, let y, let radius, let from, let sweep):
        lines.append(Figure.arc(x, y, radius, from, sweep))
      case .disc(let x, let y, let radius): discs.append((Point(x, y), radius))
      case .area(let points): areas.append(points)
      }
    }
  }

  /// The figure at a size.
  ///
  /// - Parameters:
  ///   - size: width and height in pixels, 1 ... 1024.
  ///   - thickness: of the lines in pixels.
  public func mask(size: Int, thickness: Float) -> Mask {
    let size = max(1, min(size, 1024))
    let scale = Float(size) / grid
    let half = max(0, thickness) / 2
    var coverage = [UInt8](repeating: 0, count: size * size)
    func scaled(_ points: [Point]) -> [Point] { points.map { Point($0.x * scale, $0.y * scale) } }
    func cover(_ points: [Point], margin: Float, _ outside: (Point) -> Float) {
      let reach = margin + 1
      let xs = points.map(\.x)
      let ys = points.map(\.y)
      guard let left = xs.min(), let right = xs.max(), let top = ys.min(), let bottom = ys.max() else {
        return
      }
      func clamped(_ v: Float) -> Int { Int(max(0, min(Float(size), v.rounded(.down)))) }
      for y in clamped(top - reach)..<max(clamped(top - reach), clamped(bottom + reach + 1)) {
        for x in clamped(left - reach)..<max(clamped(left - reach), clamped(right + reach + 1)) {
          let part = max(0, min(1, 0.5 - outside(Point(Float(x) + 0.5, Float(y) + 0.5))))
          let value = UInt8((part * 255).rounded())
          // The darker of two parts: joints do not show.
          if value > coverage[y * size + x] { coverage[y * size + x] = value }
        }
      }
    }
    for line in lines {
      let points = scaled(line)
      cover(points, margin: half) { Figure.distance($0, toLine: points) - half }
    }
    for disc in discs {
      let (centre, radius) = (Point(disc.centre.x * scale, disc.centre.y * scale), disc.radius * scale)
      cover([centre], margin: radius) { Figure.distance($0, toLine: [centre]) - radius }
    }
    for area in areas {
      let points = scaled(area)
      cover(points, margin: 0) { Figure.distance($0, toArea: points) }
    }
    return Mask(size: size, coverage: coverage)
  }

  /// A part of a circle as a line of pieces of at most six degrees.
  private static func arc(_ x: Float, _ y: Float, _ radius: Float, _ from: Float, _ sweep: Float) -> [Point] {
    let pieces = max(1, Int((abs(sweep) / 6).rounded(.up)))
    return (0...pieces).map { piece in
      let angle = (from + sweep * Float(piece) / Float(pieces)) * .pi / 180
      return Point(x + radius * cosf(angle), y + radius * sinf(angle))
    }
  }

  /// The distance of a point to a line through points.
  private static func distance(_ p: Point, toLine points: [Point]) -> Float {
    guard let first = points.first else { return .greatestFiniteMagnitude }
    var least = squared(p, first, first)
    for i in points.indices.dropFirst() { least = min(least, squared(p, points[i - 1], points[i])) }
    return least.squareRoot()
  }

  /// The distance to the edge of a polygon, negative inside (Inigo Quilez, 2D distance functions).
  private static func distance(_ p: Point, toArea points: [Point]) -> Float {
    guard var before = points.last else { return .greatestFiniteMagnitude }
    var least = Float.greatestFiniteMagnitude
    var isInside = false
    for point in points {
      least = min(least, squared(p, before, point))
      if (point.y > p.y) != (before.y > p.y),
        p.x < (before.x - point.x) * (p.y - point.y) / (before.y - point.y) + point.x
      {
        isInside.toggle()
      }
      before = point
    }
    return isInside ? -least.squareRoot() : least.squareRoot()
  }

  /// The squared distance of `p` to the line from `a` to `b`.
  private static func squared(_ p: Point, _ a: Point, _ b: Point) -> Float {
    let (dx, dy) = (b.x - a.x, b.y - a.y)
    let (px, py) = (p.x - a.x, p.y - a.y)
    let length = dx * dx + dy * dy
    let along = length > 0 ? max(0, min(1, (px * dx + py * dy) / length)) : 0
    let (ex, ey) = (px - along * dx, py - along * dy)
    return ex * ex + ey * ey
  }
}

extension Surface {
  /// Lays a colour over the surface through a figure's mask, whose top left pixel goes to (x, y).
  public mutating func blend(_ mask: borrowing Figure.Mask, x: Int, y: Int, color: Color) {
    blend(mask: mask.coverage, maskWidth: mask.size, maskHeight: mask.size, x: x, y: y, color: color)
  }
}
