import Spool

/// One visitor's stay: everything drawn between two idle times belongs to one pseudonym.
struct Visit: Sendable, Equatable {
  /// Stands for the visitor in every sample.
  var pseudonym: Identifier
  /// Stands for this stay.
  var session: Identifier
  /// A nickname on offer.
  var nickname: String
  /// What the visitor is called on the board; empty for Anonymous. It is kept only where ``consent`` allows to show it.
  var name = ""
  /// Whether the visitor has typed the name, and so goes on counting where it is on the board already; a nickname that was
  /// only taken from the offer is nobody's.
  var isNameTyped = false
  /// What the visitor agreed to; it goes into every sample of the visit.
  var consent = Consent(version: "notice-1", dataSet: true, nameShown: true)
  /// The language of the screens, as a BCP 47 tag.
  var language = "en"

  /// A new visit with randomness from `random`.
  ///
  /// - Parameter strings: give the nickname.
  static func new(using random: inout some RandomNumberGenerator, in strings: Strings = .english) -> Visit {
    let nickname = Nicknames(strings).next(using: &random)
    return Visit(
      pseudonym: Identifier(using: &random), session: Identifier(using: &random), nickname: nickname,
      name: nickname, language: strings.language)
  }
}

extension Identifier {
  /// A seed for what is chosen for a visitor: what is drawn for a pseudonym by chance is as good as chance.
  var seed: UInt64 { bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) } }
}

/// What the store says about the booth and this visitor.
struct Scoreboard: Sendable, Equatable {
  struct Row: Sendable, Equatable {
    /// 1 is the best; visitors with the same count share a rank.
    var rank: Int
    /// Nil where the visitor did not choose to be shown.
    var name: String?
    var count: Int
    /// Whether this is the visitor who stands here.
    var own: Bool
  }

  /// The digit to draw next; nil until the store is open, and while it has no room.
  var prompt: Int?
  /// Why no drawing is taken for want of room, for the operator; nil while there is room.
  var full: String?
  /// Drawings of this visitor that count.
  var own = 0
  /// Place on the board, 1 the best; nil before the first drawing.
  var rank: Int?
  /// Drawings on this panel.
  var total = 0
  /// The top of the board, best first.
  var board: [Row] = []
  /// The digits of the full block that the visitor is at, and those that it needs.
  var streak: DigitSet = []
  var prompts = DigitSet.all
  /// Full blocks of this visit.
  var blocks = 0
  /// By language: nicknames that nobody in the store has; empty until the store is open.
  var nicknames: [String: [String]] = [:]
}

/// What "Saved" tells: it is shown only after the store's commit.
struct SavedSample: Sendable, Equatable {
  /// The digit that was asked for.
  var asked: Int
  /// The digit that the recogniser read, and nil when it took the drawing for none.
  var read: Int?
  /// Its probability, 0 ... 100.
  var percent: Int
  /// The code with which the visit's drawings can be withdrawn.
  var receipt: String
  /// The visitor's place with this drawing, 1 the best; nil while nothing counts.
  var rank: Int?
  /// Whether the drawing ends a full block.
  var endsBlock = false
  /// Why the drawing does not count on the board: the flags that say so; empty when it counts.
  var uncounted: QualityFlags = []
}
