import Spool

/// One visitor's stay: everything drawn between two idle times belongs to one pseudonym.
struct Visit: Sendable, Equatable {
  /// Stands for the visitor in every sample.
  var pseudonym: Identifier
  /// Stands for this stay.
  var session: Identifier
  /// A nickname on offer, so that the board never shows a name without asking.
  var nickname: String

  /// A new visit with randomness from `random`.
  static func new(using random: inout some RandomNumberGenerator) -> Visit {
    let first = adjectives[Int.random(in: adjectives.indices, using: &random)]
    let second = animals[Int.random(in: animals.indices, using: &random)]
    return Visit(
      pseudonym: Identifier(using: &random), session: Identifier(using: &random),
      nickname: "\(first) \(second)")
  }

  private static let adjectives = [
    "Amber", "Brave", "Bright", "Calm", "Clever", "Curious", "Gentle", "Golden", "Happy", "Jolly", "Kind",
    "Lively", "Lucky", "Merry", "Nimble", "Quick", "Quiet", "Silver", "Sunny", "Swift", "Tidy", "Witty",
  ]
  private static let animals = [
    "Badger", "Beaver", "Crane", "Dolphin", "Falcon", "Finch", "Fox", "Gecko", "Hare", "Heron", "Ibex",
    "Koala",
    "Lark", "Lynx", "Marten", "Newt", "Otter", "Owl", "Panda", "Puffin", "Robin", "Seal", "Swan", "Tiger",
    "Turtle", "Wren",
  ]
}

/// What the store says about the booth and this visitor.
struct Scoreboard: Sendable, Equatable {
  struct Row: Sendable, Equatable {
    /// 1 is the best; visitors with the same count share a rank.
    var rank: Int
    /// Nil for a visitor who did not choose to be shown.
    var name: String?
    var count: Int
    /// Whether this is the visitor who stands here.
    var own: Bool
  }

  /// The digit to draw next; nil until the store is open.
  var prompt: Int?
  /// Drawings of this visitor.
  var own = 0
  /// Place on the board, 1 the best; nil before the first drawing.
  var rank: Int?
  /// Drawings on this panel.
  var total = 0
  /// The top of the board, best first.
  var board: [Row] = []
}

/// What "Saved" tells: it is shown only after the store's commit.
struct SavedSample: Sendable, Equatable {
  /// The digit that was asked for.
  var asked: Int
  /// The digit that the recogniser read, and nil when it took the drawing for none.
  var read: Int?
  /// Its probability, 0 ... 100.
  var percent: Int
  /// The code with which the drawing can be withdrawn.
  var receipt: String
}
