import Spool

@testable import Panel
@testable import Recognizer

/// A moment of a visit at which the screens say something: all that ``Picture/Scene`` shows, and what lies between.
struct Moment: Sendable {
  /// A panel to stand before.
  struct Stand {
    var studio: Studio
    var width: Int
    var height: Int
    var language: String
    var languages: Languages { studio.languages(language) }
  }

  var name: String
  var booth: @Sendable (Stand) throws -> Booth

  static let all: [Moment] =
    scenes + sheet + board + entrance + operatorPIN + operatorMenu + withdrawal + glass

  private static let scenes = Picture.Scene.allCases.map { scene in
    Moment(name: scene.rawValue) { stand in
      stand.studio.booth(
        Picture(scene: scene, width: stand.width, height: stand.height, language: stand.language))
    }
  }

  // MARK: The sheet

  /// A visitor before the sheet of the challenge, with a board of a busy afternoon.
  private static func visitor(
    _ name: String, board: Scoreboard = Studio.board, _ body: @escaping @Sendable (inout Visitor) -> Void
  ) -> Moment {
    Moment(name: name) { stand in
      var visitor = Visitor(width: stand.width, height: stand.height, languages: stand.languages)
      visitor.booth.visit.name = "Test Wren"
      _ = visitor.booth.update(board)
      body(&visitor)
      return visitor.booth
    }
  }

  private static let sheet: [Moment] =
    [
      visitor("only a dot") {
        $0.draw([(140, 140)])
        $0.tap(.submit)
      },
      visitor("saving") {
        $0.drawThree()
        $0.tap(.submit)
      },
      visitor("not to be stored") { $0.booth.show(.drawAgain, at: $0.now) },
      visitor("withdrawn meanwhile") { $0.booth.show(.withdrawn, at: $0.now) },
      visitor("no touch") { _ = $0.booth.notice(.noTouch) },
      visitor("a drop on the glass") {
        $0.send(.down, 0.5, 0.5, contact: 900)
        $0.send(.move, 0.5, 0.5, contact: 900, after: 61_000)
      },
      visitor("in the game alone") { $0.booth.visit.consent.dataSet = false },
      visitor("nothing drawn in free play") { $0.tap(.freePlayTab) },
    ]
    + [1, 2, 1234].map { count in
      visitor("welcome back \(count)") { $0.booth.show(.welcomeBack(count), at: $0.now) }
    }
    + (0..<10).map { digit in
      visitor("reads \(digit) in free play") {
        $0.tap(.freePlayTab)
        $0.drawThree()
        _ = $0.booth.read(Moment.sure(of: digit))
      }
    }
    + thanks.map { name, sample, blocks in
      visitor("thanks, \(name)") {
        $0.drawThree()
        $0.tap(.submit)
        var board = Studio.board
        board.blocks = blocks
        _ = $0.booth.saved(sample, board, at: $0.now)
        $0.wait(400)
      }
    }

  /// All that can be said of a drawing that was stored.
  private static let thanks: [(String, SavedSample, Int)] = {
    func sample(
      _ read: Int?, _ percent: Int, rank: Int? = 1284, ends: Bool = false, _ flags: QualityFlags = []
    )
      -> SavedSample
    {
      SavedSample(
        asked: 8, read: read, percent: percent, receipt: "WWWW-WWWW", rank: rank, endsBlock: ends,
        uncounted: flags)
    }
    return [
      ("an 8 and a rank", sample(8, 100), 0), ("no digit", sample(nil, 0), 0),
      ("no rank", sample(4, 9, rank: nil), 0),
      ("drawn before", sample(8, 100, .repeated), 0), ("too fast", sample(8, 100, .tooFast), 0),
      ("rushed", sample(nil, 0, .rushed), 0), ("a scribble", sample(nil, 0, .scribble), 0),
      ("a full block", sample(8, 100, ends: true), 1), ("many blocks", sample(nil, 0, ends: true), 25),
    ]
  }()

  /// What the recogniser says of a digit that it knows.
  private static func sure(of digit: Int) -> Reading {
    var shares = SIMD16<UInt32>(repeating: 0)
    shares[digit] = Reading.one
    return Reading(shares: shares, rejection: 0, isDigit: true)
  }

  private static let board: [Moment] = [
    visitor("nobody on the board", board: Scoreboard(prompt: 8)) { _ in },
    visitor("anonymous", board: Scoreboard(prompt: 8, own: 1, rank: 1234, total: 123_456)) {
      $0.booth.visit.name = ""
    },
    visitor("nobody on the board of the invitation", board: Scoreboard(prompt: 8)) {
      _ = $0.booth.attract($0.now)
    },
  ]

  // MARK: The way in

  private static func guest(_ name: String, _ body: @escaping @Sendable (inout Guest) -> Void) -> Moment {
    Moment(name: name) { stand in
      var guest = Guest(
        width: stand.width, height: stand.height, languages: stand.languages, board: ["Zoë", "Max"])
      body(&guest)
      return guest.booth
    }
  }

  private static let entrance: [Moment] =
    [
      guest("nothing chosen") { _ in },
      guest("both chosen") {
        $0.press(.useDrawings)
        $0.press(.showName)
      },
    ]
    + (0..<6).map { page in
      guest("page \(page) of the text") {
        $0.press(.readAll)
        for _ in 0..<page { $0.press(.next) }
      }
    }
    + [("offered", ""), ("known", "Zoe"), ("full", "Ivo Ivo Ivo Ivo Ivo I")].map { name, typed in
      guest("name, \(name)") {
        $0.press(.showName)
        $0.press(.start)
        $0.type(typed)
      }
    }
    + [
      guest("no name") {
        $0.press(.showName)
        $0.press(.start)
        $0.press(.backspace)
      },
      guest("figures") {
        $0.press(.showName)
        $0.press(.start)
        $0.press(.figures)
      },
    ]

  // MARK: The operator

  private static func visit(
    _ name: String, hasPIN: Bool = true, _ body: @escaping @Sendable (inout OperatorVisit) -> Void
  ) -> Moment {
    Moment(name: name) { stand in
      var visit = OperatorVisit(
        width: stand.width, height: stand.height, hasPIN: hasPIN, languages: stand.languages)
      visit.holdCorners()
      body(&visit)
      return visit.booth
    }
  }

  private static let operatorPIN: [Moment] = [
    visit("no PIN is set", hasPIN: false) { _ in },
    visit("the PIN is looked at") {
      for digit in [4, 7, 1, 1] { $0.tap(.digit(digit)) }
      $0.tap(.enter)
    },
    visit("a wrong PIN") { $0.type("9999") },
    visit("locked") { visit in for _ in 0..<3 { visit.type("9999") } },
  ]

  private static let operatorMenu: [Moment] =
    OperatorScreen.Page.allCases.flatMap { page in
      [
        visit("operator, \(page)") {
          $0.type(OperatorVisit.pin)
          $0.tap(.page(page))
        },
        visit("operator, \(page), nothing is well") {
          $0.type(OperatorVisit.pin)
          $0.tap(.collecting)
          $0.tap(.page(page))
          var facts = OperatorFacts()
          facts.touch.isWell = false
          facts.drawings = 1
          facts.clockQuality = .unset
          _ = $0.visitor.booth.tell(facts)
        },
      ]
    }
    + [ClockQuality.restored, .rtc, .ntp].map { quality in
      visit("clock \(quality)") {
        $0.type(OperatorVisit.pin)
        var facts = OperatorVisit.facts
        facts.clockQuality = quality
        facts.lastSync = nil
        facts.drawings = 1_234_567
        _ = $0.visitor.booth.tell(facts)
      }
    }
    + [OperatorScreen.Control.restart, .reboot, .shutDown].flatMap { control in
      (1...2).map { presses in
        visit("\(control) pressed \(presses) times") { visit in
          visit.type(OperatorVisit.pin)
          for _ in 0..<presses { visit.tap(control) }
        }
      }
    }

    + [
      visit("restart pressed while a drawing waits") {
        $0.type(OperatorVisit.pin)
        var facts = OperatorVisit.facts
        facts.isStoring = true
        _ = $0.visitor.booth.tell(facts)
        $0.tap(.restart)
      }
    ]

  /// The page of receipts, where the code that was typed is looked up, and after each answer of the store.
  private static let withdrawal: [Moment] =
    [
      visit("an empty code") {
        $0.type(OperatorVisit.pin)
        $0.tap(.withdraw)
      },
      visit("a wrong code") {
        $0.type(OperatorVisit.pin)
        $0.tap(.withdraw)
        for letter in "WWWWWWWW" { $0.tap(.key(letter)) }
      },
    ]
    + [
      ("visit", .visit(.random(), drawings: 1234, time: time, isNamed: false)),
      ("visit without drawings", .visit(.random(), drawings: 0, time: "–", isNamed: true)),
      ("unknown", .unknown),
      ("several", .several), ("before", .before("2026-11-20 18:02 CET")), ("deleted", .withdrawn(1)),
      ("all deleted", .withdrawn(1234)), ("nothing deleted", .withdrawn(0)), ("failed", .failed(sentence)),
    ].map { (name: String, told: WithdrawScreen.Told) in
      visit("receipt, \(name)") {
        $0.type(OperatorVisit.pin)
        $0.tap(.withdraw)
        for letter in "K7M29QXD" { $0.tap(.key(letter)) }
        $0.tap(.find)
        _ = $0.visitor.booth.tell(told, at: $0.visitor.now)
        $0.tap(.delete)
      }
    }

  private static let time = "2026-11-20 18:02 CET – 2026-11-20 18:09 CET"
  /// What the machine says, as long as it gets.
  static let sentence =
    "cannot withdraw drawings from /var/lib/panel: read-only file system; look at the disk and restart the panel"

  private static let glass: [Moment] =
    [
      visit("wipe") {
        $0.type(OperatorVisit.pin)
        $0.tap(.wipe)
      },
      visit("touch test") {
        $0.type(OperatorVisit.pin)
        $0.tap(.test)
      },
    ]
    // Taps at the crosses; at one cross again and again; and at one wrongly.
    + [
      ([], "first"), ([0], "second"), ([0, 0, 0, 0], "flat"), ([0, 1, 2, 2], "uneven"),
      ([0, 1, 2, 3], "trial"),
    ].map {
      taps, name in
      visit("calibration, \(name)") { visit in
        visit.type(OperatorVisit.pin)
        visit.tap(.calibrate)
        for step in taps as [Int] {
          let (x, y) = CalibrationScreen.cross(step, in: visit.layout.bounds)
          visit.send(.down, x, y, contact: 40, after: 300)
          visit.send(.up, x, y, contact: 40)
        }
      }
    }
}
