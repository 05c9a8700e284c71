import Glibc
import Ink
import Kernel
import PNG
import Spool

/// Drawings made as a hand makes them: curves with times.
enum Drawings {
  /// A seven: along the top and down, 600 ms.
  static func seven(dx: Float = 0, dy: Float = 0) -> [Stroke] {
    let corners: [(Float, Float)] = [(80, 70), (190, 75), (150, 140), (115, 220)]
    var points: [StrokePoint] = []
    for (i, (a, b)) in zip(corners, corners.dropFirst()).enumerated() {
      for step in 0..<20 {
        let u = Float(step) / 20
        points.append(
          StrokePoint(
            x: a.0 + (b.0 - a.0) * u + dx, y: a.1 + (b.1 - a.1) * u + dy, t: UInt32((i * 20 + step) * 10),
            size: 24.5))
      }
    }
    return [Stroke(points: points)]
  }

  static func canvas(_ strokes: [Stroke]) -> Canvas {
    var canvas = Canvas()
    for stroke in strokes { canvas.draw(stroke) }
    return canvas
  }

  static func png(_ canvas: Canvas) -> [UInt8] {
    (try? PNG.encode(drawing: canvas.pixels, width: Canvas.side, height: Canvas.side)) ?? []
  }

  static let sevenPNG = png(canvas(seven()))

  /// A sure seven.
  static let prediction = Prediction(
    probabilities: [100, 200, 300, 36, 0, 0, 0, 64000, 500, 400], rejection: 250)

  /// A sample with every field set, the same for the same generator.
  static func sample(
    label: Int = 7, contributor: Identifier? = nil, session: Identifier? = nil, nameShown: Bool = true,
    dataSet: Bool = true, flags: QualityFlags = [], strokes: [Stroke] = seven(), png: [UInt8] = sevenPNG,
    using generator: inout some RandomNumberGenerator
  ) -> Sample {
    Sample(
      id: Identifier(using: &generator), label: label, strokes: strokes, png: png,
      contributor: contributor ?? Identifier(using: &generator),
      session: session ?? Identifier(using: &generator),
      language: "de", consent: Consent(version: "2026-11", dataSet: dataSet, nameShown: nameShown),
      softwareVersion: "1.0.0", modelVersion: "digits-1", prediction: prediction, flags: flags,
      time: Timestamp(
        wall: 1_795_000_000_123, quality: .rtc, boot: Identifier(using: &generator), sinceBoot: 98_765_432_101
      ))
  }
}

/// The error that `body` throws, or nil.
func error<E: Error>(of body: () throws(E) -> Void) -> E? {
  do throws(E) {
    try body()
    return nil
  } catch {
    return error
  }
}
