import Display
import Kernel
import Recognizer
import Settings
import Spool

@testable import Panel

/// A moment of a visit on a panel of some size, in some look: what the golden pictures and the gallery show.
struct Picture: Sendable, CustomStringConvertible {
  enum Scene: String, CaseIterable, Sendable {
    /// Nobody is there: a hand draws a digit.
    case attract
    /// The same while collecting is paused.
    case paused
    /// The two choices, one of them made.
    case consent
    /// A name is being typed.
    case name
    /// A drawing is on the sheet, waiting for Submit.
    case challenge
    /// Nothing was drawn when Submit was pressed.
    case refused
    /// The drawing is on the disk.
    case thanks
    /// It was the tenth of a block.
    case fullBlock = "full-block"
    /// The disk refuses.
    case failing
    /// A digit is on the sheet, and the bars move.
    case freePlay = "free-play"
    /// The same while collecting is paused: the challenge cannot be had.
    case pausedFreePlay = "paused-free-play"
    /// What is on the sheet is no digit.
    case notADigit = "not-a-digit"
    /// Nobody has touched for a while.
    case stillThere = "still-there"
    /// Two corners were held; half of the PIN is typed.
    case operatorPIN = "operator-pin"
    /// What the operator sees first.
    case operatorMenu = "operator"
    /// A receipt's code is being typed.
    case withdraw
    /// What it stands for, and the question.
    case withdrawFound = "withdraw-found"
    /// The invitation after the first touch while collecting is paused: a language can be chosen.
    case awake

    /// Whether it has a sheet, which changes sides for a left hand.
    var hasSheet: Bool {
      switch self {
      case .consent, .name, .stillThere, .operatorPIN, .operatorMenu, .withdraw, .withdrawFound: false
      default: true
      }
    }
  }

  var scene: Scene
  var width: Int
  var height: Int
  var look = Look.dark
  var language = "en"
  var isLeftHanded = false

  enum Look: String, CaseIterable, Sendable {
    case dark, light
    case darkHighContrast = "dark-high-contrast"
    case lightHighContrast = "light-high-contrast"

    var theme: Theme {
      switch self {
      case .dark: .dark
      case .light: .light
      case .darkHighContrast: .darkHighContrast
      case .lightHighContrast: .lightHighContrast
      }
    }
  }

  var description: String {
    "\(scene.rawValue)-\(width)x\(height)-\(look.rawValue)-\(language)\(isLeftHanded ? "-left" : "")"
  }

  /// Every scene at every size, the languages by turns; and at one size in every look, at two for a left hand.
  static let all: [Picture] = Scene.allCases.enumerated().flatMap { index, scene in
    sizes.enumerated().map { turn, size in
      Picture(
        scene: scene, width: size.0, height: size.1,
        // The size of the README's pictures keeps to English.
        language: size.0 == 1280 ? "en" : languages[(index + turn) % languages.count])
    } + Look.allCases.dropFirst().map { Picture(scene: scene, width: 1280, height: 800, look: $0) }
      + (scene.hasSheet ? [(1280, 800), (720, 1280), (320, 480)] : []).map {
        Picture(scene: scene, width: $0.0, height: $0.1, isLeftHanded: true)
      }
  }

  static let sizes = [
    (480, 320), (800, 480), (1024, 600), (1280, 800), (1920, 1080), (480, 800), (720, 1280), (320, 480),
  ]
  static let languages = ["en", "de", "es", "fr", "uk"]
}

/// Renders pictures by the panel's own code. It is slow to make: it reads fonts and model.
final class Studio {
  let letters: Lettering
  private var recognizer: Recognizer
  private var languages: [String: Languages] = [:]
  private let demonstration: Demonstration

  init() throws {
    letters = Lettering(regular: try Typeface(inter: .regular), strong: try Typeface(inter: .semiBold))
    recognizer = try Recognizer(
      model: try contentsOfFile(try AssetSearch().find("model/digits.safetensors"), limit: 1 << 20))
    var findings: [String] = []
    demonstration = Demonstration(AssetSearch(), findings: &findings)
    for tag in Picture.languages {
      var settings = Settings()
      settings.languages = Picture.languages
      settings.language = tag
      languages[tag] = Languages(settings, search: AssetSearch())
    }
  }

  /// All that is said on a screen.
  func said(_ booth: Booth) -> [String] {
    var texts: [String] = []
    letters.observe = { texts.append($0.text) }
    defer { letters.observe = nil }
    var surface = Surface(width: 1, height: 1)
    _ = view(.dark).draw(.everything, of: booth, on: &surface)
    return texts
  }

  func view(_ theme: Theme) -> BoothView { BoothView(theme: theme, letters: letters, title: "Digit Panel") }

  func render(_ picture: Picture) -> Surface {
    let booth = booth(picture)
    var surface = Surface(width: booth.layout.bounds.width, height: booth.layout.bounds.height)
    _ = view(picture.look.theme).draw(.everything, of: booth, on: &surface)
    return surface
  }

  /// The booth at the picture's scene.
  func booth(_ picture: Picture) -> Booth {
    let languages = languages(picture.language)
    switch picture.scene {
    case .consent, .name:
      var guest = Guest(
        width: picture.width, height: picture.height, languages: languages, board: ["Zoë", "Max"])
      guest.press(.useDrawings)
      guard picture.scene == .name else { return guest.booth }
      guest.press(.showName)
      guest.press(.start)
      guest.type(picture.language == "uk" ? "Їжак" : "Zoe")
      return guest.booth
    case .operatorPIN, .operatorMenu, .withdraw, .withdrawFound:
      var visit = OperatorVisit(width: picture.width, height: picture.height, languages: languages)
      visit.holdCorners()
      guard picture.scene != .operatorPIN else {
        for digit in [4, 7] { visit.tap(.digit(digit)) }
        return visit.booth
      }
      visit.type(OperatorVisit.pin)
      guard picture.scene != .operatorMenu else { return visit.booth }
      visit.tap(.withdraw)
      let code = "K7M29QXD"
      for letter in picture.scene == .withdraw ? code.prefix(6) : code[...] { visit.tap(.key(letter)) }
      guard picture.scene == .withdrawFound else { return visit.booth }
      visit.tap(.find)
      let found = WithdrawScreen.Told.visit(
        .random(), drawings: 12, time: "2026-11-20 18:02 CET – 2026-11-20 18:09 CET", isNamed: true)
      _ = visit.visitor.booth.tell(found, at: visit.visitor.now)
      return visit.booth
    default: return visit(picture).booth
    }
  }

  /// The languages as they are shipped, with this one as the first.
  func languages(_ tag: String) -> Languages { languages[tag] ?? .english }

  /// The board of a busy afternoon.
  static let board = Scoreboard(
    prompt: 3, own: 12, rank: 4, total: 1284,
    board: [
      "Amber Otter", "Swift Heron", "Calm Crane", "Test Wren", "Jolly Ibex", "Lucky Lynx", "Кіт Матрос",
    ]
    .enumerated().map {
      Scoreboard.Row(rank: $0 + 1, name: $1, count: 40 - 6 * $0, own: $1 == "Test Wren")
    })

  /// A visitor who has come to the picture's scene by touch and by the worker's answers.
  private func visit(_ picture: Picture) -> Visitor {
    var visitor = Visitor(
      width: picture.width, height: picture.height, isLeftHanded: picture.isLeftHanded,
      languages: languages[picture.language] ?? .english, demonstration: demonstration)
    visitor.booth.visit.name = "Test Wren"
    var board = Studio.board
    _ = visitor.booth.update(board)
    func read() {
      _ = visitor.booth.read(
        recognizer.read(canvas: visitor.booth.sketch.canvas.pixels, width: 280, height: 280))
    }
    switch picture.scene {
    case .challenge: visitor.drawThree()
    case .refused: visitor.tap(.submit)
    case .thanks:
      visitor.drawThree()
      visitor.tap(.submit)
      board.prompt = 8
      _ = visitor.booth.saved(
        SavedSample(asked: 3, read: 3, percent: 99, receipt: "K7TM-2QXD", rank: 4), board, at: visitor.now)
      visitor.wait(200)
    case .fullBlock:
      visitor.drawThree()
      visitor.tap(.submit)
      board.blocks = 1
      _ = visitor.booth.saved(
        SavedSample(asked: 3, read: nil, percent: 0, receipt: "K7TM-2QXD", rank: 4, endsBlock: true), board,
        at: visitor.now)
      visitor.wait(200)
    case .attract, .paused, .awake:
      visitor.booth.desk.collectsByDefault = picture.scene == .attract
      _ = visitor.booth.attract(visitor.now)
      visitor.wait(1900)
      if picture.scene == .awake { visitor.tap(visitor.booth.layout.canvas) }
    case .failing:
      visitor.drawThree()
      visitor.tap(.submit)
      _ = visitor.booth.failed("cannot store a drawing in /var/lib/panel: no space left on device")
    case .freePlay, .pausedFreePlay:
      visitor.tap(.freePlayTab)
      visitor.booth.desk.collectsByDefault = picture.scene == .freePlay
      visitor.drawThree()
      read()
    case .notADigit:
      visitor.tap(.freePlayTab)
      for y in stride(from: Float(40), to: 240, by: 28) {
        visitor.draw([(30, y), (250, y + 12), (30, y + 22)])
      }
      read()
    case .stillThere:
      visitor.drawThree()
      visitor.wait(33_000)
    case .consent, .name, .operatorPIN, .operatorMenu, .withdraw, .withdrawFound: break
    }
    return visitor
  }
}

extension Visitor {
  /// A 3 as a hand draws it.
  mutating func drawThree() {
    draw([
      (78, 84), (96, 62), (130, 50), (164, 56), (184, 80), (180, 106), (158, 126), (128, 136), (120, 138),
      (150, 140), (182, 154), (200, 184), (192, 216), (164, 238), (126, 240), (92, 226), (76, 206),
    ])
  }
}
