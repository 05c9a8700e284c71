import Ink
import Randomness
import Spool

/// Asks for a name on the board, with a keyboard on the screen.
///
/// A nickname is on offer, so that one press is enough; the dice offer another, and the first letter that is typed takes
/// its place. It is shown only to those who chose to be on the board.
struct NameScreen: BoothScreen {
  enum Control: Hashable, Sendable {
    /// A letter, small, or a sign.
    case key(Character)
    case shift, accent, figures, space, backspace
    /// The dice: another nickname.
    case another
    case done
  }

  enum Outcome: Sendable, Equatable {
    case none
    /// The name, cleaned; empty for Anonymous.
    ///
    /// - isTyped: whether it is the visitor's own, and so goes on counting where it is on the board already.
    case done(name: String, isTyped: Bool)
  }

  /// The longest name, as a person counts characters.
  static let limit = 20

  /// What stands in the field.
  private(set) var text: String
  /// Whether that is a nickname on offer, nothing of the visitor's own.
  private(set) var isOffered = true
  /// The next letter is a capital.
  private(set) var isShifted = true
  /// The second layer of keys: digits and signs.
  private(set) var showsFigures = false
  /// A key was pressed that had no room.
  private(set) var isFull = false
  private let keyboard: Keyboard
  private let nicknames: Nicknames
  private var random: SplitMix64
  /// The names on the board, as ``ContributorName/key(_:)`` compares them.
  private let board: Set<String>
  /// Nicknames that nobody in the store has, and the next one of them.
  private let offers: [String]
  private var turn = 0

  /// - Parameters:
  ///   - strings: give keyboard and nicknames.
  ///   - board: names that are on the board; no nickname on offer is one of them.
  ///   - offers: nicknames that nobody in the store has; empty where it could not be asked.
  ///   - seed: chooses the nicknames where there are no such.
  init(strings: Strings, board: [String], offers: [String] = [], seed: UInt64) {
    keyboard = strings.keyboard
    nicknames = Nicknames(strings)
    random = SplitMix64(seed: seed)
    self.board = Set(board.map(ContributorName.key))
    self.offers = offers
    text = ""
    text = offer()
  }

  /// The name as it would be taken now; empty for Anonymous.
  var name: String { ContributorName.cleaned(text) }

  /// Whether a name of the visitor's own is on the board already.
  var isKnown: Bool { !isOffered && board.contains(ContributorName.key(text)) }

  /// What the accent key would make of the last letter; nil when it has no accents.
  var accented: Character? { isOffered ? nil : text.last.flatMap(keyboard.accented) }

  /// The rows of letters and signs that are shown, small.
  var rows: [[Character]] { showsFigures ? Keyboard.figures : keyboard.rows }
  /// The letters beside the space.
  var extra: [Character] { showsFigures ? [] : keyboard.extra }
  var hasAccents: Bool { keyboard.hasAccents }

  /// All letters and signs that are shown, in rows of nearly the same length for a panel too narrow for ten columns: as many
  /// rows as the larger of the two layers takes, so that the keys stay where they are when it changes.
  var narrowRows: [[Character]] {
    func all(_ rows: [[Character]], _ extra: [Character]) -> [Character] { rows.flatMap { $0 } + extra }
    let most = max(all(keyboard.rows, keyboard.extra).count, all(Keyboard.figures, []).count)
    let count = (most + Layout.narrowColumns - 1) / Layout.narrowColumns
    let shown = all(rows, extra)
    return (0..<count).map { Array(shown[shown.count * $0 / count..<shown.count * ($0 + 1) / count]) }
  }

  /// What a key writes now.
  func shown(_ letter: Character) -> Character { isShifted ? Keyboard.capital(letter) : letter }

  func controls(in layout: Layout) -> [ScreenControl<Control>] {
    let places = places(in: layout)
    return places.keys.map {
      ScreenControl(control: $0.control, rect: $0.touch, isEnabled: isEnabled($0.control))
    } + [
      ScreenControl(control: .another, rect: places.another),
      ScreenControl(control: .done, rect: places.done),
    ]
  }

  func isEnabled(_ control: Control) -> Bool {
    switch control {
    case .backspace: !text.isEmpty
    case .accent: accented != nil
    default: true
    }
  }

  /// Keys write when they are touched, as keys do; the dice and Done wait for the finger to come up.
  func actsAtOnce(_ control: Control) -> Bool { control != .another && control != .done }

  func repeats(_ control: Control) -> Bool { control == .backspace }

  mutating func press(_ control: Control, at time: UInt64) -> Outcome {
    isFull = false
    switch control {
    case .key(let letter): write(shown(letter))
    case .space:
      // A name neither begins with a space nor has two in a row.
      if isOffered { write(" ") } else if let last = text.last, last != " " { write(" ") }
    case .backspace: erase()
    case .accent:
      if let accented {
        text.removeLast()
        text.append(accented)
      }
    case .shift: isShifted.toggle()
    case .figures: showsFigures.toggle()
    case .another:
      text = offer()
      isOffered = true
      isShifted = true
    case .done: return .done(name: name, isTyped: !isOffered)
    }
    return .none
  }

  mutating func tick(_ now: UInt64) -> Outcome { .none }

  func changes(since before: NameScreen, in layout: Layout) -> [PixelRect]? {
    let places = places(in: layout)
    guard isShifted == before.isShifted, showsFigures == before.showsFigures else {
      return [places.field, places.message, places.keyboard]
    }
    let keys: [Control] = [.backspace, .accent]
    return [places.field, places.message] + places.keys.filter { keys.contains($0.control) }.map(\.touch)
  }

  private mutating func write(_ letter: Character) {
    if isOffered { text = "" }
    isOffered = false
    if letter == " ", text.isEmpty { return }
    let longer = text + String(letter)
    // Counted anew: what is typed last may join the character before it.
    guard longer.count <= NameScreen.limit else {
      isFull = true
      return
    }
    text = longer
    isShifted = letter == " " || letter == "-"
  }

  private mutating func erase() {
    if isOffered { text = "" } else if !text.isEmpty { text.removeLast() }
    isOffered = false
    isShifted = text.isEmpty || text.last == " " || text.last == "-"
  }

  /// A nickname that is neither the one that stands there nor anybody's, as far as that is known.
  private mutating func offer() -> String {
    for _ in offers.indices {
      let nickname = offers[turn % offers.count]
      turn += 1
      if nickname != text, !board.contains(ContributorName.key(nickname)) { return nickname }
    }
    var nickname = ""
    for _ in 0..<20 {
      nickname = nicknames.next(using: &random)
      if nickname != text, !board.contains(ContributorName.key(nickname)) { break }
    }
    return nickname
  }
}
