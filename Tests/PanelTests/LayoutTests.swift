import Ink
import Testing

@testable import Panel

@Suite("Layouts")
struct LayoutTests {
  static let sizes = [
    (480, 320), (800, 480), (1024, 600), (1280, 800), (1920, 1080), (480, 800), (720, 1280), (600, 1024),
    (800, 1280), (1080, 1920), (640, 480), (320, 480),
  ]

  /// Everything that is on the screen at once, named.
  private func parts(_ layout: Layout, _ mode: Booth.Mode) -> [(String, PixelRect)] {
    var parts = [
      ("canvas", layout.canvas), ("challenge tab", layout.challengeTab),
      ("free play tab", layout.freePlayTab),
    ]
    if !layout.title.isEmpty { parts.append(("title", layout.title)) }
    switch mode {
    case .challenge:
      parts += [
        ("prompt", layout.prompt), ("message", layout.message), ("undo", layout.undo),
        ("clear", layout.clear),
        ("submit", layout.submit), ("counts", layout.counts),
      ]
      if let board = layout.board { parts.append(("board", board)) }
    case .freePlay:
      parts += [("clear", layout.freeClear)]
      if !layout.guess.isEmpty { parts.append(("guess", layout.guess)) }
      if !layout.guessWords.isEmpty { parts.append(("how sure", layout.guessWords)) }
      for (digit, bar) in layout.bars.enumerated() { parts.append(("bar \(digit)", bar)) }
    }
    return parts
  }

  @Test("nothing overlaps, nothing leaves the panel, and nothing is empty", arguments: sizes)
  func separate(width: Int, height: Int) {
    let layouts = [nil, 1, 2, 3].flatMap { scale in
      [false, true].flatMap { isLeftHanded in
        [nil, 3, 5.3, 6.7, 9].map { density in
          Layout(
            width: width, height: height, pixelsPerMillimetre: density, canvasScale: scale,
            isLeftHanded: isLeftHanded)
        }
      }
    }
    for layout in layouts {
      for mode in [Booth.Mode.challenge, .freePlay] {
        let parts = parts(layout, mode)
        for (i, (name, rect)) in parts.enumerated() {
          #expect(!rect.isEmpty, "\(name) is empty at \(width)x\(height)")
          #expect(rect.intersection(layout.bounds) == rect, "\(name) leaves \(width)x\(height): \(rect)")
          for (other, second) in parts[(i + 1)...] {
            #expect(
              rect.intersection(second).isEmpty,
              "\(name) and \(other) overlap at \(width)x\(height): \(rect) \(second)")
          }
        }
      }
    }
  }

  @Test("the canvas has 280, 560 or 840 panel pixels, never anything between", arguments: sizes)
  func canvasSize(width: Int, height: Int) {
    for scale in [nil, 1, 2, 3] {
      let layout = Layout(width: width, height: height, canvasScale: scale)
      #expect(layout.canvas.width == 280 * layout.canvasScale)
      #expect(layout.canvas.height == layout.canvas.width)
      if let scale { #expect(layout.canvasScale <= scale) }
    }
  }

  @Test("whatever is touched is at least 48 pixels wide and high", arguments: sizes)
  func targets(width: Int, height: Int) {
    let layout = Layout(width: width, height: height)
    for rect in [
      layout.undo, layout.clear, layout.submit, layout.freeClear, layout.challengeTab, layout.freePlayTab,
    ] {
      #expect(min(rect.width, rect.height) >= 48, "\(rect) at \(width)x\(height)")
    }
  }

  @Test("Submit stands apart from Clear")
  func submitApart() {
    for (width, height) in Self.sizes {
      let layout = Layout(width: width, height: height)
      let gap = max(layout.submit.x - layout.clear.maxX, layout.submit.y - layout.clear.maxY)
      #expect(gap >= 2 * layout.metrics.unit)
    }
  }

  @Test("the bars 0-4 stand at the left of the canvas and 5-9 at the right", arguments: sizes)
  func barSides(width: Int, height: Int) {
    let layout = Layout(width: width, height: height)
    for digit in 0..<5 { #expect(layout.bars[digit].maxX <= layout.canvas.x) }
    for digit in 5..<10 { #expect(layout.bars[digit].x >= layout.canvas.maxX) }
  }

  @Test("the canvas is the largest that leaves room for the rest, but no wider than a hand draws")
  func density() {
    #expect(Layout(width: 1280, height: 800).canvasScale == 2)
    #expect(Layout(width: 1024, height: 600).canvasScale == 2)
    #expect(Layout(width: 1920, height: 1080).canvasScale == 3)
    #expect(Layout(width: 720, height: 1280).canvasScale == 2)
    // 15.6 inch at 1920x1080: 840 pixels are 151 mm; 24 inch: 233 mm, so the sheet has 560.
    #expect(Layout(width: 1920, height: 1080, pixelsPerMillimetre: 5.56).canvasScale == 3)
    #expect(Layout(width: 1920, height: 1080, pixelsPerMillimetre: 3.61).canvasScale == 2)
    // 7 inch at 800x480: there is no room for more than 280.
    #expect(Layout(width: 800, height: 480, pixelsPerMillimetre: 5.3).canvasScale == 1)
  }

  /// Panels as they are sold: size in pixels, diagonal in inches.
  static let panels = [
    (800, 480, 7.0), (1024, 600, 7.0), (1280, 800, 10.1), (1920, 1080, 15.6), (1920, 1080, 24.0),
    (480, 800, 5.0), (720, 1280, 10.0), (800, 1280, 8.0), (1080, 1920, 13.3), (800, 480, 5.0),
  ]

  @Test(
    "where the display tells its size, whatever is touched is at least 15 mm wide and high", arguments: panels
  )
  func touchable(width: Int, height: Int, inches: Double) {
    let density = Float(Double(width * width + height * height).squareRoot() / (inches * 25.4))
    for isLeftHanded in [false, true] {
      let layout = Layout(
        width: width, height: height, pixelsPerMillimetre: density, isLeftHanded: isLeftHanded)
      for rect in [
        layout.undo, layout.clear, layout.submit, layout.freeClear, layout.challengeTab, layout.freePlayTab,
      ] {
        let least = Float(min(rect.width, rect.height)) / density
        #expect(least >= 15, "\(rect) is \(least) mm on \(inches) inch of \(width)x\(height)")
      }
    }
  }

  @Test(
    "for a left hand Submit stands at the left, the bars where they were, and Undo before Clear",
    arguments: sizes)
  func mirrored(width: Int, height: Int) {
    let right = Layout(width: width, height: height)
    let left = Layout(width: width, height: height, isLeftHanded: true)
    #expect(left.canvas == right.canvas)
    #expect(left.bars.count == right.bars.count)
    #expect(left.submit.x == width - right.submit.maxX)
    #expect(left.undo.x <= left.clear.x && left.undo.y <= left.clear.y)
    for digit in 0..<5 { #expect(left.bars[digit].maxX <= left.canvas.x) }
    #expect(Layout(width: width, height: height, isLeftHanded: true) == left)
  }

  @Test("a panel too small for the canvas is laid out as the smallest that is not")
  func tooSmall() {
    let layout = Layout(width: 320, height: 240)
    #expect(layout.bounds.width == 480)
    #expect(layout.canvas.width == 280)
    #expect(Layout(width: 240, height: 320).bounds == PixelRect(x: 0, y: 0, width: 320, height: 480))
  }

  @Test(
    "between the sizes that are sold, too, everything touched stays on a panel held upright",
    arguments: [(320, 640), (360, 480), (360, 640), (400, 600), (480, 600), (480, 640), (600, 800)])
  func upright(width: Int, height: Int) {
    for density: Float? in [nil, 4, 6.5, 9] {
      let layout = Layout(width: width, height: height, pixelsPerMillimetre: density)
      for mode in [Booth.Mode.challenge, .freePlay] {
        for (name, rect) in parts(layout, mode) {
          #expect(
            rect.intersection(layout.bounds) == rect && !rect.isEmpty,
            "\(name) at \(width)x\(height): \(rect)")
        }
      }
    }
  }
}
