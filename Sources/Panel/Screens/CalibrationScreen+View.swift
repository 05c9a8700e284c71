import Display
import Ink

extension CalibrationScreen {
  /// What is said, in the middle of the panel and away from the crosses.
  func words(in layout: Layout) -> PixelRect {
    let (bounds, m) = (layout.bounds, layout.metrics)
    let width = min(bounds.width * 3 / 4, m.title * 16)
    let height = min(bounds.height / 2, m.title * (layout.form == .narrow ? 8 : 6))
    return PixelRect(
      x: bounds.x + (bounds.width - width) / 2, y: bounds.y + (bounds.height - height) / 2, width: width,
      height: height)
  }
}

extension BoothView {
  func drawCalibration(_ screen: CalibrationScreen, _ booth: Booth, on surface: inout Surface) {
    let (layout, strings) = (booth.layout, booth.strings)
    let (bounds, m) = (layout.bounds, layout.metrics)
    surface.fill(surface.bounds, theme.ground)
    for step in 0..<4 where screen.refusal == nil {
      let cross = CalibrationScreen.cross(step, in: bounds)
      if step < screen.step {
        let side = m.title
        let place = PixelRect(
          x: Int(cross.x) - side / 2, y: Int(cross.y) - side / 2, width: side, height: side)
        drawIcon(.check, in: place, size: side, color: theme.good, bold: true, on: &surface)
      } else if step == screen.step {
        drawCross(
          cross.x, cross.y, radius: Float(m.title), color: theme.accentText, Float(m.line), on: &surface)
        surface.ring(
          x: cross.x, y: cross.y, radius: Float(m.title) * 6 / 10, thickness: Float(2 * m.line), part: 1,
          theme.accentText)
      }
    }
    var words = screen.words(in: layout)
    func put(_ text: String, _ size: Int, _ color: Color) {
      let used = letters.paragraph(text, in: words, on: &surface, size: size, color: color, align: .centre)
      words.y += used + m.unit
      words.height -= used + m.unit
    }
    if let refusal = screen.refusal {
      put(strings[refusal == .uneven ? .calibrationUneven : .calibrationFlat], m.large, theme.warning)
      put(strings[.calibrationAgain], m.large, theme.text)
      put(strings(.calibrationEnds, [.count: "\(screen.seconds)"]), m.body, theme.quiet)
      return
    }
    letters.line(
      "\(min(screen.step + 1, 4)) / 4",
      in: PixelRect(x: words.x, y: words.y, width: words.width, height: m.title * 3 / 2), on: &surface,
      size: m.title, color: theme.text, align: .centre, bold: true)
    words.y += m.title * 3 / 2
    words.height -= m.title * 3 / 2
    put(strings[.calibrationTap], m.large, theme.text)
    put(strings(.calibrationEnds, [.count: "\(screen.seconds)"]), m.body, theme.quiet)
  }

  /// Two lines that cross at a point, given by the corner between pixels.
  func drawCross(
    _ x: Float, _ y: Float, radius: Float, color: Color, _ thickness: Float, on surface: inout Surface
  ) {
    surface.line(x0: x - radius, y0: y, x1: x + radius, y1: y, color, thickness: thickness)
    surface.line(x0: x, y0: y - radius, x1: x, y1: y + radius, color, thickness: thickness)
  }
}
