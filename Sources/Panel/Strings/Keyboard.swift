/// The letters of a language's keyboard on the screen, and the accents that its letters can get.
///
/// Letters are stored small. It comes from the section `[keyboard]` of the language's file.
struct Keyboard: Sendable, Equatable {
  /// Three rows of at most ten letters, from the top.
  let rows: [[Character]]
  /// At most four letters that stand in the lowest row, beside the space.
  let extra: [Character]
  /// What the accent key makes of each small letter: é of e, è of é, and in the end e again.
  private let accents: [Character: Character]

  static let rowCount = 3
  static let columns = 10
  static let extraLimit = 4

  /// - Parameters:
  ///   - rows, extra: of the entries of a file, without those that are no single character.
  ///   - accents: each a letter with its variants behind it, in the order in which the accent key gives them: `eéèê`.
  init(rows: [[Character]], extra: [Character], accents groups: [String]) {
    self.rows = rows
    self.extra = extra
    var accents: [Character: Character] = [:]
    for group in groups.map(Array.init) where group.count > 1 {
      for (i, letter) in group.enumerated() { accents[letter] = group[(i + 1) % group.count] }
    }
    self.accents = accents
  }

  /// QWERTY, as the program brings it along.
  static let english = Keyboard(
    rows: [Array("qwertyuiop"), Array("asdfghjkl"), Array("zxcvbnm'-.")], extra: [],
    accents: englishAccents)

  static let englishAccents = [
    "aáàâäãåæ", "cçčć", "dđ", "eéèêëęě", "iíìîïı", "lł", "nñńň", "oóòôöõøœ", "sšśşß", "uúùûüů", "yýÿ", "zžźż",
  ]

  /// The second layer: digits and signs.
  static let figures: [[Character]] = [Array("1234567890"), Array("-'’.,!?&+*"), Array("#:/()=~·♥★")]

  /// Whether the language's letters have accents, so that there is a key for them.
  var hasAccents: Bool { !accents.isEmpty }

  /// What the accent key makes of a letter, small or capital; nil where it has no accents.
  func accented(_ letter: Character) -> Character? {
    if let next = accents[letter] { return next }
    guard let small = Keyboard.small(letter), let next = accents[small] else { return nil }
    return Keyboard.capital(next)
  }

  /// The capital of a letter, where that is one letter: ß stays.
  static func capital(_ letter: Character) -> Character {
    let text = letter.uppercased()
    return text.count == 1 ? Character(text) : letter
  }

  private static func small(_ letter: Character) -> Character? {
    let text = letter.lowercased()
    return text.count == 1 && Character(text) != letter ? Character(text) : nil
  }
}
