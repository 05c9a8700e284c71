import Ink

/// A key of a keyboard on the screen: where it is drawn, and the larger place where a finger presses it, which touches its
/// neighbours'.
struct ScreenKey<Control: Hashable & Sendable>: Sendable, Equatable {
  var control: Control
  var face: PixelRect
  var touch: PixelRect
}

extension Layout {
  /// Columns of a keyboard on a panel too narrow for ten keys of 48 pixels.
  static let narrowColumns = 6

  /// Where a keyboard of ``narrowColumns`` stands on a panel too narrow for ten, at the lower edge and as wide as the panel.
  func narrowKeyboard(rows: Int) -> PixelRect {
    let height = max(48, min(metrics.target, bounds.height * 6 / 10 / rows)) * rows
    return PixelRect(x: 0, y: bounds.maxY - height, width: bounds.width, height: height)
  }

  /// Where a keyboard of ten columns and four rows stands, at the lower edge: keys of at least 48 pixels in height, at most a
  /// comfortable thumb's.
  ///
  /// - Parameters:
  ///   - percent: the most of the panel's height that it may take.
  ///   - isPortrait: whether the keys are measured by their width.
  ///   - tallest: the height of the largest key otherwise, in pixels.
  func keyboard(percent: Int, isPortrait: Bool, tallest: Int) -> PixelRect {
    let margin = isCompact || bounds.width < 600 ? 0 : metrics.unit
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
