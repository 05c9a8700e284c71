import Ink
import Testing

@testable import Panel

@Suite("Layouts")
struct LayoutTests {
  static let sizes = [
    (480, 320), (800, 480), (1024, 600), (1280, 800), (1920, 1080), (480, 800), (720, 1280), (600, 1024),
    (800, 1280), (1080, 1920), (640, 480),
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
      for (digit, bar) in layout.bars.enumerated() { parts.append(("bar \(digit)", bar)) }
    }
    return parts
  }

  @Test("nothing overlaps, nothing leaves the panel, and nothing is empty", arguments: sizes)
  func separate(width: Int, height: Int) {
    for scale in [nil, 1, 2, 3] {
      let layout = Layout(width: width, height: height, canvasScale: scale)
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

  @Test("a dense panel gets a larger canvas by itself, one that tells no size does not")
  func density() {
    // 10.1 inch at 1920x1200: 8.8 pixels a millimetre.
    #expect(Layout(width: 1920, height: 1200, pixelsPerMillimetre: 8.8).canvasScale == 2)
    #expect(Layout(width: 1920, height: 1200).canvasScale == 1)
    // 7 inch at 800x480: 5.3.
    #expect(Layout(width: 800, height: 480, pixelsPerMillimetre: 5.3).canvasScale == 1)
  }

  @Test("a panel too small for the canvas is laid out as the smallest that is not")
  func tooSmall() {
    let layout = Layout(width: 320, height: 240)
    #expect(layout.bounds.width == 480)
    #expect(layout.canvas.width == 280)
  }
}
