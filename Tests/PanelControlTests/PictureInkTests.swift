import Ink
import PNG
import Testing

@testable import PanelControl

@Suite("The ink of a picture")
struct PictureInkTests {
  /// A seven with a bar, as a finger draws it.
  private static let seven: Canvas = {
    var canvas = Canvas()
    canvas.draw(
      Stroke(
        points: [(70, 70), (130, 66), (200, 72), (160, 140), (130, 220)].map { StrokePoint(x: $0.0, y: $0.1) }
      ))
    canvas.draw(Stroke(points: [(110, 145), (190, 140)].map { StrokePoint(x: $0.0, y: $0.1) }))
    return canvas
  }()

  /// The seven cut to its ink.
  private static let cut: (width: Int, height: Int, pixels: [UInt8]) = {
    let (width, pixels) = (seven.width, seven.pixels)
    let inked = pixels.indices.filter { pixels[$0] > 0 }
    let rows = inked.map { $0 / width }
    let columns = inked.map { $0 % width }
    let (top, bottom) = (rows.min() ?? 0, rows.max() ?? 0)
    let (left, right) = (columns.min() ?? 0, columns.max() ?? 0)
    return (
      right - left + 1, bottom - top + 1,
      (top...bottom).flatMap { y in (left...right).map { x in pixels[y * width + x] } }
    )
  }()

  private typealias Colour = (Int, Int, Int, Int)

  /// The seven in one colour on another, by the share of ink.
  private func picture(ink: Colour, paper: Colour) -> PNGImage {
    var rgba: [UInt8] = []
    for share in Self.seven.pixels.map(Int.init) {
      func mixed(_ a: Int, _ b: Int) -> UInt8 { UInt8((a * share + b * (255 - share) + 127) / 255) }
      rgba += [mixed(ink.0, paper.0), mixed(ink.1, paper.1), mixed(ink.2, paper.2), mixed(ink.3, paper.3)]
    }
    return PNGImage(width: 280, height: 280, rgba: rgba, hasAlpha: ink.3 < 255 || paper.3 < 255)
  }

  private func change(_ image: PNGImage, _ body: (Int, Int, inout [UInt8]) -> Void) -> PNGImage {
    var rgba = image.rgba
    for y in 0..<image.height {
      for x in 0..<image.width {
        var pixel = Array(rgba[4 * (y * image.width + x)..<4 * (y * image.width + x) + 4])
        body(x, y, &pixel)
        rgba.replaceSubrange(4 * (y * image.width + x)..<4 * (y * image.width + x) + 4, with: pixel)
      }
    }
    return PNGImage(width: image.width, height: image.height, rgba: rgba, hasAlpha: image.hasAlpha)
  }

  private let black: Colour = (0, 0, 0, 255)
  private let white: Colour = (255, 255, 255, 255)

  /// How far the ink is from the seven: the mean difference of a pixel, 0 ... 255; nil when the boxes differ by more than
  /// `slack` pixels.
  private func error(_ ink: PictureInk, slack: Int = 0) -> Double? {
    guard abs(ink.width - Self.cut.width) <= slack, abs(ink.height - Self.cut.height) <= slack else {
      return nil
    }
    var sum = 0
    let (width, height) = (min(ink.width, Self.cut.width), min(ink.height, Self.cut.height))
    for y in 0..<height {
      for x in 0..<width {
        sum += abs(Int(ink.pixels[y * ink.width + x]) - Int(Self.cut.pixels[y * Self.cut.width + x]))
      }
    }
    return Double(sum) / Double(width * height)
  }

  private func isSeven(
    _ image: PNGImage, within limit: Double, slack: Int = 0, _ location: SourceLocation = #_sourceLocation
  ) {
    let ink = PictureInk(image)
    let found = error(ink, slack: slack)
    #expect(
      found.map { $0 <= limit } == true,
      "\(ink.width)x\(ink.height) for \(Self.cut.width)x\(Self.cut.height), off by \(String(describing: found))",
      sourceLocation: location)
  }

  @Test("the panel's own drawings keep exactly their pixels")
  func ownDrawing() {
    isSeven(picture(ink: white, paper: black), within: 0)
  }

  @Test("dark on light gives the same pixels as light on dark")
  func polarity() {
    isSeven(picture(ink: black, paper: white), within: 0)
  }

  @Test("coloured ink on coloured paper is ink, though both have one brightness")
  func coloured() {
    isSeven(picture(ink: (255, 0, 0, 255), paper: white), within: 0)
    isSeven(picture(ink: (250, 230, 0, 255), paper: white), within: 0.5)
    isSeven(picture(ink: (0, 0, 255, 255), paper: (200, 20, 20, 255)), within: 0.5)
    isSeven(picture(ink: (76, 76, 76, 255), paper: (0, 130, 0, 255)), within: 0.5)
  }

  @Test("faint pencil becomes full ink")
  func pencil() {
    isSeven(picture(ink: (170, 170, 175, 255), paper: (248, 246, 240, 255)), within: 2)
  }

  @Test("grain of the paper is no ink")
  func grain() {
    var state: UInt32 = 1
    let image = change(picture(ink: (40, 40, 60, 255), paper: (231, 226, 214, 255))) { _, _, pixel in
      state = state &* 1_664_525 &+ 1_013_904_223
      let noise = Int(state >> 24) % 13 - 6
      for c in 0..<3 { pixel[c] = UInt8(max(0, min(255, Int(pixel[c]) + noise))) }
    }
    isSeven(image, within: 12, slack: 3)
  }

  @Test("paper that is darker at one side is paper all over")
  func shadow() {
    let image = change(picture(ink: (30, 30, 30, 255), paper: (240, 240, 240, 255))) { x, _, pixel in
      for c in 0..<3 { pixel[c] = UInt8(Int(pixel[c]) * (1000 - x) / 1000) }
    }
    isSeven(image, within: 25, slack: 4)
  }

  @Test("transparent paper: dark ink lies on white, light ink on black")
  func transparent() {
    isSeven(picture(ink: (0, 0, 0, 255), paper: (0, 0, 0, 0)), within: 0)
    isSeven(picture(ink: (255, 255, 255, 255), paper: (255, 255, 255, 0)), within: 0)
    isSeven(picture(ink: (235, 220, 120, 255), paper: (235, 220, 120, 0)), within: 1)
    isSeven(picture(ink: (20, 40, 160, 255), paper: (20, 40, 160, 0)), within: 1)
  }

  @Test("the colour of what cannot be seen does not matter")
  func unseenColour() {
    // Pixels of alpha 0 are often black, or the colour of whatever was there.
    let image = change(picture(ink: (0, 0, 0, 255), paper: (0, 0, 0, 0))) { x, y, pixel in
      if pixel[3] == 0 { pixel = [UInt8(x % 256), UInt8(y % 256), 77, 0] }
    }
    isSeven(image, within: 0)
  }

  @Test("a card with a transparent margin is paper, whichever tone it has")
  func card() {
    for (ink, paper) in [(black, white), (white, (35, 35, 40, 255))] {
      let image = change(picture(ink: ink, paper: paper)) { x, y, pixel in
        if x < 30 || y < 30 || x >= 250 || y >= 250 { pixel = [0, 0, 0, 0] }
      }
      isSeven(
        PNGImage(width: image.width, height: image.height, rgba: image.rgba, hasAlpha: true), within: 1)
    }
  }

  @Test("a frame along the edges is no ink")
  func frame() {
    for thickness in [1, 3, 8] {
      let image = change(picture(ink: black, paper: white)) { x, y, pixel in
        if min(min(x, y), min(279 - x, 279 - y)) < thickness { pixel = [0, 0, 0, 255] }
      }
      isSeven(image, within: 0)
    }
  }

  @Test("a digit cut to its box is still ink on paper")
  func tightlyCut() {
    for inverted in [false, true] {
      let rgba = Self.cut.pixels.flatMap { ink -> [UInt8] in
        let value = inverted ? 255 - ink : ink
        return [value, value, value, 255]
      }
      isSeven(
        PNGImage(width: Self.cut.width, height: Self.cut.height, rgba: rgba, hasAlpha: false), within: 0)
    }
  }

  @Test("blank, grainy and one-coloured pictures have no ink")
  func blank() {
    for colour: Colour in [white, black, (128, 90, 20, 255), (0, 0, 0, 0), (255, 255, 255, 0)] {
      #expect(PictureInk(picture(ink: colour, paper: colour)) == .blank)
    }
    var state: UInt32 = 5
    let grainy = change(picture(ink: white, paper: white)) { _, _, pixel in
      state = state &* 1_664_525 &+ 1_013_904_223
      for c in 0..<3 { pixel[c] = 230 + UInt8((state >> 24) % 20) }
    }
    #expect(PictureInk(grainy) == .blank)
    #expect(PictureInk(PNGImage(width: 1, height: 1, rgba: [9, 9, 9, 255], hasAlpha: false)) == .blank)
  }

  @Test("a hair line becomes as wide as a brush, and a brush stays as it is")
  func penWidth() {
    var thin = Canvas(scale: 3)
    thin.draw(Stroke(points: [StrokePoint(x: 60, y: 40), StrokePoint(x: 200, y: 240)]), diameter: 0.7)
    let ink = PictureInk(
      PNGImage(
        width: 840, height: 840, rgba: thin.pixels.flatMap { [255 - $0, 255 - $0, 255 - $0, 255] },
        hasAlpha: false))
    let share = PenWidth.meanWidth(ink) / Double(max(ink.width, ink.height))
    #expect((0.07...0.14).contains(share), "\(share)")
    #expect(abs(PenWidth.meanWidth(PictureInk(picture(ink: white, paper: black))) - 20) < 3)
  }

  @Test("a picture that widening would make too large is made smaller first, and its lines stay")
  func longLine() {
    let line = PictureInk.blank.with(width: 3000, height: 3, pixels: [UInt8](repeating: 255, count: 9000))
    let wide = PenWidth.normalized(line, limit: 20_000)
    #expect(wide.width * wide.height <= 20_000 && wide.width > 200, "\(wide.width)x\(wide.height)")
    let share = Double(wide.height) / Double(wide.width)
    #expect((0.07...0.14).contains(share), "\(share)")
    #expect(wide.pixels.allSatisfy { $0 == 255 })
    var pixels = [UInt8](repeating: 0, count: 5 * 3)
    pixels[7] = 9
    pixels[14] = 200
    let half = PenWidth.halved(PictureInk.blank.with(width: 5, height: 3, pixels: pixels))
    #expect(half == PictureInk.blank.with(width: 3, height: 2, pixels: [0, 9, 0, 0, 0, 200]))
  }

  @Test("widening gives each pixel the largest value around it")
  func widened() {
    var state: UInt32 = 3
    let pixels = (0..<13 * 9).map { _ -> UInt8 in
      state = state &* 1_664_525 &+ 1_013_904_223
      return state >> 31 == 0 ? 0 : UInt8(state >> 24)
    }
    let ink = PictureInk.blank.with(width: 13, height: 9, pixels: pixels)
    for radius in 1...6 {
      let wide = PenWidth.widened(ink, by: radius)
      #expect(wide.width == 13 + 2 * radius && wide.height == 9 + 2 * radius)
      for y in 0..<wide.height {
        for x in 0..<wide.width {
          var largest: UInt8 = 0
          for v in max(0, y - 2 * radius)...max(0, min(8, y)) where v >= y - 2 * radius && v <= y && v < 9 {
            for u in max(0, x - 2 * radius)...max(0, min(12, x)) where u >= x - 2 * radius && u <= x && u < 13
            {
              largest = max(largest, pixels[v * 13 + u])
            }
          }
          #expect(wide.pixels[y * wide.width + x] == largest, "radius \(radius) at \(x), \(y)")
        }
      }
    }
  }
}
