import Glibc
import Ink
import Testing

/// Own drawings, as strokes of points on the canvas of 280 x 280.
struct Drawing: Sendable, CustomTestStringConvertible {
  let name: String
  let label: Int
  let strokes: [[(Float, Float)]]

  var testDescription: String { name }

  /// The drawing in the panel's ink, scaled about the upper left corner and then moved.
  func canvas(scale: Float, dx: Float, dy: Float, diameter: Float = Sketch.brush) -> Canvas {
    var canvas = Canvas()
    for stroke in strokes {
      canvas.draw(
        Stroke(points: stroke.map { StrokePoint(x: $0.0 * scale + dx, y: $0.1 * scale + dy) }),
        diameter: diameter)
    }
    return canvas
  }

  /// An arc about (x, y) from one angle to another, in degrees clockwise from the right.
  private static func arc(
    _ x: Float, _ y: Float, _ rx: Float, _ ry: Float, _ from: Float, _ to: Float, grow: Float = 0
  ) -> [(Float, Float)] {
    (0...32).map { i in
      let u = Float(i) / 32
      let a = (from + (to - from) * u) * .pi / 180
      let r = 1 + (grow - 1) * u * (grow > 0 ? 1 : 0)
      return (x + rx * r * cos(a), y + ry * r * sin(a))
    }
  }

  static let digits: [Drawing] = [
    Drawing(name: "0", label: 0, strokes: [arc(140, 140, 60, 90, -80, 285)]),
    Drawing(name: "1, a line", label: 1, strokes: [[(140, 40), (140, 90), (139, 150), (138, 240)]]),
    Drawing(
      name: "1 with an upstroke", label: 1,
      strokes: [[(90, 100), (115, 75), (140, 45), (140, 100), (140, 240)]]),
    Drawing(
      name: "1 with a foot", label: 1,
      strokes: [[(105, 80), (140, 45), (140, 120), (140, 235)], [(95, 236), (140, 235), (190, 236)]]),
    Drawing(
      name: "2", label: 2,
      strokes: [arc(135, 95, 55, 50, 195, 385) + [(170, 145), (130, 190), (85, 235), (130, 234), (200, 235)]]),
    Drawing(
      name: "3", label: 3, strokes: [arc(130, 90, 50, 45, 210, 440) + arc(130, 185, 60, 52, -80, 150)]),
    Drawing(
      name: "4, open", label: 4,
      strokes: [
        [(95, 45), (88, 100), (85, 150), (130, 150), (205, 150)], [(170, 50), (168, 140), (165, 240)],
      ]),
    Drawing(
      name: "4, closed", label: 4,
      strokes: [
        [(160, 45), (120, 105), (75, 170), (140, 170), (215, 170)], [(162, 46), (162, 140), (162, 240)],
      ]),
    Drawing(
      name: "5", label: 5,
      strokes: [
        [(105, 50), (100, 90), (95, 130)] + arc(125, 180, 58, 58, 240, 490),
        [(105, 50), (150, 49), (195, 48)],
      ]),
    Drawing(
      name: "6", label: 6,
      strokes: [[(170, 45), (130, 85), (100, 140), (88, 185)] + arc(135, 190, 47, 48, 180, -190)]),
    Drawing(name: "7", label: 7, strokes: [[(80, 55), (140, 54), (200, 55), (165, 130), (120, 240)]]),
    Drawing(
      name: "7 with a bar", label: 7,
      strokes: [
        [(80, 55), (140, 54), (200, 55), (165, 130), (120, 240)], [(110, 145), (150, 143), (195, 142)],
      ]),
    Drawing(
      name: "8", label: 8, strokes: [arc(140, 90, 45, 45, 90, -270) + arc(140, 190, 55, 52, -90, 270)]),
    Drawing(
      name: "9, straight", label: 9,
      strokes: [arc(135, 100, 50, 50, -10, -360) + [(184, 140), (180, 190), (176, 245)]]),
    Drawing(
      name: "9 with a curved tail", label: 9,
      strokes: [arc(135, 100, 50, 50, -10, -360) + [(186, 130)] + arc(130, 170, 55, 70, 0, 130)]),
  ]

  static let others: [Drawing] = [
    Drawing(name: "a dot", label: -1, strokes: [[(120, 150)]]),
    Drawing(
      name: "a scribble", label: -1,
      strokes: [
        (0..<24).map { i -> (Float, Float) in
          let x: Float = 60 + Float(i) * 7
          let (high, low): (Float, Float) = (60 + Float(i % 5) * 9, 220 - Float(i % 7) * 8)
          return (x, i % 2 == 0 ? high : low)
        }
      ]),
    Drawing(
      name: "a heart", label: -1,
      strokes: [
        (0...40).map { i -> (Float, Float) in
          let t = Float(i) / 40 * 2 * .pi
          let s: Float = sin(t)
          let upper: Float = 13 * cos(t) - 5 * cos(2 * t)
          let lower: Float = 2 * cos(3 * t) + cos(4 * t)
          return (140 + 96 * s * s * s, 130 - 6 * (upper - lower))
        }
      ]),
    Drawing(
      name: "a spiral", label: -1,
      strokes: [
        (0...80).map { i -> (Float, Float) in
          let u = Float(i) / 80
          let (c, s): (Float, Float) = (cos(u * 19), sin(u * 19))
          return (140 + 100 * u * c, 140 + 100 * u * s)
        }
      ]),
    Drawing(
      name: "a face", label: -1,
      strokes: [arc(140, 140, 95, 95, 0, 360), [(110, 110)], [(170, 110)], arc(140, 150, 50, 40, 20, 160)]),
    Drawing(
      name: "a triangle", label: -1,
      strokes: [[(140, 50), (100, 130), (60, 220), (140, 220), (220, 220), (180, 130), (140, 50)]]),
    Drawing(
      name: "a cross", label: -1,
      strokes: [[(60, 60), (140, 140), (220, 220)], [(220, 60), (140, 140), (60, 220)]]),
    Drawing(
      name: "the letter A", label: -1,
      strokes: [[(70, 230), (105, 140), (140, 50), (175, 140), (210, 230)], [(95, 165), (185, 165)]]),
    Drawing(
      name: "the letter H", label: -1,
      strokes: [[(80, 50), (80, 230)], [(200, 50), (200, 230)], [(80, 140), (200, 140)]]),
    Drawing(name: "a line from left to right", label: -1, strokes: [[(50, 140), (140, 142), (230, 140)]]),
    Drawing(
      name: "two digits side by side", label: -1,
      strokes: [arc(80, 140, 35, 60, -80, 285), [(150, 85), (190, 84), (230, 85), (205, 140), (180, 205)]]),
    Drawing(
      name: "a 4 upside down", label: -1,
      strokes: [
        [(120, 235), (160, 175), (205, 110), (140, 110), (65, 110)], [(118, 234), (118, 140), (118, 40)],
      ]),
  ]
}
