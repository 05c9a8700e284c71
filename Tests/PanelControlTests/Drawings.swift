import Ink
import PNG

@testable import Spool

/// Drawings and samples for stores in tests.
enum Drawings {
  /// Digits as a finger draws them, in canvas coordinates.
  static let strokes: [Int: [[(Float, Float)]]] = [
    0: [
      [(140, 60), (90, 85), (75, 140), (90, 200), (140, 225), (190, 200), (205, 140), (190, 85), (142, 60)]
    ],
    1: [[(110, 95), (148, 60), (148, 225)]],
    7: [[(80, 68), (140, 66), (202, 70), (170, 130), (130, 225)]],
  ]

  static func canvas(_ digit: Int, brush: Float = Sketch.brush) -> Canvas {
    var canvas = Canvas()
    for stroke in strokes[digit] ?? [] {
      canvas.draw(Stroke(points: stroke.map { StrokePoint(x: $0.0, y: $0.1) }), diameter: brush)
    }
    return canvas
  }

  static func sample(
    label: Int, contributor: Identifier = .random(), drawn digit: Int = 7, dataSet: Bool = true,
    shown: Bool = true
  ) throws -> Sample {
    let strokes = (strokes[digit] ?? []).map { points in
      Stroke(
        points: points.enumerated().map {
          StrokePoint(x: $0.element.0, y: $0.element.1, t: UInt32($0.offset * 120), size: 18)
        })
    }
    return Sample(
      label: label, strokes: strokes,
      png: try PNG.encode(drawing: canvas(digit).pixels, width: Canvas.side, height: Canvas.side),
      contributor: contributor, session: .random(), language: "en",
      consent: Consent(version: "1", dataSet: dataSet, nameShown: shown), softwareVersion: "test",
      modelVersion: "none", prediction: nil, flags: [], time: .now())
  }

  /// A sample whose record is whole, and whose picture nobody can read behind its first bytes.
  static func unreadable(label: Int) throws -> Sample {
    var sample = try sample(label: label)
    for place in 60..<90 { sample.png[place] ^= 0x5A }
    return sample
  }
}
