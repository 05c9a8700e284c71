import Ink

/// Something that can be pressed on the screen that stands there, as `panelctl status --json` lists it: for whoever plays a
/// visitor in front of a running panel.
struct PressPlace: Sendable, Equatable {
  /// What the screen calls it: `submit`, `start`, `language(1)`.
  var name: String
  /// In panel pixels.
  var rect: PixelRect
  /// Whether it does something now.
  var isEnabled: Bool

  init(_ control: some Any, _ rect: PixelRect, isEnabled: Bool) {
    name = "\(control)"
    self.rect = rect
    self.isEnabled = isEnabled
  }
}

extension BoothScreen {
  func places(toPressIn layout: Layout) -> [PressPlace] {
    controls(in: layout).map { PressPlace($0.control, $0.rect, isEnabled: $0.isEnabled) }
  }
}
