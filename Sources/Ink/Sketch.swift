/// The drawing in hand: strokes as they came, and their ink at 280x280 and at the panel's own resolution.
///
/// The 280x280 ``canvas`` is what is recognised and stored. Where the panel shows the drawing larger, ``shown`` holds the
/// same strokes inked at that size, so that lines stay sharp; at scale 1 the two are one.
public struct Sketch: Sendable {
  /// The width of the line in canvas coordinates, unless another is asked for.
  public static let brush: Float = 20
  /// Samples kept of one drawing; a finger that rests for hours on the glass is inked, but no longer recorded.
  public static let pointLimit = 20_000
  /// Strokes of one drawing. Nobody needs a tenth of them; a digitizer that sees touches where there are none makes fifty a
  /// second, for as long as nobody clears the canvas.
  public static let strokeLimit = 512

  public private(set) var strokes: [Stroke] = []
  /// The drawing at 280x280.
  public private(set) var canvas = Canvas()
  /// The strokes that Clear took away, until the next stroke.
  private var cleared: [Stroke]?
  private var large: Canvas?
  private var pen: Pen
  private var largePen: Pen
  private var drawing = false
  private var pointCount = 0

  /// - Parameters:
  ///   - scale: panel pixels per canvas pixel, 1, 2 or 3.
  ///   - diameter: of the brush, in canvas coordinates.
  public init(scale: Int = 1, diameter: Float = Sketch.brush) {
    pen = Pen(diameter: diameter)
    largePen = pen
    large = scale > 1 ? Canvas(scale: scale) : nil
  }

  /// The drawing at the panel's resolution.
  public var shown: Canvas { large ?? canvas }
  /// Calls `body` with the drawing at the panel's resolution, without a copy.
  @inline(__always)
  public func withShown<R>(_ body: (borrowing Canvas) -> R) -> R {
    if let large { body(large) } else { body(canvas) }
  }
  /// The width of the line in canvas coordinates.
  public var brush: Float { pen.diameter }
  public var isEmpty: Bool { strokes.isEmpty }
  public var canUndo: Bool { !strokes.isEmpty || cleared != nil }
  /// Whether a stroke has begun and not ended.
  public var isDrawing: Bool { drawing }

  /// Begins a stroke with a dot, and returns the changed pixels of ``shown``; after ``strokeLimit`` strokes it does nothing.
  public mutating func begin(_ point: StrokePoint) -> PixelRect {
    cleared = nil
    drawing = strokes.count < Sketch.strokeLimit
    guard drawing else { return .empty }
    var stroke = Stroke()
    // Room for eight seconds at 250 Hz: no allocation while the finger moves.
    stroke.points.reserveCapacity(2048)
    strokes.append(stroke)
    record(point)
    let damage = pen.down(x: point.x, y: point.y, on: &canvas)
    return large == nil ? damage : inkLarge { $0.down(x: point.x, y: point.y, on: &$1) }
  }

  /// Draws on, and returns the changed pixels of ``shown``. Without a stroke in hand it does nothing.
  public mutating func extend(_ point: StrokePoint) -> PixelRect {
    guard drawing else { return .empty }
    record(point)
    let damage = pen.move(x: point.x, y: point.y, on: &canvas)
    return large == nil ? damage : inkLarge { $0.move(x: point.x, y: point.y, on: &$1) }
  }

  /// Ends the stroke in hand.
  public mutating func end() {
    drawing = false
  }

  /// Takes the stroke in hand away, as when it turns out to be a palm or its device goes.
  public mutating func cancel() -> PixelRect {
    guard drawing else { return .empty }
    return undo()
  }

  /// Takes the last stroke away, or brings back what ``clear()`` took; returns the changed pixels of ``shown``.
  public mutating func undo() -> PixelRect {
    drawing = false
    if strokes.isEmpty {
      guard let back = cleared else { return .empty }
      strokes = back
      cleared = nil
    } else {
      strokes.removeLast()
    }
    redraw()
    return withShown { $0.bounds }
  }

  /// Takes all ink away, so that ``undo()`` can bring it back; returns the changed pixels of ``shown``.
  public mutating func clear() -> PixelRect {
    drawing = false
    if !strokes.isEmpty { cleared = strokes }
    strokes = []
    redraw()
    return withShown { $0.bounds }
  }

  /// Forgets everything, also what undo could bring back: the next visitor finds nothing.
  public mutating func wipe() -> PixelRect {
    let damage = clear()
    cleared = nil
    return damage
  }

  /// Takes the large canvas out while it is drawn on, so that it is never copied.
  private mutating func inkLarge(_ draw: (inout Pen, inout Canvas) -> PixelRect) -> PixelRect {
    guard var picture = large.take() else { return .empty }
    let damage = draw(&largePen, &picture)
    large = picture
    return damage
  }

  private mutating func record(_ point: StrokePoint) {
    guard pointCount < Sketch.pointLimit else { return }
    strokes[strokes.count - 1].points.append(point)
    pointCount += 1
  }

  private mutating func redraw() {
    canvas.clear()
    pointCount = 0
    for stroke in strokes {
      canvas.draw(stroke, diameter: pen.diameter)
      pointCount += stroke.points.count
    }
    if var picture = large.take() {
      picture.clear()
      for stroke in strokes { picture.draw(stroke, diameter: pen.diameter) }
      large = picture
    }
  }
}
