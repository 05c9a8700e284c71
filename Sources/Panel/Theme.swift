import Display

/// Colours of every screen: the one palette.
///
/// Text on its ground has a contrast of at least 4.5:1 (WCAG 2.2, 1.4.3), in high contrast 7:1 (1.4.6), which a test
/// computes for every pair of ``pairs``. No state shows by colour alone: each has a picture, a line or a word besides.
struct Theme: Sendable, Equatable {
  /// Behind everything.
  var ground: Color
  /// Behind what belongs together.
  var card: Color
  /// A fine line around what has no ground of its own.
  var edge: Color
  var text: Color
  /// Text that explains.
  var quiet: Color
  /// The one strong colour: what to draw, and what to press next. It is a ground.
  var accent: Color
  var pressedAccent: Color
  var onAccent: Color
  /// The strong colour as text and lines.
  var accentText: Color
  var good: Color
  var warning: Color
  var button: Color
  var pressed: Color
  /// The empty part of a bar.
  var track: Color
  /// The filled part of a bar that is not the highest.
  var bar: Color
  /// The sheet that the visitor draws on, and the ink on it.
  var paper: Color
  var ink: Color
  /// Around buttons and cards, where grounds alone do not tell them apart.
  var outline: Color?

  /// The ways of fingers on the paper of the touch test, the first finger's first.
  var fingers: [Color] { [ink] + Theme.fingerInks }

  /// Dark enough for paper, and far apart.
  private static let fingerInks = [
    Color(0xB3261E), Color(0x1257B0), Color(0x1B6E34), Color(0x7B2FA0), Color(0x9A5B00), Color(0x006C7A),
    Color(0x8F2465), Color(0x4A4A4A), Color(0x5A6B00),
  ]

  /// Every pair of a text's colour and its ground that is in use, by name.
  var pairs: [(name: String, text: Color, ground: Color)] {
    [
      ("text", text, ground), ("text on card", text, card), ("text on button", text, button),
      ("text on pressed", text, pressed), ("quiet", quiet, ground), ("quiet on card", quiet, card),
      ("quiet on button", quiet, button), ("on accent", onAccent, accent),
      ("on pressed accent", onAccent, pressedAccent), ("accent text", accentText, ground),
      ("accent text on card", accentText, card), ("accent text on button", accentText, button),
      ("good", good, ground), ("good on card", good, card), ("warning", warning, ground),
      ("warning on card", warning, card), ("warning on button", warning, button), ("ink", ink, paper),
    ]
  }

  static let dark = Theme(
    ground: Color(0x15171C), card: Color(0x1F232A), edge: Color(0x3A414B), text: Color(0xF5F2EB),
    quiet: Color(0xAEB4BD), accent: Color(0xFFCB52), pressedAccent: Color(0xFFE3A1),
    onAccent: Color(0x241B04),
    accentText: Color(0xFFCB52), good: Color(0x86E0AE), warning: Color(0xFFA693), button: Color(0x2C323B),
    pressed: Color(0x434C58), track: Color(0x2C323B), bar: Color(0x8D96A2), paper: Color(0xFBF8F1),
    ink: Color(0x17191D))

  static let light = Theme(
    ground: Color(0xEFEBE2), card: Color(0xF9F6EF), edge: Color(0xC9C1B2), text: Color(0x1D2025),
    quiet: Color(0x575B62), accent: Color(0xFFC533), pressedAccent: Color(0xE5A700),
    onAccent: Color(0x241B04),
    accentText: Color(0x735000), good: Color(0x13633D), warning: Color(0xA02D17), button: Color(0xE0D9CB),
    pressed: Color(0xCBC2B0), track: Color(0xDCD5C7), bar: Color(0x8A8577), paper: Color(0xFFFFFF),
    ink: Color(0x17191D))

  /// Black, white and one yellow, with a line around all that can be pressed.
  static let darkHighContrast = Theme(
    ground: Color(0x000000), card: Color(0x000000), edge: Color(0x9A9A9A), text: Color(0xFFFFFF),
    quiet: Color(0xDADADA), accent: Color(0xFFD84D), pressedAccent: Color(0xFFFFFF),
    onAccent: Color(0x000000),
    accentText: Color(0xFFD84D), good: Color(0x9DF5C4), warning: Color(0xFFC0B3), button: Color(0x000000),
    pressed: Color(0x3D3D3D), track: Color(0x333333), bar: Color(0xC8C8C8), paper: Color(0xFFFFFF),
    ink: Color(0x000000), outline: Color(0xFFFFFF))

  static let lightHighContrast = Theme(
    ground: Color(0xFFFFFF), card: Color(0xFFFFFF), edge: Color(0x5A5A5A), text: Color(0x000000),
    quiet: Color(0x303030), accent: Color(0xFFD84D), pressedAccent: Color(0xFFFFFF),
    onAccent: Color(0x000000),
    accentText: Color(0x553B00), good: Color(0x00472A), warning: Color(0x7D1500), button: Color(0xFFFFFF),
    pressed: Color(0xD0D0D0), track: Color(0xD8D8D8), bar: Color(0x5A5A5A), paper: Color(0xFFFFFF),
    ink: Color(0x000000), outline: Color(0x000000))
}

extension Theme {
  /// The palette that the settings ask for.
  init(isLight: Bool, isHighContrast: Bool) {
    self =
      isLight
      ? (isHighContrast ? .lightHighContrast : .light) : (isHighContrast ? .darkHighContrast : .dark)
  }
}

/// Type sizes in pixels and the spacing unit, chosen once for a panel's size: the one type scale.
struct Metrics: Sendable, Equatable {
  /// The one spacing unit; margins and gaps are multiples of it.
  let unit: Int
  /// Captions, and what explains.
  let small: Int
  /// Labels, sentences and rows.
  let body: Int
  /// The label of the button that leads on, names of screens.
  let large: Int
  /// Headlines and counts.
  let title: Int
  /// Least width and height of anything to be touched, in pixels.
  let target: Int
  /// Side of the squares in the corners that the operator holds, in pixels.
  let corner: Int
  let radius: Int
  /// Thickness of a fine line.
  let line: Int

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
    line = max(1, Int((1.2 * factor).rounded()))
    // 15 mm where the display tells its size, as far as a stack of buttons fits beside or below the sheet.
    let comfortable = pixelsPerMillimetre.map { Int(($0 * 15).rounded(.up)) } ?? Int((52 * factor).rounded())
    let most = least < 400 ? 56 : height > width ? width / 4 : height / 4
    target = max(48, min(comfortable, most))
    corner = max(48, min(max(comfortable, least / 6), least * 2 / 5))
  }
}
