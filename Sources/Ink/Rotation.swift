/// How far the picture is turned clockwise on its way into the scanout buffer.
///
/// One value drives both ways: the picture goes from panel to scanout coordinates, and touch comes back. So a
/// corner of the picture and the finger on it can never disagree (lvgl/lvgl#6792, slint-ui/slint#12232).
public enum Rotation: Int, CaseIterable, Sendable {
  case none = 0
  case clockwise90 = 90
  case half = 180
  case clockwise270 = 270

  /// Whether width and height change places.
  public var swapsAxes: Bool { self == .clockwise90 || self == .clockwise270 }

  /// The size of the panel (what the screens are laid out for) on a scanout buffer of this size, in pixels.
  public func panelSize(scanoutWidth: Int, scanoutHeight: Int) -> (width: Int, height: Int) {
    swapsAxes ? (scanoutHeight, scanoutWidth) : (scanoutWidth, scanoutHeight)
  }

  /// Where the panel pixel (x, y) lies in a scanout buffer of `scanoutWidth` x `scanoutHeight` pixels.
  @inline(__always)
  public func scanout(x: Int, y: Int, scanoutWidth: Int, scanoutHeight: Int) -> (x: Int, y: Int) {
    switch self {
    case .none: (x, y)
    case .clockwise90: (scanoutWidth - 1 - y, x)
    case .half: (scanoutWidth - 1 - x, scanoutHeight - 1 - y)
    case .clockwise270: (y, scanoutHeight - 1 - x)
    }
  }

  /// The rectangle of scanout pixels that a rectangle of panel pixels covers.
  public func scanout(_ rect: PixelRect, scanoutWidth: Int, scanoutHeight: Int) -> PixelRect {
    switch self {
    case .none: rect
    case .clockwise90:
      PixelRect(x: scanoutWidth - rect.maxY, y: rect.x, width: rect.height, height: rect.width)
    case .half:
      PixelRect(
        x: scanoutWidth - rect.maxX, y: scanoutHeight - rect.maxY, width: rect.width, height: rect.height)
    case .clockwise270:
      PixelRect(x: rect.y, y: scanoutHeight - rect.maxX, width: rect.height, height: rect.width)
    }
  }

  /// A point of the glass as a fraction of the scanout picture (u to the right, v down, both 0 ... 1), as a fraction
  /// of the panel picture.
  @inline(__always)
  public func panel(u: Float, v: Float) -> (u: Float, v: Float) {
    switch self {
    case .none: (u, v)
    case .clockwise90: (v, 1 - u)
    case .half: (1 - u, 1 - v)
    case .clockwise270: (1 - v, u)
    }
  }
}
