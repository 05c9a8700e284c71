import Ink
import Kernel
import Recognizer
import Settings
import Testing

@testable import Panel

@Suite("The invitation")
struct AttractTests {
  private func demonstration() throws -> Demonstration {
    var findings: [String] = []
    let read = Demonstration(AssetSearch(), findings: &findings)
    #expect(findings.isEmpty)
    return read
  }

  private func visitor(_ demonstration: Demonstration, isMoving: Bool = true) -> Visitor {
    var visitor = Visitor(demonstration: demonstration, hasTransitions: isMoving)
    _ = visitor.booth.attract(visitor.now)
    return visitor
  }

  @Test("the hand draws all ten digits, and the recogniser reads each as what it is")
  func digits() throws {
    let demonstration = try demonstration()
    #expect(Set(demonstration.drawings.map(\.digit)) == Set(0...9))
    var recognizer = try Recognizer(
      model: try contentsOfFile(try AssetSearch().find("model/digits.safetensors"), limit: 1 << 20))
    for drawing in demonstration.drawings {
      var canvas = Canvas()
      var pen = Pen(diameter: Sketch.brush)
      for sample in drawing.samples {
        _ =
          sample.begins
          ? pen.down(x: sample.x, y: sample.y, on: &canvas) : pen.move(x: sample.x, y: sample.y, on: &canvas)
      }
      let reading = recognizer.read(canvas: canvas.pixels, width: Canvas.side, height: Canvas.side)
      #expect(
        reading.isDigit && reading.digit == drawing.digit, "\(drawing.digit) is read as \(reading.digit)")
    }
  }

  @Test("a frame draws only new ink, and never more than thirty are drawn in a second")
  func frames() throws {
    var visitor = visitor(try demonstration())
    let visit = visitor.booth.visit
    let end = visitor.now + 60_000_000_000
    var (frames, inked, wiped) = (0, 0, 0)
    var last: UInt64 = 0
    while let due = visitor.booth.deadline, due < end {
      #expect(due >= last)
      let response = visitor.booth.tick(due, visit: visit)
      if response.repaint.contains(.canvas) {
        wiped += 1
        #expect(visitor.booth.sketch.isEmpty)
      } else {
        #expect(response.repaint.isEmpty && response.areas.isEmpty)
        #expect(due - last >= AttractScreen.frame)
        inked += response.ink.isEmpty ? 0 : 1
        // New ink is as long as a hand moves in a frame, not the whole digit.
        #expect(response.ink.width <= 140 && response.ink.height <= 140)
        last = due
      }
      frames += 1
    }
    #expect(wiped >= 10)
    #expect(inked > 300)
    #expect(frames < 60 * 30)
  }

  @Test("a panel that slept for an hour goes on where it was, with one frame")
  func sleep() throws {
    var visitor = visitor(try demonstration())
    let visit = visitor.booth.visit
    let later = visitor.now + 3_600_000_000_000
    _ = visitor.booth.tick(later, visit: visit)
    #expect(!visitor.booth.sketch.isEmpty)
    let next = try #require(visitor.booth.deadline)
    let response = visitor.booth.tick(max(next, later), visit: visit)
    #expect(response.repaint == .canvas)
    #expect(try #require(visitor.booth.deadline) > later)
  }

  @Test("with transitions off a digit stands there, and nothing ever wakes")
  func still() throws {
    let visitor = visitor(try demonstration(), isMoving: false)
    #expect(visitor.booth.deadline == nil)
    #expect(!visitor.booth.sketch.isEmpty)
  }

  @Test("the first touch wakes, and neither draws nor presses what lies under it")
  func waking() throws {
    for place in [\Layout.canvas, \Layout.submit, \Layout.freePlayTab] {
      var visitor = visitor(try demonstration())
      visitor.wait(900)
      let rect = visitor.booth.layout[keyPath: place]
      let (x, y) = (Float(rect.x + rect.width / 2), Float(rect.y + 2))
      visitor.send(.down, x, y)
      visitor.send(.move, x + 4, y)
      visitor.send(.up, x + 4, y)
      if case .attract = visitor.booth.stage { Issue.record("it still sleeps") }
      #expect(visitor.booth.sketch.isEmpty)
      #expect(visitor.submitted == 0 && visitor.booth.mode == .challenge)
    }
  }

  @Test("a touch on the name of a language only wakes, and the consent screen then takes the choice")
  func languageAsleep() throws {
    var visitor = Visitor(languages: try StringsTests.languages(), asksConsent: true, invites: true)
    _ = visitor.booth.attract(visitor.now)
    let screen = try #require(invitation(visitor))
    let place = screen.languagePlaces(in: visitor.booth.layout)[2]
    #expect(visitor.booth.pressPlaces.map(\.name) == ["anywhere"])
    visitor.tap(place)
    #expect(visitor.booth.screen == "consent")
    #expect(visitor.booth.strings.language == "en" && visitor.booth.visit.language == "en")
    let choice = visitor.booth.pressPlaces.first { $0.name == "language(2)" }
    visitor.tap(try #require(choice).rect)
    #expect(visitor.booth.strings.language == "es")
  }

  /// A paused panel in five languages, asleep: nothing is stored, so there is no consent screen to choose a language on.
  private func paused() throws -> Visitor {
    var visitor = Visitor(
      languages: try StringsTests.languages(), asksConsent: true, invites: true,
      demonstration: try demonstration())
    visitor.booth.desk.collectsByDefault = false
    _ = visitor.booth.attract(visitor.now)
    return visitor
  }

  private func invitation(_ visitor: Visitor) -> AttractScreen? {
    if case .attract(let staged) = visitor.booth.stage { staged.screen } else { nil }
  }

  @Test(
    "where no consent is asked for, the first touch wakes the invitation, and the second chooses a language")
  func languageAwake() throws {
    var visitor = try paused()
    visitor.wait(900)
    let place = try #require(invitation(visitor)).languagePlaces(in: visitor.booth.layout)[2]
    visitor.tap(place)
    #expect(visitor.booth.screen == "languages")
    #expect(visitor.booth.strings.language == "en" && visitor.booth.sketch.isEmpty)
    // A finger that slides off takes the press back.
    visitor.send(.down, Float(place.x + 9), Float(place.y + 9))
    visitor.send(.up, Float(place.x + 9), Float(place.y - 90))
    #expect(visitor.booth.screen == "languages")
    visitor.tap(place)
    #expect(visitor.booth.screen == "free play")
    #expect(visitor.booth.strings.language == "es" && visitor.booth.visit.language == "es")
  }

  @Test("a second touch beside the languages goes on in the first of them")
  func awakeElsewhere() throws {
    var visitor = try paused()
    visitor.tap(visitor.booth.layout.canvas)
    #expect(visitor.booth.screen == "languages" && visitor.booth.sketch.isEmpty)
    visitor.tap(visitor.booth.layout.canvas)
    #expect(visitor.booth.screen == "free play" && visitor.booth.sketch.isEmpty)
    #expect(visitor.booth.strings.language == "en")
  }

  @Test("an invitation that was only woken sleeps again after 30 s, and the hand draws on")
  func awakeAlone() throws {
    var visitor = try paused()
    visitor.tap(visitor.booth.layout.canvas)
    visitor.wait(29_900)
    #expect(visitor.booth.screen == "languages" && visitor.booth.sketch.isEmpty)
    visitor.wait(100)
    #expect(visitor.booth.screen == "attract")
    #expect(visitor.booth.pressPlaces.map(\.name) == ["anywhere"])
    visitor.wait(2000)
    #expect(!visitor.booth.sketch.isEmpty)
  }

  @Test(
    "a file that is broken, empty or not there leaves an empty sheet and a finding",
    arguments: [
      "digit 3\n0 10 10\n5 400 10\n", "0 10 10\n", "digit 3\n0 10 10\n5 nan 10\n", "digit 12\n",
      "digit 3\n9 1 1\n5 1 1\n",
      "\u{0}\u{1}", "digit 3\n0 10 10 10\n",
    ])
  func broken(text: String) {
    var findings: [String] = []
    let read = Demonstration(bytes: Array(text.utf8), findings: &findings)
    #expect(findings.count == 1)
    for drawing in read.drawings { #expect(!drawing.samples.isEmpty) }
    var visitor = visitor(read)
    visitor.wait(10_000)
    var none: [String] = []
    #expect(Demonstration(bytes: [], findings: &none) == .none && none.isEmpty)
  }

  @Test("everything of the invitation stands in the panel, apart from the rest", arguments: LayoutTests.sizes)
  func places(width: Int, height: Int) {
    for isLeftHanded in [false, true] {
      for count in [1, 2, 5, 9] {
        let layout = Layout(width: width, height: height, isLeftHanded: isLeftHanded)
        let screen = AttractScreen(
          languages: (0..<count).map { "Language \($0)" }, demonstration: .none, isMoving: true, now: 0)
        var parts = [("sheet", layout.canvas), ("start", screen.startPlace(in: layout))]
        parts.append(("headline", screen.headlinePlace(in: layout)))
        if let board = screen.boardPlace(in: layout) { parts.append(("board", board)) }
        for (i, place) in screen.languagePlaces(in: layout).enumerated() {
          parts.append(("language \(i)", place))
          #expect(min(place.width, place.height) >= 48, "\(place) of \(count) at \(width)x\(height)")
        }
        for (i, (name, rect)) in parts.enumerated() {
          #expect(!rect.isEmpty, "\(name) is empty at \(width)x\(height)")
          #expect(rect.intersection(layout.bounds) == rect, "\(name) leaves \(width)x\(height): \(rect)")
          for (other, second) in parts[(i + 1)...] {
            #expect(
              rect.intersection(second).isEmpty,
              "\(name) and \(other) overlap at \(width)x\(height) with \(count): \(rect) \(second)")
          }
        }
      }
    }
  }
}
