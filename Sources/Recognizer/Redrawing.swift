import Ink

/// Draws strokes again at one size with one pen, so that how large they were drawn, and how thick the line on the glass was,
/// no longer matter.
///
/// A canvas that is scaled down scales the line with it: small writing under a thick brush fills in and large writing gets
/// thin. The panel has the strokes, so it redraws them with their longest side, the line included, ``Normalizer/box`` tenths of the
/// canvas wide and a pen of 2.2 of 28 pixels, MNIST's own mean; the normaliser then works on that.
///
/// From the normaliser on all is integers. Here and in the ``Pen`` the numbers are `Float`, and all that is done with them is
/// adding, multiplying, dividing, taking square roots, comparing, and rounding to integers. IEEE 754 prescribes every bit of
/// each of these, and Swift neither joins a product and a sum into one step nor changes their order, so the canvas is the same
/// on every processor; deploy/embedded compares it.
public struct Redrawing: Sendable {
  /// The pen in canvas pixels: 2.2 of 28.
  static let pen: Float = 22
  /// The longest side of the box around the line's axis, in canvas pixels: with the pen it is 200 of 280.
  static let side: Float = 200 - pen

  /// The drawing, once ``redraw(_:brush:)`` has said that there is one.
  public private(set) var canvas = Canvas()

  public init() {}

  /// Draws `strokes` as large as MNIST's digits are.
  ///
  /// What left the sheet is left out, as it is on the glass, and so is a stray tap: ink of less than 3 percent beside the
  /// rest.
  ///
  /// - Parameters:
  ///   - strokes: in canvas coordinates.
  ///   - brush: diameter of the line on the glass, in canvas pixels.
  /// - Returns: false for a drawing that is no larger than the brush: what such a blot says lies in its ink, and drawing
  ///   its axis larger would make figures out of tremor.
  public mutating func redraw(_ strokes: some Sequence<Stroke>, brush: Float) -> Bool {
    var total: Float = 0
    for stroke in strokes { total += Redrawing.length(stroke, brush) }
    let least = total * Float(Normalizer.strayPercent) / 100
    guard total > 0, total.isFinite else { return false }
    var box = Box()
    for stroke in strokes where Redrawing.length(stroke, brush) >= least { box.include(stroke) }
    let longest = max(box.right - box.left, box.bottom - box.top)
    guard longest > brush else { return false }
    let scale = Redrawing.side / longest
    let middle = Float(Canvas.side) / 2
    let shiftX = middle - (box.left + box.right) / 2 * scale
    let shiftY = middle - (box.top + box.bottom) / 2 * scale
    canvas.clear()
    for stroke in strokes {
      if Redrawing.length(stroke, brush) < least, !box.touches(stroke, within: brush) { continue }
      var pen = Pen(diameter: Redrawing.pen)
      for (i, point) in stroke.points.enumerated() {
        let (x, y) = (point.x * scale + shiftX, point.y * scale + shiftY)
        _ = i == 0 ? pen.down(x: x, y: y, on: &canvas) : pen.move(x: x, y: y, on: &canvas)
      }
    }
    let sheet = Float(Canvas.side) * scale
    canvas.keep(left: shiftX, top: shiftY, right: shiftX + sheet, bottom: shiftY + sheet)
    return true
  }

  /// The box around the axis of strokes, as far as they lie on the sheet.
  private struct Box {
    var left = Float.infinity
    var right = -Float.infinity
    var top = Float.infinity
    var bottom = -Float.infinity

    mutating func include(_ stroke: Stroke) {
      for point in stroke.points {
        let (x, y) = (Redrawing.onSheet(point.x), Redrawing.onSheet(point.y))
        (left, right) = (min(left, x), max(right, x))
        (top, bottom) = (min(top, y), max(bottom, y))
      }
    }

    /// Whether a point of the stroke lies in the box or so near it that the lines may touch.
    func touches(_ stroke: Stroke, within reach: Float) -> Bool {
      stroke.points.contains {
        $0.x >= left - reach && $0.x <= right + reach && $0.y >= top - reach && $0.y <= bottom + reach
      }
    }
  }

  /// How long a line the brush would have to draw for as much ink; 0 for a stroke without points.
  private static func length(_ stroke: Stroke, _ brush: Float) -> Float {
    guard var last = stroke.points.first else { return 0 }
    // The round ends of a line are a disc: as much ink as a piece of this length.
    var sum = brush * 0.785
    for point in stroke.points.dropFirst() {
      let (dx, dy) = (onSheet(point.x) - onSheet(last.x), onSheet(point.y) - onSheet(last.y))
      sum += (dx * dx + dy * dy).squareRoot()
      last = point
    }
    return sum
  }

  /// A coordinate on the sheet; what is no number counts as its edge.
  private static func onSheet(_ v: Float) -> Float { v >= 0 ? min(v, Float(Canvas.side)) : 0 }
}

extension Recognizer {
  /// Reads a drawing of which the strokes are known: better than its canvas where it is small or the line is thick.
  ///
  /// - Parameters:
  ///   - strokes: in canvas coordinates.
  ///   - canvas: the same drawing's ink, 280 x 280; a blot that is no larger than the brush is read from it.
  ///   - brush: diameter of the line on the glass, in canvas pixels.
  public mutating func read(strokes: some Sequence<Stroke>, canvas: [UInt8], brush: Float) -> Reading {
    guard redrawing.redraw(strokes, brush: brush) else {
      return read(canvas: canvas, width: Canvas.side, height: Canvas.side)
    }
    return read(canvas: redrawing.canvas.pixels, width: Canvas.side, height: Canvas.side)
  }
}
