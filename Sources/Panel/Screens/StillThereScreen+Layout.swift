import Ink

/// Where the countdown stands: question, a ring that empties, and what to do, in the middle of the screen.
extension StillThereScreen {
  /// The block of everything, in the middle.
  private func block(in layout: Layout) -> PixelRect {
    let (bounds, m) = (layout.bounds, layout.metrics)
    let width = min(bounds.width - 4 * m.unit, m.title * 18)
    let height = min(bounds.height - 4 * m.unit, m.title * (layout.form == .narrow ? 15 : 12))
    return PixelRect(
      x: bounds.x + (bounds.width - width) / 2, y: bounds.y + (bounds.height - height) / 2, width: width,
      height: height)
  }

  /// "Still there?"
  func question(in layout: Layout) -> PixelRect { row(0, 24, in: layout) }
  /// The seconds that are left, in a ring that empties.
  func number(in layout: Layout) -> PixelRect { row(24, 71, in: layout) }
  /// What to do, and what happens else.
  func advice(in layout: Layout) -> PixelRect { row(76, 100, in: layout) }

  /// From one hundredth of the block's height to another.
  private func row(_ from: Int, _ to: Int, in layout: Layout) -> PixelRect {
    let block = block(in: layout)
    let (y0, y1) = (block.y + block.height * from / 100, block.y + block.height * to / 100)
    return PixelRect(x: block.x, y: y0, width: block.width, height: y1 - y0)
  }
}
