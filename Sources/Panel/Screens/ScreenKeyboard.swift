import Ink

/// A key of a keyboard on the screen: where it is drawn, and the larger place where a finger presses it, which touches its
/// neighbours'.
struct ScreenKey<Control: Hashable & Sendable>: Sendable, Equatable {
  var control: Control
  var face: PixelRect
  var touch: PixelRect
}

extension Layout {
  /// Where a keyboard of ten columns and four rows stands, at the lower edge: keys of at least 48 pixels in height, at most a
  /// comfortable thumb's.
  ///
  /// - Parameters:
  ///   - percent: the most of the panel's height that it may take.
  ///   - isPortrait: whether the keys are measured by their width.
  ///   - tallest: the height of the largest key otherwise, in pixels.
  func keyboard(percent: Int, isPortrait: Bool, tallest: Int) -> PixelRect {
    let margin = form == .compact || bounds.width < 600 ? 0 : metrics.unit
    let room = bounds.width - 2 * margin
    let keyWidth = min(room / Keyboard.columns, max(metrics.target, metrics.body * 5))
    let share = bounds.height * percent / 100 / 4
    let keyHeight = max(48, min(share, isPortrait ? keyWidth * 5 / 4 : tallest))
    let width = room < keyWidth * 11 ? room : keyWidth * Keyboard.columns
    return PixelRect(
      x: (bounds.width - width) / 2, y: bounds.maxY - margin - 4 * keyHeight, width: width,
      height: 4 * keyHeight)
  }
}
