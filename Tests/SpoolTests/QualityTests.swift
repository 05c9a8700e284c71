import Ink
import Testing

@testable import Spool

@Suite("Quality flags")
struct QualityTests {
  private func flags(
    _ strokes: [Stroke], label: Int = 7, prediction: Prediction? = Drawings.prediction, palm: Bool = false,
    previous: [InkHash] = []
  ) -> QualityFlags {
    Quality.flags(
      strokes: strokes, canvas: Drawings.canvas(strokes), label: label, prediction: prediction,
      palmSeen: palm,
      previous: previous)
  }

  @Test("an honest seven has no flag")
  func honest() {
    #expect(flags(Drawings.seven()) == [])
    #expect(flags(Drawings.seven(), prediction: nil) == [])
  }

  @Test("an empty canvas is blank and nothing else")
  func blank() {
    #expect(flags([], prediction: nil) == .blank)
  }

  @Test("a tap is a dot, not too fast")
  func dot() {
    #expect(flags([Stroke(points: [StrokePoint(x: 100, y: 100)])], prediction: nil) == .dot)
    let slip = (0..<5).map { StrokePoint(x: 100 + Float($0) * 3, y: 100, t: UInt32($0) * 10) }
    #expect(flags([Stroke(points: slip)], prediction: nil) == .dot)
  }

  @Test("a tap outside the canvas is blank")
  func outside() {
    #expect(flags([Stroke(points: [StrokePoint(x: -100, y: 900)])], prediction: nil) == .blank)
  }

  @Test("back and forth over the whole canvas is a scribble")
  func scribble() {
    let points = (0..<200).map { i in
      StrokePoint(x: i % 2 == 0 ? 20 : 260, y: 20 + Float(i) * 1.2, t: UInt32(i) * 20)
    }
    #expect(flags([Stroke(points: points)], prediction: nil).contains(.scribble))
    let many = (0..<13).map { i in
      Stroke(points: [
        StrokePoint(x: 20 * Float(i), y: 100, t: UInt32(i) * 100),
        StrokePoint(x: 20 * Float(i), y: 150, t: UInt32(i) * 100 + 50),
      ])
    }
    #expect(flags(many, prediction: nil) == .scribble)
  }

  @Test("a stroke of 40 ms is too fast for a hand")
  func tooFast() {
    let points = (0..<5).map { StrokePoint(x: 140, y: 60 + Float($0) * 40, t: UInt32($0) * 10) }
    #expect(flags([Stroke(points: points)], prediction: nil) == .tooFast)
  }

  @Test("the recogniser's other opinion is noted, and that it sees no digit")
  func disagrees() {
    #expect(flags(Drawings.seven(), label: 1) == .disagrees)
    let rejected = Prediction(probabilities: [0, 0, 0, 0, 0, 0, 0, 65536, 0, 0], rejection: 40_000)
    #expect(flags(Drawings.seven(), prediction: rejected) == .disagrees)
    #expect(QualityFlags.disagrees.isDisjoint(with: .unscored))
  }

  @Test("a palm is told by Touch or by its size")
  func palm() {
    #expect(flags(Drawings.seven(), palm: true) == .palm)
    var strokes = Drawings.seven()
    strokes[0].points[3].size = 140
    #expect(flags(strokes) == .palm)
  }

  @Test("the same drawing again is repeated, a second honest one is not")
  func repeated() {
    let first = InkHash(Drawings.canvas(Drawings.seven()))
    #expect(flags(Drawings.seven(), previous: [first]) == .repeated)
    #expect(flags(Drawings.seven(dx: 0.2, dy: -0.2), previous: [first]) == .repeated)
    #expect(flags(Drawings.seven(dx: 12, dy: 9), previous: [first]) == [])
  }

  @Test("points that are no numbers raise no trap")
  func notANumber() {
    let strange = [
      StrokePoint(x: .nan, y: 1), StrokePoint(x: .infinity, y: -.infinity, t: 3),
      StrokePoint(x: -.greatestFiniteMagnitude, y: .greatestFiniteMagnitude, t: 1, size: .nan),
    ]
    let found = Quality.flags(
      strokes: [Stroke(points: strange)], canvas: Canvas(), label: 3, prediction: nil)
    #expect(found.contains(.blank))
  }

  @Test("a flag's name is what exports say")
  func names() {
    let flags: QualityFlags = [.rushed, .repeated, .tooFast, .blank]
    #expect(flags.names == ["blank", "too_fast", "repeated", "rushed"])
  }
}
