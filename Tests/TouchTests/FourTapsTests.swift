import Ink
import Randomness
import Testing

@testable import Touch

@Suite("Calibration by four taps")
struct FourTapsTests {
  private let crosses: [(u: Float, v: Float)] = [
    (0.125, 0.125), (0.875, 0.125), (0.875, 0.875), (0.125, 0.875),
  ]

  /// Taps on the crosses as a digitizer feels them that lies on the glass by `matrix`.
  private func taps(
    _ matrix: DigitizerMatrix, noise: Float = 0, _ random: inout SplitMix64
  ) -> FourTaps {
    var taps = FourTaps()
    for cross in crosses {
      let felt = matrix.unapply(
        cross.u + Float.random(in: -noise...noise, using: &random),
        cross.v + Float.random(in: -noise...noise, using: &random))
      taps.add(.init(felt: (felt.x, felt.y), meant: cross))
    }
    return taps
  }

  /// A digitizer that may be turned, mirrored, stretched to half or double, sheared and shifted.
  private func random(_ random: inout SplitMix64) -> DigitizerMatrix? {
    let stretch = { (r: inout SplitMix64) in
      Float.random(in: 0.5...2, using: &r) * (Bool.random(using: &r) ? 1 : -1)
    }
    let shear = { (r: inout SplitMix64) in Float.random(in: -0.3...0.3, using: &r) }
    let (p, q) = (stretch(&random), stretch(&random))
    let (s, t) = (shear(&random), shear(&random))
    let (c, f) = (Float.random(in: -1...1, using: &random), Float.random(in: -1...1, using: &random))
    return Bool.random(using: &random)
      ? DigitizerMatrix([p, s, c, t, q, f]) : DigitizerMatrix([s, p, c, q, t, f])
  }

  private func distance(_ a: DigitizerMatrix, _ b: DigitizerMatrix, at point: (u: Float, v: Float)) -> Float {
    let felt = a.unapply(point.u, point.v)
    let found = b.apply(felt.x, felt.y)
    return ((found.x - point.u) * (found.x - point.u) + (found.y - point.v) * (found.y - point.v))
      .squareRoot()
  }

  @Test("any affine digitizer is found again from exact taps")
  func exact() throws {
    var generator = SplitMix64(seed: 1)
    for _ in 0..<2000 {
      guard let matrix = random(&generator) else { continue }
      let found = try taps(matrix, &generator).matrix()
      for corner: (Float, Float) in [(0, 0), (1, 0), (0, 1), (1, 1), (0.5, 0.5)] {
        #expect(distance(matrix, found, at: (corner.0, corner.1)) < 1e-4, "\(matrix)")
      }
    }
  }

  @Test(
    "taps that miss by a fingertip give a matrix that misses by no more in the middle, and little more at the edges"
  )
  func noise() throws {
    var generator = SplitMix64(seed: 2)
    var worst: (middle: Float, edge: Float) = (0, 0)
    for _ in 0..<2000 {
      guard let matrix = random(&generator) else { continue }
      let found = try taps(matrix, noise: 0.01, &generator).matrix()
      worst.middle = max(worst.middle, distance(matrix, found, at: (0.5, 0.5)))
      for corner: (Float, Float) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
        worst.edge = max(worst.edge, distance(matrix, found, at: (corner.0, corner.1)))
      }
    }
    #expect(worst.middle < 0.0142 && worst.middle > 0.003)
    #expect(worst.edge < 0.035)
  }

  @Test(
    "rotations of the picture and a swapped digitizer need no more than four taps",
    arguments: Rotation.allCases)
  func rotations(rotation: Rotation) throws {
    // As the panel has it: crosses in panel pixels, felt with the identity in place of the matrix.
    let truth = try #require(DigitizerMatrix([0.03, -1.1, 1.05, 0.95, 0.02, -0.04]))
    let bare = TouchGeometry(width: 800, height: 480, rotation: rotation)
    var wired = bare
    wired.matrix = truth
    var taps = FourTaps()
    for cross: (Float, Float) in [(100, 60), (700, 60), (700, 420), (100, 420)] {
      let felt = wired.digitizer(x: cross.0, y: cross.1)
      let meant = bare.digitizer(x: cross.0, y: cross.1)
      taps.add(.init(felt: felt, meant: meant))
    }
    var found = bare
    found.matrix = try taps.matrix()
    for point: (Float, Float) in [(0.5, 0.5), (400, 240), (799.5, 479.5), (20, 400)] {
      let felt = wired.digitizer(x: point.0, y: point.1)
      let shown = found.panel(u: felt.u, v: felt.v)
      #expect(abs(shown.x - point.0) < 0.2 && abs(shown.y - point.1) < 0.2)
    }
  }

  @Test("fewer than four taps, taps on a line and taps in one place are refused")
  func flat() {
    var taps = FourTaps()
    #expect(throws: FourTaps.Refusal.tooFew) { try taps.matrix() }
    for (index, cross) in crosses.enumerated() {
      taps.add(.init(felt: (0.2 + Float(index) * 0.2, 0.3 + Float(index) * 0.1), meant: cross))
    }
    #expect(throws: FourTaps.Refusal.onALine) { try taps.matrix() }
    var place = FourTaps()
    for (index, cross) in crosses.enumerated() {
      place.add(.init(felt: (0.5 + Float(index % 2) * 0.01, 0.5), meant: cross))
    }
    #expect(throws: FourTaps.Refusal.onALine) { try place.matrix() }
  }

  @Test("a tap far beside its cross, and the same cross tapped twice, are refused")
  func uneven() {
    var beside = FourTaps()
    for (index, cross) in crosses.enumerated() {
      beside.add(.init(felt: index == 2 ? (cross.u - 0.25, cross.v) : cross, meant: cross))
    }
    #expect(throws: FourTaps.Refusal.uneven) { try beside.matrix() }
    var twice = FourTaps()
    for (index, cross) in crosses.enumerated() {
      twice.add(.init(felt: index == 3 ? crosses[2] : cross, meant: cross))
    }
    #expect(throws: FourTaps.Refusal.uneven) { try twice.matrix() }
  }
}
