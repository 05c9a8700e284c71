import Ink
import PNG
import Randomness
import Testing

@testable import DataSet

@Suite("The reader of drawings")
struct DrawingReaderTests {
  /// Pictures with runs of all lengths, and without any.
  private static func pictures() -> [[UInt8]] {
    let side = Canvas.side
    var generator = SplitMix64(seed: 80)
    return [
      Drawings.canvas(Drawings.seven()).pixels,
      [UInt8](repeating: 0, count: side * side),
      (0..<side * side).map { UInt8(truncatingIfNeeded: $0 % side + $0 / side) },
      (0..<side * side).map { UInt8(truncatingIfNeeded: ($0 % side) * ($0 / side) / 97) },
      (0..<side * side).map { _ in UInt8.random(in: 0...255, using: &generator) },
      (0..<side * side).map {
        UInt8(truncatingIfNeeded: $0 / side * 3) &+ UInt8.random(in: 0...3, using: &generator)
      },
    ]
  }

  @Test("reads what the panel writes")
  func same() throws {
    let reader = DrawingReader()
    for picture in DrawingReaderTests.pictures() {
      let png = try PNG.encode(drawing: picture, width: Canvas.side, height: Canvas.side)
      try reader.read(png)
      #expect(reader.pixels == picture)
    }
  }

  @Test("a stream that is cut into several chunks is one stream")
  func chunks() throws {
    let picture = DrawingReaderTests.pictures()[4]
    let filters = [UInt8](repeating: 0, count: Canvas.side)
    let png = FilteredPNG.file(of: picture, side: Canvas.side, filters: filters, chunks: 7)
    let reader = DrawingReader()
    try reader.read(png)
    #expect(reader.pixels == picture)
  }

  @Test("every filter is undone on every row, also where ink and paper take turns")
  func filters() throws {
    let side = Canvas.side
    var generator = SplitMix64(seed: 82)
    let reader = DrawingReader()
    for turn in 0..<20 {
      var picture = [UInt8](repeating: 0, count: side * side)
      for _ in 0..<200 {
        let start = Int.random(in: 0..<picture.count - 40, using: &generator)
        for i in start..<start + Int.random(in: 1...40, using: &generator) {
          picture[i] = .random(in: 1...255, using: &generator)
        }
      }
      // Each filter comes to be the first row's, and stands below each other.
      let filters = (0..<side).map { y in
        y == 0 ? UInt8(turn % 5) : UInt8.random(in: 0...4, using: &generator)
      }
      let png = FilteredPNG.file(of: picture, side: side, filters: filters)
      let expected = try PNG.decode(png).rgba
      #expect(picture.indices.allSatisfy { expected[4 * $0] == picture[$0] }, "the test's own file is wrong")
      try reader.read(png)
      #expect(reader.pixels == picture)
    }
  }

  @Test("a stream whose checksum is wrong is no picture")
  func checksum() throws {
    let picture = DrawingReaderTests.pictures()[0]
    let filters = [UInt8](repeating: 0, count: Canvas.side)
    let png = FilteredPNG.file(of: picture, side: Canvas.side, filters: filters, addToChecksum: 1)
    let reader = DrawingReader()
    #expect(error { () throws(PNGError) in try reader.read(png) } != nil)
  }

  @Test("a chunk whose checksum is wrong is no picture, as no other reader takes it for one")
  func chunkChecksum() throws {
    let png = try PNG.encode(
      drawing: DrawingReaderTests.pictures()[0], width: Canvas.side, height: Canvas.side)
    let reader = DrawingReader()
    // The last byte of IHDR's, and that of IDAT's, behind which IEND has 12 bytes.
    for place in [32, png.count - 13] {
      var wrong = png
      wrong[place] ^= 1
      #expect(error { () throws(PNGError) in _ = try PNG.decode(wrong) } != nil)
      #expect(error { () throws(PNGError) in try reader.read(wrong) } != nil)
    }
  }

  @Test("any bytes give a picture or a reason")
  func damaged() throws {
    let png = try PNG.encode(
      drawing: DrawingReaderTests.pictures()[0], width: Canvas.side, height: Canvas.side)
    let reader = DrawingReader()
    var generator = SplitMix64(seed: 81)
    var refused = 0
    for _ in 0..<500 {
      var bytes = png
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        bytes[Int.random(in: 0..<bytes.count, using: &generator)] = .random(in: 0...255, using: &generator)
      }
      bytes.removeLast(
        Int.random(in: 0...3, using: &generator) == 0 ? Int.random(in: 1..<bytes.count, using: &generator) : 0
      )
      if error(of: { () throws(PNGError) in try reader.read(bytes) }) != nil { refused += 1 }
    }
    #expect(refused > 300)
    let small = try PNG.encode(drawing: [UInt8](repeating: 9, count: 100), width: 10, height: 10)
    #expect(
      error { () throws(PNGError) in try reader.read(small) }?.description == "damaged PNG file: 10x10 pixels"
    )
  }
}
