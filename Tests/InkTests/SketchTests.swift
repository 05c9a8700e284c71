import Ink
import Testing

/// The drawing in hand: undo, clear, wipe, cancel.
@Suite("Sketch")
struct SketchTests {
  private func line(_ sketch: inout Sketch, _ x0: Float, _ y0: Float, _ x1: Float, _ y1: Float) {
    _ = sketch.begin(StrokePoint(x: x0, y: y0))
    for i in 1...4 {
      let u = Float(i) / 4
      _ = sketch.extend(StrokePoint(x: x0 + (x1 - x0) * u, y: y0 + (y1 - y0) * u, t: UInt32(i * 8)))
    }
    sketch.end()
  }

  @Test("undo takes the last stroke away, and only that", arguments: 1...3)
  func undo(scale: Int) {
    var sketch = Sketch(scale: scale)
    line(&sketch, 40, 40, 200, 60)
    let (first, shown) = (sketch.canvas, sketch.shown)
    line(&sketch, 60, 200, 220, 90)
    #expect(sketch.canvas != first)
    let damage = sketch.undo()
    #expect(sketch.canvas == first)
    #expect(sketch.shown == shown)
    #expect(damage == shown.bounds)
    #expect(sketch.strokes.count == 1)
    _ = sketch.undo()
    #expect(sketch.isEmpty && !sketch.canUndo)
    #expect(sketch.canvas == Canvas())
    let nothing = sketch.undo()
    #expect(nothing == .empty)
  }

  @Test("undo brings back what clear took, until something new is drawn")
  func clear() {
    var sketch = Sketch()
    line(&sketch, 40, 40, 200, 60)
    line(&sketch, 60, 200, 220, 90)
    let (canvas, strokes) = (sketch.canvas, sketch.strokes)
    _ = sketch.clear()
    #expect(sketch.isEmpty && sketch.canUndo)
    #expect(sketch.canvas == Canvas())
    _ = sketch.undo()
    #expect(sketch.canvas == canvas && sketch.strokes == strokes)
    _ = sketch.clear()
    line(&sketch, 10, 10, 20, 20)
    _ = sketch.undo()
    #expect(sketch.isEmpty && !sketch.canUndo)
  }

  @Test("clearing an empty sketch keeps what the clear before it took")
  func clearTwice() {
    var sketch = Sketch()
    line(&sketch, 40, 40, 200, 60)
    let strokes = sketch.strokes
    _ = sketch.clear()
    _ = sketch.clear()
    _ = sketch.undo()
    #expect(sketch.strokes == strokes)
  }

  @Test("after a wipe nothing can be brought back")
  func wipe() {
    var sketch = Sketch(scale: 2)
    line(&sketch, 40, 40, 200, 60)
    _ = sketch.wipe()
    #expect(sketch.isEmpty && !sketch.canUndo)
    let damage = sketch.undo()
    #expect(damage == .empty)
    #expect(sketch.canvas == Canvas() && sketch.shown == Canvas(scale: 2))
  }

  @Test("cancel takes the stroke in hand away, and nothing when there is none")
  func cancel() {
    var sketch = Sketch()
    line(&sketch, 40, 40, 200, 60)
    let before = sketch.canvas
    let nothing = sketch.cancel()
    #expect(nothing == .empty)
    #expect(sketch.strokes.count == 1)
    _ = sketch.begin(StrokePoint(x: 100, y: 200))
    _ = sketch.extend(StrokePoint(x: 150, y: 220))
    #expect(sketch.isDrawing)
    _ = sketch.cancel()
    #expect(!sketch.isDrawing)
    #expect(sketch.canvas == before && sketch.strokes.count == 1)
  }

  @Test("without a stroke in hand nothing is drawn on")
  func extendAlone() {
    var sketch = Sketch()
    let early = sketch.extend(StrokePoint(x: 10, y: 10))
    line(&sketch, 40, 40, 200, 60)
    let before = sketch.canvas
    let late = sketch.extend(StrokePoint(x: 10, y: 10))
    #expect(early == .empty && late == .empty)
    #expect(sketch.canvas == before)
  }

  @Test("strokes are kept as they came: no point smoothed, none left out")
  func raw() {
    var sketch = Sketch()
    let points = (0..<50).map {
      StrokePoint(x: Float($0 % 7) * 20, y: Float($0) * 5, t: UInt32($0 * 8), size: 11)
    }
    _ = sketch.begin(points[0])
    for point in points.dropFirst() { _ = sketch.extend(point) }
    sketch.end()
    #expect(sketch.strokes == [Stroke(points: points)])
  }

  @Test("a finger that rests for hours is inked but no longer recorded")
  func limit() {
    var sketch = Sketch()
    _ = sketch.begin(StrokePoint(x: 5, y: 5))
    for i in 0..<Sketch.pointLimit + 100 {
      _ = sketch.extend(StrokePoint(x: 5 + Float(i % 2), y: 5))
    }
    _ = sketch.extend(StrokePoint(x: 250, y: 250))
    #expect(sketch.strokes[0].points.count == Sketch.pointLimit)
    #expect(sketch.canvas.pixels[250 * 280 + 250] == 255)
  }

  @Test("the ink of a sketch is that of its strokes drawn again", arguments: 1...3)
  func redrawn(scale: Int) {
    var sketch = Sketch(scale: scale, diameter: 14)
    line(&sketch, 40, 40, 200, 60)
    line(&sketch, 60, 200, 220, 90)
    var canvas = Canvas()
    var shown = Canvas(scale: scale)
    for stroke in sketch.strokes {
      canvas.draw(stroke, diameter: 14)
      shown.draw(stroke, diameter: 14)
    }
    #expect(sketch.canvas == canvas)
    #expect(sketch.shown == shown)
    #expect(sketch.withShown { $0.pixels } == shown.pixels)
  }

  @Test("what begin and extend return is the damage in the shown canvas", arguments: 1...3)
  func damage(scale: Int) {
    var sketch = Sketch(scale: scale)
    var all = PixelRect.empty
    var before = sketch.shown
    for (i, point) in [(100, 100), (140, 120), (150, 180), (90, 200)].enumerated() {
      let sample = StrokePoint(x: Float(point.0), y: Float(point.1))
      let damage = i == 0 ? sketch.begin(sample) : sketch.extend(sample)
      all = all.union(damage)
      let after = sketch.shown
      for at in after.pixels.indices where after.pixels[at] != before.pixels[at] {
        guard damage.contains(x: at % after.width, y: at / after.width) else {
          Issue.record("pixel \(at) changed outside the damage")
          return
        }
      }
      before = after
    }
    #expect(all.width > 60 * scale && all.width < 100 * scale)
  }

  @Test("after so many strokes nothing more is drawn, and clearing begins anew")
  func strokeLimit() {
    var sketch = Sketch()
    for _ in 0..<Sketch.strokeLimit {
      #expect(!sketch.begin(StrokePoint(x: 100, y: 100)).isEmpty)
      sketch.end()
    }
    let before = sketch.canvas
    #expect(sketch.begin(StrokePoint(x: 200, y: 200)).isEmpty)
    #expect(sketch.extend(StrokePoint(x: 210, y: 200)).isEmpty)
    #expect(sketch.cancel().isEmpty)
    #expect(!sketch.isDrawing && sketch.strokes.count == Sketch.strokeLimit && sketch.canvas == before)
    _ = sketch.clear()
    #expect(!sketch.begin(StrokePoint(x: 200, y: 200)).isEmpty)
  }
}
