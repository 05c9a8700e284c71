import Display

/// Colours, type sizes and spacing of every screen: the one place to change the look.
///
/// Text on its ground has a contrast of at least 4.5:1 (WCAG 2.2, 1.4.3), which a test computes.
struct Theme: Sendable, Equatable {
  var ground = Color(0x0F1317)
  var card = Color(0x181E24)
  var edge = Color(0x2A333C)
  var text = Color(0xF1F4F6)
  var quiet = Color(0x9FADB9)
  var accent = Color(0x5CC8FF)
  var onAccent = Color(0x06222F)
  var good = Color(0x6FDBA8)
  var warning = Color(0xFFC46B)
  var button = Color(0x26303A)
  var pressed = Color(0x3A4856)
  var disabled = Color(0x1C232A)
  var track = Color(0x232C35)
  /// The sheet that the visitor draws on, and the ink on it.
  var paper = Color(0xF7F4EC)
  var ink = Color(0x15191E)

  static let dark = Theme()
}

/// Type sizes in pixels and the spacing unit, chosen once for a panel's size.
struct Metrics: Sendable, Equatable {
  /// The one spacing unit; margins and gaps are multiples of it.
  let unit: Int
  let small: Int
  let body: Int
  let large: Int
  let title: Int
  /// Least width and height of anything to be touched, in pixels.
  let target: Int
  let radius: Int

  /// - Parameters:
  ///   - width, height: of the panel in pixels.
  ///   - pixelsPerMillimetre: nil where the display does not tell its size.
  init(width: Int, height: Int, pixelsPerMillimetre: Float?) {
    let least = min(width, height)
    let factor: Float =
      switch least {
      case ..<400: 0.8
      case ..<560: 0.95
      case ..<760: 1.1
      case ..<1000: 1.35
      default: 1.8
      }
    unit = least < 400 ? 6 : Int((8 * factor).rounded())
    small = Int((14 * factor).rounded())
    body = Int((18 * factor).rounded())
    large = Int((24 * factor).rounded())
    title = Int((34 * factor).rounded())
    radius = Int((10 * factor).rounded())
    // 15 mm where the display tells its size, but no more than a seventh of the panel: the canvas needs the rest.
    let comfortable = pixelsPerMillimetre.map { Int(($0 * 15).rounded(.up)) } ?? Int((52 * factor).rounded())
    target = max(48, min(comfortable, least / 7))
  }
}
