import Ink
import Randomness
import Testing

@testable import Recognizer

/// What looks at every pixel of a picture, by every kernel set that this processor has, bit for bit against the plain one.
@Suite("Normaliser's kernels")
struct NormalizerKernelTests {
  /// A picture with a name for the report.
  struct Picture: CustomTestStringConvertible {
    let testDescription: String
    let width: Int
    let height: Int
    let pixels: [UInt8]

    init(_ name: String, _ width: Int, _ height: Int, _ pixels: [UInt8]) {
      (testDescription, self.width, self.height, self.pixels) = (name, width, height, pixels)
    }

    init(_ name: String, _ width: Int, _ height: Int, _ pixel: (Int, Int) -> UInt8) {
      self.init(name, width, height, (0..<width * height).map { pixel($0 % width, $0 / width) })
    }
  }

  static let pictures: [Picture] = [
    Picture("blank", 280, 280) { _, _ in 0 },
    Picture("full", 280, 280) { _, _ in 255 },
    Picture("a chequerboard", 280, 280) { x, y in (x + y) % 2 == 0 ? 255 : 0 },
    Picture("columns", 280, 280) { x, _ in x % 2 == 0 ? 1 : 0 },
    Picture("rows", 280, 280) { _, y in y % 2 == 0 ? 255 : 0 },
    Picture("a frame", 280, 280) { x, y in x % 279 == 0 || y % 279 == 0 ? 255 : 0 },
    Picture("two opposite corners", 280, 280) { x, y in x == y && x % 279 == 0 ? 255 : 0 },
    Picture("the last pixel alone", 280, 280) { x, y in x == 279 && y == 279 ? 255 : 0 },
    Picture("ink of all strengths", 280, 280) { x, y in UInt8(truncatingIfNeeded: x &* 7 &+ y &* 13) },
    Picture("a square and a stray", 280, 280) { x, y in
      (100..<200).contains(x) && (90..<200).contains(y) || x == 3 && y == 270 ? 200 : 0
    },
    Picture("ends in the middle of a word", 71, 67) { x, y in (x &* y) % 5 == 0 ? 90 : 0 },
    Picture("smaller than a word", 7, 9) { x, y in x == y ? 90 : 0 },
    // More than the words that are in work at once.
    Picture("a long run through many words", 300, 900) { _, y in (10..<700).contains(y) ? 255 : 0 },
    Picture("a line one pixel wide", 1, 200_000) { _, y in (5..<199_990).contains(y) ? 255 : 0 },
    Picture("dots in a line one pixel wide", 1, 200_000) { _, y in y % 2 == 0 ? 255 : 0 },
    Picture("many short rows", 3, 90_000) { x, y in x == 1 && y % 7 == 0 ? 0 : 9 },
    Picture("a diagonal through many words", 500, 500) { x, y in abs(x - y) < 9 ? 255 : 0 },
  ]

  /// Boxes on both sides of what the kernels of the area's mean take.
  static let boxes: [Picture] = [31, 32, 33, 47, 63, 64, 65, 279, 280, 299, 300, 301].flatMap { side in
    [(side, side), (side, 300), (300, side), (side, 7), (40, side)].map { width, height in
      Picture("\(width) x \(height)", width, height) { x, y in
        UInt8(truncatingIfNeeded: 1 + (x * 31 + y * 17) % 255)
      }
    }
  }

  static func random(_ seed: UInt64) -> Picture {
    var random = SplitMix64(seed: 7000 + seed)
    let isCanvas = seed % 2 == 0
    let width = isCanvas ? 280 : Int.random(in: 1...330, using: &random)
    let height = isCanvas ? 280 : Int.random(in: 1...330, using: &random)
    return Picture("random", width, height, Blot.picture(width: width, height: height, using: &random))
  }

  static func drawing(_ seed: UInt64) -> Picture {
    var random = SplitMix64(seed: 9000 + seed)
    var canvas = Canvas()
    for _ in 0...Int.random(in: 0...3, using: &random) {
      var (x, y) = (Float.random(in: -10...290, using: &random), Float.random(in: -10...290, using: &random))
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        let (nx, ny) = (
          Float.random(in: -10...290, using: &random), Float.random(in: -10...290, using: &random)
        )
        canvas.drawSegment(x0: x, y0: y, x1: nx, y1: ny, diameter: Float.random(in: 2...30, using: &random))
        (x, y) = (nx, ny)
      }
    }
    return Picture("drawn", 280, 280, canvas.pixels)
  }

  private static func same(_ picture: Picture, _ kernels: KernelSet, _ comment: Comment) {
    var plain = Normalizer(kernels: .reference)
    var fast = Normalizer(kernels: kernels)
    let expected = plain.normalize(picture.pixels, width: picture.width, height: picture.height)
    let got = fast.normalize(picture.pixels, width: picture.width, height: picture.height)
    #expect(got == expected, comment)
    // Once more, in memory that has been used.
    let again = fast.normalize(picture.pixels, width: picture.width, height: picture.height)
    #expect(again == expected, comment)
  }

  @Test("a kernel set gives the plain one's image", arguments: KernelTests.fast, pictures + boxes)
  func image(kernels: KernelSet, picture: Picture) {
    NormalizerKernelTests.same(picture, kernels, "\(picture.testDescription)")
  }

  @Test(
    "a kernel set gives the plain one's image of random pictures and drawings", arguments: KernelTests.fast)
  func chance(kernels: KernelSet) {
    for seed in 0..<60 as Range<UInt64> {
      NormalizerKernelTests.same(NormalizerKernelTests.random(seed), kernels, "picture \(seed)")
      NormalizerKernelTests.same(NormalizerKernelTests.drawing(seed), kernels, "drawing \(seed)")
    }
  }

  @Test("every kernel set's image is that of exact fractions", arguments: KernelSet.available)
  func exact(kernels: KernelSet) {
    var normalizer = Normalizer(kernels: kernels)
    for seed in 0..<12 as Range<UInt64> {
      let picture = NormalizerKernelTests.random(seed)
      let image = normalizer.normalize(picture.pixels, width: picture.width, height: picture.height)
      let expected = ExactNormalizer.normalize(picture.pixels, width: picture.width, height: picture.height)
      #expect(image?.pixels == expected, "picture \(seed)")
    }
  }

  @Test("every kernel set finds each run of ink, and no other", arguments: KernelSet.available, pictures)
  func runs(kernels: KernelSet, picture: Picture) {
    var expected: [[Int]] = []
    for y in 0..<picture.height {
      let row = picture.pixels[y * picture.width..<(y + 1) * picture.width].map { $0 > 0 }
      var x = 0
      while x < row.count {
        let end = row[x...].firstIndex { $0 != row[x] } ?? row.count
        if row[x] { expected.append([y, x, end]) }
        x = end
      }
    }
    var ink = InkRuns()
    // A full picture before it, of which nothing may be left.
    ink.find(in: [UInt8](repeating: 1, count: 78_400), width: 280, height: 280, kernels: kernels)
    ink.find(in: picture.pixels, width: picture.width, height: picture.height, kernels: kernels)
    #expect(ink.runs.map { [Int($0.row), Int($0.start), Int($0.end)] } == expected)
  }

  @Test("a kernel set that this processor lacks is replaced by the reference")
  func missing() {
    let picture = NormalizerKernelTests.drawing(1)
    for kernels in KernelSet.allCases where !kernels.isAvailable {
      NormalizerKernelTests.same(picture, kernels, "\(kernels)")
    }
  }
}
