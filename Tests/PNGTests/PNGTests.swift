import CZlib
import PNG
import Testing

@Suite("PNG files")
struct PNGTests {
  let ramp = (0..<35).map { UInt8($0 * 7) }

  @Test("gray pixels come back as they went in")
  func grayRoundTrip() throws {
    let image = try PNG.decode(PNG.encode(drawing: ramp, width: 7, height: 5))
    #expect((image.width, image.height, image.hasAlpha) == (7, 5, false))
    #expect(image.rgba == ramp.flatMap { [$0, $0, $0, 255] })
  }

  @Test("screen pixels come back as they went in, whatever their high byte")
  func xrgbRoundTrip() throws {
    let pixels: [UInt32] = [0xFF11_2233, 0x0044_5566, 0x8077_8899, 0x00FF_0001]
    let image = try PNG.decode(PNG.encode(xrgb: pixels, width: 2, height: 2, effort: .fast))
    #expect(
      image.rgba == [0x11, 0x22, 0x33, 255, 0x44, 0x55, 0x66, 255, 0x77, 0x88, 0x99, 255, 0xFF, 0, 1, 255])
    #expect(!image.hasAlpha)
  }

  @Test("alpha comes back straight, also under transparent pixels")
  func rgbaRoundTrip() throws {
    let pixels: [UInt8] = [10, 20, 30, 0, 40, 50, 60, 1, 70, 80, 90, 128, 250, 251, 252, 255]
    let image = try PNG.decode(PNG.encode(rgba: pixels, width: 4, height: 1))
    #expect(image.rgba == pixels)
    #expect(image.hasAlpha)
  }

  @Test("a stored drawing is 8-bit grayscale without alpha, and the same bytes every time")
  func storedForm() throws {
    let drawing = (0..<280 * 280).map { UInt8(truncatingIfNeeded: $0 * $0 >> 9) }
    let file = try PNG.encode(drawing: drawing, width: 280, height: 280)
    #expect(Array(file[16..<29]) == [0, 0, 1, 24, 0, 0, 1, 24, 8, 0, 0, 0, 0])
    #expect(try PNG.encode(drawing: drawing, width: 280, height: 280) == file)
    #expect(try PNG.decode(file).rgba.enumerated().allSatisfy { $0 % 4 == 3 || $1 == drawing[$0 / 4] })
  }

  @Test("a drawing is stored as runs, without filters")
  func runs() throws {
    // A bar with a soft edge on paper.
    let row = [UInt8](repeating: 0, count: 120) + [90] + [UInt8](repeating: 255, count: 30) + [160]
    let drawing = (0..<280).flatMap { y in
      (40..<240).contains(y) ? row + [UInt8](repeating: 0, count: 128) : [UInt8](repeating: 0, count: 280)
    }
    let file = try PNG.encode(drawing: drawing, width: 280, height: 280)
    // Signature, IHDR, IDAT and IEND, and nothing else.
    let length = file[33..<37].reduce(0) { $0 << 8 | Int($1) }
    #expect(file.count == 33 + 12 + length + 12 && file[37..<41].elementsEqual(Array("IDAT".utf8)))
    var rows = [UInt8](repeating: 9, count: 281 * 280)
    var count = UInt(rows.count)
    #expect(uncompress(&rows, &count, Array(file[41..<41 + length]), UInt(length)) == Z_OK)
    #expect(count == 281 * 280)
    #expect((0..<280).allSatisfy { rows[281 * $0] == 0 })
    #expect(
      (0..<280).allSatisfy {
        rows[281 * $0 + 1..<281 * $0 + 281].elementsEqual(drawing[280 * $0..<280 * $0 + 280])
      })
  }

  @Test("a size that does not fit the pixels is an error", arguments: [(5, 6), (0, 0), (-5, -7), (35, 0)])
  func wrongSize(size: (Int, Int)) {
    #expect(throws: PNGError.self) { try PNG.encode(drawing: ramp, width: size.0, height: size.1) }
    #expect(throws: PNGError.self) { try PNG.encode(rgb: ramp, width: size.0, height: size.1) }
  }

  @Test("every colour type, depth and interlacing is read", arguments: [false, true])
  func colourTypes(interlaced: Bool) throws {
    let depths: [PlainPNG.Kind: [Int]] = [
      .gray: [1, 2, 4, 8, 16], .rgb: [8, 16], .grayAlpha: [8, 16], .rgba: [8, 16],
    ]
    for (kind, depths) in depths {
      for depth in depths {
        let top = (1 << depth) - 1
        func sample(_ x: Int, _ y: Int, _ channel: Int) -> Int {
          // Alpha is full but in one place: what lies under nearly transparent pixels is not kept exactly.
          if channel == kind.channels - 1, kind == .grayAlpha || kind == .rgba {
            return x == 3 && y == 2 ? 0 : top
          }
          return (x * 977 + y * 3571 + channel * 12_007) & top
        }
        let file = PlainPNG(
          width: 11, height: 9, depth: depth, kind: kind, interlaced: interlaced, sample: sample
        ).file
        let image = try PNG.decode(file)
        #expect((image.width, image.height) == (11, 9))
        #expect(image.hasAlpha == (kind == .grayAlpha || kind == .rgba))
        for y in 0..<9 {
          for x in 0..<11 where !(image.hasAlpha && x == 3 && y == 2) {
            let colours = kind == .rgb || kind == .rgba ? [0, 1, 2] : [0, 0, 0]
            for (i, channel) in colours.enumerated() {
              let expected = (sample(x, y, channel) * 255 + top / 2) / top
              let found = Int(image.rgba[(y * 11 + x) * 4 + i])
              // libpng rounds 16 bits by a table.
              #expect(abs(found - expected) <= (depth == 16 ? 1 : 0), "\(kind) \(depth) at (\(x), \(y))")
            }
            #expect(image.rgba[(y * 11 + x) * 4 + 3] == 255)
          }
        }
        if image.hasAlpha { #expect(image.rgba[(2 * 11 + 3) * 4 + 3] == 0) }
      }
    }
  }

  @Test("palettes of every depth are read, with their transparent entries", arguments: [1, 2, 4, 8])
  func palettes(depth: Int) throws {
    let entries = 1 << depth
    let colours = (0..<entries).map { (i: Int) -> [UInt8] in
      [UInt8(i * 255 / (entries - 1)), UInt8(i), UInt8(255 - i)]
    }
    let palette = Array(colours.joined())
    var plain = PlainPNG(width: 13, height: 3, depth: depth, kind: .palette, palette: palette) { x, y, _ in
      (x + y * 13) % entries
    }
    let opaque = try PNG.decode(plain.file)
    #expect(!opaque.hasAlpha)
    for i in 0..<39 {
      let found = Array(opaque.rgba[4 * i..<4 * i + 3])
      #expect(found == colours[i % entries])
    }
    plain.transparency = [0]
    let holed = try PNG.decode(plain.file)
    #expect(holed.hasAlpha)
    for i in 0..<39 { #expect(holed.rgba[4 * i + 3] == (i % entries == 0 ? 0 : 255)) }
  }

  @Test("a transparent colour of a file without alpha is transparent")
  func transparentColour() throws {
    let plain = PlainPNG(width: 4, height: 1, kind: .gray, transparency: [0, 200]) { x, _, _ in x * 100 }
    let image = try PNG.decode(plain.file)
    #expect(image.hasAlpha)
    #expect([3, 7, 11, 15].map { image.rgba[$0] } == [255, 255, 0, 255])
  }

  @Test("the errors are sentences")
  func sentences() {
    func sentence(_ bytes: [UInt8], limit: Int = 100) -> String {
      do { return "read: \(try PNG.decode(bytes, maximumPixels: limit))" } catch { return error.description }
    }
    #expect(sentence([]) == "not a PNG file: it is empty")
    #expect(sentence(Array("GIF89a and so on".utf8)) == "not a PNG file: it does not begin as one")
    let plain = PlainPNG(width: 20, height: 10, kind: .gray) { _, _, _ in 0 }.file
    #expect(sentence(plain) == "PNG file too large: 20x10 pixels, at most 100 are read")
    // 16 bits interlaced take twice the memory.
    let deep = PlainPNG(width: 20, height: 10, depth: 16, kind: .gray, interlaced: true) { _, _, _ in 0 }.file
    #expect(sentence(deep, limit: 399) == "PNG file too large: 20x10 pixels, at most 199 are read")
    #expect(sentence(deep, limit: 400).hasPrefix("read: "))
    #expect(sentence(plain.dropLast(30), limit: 1000).hasPrefix("damaged PNG file: "))
  }
}
