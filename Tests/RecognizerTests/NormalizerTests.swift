import Ink
import Randomness
import Testing

@testable import Recognizer

/// The normaliser against its specification, its exact twin, and MNIST.
@Suite("Normaliser")
struct NormalizerTests {
  @Test("a canvas without ink has no image")
  func blank() {
    var normalizer = Normalizer()
    let white = normalizer.normalize([UInt8](repeating: 0, count: 280 * 280), width: 280, height: 280)
    let nothing = normalizer.normalize([], width: 0, height: 0)
    #expect(white == nil && nothing == nil)
  }

  @Test("a picture whose bytes do not fit its size has no image")
  func wrongSize() {
    var normalizer = Normalizer()
    let short = normalizer.normalize([255, 255, 255], width: 2, height: 2)
    let negative = normalizer.normalize([255], width: -1, height: -1)
    let huge = normalizer.normalize([255], width: .max, height: .max)
    #expect(short == nil && negative == nil && huge == nil)
  }

  @Test("one pixel becomes a square of 20 in the middle")
  func onePixel() throws {
    var normalizer = Normalizer()
    var picture = [UInt8](repeating: 0, count: 7 * 5)
    picture[2 * 7 + 3] = 200
    let normalized = normalizer.normalize(picture, width: 7, height: 5)
    let image = try #require(normalized)
    for y in 0..<28 {
      for x in 0..<28 {
        let inside = (4..<24).contains(x) && (4..<24).contains(y)
        #expect(image.pixels[y * 28 + x] == (inside ? 200 : 0))
      }
    }
  }

  @Test("each pixel is the mean of the area that it covers")
  func areaAverage() throws {
    // 40 x 40 source pixels: every pixel of the result covers exactly four.
    var picture = [UInt8](repeating: 0, count: 40 * 40)
    for i in picture.indices { picture[i] = UInt8(1 + (i * 7) % 250) }
    var normalizer = Normalizer()
    let normalized = normalizer.normalize(picture, width: 40, height: 40)
    let image = try #require(normalized)
    let corner = try #require(image.pixels.firstIndex { $0 > 0 })
    for y in 0..<20 {
      for x in 0..<20 {
        let four = [0, 1, 40, 41].map { Int(picture[2 * y * 40 + 2 * x + $0]) }.reduce(0, +)
        #expect(Int(image.pixels[corner + y * 28 + x]) == (four + 2) / 4)
      }
    }
  }

  @Test("the image equals that of exact fractions", arguments: 0..<60)
  func twin(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let width = Int.random(in: 1...90, using: &random)
    let height = Int.random(in: 1...90, using: &random)
    let picture = Blot.picture(width: width, height: height, using: &random)
    var normalizer = Normalizer()
    let image = normalizer.normalize(picture, width: width, height: height)
    #expect(image?.pixels == ExactNormalizer.normalize(picture, width: width, height: height))
  }

  @Test(
    "very long pictures full of ink have no sum that overflows", arguments: [(3, 6000), (6000, 3), (2, 5141)])
  func long(width: Int, height: Int) {
    // More than 257 rows of it make a row of the image: their sums do not fit 16 bits.
    let picture = (0..<width * height).map { UInt8(255 - $0 % 2) }
    var normalizer = Normalizer()
    let image = normalizer.normalize(picture, width: width, height: height)
    #expect(image?.pixels == ExactNormalizer.normalize(picture, width: width, height: height))
  }

  @Test("ink at every edge of a picture is found, and only that", arguments: [1, 7, 8, 31, 32, 33, 64, 281])
  func edges(width: Int) {
    var normalizer = Normalizer()
    for place in [0, width - 1, width, 2 * width - 1, 4 * width, 5 * width - 1] {
      for count in [1, 2, width] where place + count <= 5 * width {
        var picture = [UInt8](repeating: 0, count: width * 5)
        for i in place..<place + count { picture[i] = 200 }
        let image = normalizer.normalize(picture, width: width, height: 5)
        #expect(image?.pixels == ExactNormalizer.normalize(picture, width: width, height: 5))
      }
    }
  }

  @Test("a normaliser that was used before gives the same image")
  func reuse() {
    var used = Normalizer()
    for seed in 0..<40 as Range<UInt64> {
      var random = SplitMix64(seed: 1000 + seed)
      let width = Int.random(in: 1...120, using: &random)
      let height = Int.random(in: 1...120, using: &random)
      let picture = Blot.picture(width: width, height: height, using: &random)
      var fresh = Normalizer()
      let first = fresh.normalize(picture, width: width, height: height)
      let again = used.normalize(picture, width: width, height: height)
      #expect(first == again)
    }
  }

  @Test("place on the canvas does not matter")
  func place() {
    var normalizer = Normalizer()
    var images: Set<[UInt8]> = []
    for (dx, dy) in [(0, 0), (37, 0), (0, 81), (90, 90)] as [(Float, Float)] {
      var canvas = Canvas()
      canvas.drawSegment(x0: 40 + dx, y0: 30 + dy, x1: 120 + dx, y1: 60 + dy, diameter: 20)
      canvas.drawSegment(x0: 120 + dx, y0: 60 + dy, x1: 70 + dx, y1: 170 + dy, diameter: 20)
      images.insert(normalizer.normalize(canvas.pixels, width: 280, height: 280)?.pixels ?? [])
    }
    #expect(images.count == 1)
  }

  @Test("a picture and the same one turned give images that are turned alike", arguments: 0..<20)
  func turned(seed: UInt64) {
    var random = SplitMix64(seed: 500 + seed)
    let side = Int.random(in: 20...80, using: &random)
    let picture = Blot.picture(width: side, height: side, using: &random)
    var turned = picture
    for y in 0..<side {
      for x in 0..<side { turned[x * side + side - 1 - y] = picture[y * side + x] }
    }
    var normalizer = Normalizer()
    let straight = normalizer.normalize(picture, width: side, height: side).map {
      Blot.crop($0.pixels, turned: true)
    }
    let other = normalizer.normalize(turned, width: side, height: side).map {
      Blot.crop($0.pixels, turned: false)
    }
    // The centre of mass may round to the next pixel when turned; the patch itself is the same.
    #expect(straight == other)
  }

  @Test("a stray tap below three percent of the ink is dropped, one above stays")
  func strayTap() {
    var normalizer = Normalizer()
    func image(tap: Int) -> [UInt8]? {
      var picture = [UInt8](repeating: 0, count: 100 * 100)
      for y in 30..<70 { for x in 40..<65 { picture[y * 100 + x] = 255 } }
      for i in 0..<tap { picture[5 * 100 + 5 + i] = 255 }
      return normalizer.normalize(picture, width: 100, height: 100)?.pixels
    }
    // 1,000 pixels of ink: 30 more are 2.9 %, 31 are 3.007 %.
    #expect(image(tap: 30) == image(tap: 0))
    #expect(image(tap: 31) != image(tap: 0))
  }

  @Test("a drawing made of dots stays whole")
  func dots() throws {
    var canvas = Canvas()
    for i in 0..<64 {
      let a = Float(i) / 64 * 200
      canvas.drawSegment(
        x0: 40 + a, y0: i % 2 == 0 ? 60 : 200, x1: 40 + a, y1: i % 2 == 0 ? 60 : 200, diameter: 3)
    }
    var normalizer = Normalizer()
    let normalized = normalizer.normalize(canvas.pixels, width: 280, height: 280)
    let image = try #require(normalized)
    let columns = (0..<28).filter { x in (0..<28).contains { image.pixels[$0 * 28 + x] > 0 } }
    #expect(columns.count >= 20)
  }

  @Test("the centre of mass lies in the middle pixel", arguments: 0..<20)
  func centre(seed: UInt64) throws {
    var random = SplitMix64(seed: 90 + seed)
    var canvas = Canvas()
    var (x, y) = (Float(140), Float(140))
    for _ in 0..<8 {
      let (nx, ny) = (Float.random(in: 60...220, using: &random), Float.random(in: 60...220, using: &random))
      canvas.drawSegment(x0: x, y0: y, x1: nx, y1: ny, diameter: 20)
      (x, y) = (nx, ny)
    }
    var normalizer = Normalizer()
    let normalized = normalizer.normalize(canvas.pixels, width: 280, height: 280)
    let image = try #require(normalized)
    let mass = image.pixels.reduce(0) { $0 + Double($1) }
    let cx = image.pixels.enumerated().reduce(0) { $0 + Double($1.offset % 28) * Double($1.element) } / mass
    let cy = image.pixels.enumerated().reduce(0) { $0 + Double($1.offset / 28) * Double($1.element) } / mass
    #expect(cx >= 13.5 && cx < 14.5)
    #expect(cy >= 13.5 && cy < 14.5)
  }

  @Test(
    "MNIST's own test images come out as they went in",
    .enabled(if: Fixture.hasData, "needs the folder shared/data beside the repository"))
  func mnist() throws {
    let file = try #require(Fixture.unpacked(Fixture.data + "/mnist/t10k-images-idx3-ubyte.gz"))
    var normalizer = Normalizer()
    var unchanged = 0
    var difference = 0
    for i in 0..<10_000 {
      let picture = Array(file[16 + i * 784..<16 + (i + 1) * 784])
      let normalized = normalizer.normalize(picture, width: 28, height: 28)
      let image = try #require(normalized)
      if image.pixels == picture { unchanged += 1 }
      for (a, b) in zip(image.pixels, picture) { difference += abs(Int(a) - Int(b)) }
    }
    print(
      "MNIST test images unchanged: \(unchanged) of 10000, mean change of a pixel \(Double(difference) / 7_840_000) of 255"
    )
    #expect(unchanged >= 9750)
    #expect(difference < 7_840_000 / 10)
  }
}
