/// How the digitizer lies on the glass: libinput's calibration matrix, on coordinates of 0 ... 1.
///
///     x' = a x + b y + c
///     y' = d x + e y + f
///
/// It is apart from the rotation of the picture: a digitizer that is glued on turned stays turned whatever the picture
/// does (flutter-pi#282, flutter-pi#440).
public struct DigitizerMatrix: Equatable, Sendable, BitwiseCopyable {
  public let a, b, c, d, e, f: Float

  /// The digitizer lies as the glass does.
  public static let identity = DigitizerMatrix(unchecked: 1, 0, 0, 0, 1, 0)
  /// The axes change places.
  public static let swapped = DigitizerMatrix(unchecked: 0, 1, 0, 1, 0, 0)

  private init(unchecked a: Float, _ b: Float, _ c: Float, _ d: Float, _ e: Float, _ f: Float) {
    (self.a, self.b, self.c, self.d, self.e, self.f) = (a, b, c, d, e, f)
  }

  /// The matrix of six numbers row by row, or nil when they are not six finite numbers or would press the plane flat.
  public init?(_ values: [Float]) {
    guard values.count == 6, values.allSatisfy(\.isFinite) else { return nil }
    self.init(unchecked: values[0], values[1], values[2], values[3], values[4], values[5])
    guard abs(determinant) > 1e-6, determinant.isFinite else { return nil }
  }

  /// By how much the matrix makes an area larger; negative when it mirrors.
  public var determinant: Float { a * e - b * d }

  /// A point of the digitizer as a point of the glass.
  @inline(__always)
  public func apply(_ x: Float, _ y: Float) -> (x: Float, y: Float) {
    (a * x + b * y + c, d * x + e * y + f)
  }

  /// A point of the glass as a point of the digitizer.
  public func unapply(_ x: Float, _ y: Float) -> (x: Float, y: Float) {
    let (px, py) = (x - c, y - f)
    return ((e * px - b * py) / determinant, (a * py - d * px) / determinant)
  }
}
