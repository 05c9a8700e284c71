import Glibc
import Ink
import PNG
import Randomness

/// Stores of drawings that nobody drew, for measuring with many of them.
///
/// Some hundred drawings are made by the panel's own brush from ten shapes, each moved, turned, scaled and bent otherwise; the
/// samples take them in turns. The same numbers give the same drawings, under other ids.
public enum MadeUpStore {
  /// Different drawings; the cost of a row does not depend on how many there are.
  static let drawings = 500
  /// Drawings of a visitor.
  static let perVisitor = 12

  /// Fills a new store.
  ///
  /// - Parameter path: a directory in which there is no store yet.
  /// - Throws: ``StoreError`` of kind inUse when there is one.
  public static func make(
    _ path: String, samples: Int, progress: (Int) -> Void = { _ in }
  ) throws(StoreError) {
    guard !StoreDirectory(path).hasDatabase else {
      throw StoreError(.notAStore, "make a store in", path, reason: "there is one already")
    }
    let store = try Store.open(directory: path)
    try store.expectManySamples()
    var generator = SplitMix64(seed: 2026)
    var made: [(label: Int, strokes: [Stroke], png: [UInt8])] = []
    for i in 0..<min(drawings, samples) {
      let strokes = Shape.all[i % 10].drawn(&generator)
      made.append((i % 10, strokes, try picture(strokes, path)))
    }
    var (contributor, session) = (Identifier.none, Identifier.none)
    let (boot, begun) = (Identifier.random(), Timestamp.now().wall - Int64(samples) * 4000)
    var done = 0
    while done < samples {
      try store.connection.transaction("IMMEDIATE") { () throws(StoreError) in
        for i in done..<min(done + 5000, samples) {
          if i % perVisitor == 0 { (contributor, session) = (.random(), .random()) }
          let drawing = made[i % made.count]
          let isMisread = i % 97 == 0
          let sure = Prediction(
            probabilities: (0..<10).map { $0 == (drawing.label + (isMisread ? 1 : 0)) % 10 ? 64_636 : 100 },
            rejection: UInt32(i % 3000))
          let sample = Sample(
            label: drawing.label, strokes: drawing.strokes, png: drawing.png, contributor: contributor,
            session: session, language: ["en", "de", "fr"][i / perVisitor % 3],
            consent: Consent(
              version: "made-up", dataSet: i / perVisitor % 10 != 9, nameShown: i / perVisitor % 2 == 0),
            panel: store.panel, softwareVersion: "made-up", modelVersion: "made-up", prediction: sure,
            flags: isMisread ? .disagrees : [],
            time: Timestamp(
              wall: begun + Int64(i) * 4000, quality: .ntp, boot: boot, sinceBoot: UInt64(i) * 4_000_000_000),
            sequence: UInt64(i + 1))
          let record: [UInt8]
          do throws(RecordError) {
            record = try SampleRecord.encode(sample)
          } catch {
            throw StoreError(.refused, "make a store in", path, reason: error.description)
          }
          try store.insert(sample, record: record, name: "Visitor \(i / perVisitor)")
        }
        done = min(done + 5000, samples)
        try store.connection.run(
          "UPDATE counters SET value = ? WHERE name = 'sequence'", .integer(Int64(done)))
      }
      // Else the log grows to twice the size of the store, which may be gigabytes.
      try store.checkpoint()
      progress(done)
    }
  }

  private static func picture(_ strokes: [Stroke], _ path: String) throws(StoreError) -> [UInt8] {
    var canvas = Canvas()
    for stroke in strokes { canvas.draw(stroke) }
    do throws(PNGError) {
      return try PNG.encode(drawing: canvas.pixels, width: Canvas.side, height: Canvas.side)
    } catch {
      throw StoreError(.refused, "make a store in", path, reason: error.description)
    }
  }

  /// A digit as corners of its strokes in a box of 100 x 100, through which the finger goes in curves.
  private struct Shape {
    let strokes: [[(Float, Float)]]

    static let all: [Shape] = [
      [[(55, 5), (20, 25), (15, 65), (45, 95), (80, 70), (82, 30), (55, 5)]],
      [[(35, 25), (55, 5), (55, 50), (55, 95)]],
      [[(20, 30), (45, 5), (75, 20), (65, 50), (20, 92), (50, 92), (85, 92)]],
      [[(20, 12), (55, 5), (75, 25), (45, 47), (78, 68), (55, 95), (18, 85)]],
      [[(45, 5), (30, 35), (15, 62), (50, 62), (88, 62)], [(65, 35), (63, 65), (62, 96)]],
      [[(80, 8), (50, 8), (28, 8), (25, 45), (60, 40), (80, 68), (55, 95), (18, 85)]],
      [[(70, 5), (35, 35), (20, 70), (45, 95), (75, 75), (55, 52), (24, 68)]],
      [[(15, 8), (50, 8), (85, 8), (62, 50), (42, 96)]],
      [[(70, 18), (40, 6), (28, 28), (60, 52), (72, 78), (45, 95), (25, 75), (55, 48), (72, 22)]],
      [[(75, 28), (45, 6), (22, 30), (45, 52), (75, 30), (72, 60), (60, 96)]],
    ].map { Shape(strokes: $0) }

    /// The shape on the canvas, as a finger of some size draws it at 120 samples a second.
    func drawn(_ generator: inout SplitMix64) -> [Stroke] {
      func chance(_ range: ClosedRange<Float>) -> Float { Float.random(in: range, using: &generator) }
      let (scale, turn, slant) = (chance(1.1...2.1), chance(-0.2...0.2), chance(-0.15...0.15))
      let (dx, dy) = (chance(-25...25), chance(-20...20))
      let size = chance(16...30)
      var time: UInt32 = 0
      return strokes.map { corners in
        let bent = corners.map { ($0.0 + chance(-5...5), $0.1 + chance(-5...5)) }
        var points: [StrokePoint] = []
        for piece in 0..<bent.count - 1 {
          // A Catmull-Rom curve through the corners.
          let (a, b) = (bent[max(0, piece - 1)], bent[piece])
          let (c, d) = (bent[piece + 1], bent[min(bent.count - 1, piece + 2)])
          for step in 0..<14 {
            let u = Float(step) / 14
            let x = MadeUpStore.curve(a.0, b.0, c.0, d.0, u) - 50
            let y = MadeUpStore.curve(a.1, b.1, c.1, d.1, u) - 50
            points.append(
              StrokePoint(
                x: 140 + dx + scale * (x * cos(turn) - y * sin(turn) - slant * y),
                y: 140 + dy + scale * (x * sin(turn) + y * cos(turn)), t: time, size: size + chance(-2...2)))
            time += 8
          }
        }
        time += 150
        return Stroke(points: points)
      }
    }
  }

  private static func curve(_ a: Float, _ b: Float, _ c: Float, _ d: Float, _ u: Float) -> Float {
    let (p, q, r) = (c - a, 2 * a - 5 * b + 4 * c - d, 3 * b - a - 3 * c + d)
    return b + u * (p + u * (q + u * r)) / 2
  }
}
