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
    name = PressPlace.name(of: control)
    self.rect = rect
    self.isEnabled = isEnabled
  }

  /// `page(touch)`, where Swift writes `page(Panel.OperatorScreen.Page.touch)`.
  private static func name(of control: some Any) -> String {
    let written = "\(control)"
    guard let open = written.firstIndex(of: "("), written[open...].hasPrefix("(Panel."),
      let dot = written.lastIndex(of: ".")
    else { return written }
    return "\(written[...open])\(written[written.index(after: dot)...])"
  }
}

extension BoothScreen {
  func places(toPressIn layout: Layout) -> [PressPlace] {
    controls(in: layout).map { PressPlace($0.control, $0.rect, isEnabled: $0.isEnabled) }
  }
}
