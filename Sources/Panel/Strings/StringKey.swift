/// Everything that the screens say, by name: `section.key` of the files in Assets/strings.
///
/// A text may hold placeholders such as `{digit}`, and a text that depends on a number has its forms apart by ` | ` (see
/// ``PluralRule``). Sentences are whole, so that each language has its own grammar: nothing is put together from parts.
enum StringKey: String, CaseIterable, Sendable {
  // The sheet: challenge and free play.
  case challenge = "sheet.challenge"
  case freePlay = "sheet.free_play"
  case undo = "sheet.undo"
  case clear = "sheet.clear"
  case submit = "sheet.submit"
  case saving = "sheet.saving"
  case drawA = "sheet.draw_a"
  case drawAn8 = "sheet.draw_an_8"
  case drawFirst = "sheet.draw_first"
  case onlyADot = "sheet.only_a_dot"
  case drawAnything = "sheet.draw_anything"
  case notADigit = "sheet.not_a_digit"
  case saved = "sheet.saved"
  case readA = "sheet.read_a"
  case readAn8 = "sheet.read_an_8"
  case readNone = "sheet.read_none"
  case receipt = "sheet.receipt"
  case yours = "sheet.yours"
  case rank = "sheet.rank"
  case everyone = "sheet.everyone"
  case notice = "sheet.notice"

  // Thanks: what a stored drawing was worth.
  case yourRank = "thanks.rank"
  case fullBlock = "thanks.full_block"
  case fullBlocks = "thanks.full_blocks"
  case repeated = "thanks.repeated"
  case tooFast = "thanks.too_fast"
  case uncounted = "thanks.uncounted"

  // The leaderboard.
  case board = "board.title"
  case emptyBoard = "board.empty"
  case anonymous = "board.anonymous"
  case youAre = "board.you_are"

  // The question whether anybody is there.
  case stillThere = "still_there.question"
  case touchToGoOn = "still_there.go_on"
  case wipedOtherwise = "still_there.otherwise"

  // What a visitor tells the staff.
  case callStaff = "staff.call"
  case callStaffWhy = "staff.call_why"
  case noTouch = "staff.no_touch"

  /// The English that the program brings along, for lines that a file does not have or that are broken.
  var english: String {
    switch self {
    case .challenge: "Challenge"
    case .freePlay: "Free play"
    case .undo: "Undo"
    case .clear: "Clear"
    case .submit: "Submit"
    case .saving: "Saving…"
    case .drawA: "Draw a"
    case .drawAn8: "Draw an"
    case .drawFirst: "Draw the digit on the sheet first."
    case .onlyADot: "That is only a dot. Draw the whole digit."
    case .drawAnything: "Draw a digit. I read along."
    case .notADigit: "Not a digit"
    case .saved: "Saved"
    case .readA: "I read a {digit} ({percent}\u{A0}%)."
    case .readAn8: "I read an {digit} ({percent}\u{A0}%)."
    case .readNone: "I could not read it as a digit."
    case .receipt: "Receipt {code}"
    case .yours: "Yours"
    case .rank: "Rank"
    case .everyone: "Everyone"
    case .notice: "What you submit is kept as research data."
    case .yourRank: "You are number {count}."
    case .fullBlock: "All the digits!"
    case .fullBlocks: "All the digits, {count} time! | All the digits, {count} times!"
    case .repeated: "Drawn like this before: it does not count twice."
    case .tooFast: "Very fast! Take your time, then it counts."
    case .uncounted: "It does not count on the board."
    case .board: "Leaderboard"
    case .emptyBoard: "Nobody yet. Be the first!"
    case .anonymous: "Anonymous"
    case .youAre: "You are {name}"
    case .stillThere: "Still there?"
    case .touchToGoOn: "Touch anywhere to go on."
    case .wipedOtherwise: "Otherwise name and drawing are wiped for the next visitor."
    case .callStaff: "Please call staff"
    case .callStaffWhy: "Your drawing is safe here until it can be stored."
    case .noTouch: "No touch screen or mouse is connected."
    }
  }

  /// The section of the file that the key stands in.
  var section: Substring { rawValue.prefix { $0 != "." } }
  /// The key's name within its section.
  var name: Substring { rawValue.drop { $0 != "." }.dropFirst() }

  /// Whether the text depends on a number.
  var isPlural: Bool { english.contains(PluralRule.separator) }
}

/// What stands for a value in a text: `{digit}`.
enum Placeholder: String, CaseIterable, Sendable {
  case digit, percent, code, name, count

  /// The names in braces that a text holds, each once.
  static func names(in text: some StringProtocol) -> Set<String> {
    var names = Set<String>()
    var rest = text[...]
    while let open = rest.firstIndex(of: "{") {
      rest = rest[rest.index(after: open)...]
      guard let close = rest.firstIndex(of: "}") else { break }
      names.insert(String(rest[..<close]))
      rest = rest[rest.index(after: close)...]
    }
    return names
  }
}
