import Display
import Ink
import Randomness
import Recognizer
import Testing
import Touch

@testable import Panel

@Suite("What the screens look like")
struct ViewTests {
  private func view() throws -> BoothView {
    let letters = Lettering(
      regular: try Typeface(inter: .regular), strong: try Typeface(inter: .semiBold))
    return BoothView(theme: .dark, letters: letters, title: "Digit Panel")
  }

  private func picture(_ booth: Booth, _ view: BoothView) -> Surface {
    var surface = Surface(width: booth.layout.bounds.width, height: booth.layout.bounds.height)
    _ = view.draw(.everything, of: booth, on: &surface)
    return surface
  }

  /// The relative luminance of WCAG 2.2.
  private func luminance(_ color: Color) -> Double {
    func linear(_ byte: UInt8) -> Double {
      let c = Double(byte) / 255
      // (c + 0.055) / 1.055 to the power of 2.4, by a series of square roots: 2.4 = 2 + 0.25 + 0.125 + 0.025.
      guard c > 0.04045 else { return c / 12.92 }
      let x = (c + 0.055) / 1.055
      let quarter = x.squareRoot().squareRoot()
      return x * x * quarter * quarter.squareRoot() * (1 + 0.025 * (x - 1) / x)
    }
    return 0.2126 * linear(color.red) + 0.7152 * linear(color.green) + 0.0722 * linear(color.blue)
  }

  @Test("text on its ground has a contrast of at least 4.5 to 1, and of 7 to 1 where that is asked for")
  func contrast() {
    let themes: [(String, Theme, Double)] = [
      ("dark", .dark, 4.5), ("light", .light, 4.5), ("dark, high contrast", .darkHighContrast, 7),
      ("light, high contrast", .lightHighContrast, 7),
    ]
    for (theme, colors, least) in themes {
      for (pair, a, b) in colors.pairs {
        let (light, dark) = (max(luminance(a), luminance(b)), min(luminance(a), luminance(b)))
        let ratio = (light + 0.05) / (dark + 0.05)
        #expect(ratio >= least, "\(pair) of \(theme): \(ratio)")
      }
      // What is not text, such as a box to tick, needs 3 to 1 (WCAG 2.2, 1.4.11).
      let (light, dark) = (luminance(colors.accent), luminance(colors.onAccent))
      #expect((light + 0.05) / (dark + 0.05) >= 3)
    }
  }

  @Test(
    "drawing parts again gives the same picture as drawing everything",
    arguments: [(800, 480), (480, 320), (320, 480)])
  func partsEqualWhole(width: Int, height: Int) throws {
    let view = try view()
    var random = SplitMix64(seed: UInt64(width))
    var visitor = Visitor(width: width, height: height)
    var shown = picture(visitor.booth, view)
    var kinds = Set<Int>()
    for step in 0..<500 {
      let booth = visitor.booth
      var response = Response.none
      switch Int.random(in: 0..<12, using: &random) {
      case 0: response = visitor.booth.read(.blank)
      case 1:
        if booth.phase == .saving {
          response = visitor.booth.saved(
            Visitor.saved, Scoreboard(prompt: step % 10, own: step, rank: 1, total: step), at: visitor.now)
        }
      case 2:
        if booth.phase == .saving { response = visitor.booth.failed("cannot store") }
      case 3:
        visitor.now += UInt64.random(in: 1...20, using: &random) * 1_000_000_000
        response = visitor.booth.tick(visitor.now, visit: booth.visit)
      case 4:
        let row = Scoreboard.Row(rank: 1, name: "Calm Crane", count: step, own: step % 2 == 0)
        response = visitor.booth.update(Scoreboard(prompt: 5, own: step, rank: 2, total: step, board: [row]))
      case 5, 6:
        visitor.asked = []
        visitor.areas = []
        let buttons = Booth.buttons.compactMap { booth.place(of: $0) }
        visitor.tap(buttons[Int.random(in: buttons.indices, using: &random)])
        response.repaint = visitor.asked
        response.areas = visitor.areas
      default:
        let phases: [TouchEvent.Phase] = [.down, .move, .move, .up, .cancel]
        let canvas = booth.layout.canvas
        response = visitor.send(
          phases[Int.random(in: phases.indices, using: &random)],
          Float(canvas.x + Int.random(in: -40..<320, using: &random)),
          Float(canvas.y + Int.random(in: -40..<320, using: &random)))
      }
      if !response.ink.isEmpty { _ = view.drawInk(response.ink, of: visitor.booth, on: &shown) }
      kinds.insert(response.repaint.rawValue)
      var changed = view.draw(response.repaint, of: visitor.booth, on: &shown)
      view.draw(areas: response.areas, of: visitor.booth, on: &shown, changed: &changed)
      let whole = picture(visitor.booth, view)
      guard shown == whole else {
        var different = PixelRect.empty
        for y in 0..<whole.height {
          for x in 0..<whole.width where whole[x: x, y: y] != shown[x: x, y: y] {
            different = different.union(PixelRect(x: x, y: y, width: 1, height: 1))
          }
        }
        Issue.record(
          "step \(step): repainting \(response.repaint) left \(different) of \(visitor.booth.layout) as it was"
        )
        return
      }
      for rect in changed { #expect(rect.intersection(visitor.booth.layout.bounds) == rect) }
    }
    #expect(kinds.count > 5)
  }

  @Test("every screen at every size is drawn without touching the sheet", arguments: LayoutTests.sizes)
  func sheetIsFree(width: Int, height: Int) throws {
    let view = try view()
    var visitor = Visitor(width: width, height: height)
    for mode in [Booth.Button.challengeTab, .freePlayTab] {
      visitor.tap(mode)
      let surface = picture(visitor.booth, view)
      let canvas = visitor.booth.layout.canvas
      for y in canvas.y..<canvas.maxY {
        for x in canvas.x..<canvas.maxX where surface[x: x, y: y] != Theme.dark.paper {
          Issue.record("(\(x), \(y)) of \(width)x\(height) is covered")
          return
        }
      }
    }
  }

  @Test("the mouse's arrow leaves no trace")
  func cursor() throws {
    let view = try view()
    let visitor = Visitor()
    let before = picture(visitor.booth, view)
    var surface = before
    var cursor = Cursor()
    for (x, y) in [(100, 100), (105, 108), (799, 479), (0, 0), (790, 300)] {
      let changed = cursor.move(x: x, y: y, at: 1, on: &surface)
      #expect(changed?.contains(x: x, y: y) == true)
      #expect(surface != before)
    }
    #expect(cursor.expire(2_999_999_999, on: &surface) == nil)
    #expect(cursor.expire(3_000_000_001, on: &surface) != nil)
    #expect(surface == before)
    #expect(cursor.deadline == nil)
    #expect(cursor.hide(on: &surface) == nil)
  }
}
