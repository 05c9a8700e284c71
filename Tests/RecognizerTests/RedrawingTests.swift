import Ink
import Testing

@testable import Recognizer

@Suite("Reading a drawing by its strokes")
struct RedrawingTests {
  /// The strokes of a drawing, scaled about its middle on the sheet.
  private func strokes(_ drawing: Drawing, scale: Float, dx: Float = 0, dy: Float = 0) -> [Stroke] {
    drawing.strokes.map { points in
      Stroke(
        points: points.map {
          StrokePoint(x: 140 + ($0.0 - 140) * scale + dx, y: 140 + ($0.1 - 140) * scale + dy)
        })
    }
  }

  private func canvas(_ strokes: [Stroke], brush: Float) -> [UInt8] {
    var canvas = Canvas()
    for stroke in strokes { canvas.draw(stroke, diameter: brush) }
    return canvas.pixels
  }

  @Test(
    "a digit reads the same however small it is written and however thick the brush is",
    arguments: Drawing.digits)
  func sizes(drawing: Drawing) throws {
    var recognizer = try Recognizer(model: Fixture.model)
    for (scale, brush) in [(1, 20), (1, 12), (0.5, 20), (0.25, 20), (0.25, 28)] as [(Float, Float)] {
      let strokes = strokes(drawing, scale: scale)
      let reading = recognizer.read(strokes: strokes, canvas: canvas(strokes, brush: brush), brush: brush)
      #expect(reading.digit == drawing.label, "at \(scale) with a brush of \(brush)")
    }
  }

  @Test("what left the sheet is not read, as it is not on the glass")
  func leavesTheSheet() throws {
    var recognizer = try Recognizer(model: Fixture.model)
    // A 1 on the sheet, and a long way outside it that would make another figure of it.
    let strokes = [
      Stroke(points: [(140, 60), (140, 140), (140, 220)].map { StrokePoint(x: $0.0, y: $0.1) }),
      Stroke(points: [(-300, 20), (-300, 250), (-100, 250)].map { StrokePoint(x: $0.0, y: $0.1) }),
    ]
    let reading = recognizer.read(strokes: strokes, canvas: canvas(strokes, brush: 20), brush: 20)
    #expect(reading.digit == 1)
    #expect(reading.isDigit)
  }

  @Test("a stray tap in the corner does not make the digit small")
  func strayTap() throws {
    var recognizer = try Recognizer(model: Fixture.model)
    let seven = try #require(Drawing.digits.first { $0.label == 7 })
    let tapped = strokes(seven, scale: 1) + [Stroke(points: [StrokePoint(x: 270, y: 270)])]
    let alone = strokes(seven, scale: 1)
    let a = recognizer.read(strokes: tapped, canvas: canvas(tapped, brush: 12), brush: 12)
    let b = recognizer.read(strokes: alone, canvas: canvas(alone, brush: 12), brush: 12)
    #expect(a == b)
  }

  @Test("a blot no larger than the brush is read from its ink, and is no digit")
  func blot() throws {
    var recognizer = try Recognizer(model: Fixture.model)
    let strokes = [
      Stroke(points: [(140, 140), (143, 139), (141, 144)].map { StrokePoint(x: $0.0, y: $0.1) })
    ]
    let ink = canvas(strokes, brush: 20)
    let reading = recognizer.read(strokes: strokes, canvas: ink, brush: 20)
    #expect(reading == recognizer.read(canvas: ink, width: 280, height: 280))
    #expect(!reading.isDigit)
    #expect(recognizer.read(strokes: [Stroke](), canvas: canvas([], brush: 20), brush: 20) == .blank)
  }

  @Test("coordinates that are no numbers, and strokes without points, are survived")
  func noNumbers() throws {
    var recognizer = try Recognizer(model: Fixture.model)
    let strokes = [
      Stroke(),
      Stroke(
        points: [(.nan, 3), (50, .infinity), (100, 100), (-.infinity, 1e30)].map {
          StrokePoint(x: $0.0, y: $0.1)
        }),
    ]
    _ = recognizer.read(strokes: strokes, canvas: canvas(strokes, brush: 20), brush: 20)
  }

  @Test("a buffer of strokes gives back what was copied last")
  func buffer() {
    var buffer = StrokeBuffer()
    let long = strokes(Drawing.digits[0], scale: 1) + strokes(Drawing.digits[11], scale: 1)
    buffer.copy(long)
    #expect(Array(buffer) == long)
    let short = strokes(Drawing.digits[1], scale: 1)
    buffer.copy(short)
    #expect(Array(buffer) == short)
    buffer.removeAll()
    #expect(buffer.isEmpty)
  }
}
