import Ink

/// The one transform from a digitizer to panel pixels: 0 ... 1 -> digitizer matrix -> rotation -> panel pixels.
///
/// The first and last unit of a device land on the middle of the first and last pixel, so that every corner of every
/// rotation lands on itself and a device of the panel's own resolution on the middle of each pixel.
public struct TouchGeometry: Equatable, Sendable {
  /// Panel pixels after the rotation.
  public var width: Int
  public var height: Int
  public var rotation: Rotation
  public var matrix: DigitizerMatrix

  public init(width: Int, height: Int, rotation: Rotation = .none, matrix: DigitizerMatrix = .identity) {
    self.width = max(1, width)
    self.height = max(1, height)
    self.rotation = rotation
    self.matrix = matrix
  }

  /// A point of the digitizer (0 ... 1 along its axes) in panel pixels; what falls beside the glass is put on its edge.
  @inline(__always)
  public func panel(u: Float, v: Float) -> (x: Float, y: Float) {
    let glass = matrix.apply(u, v)
    let turned = rotation.panel(u: max(0, min(1, glass.x)), v: max(0, min(1, glass.y)))
    return (0.5 + turned.u * Float(width - 1), 0.5 + turned.v * Float(height - 1))
  }

  /// A point of the panel as a point of the digitizer, 0 ... 1: the way back, for calibration and for played visitors.
  public func digitizer(x: Float, y: Float) -> (u: Float, v: Float) {
    let u = (x - 0.5) / Float(max(1, width - 1))
    let v = (y - 0.5) / Float(max(1, height - 1))
    let glass = rotation.opposite.panel(u: u, v: v)
    let point = matrix.unapply(glass.u, glass.v)
    return (point.x, point.y)
  }

  /// Pixels per 0 ... 1 of the digitizer, as the mean of both axes: the scale of contact sizes.
  var lengthScale: Float {
    (Float(width) * Float(height) * abs(matrix.determinant)).squareRoot()
  }
}

extension Rotation {
  /// The rotation that undoes this one.
  var opposite: Rotation {
    switch self {
    case .none: .none
    case .clockwise90: .clockwise270
    case .half: .half
    case .clockwise270: .clockwise90
    }
  }
}
