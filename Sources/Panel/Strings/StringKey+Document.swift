extension StringKey {
  /// The file of English strings: every key with its text, and the rules for translators.
  static var document: String {
    var text = """
      # What the screens say in English. To add a language, copy this file to the language's BCP 47 tag (it.ini) and name
      # it in [languages] of the configuration.
      #
      # A value is one line of at most 197 bytes; an indented line goes on with it. Words in braces stand for values and
      # must all be kept. A text that depends on a number has its forms apart by " | ", in the order of its rule: none (one
      # form), one (1 | others), zero-one (0 and 1 | others), slavic (1, 21 … | 2-4, 22-24 … | others). A line that cannot
      # be read is named by `panelctl status`, and English is shown in its place.

      [language]
      # The name of the language in itself, 1 to 20 characters.
      name = English
      plurals = one

      """
    text += "\n" + keyboardDocument
    var section: Substring = ""
    for key in allCases {
      if key.section != section { text += "\n[\(key.section)]\n" }
      section = key.section
      text += "\(key.name) = \(key.folded)\n"
    }
    return text
  }

  private static var keyboardDocument: String {
    let keyboard = Keyboard.english
    func spaced(_ letters: [Character]) -> String { letters.map { String($0) }.joined(separator: " ") }
    return """
      # Three rows of up to ten letters, and up to four in the lowest row beside the space. An accent is a letter with its
      # variants behind it, in the order in which the accent key gives them.
      [keyboard]
      row_1 = \(spaced(keyboard.rows[0]))
      row_2 = \(spaced(keyboard.rows[1]))
      row_3 = \(spaced(keyboard.rows[2]))
      extra =
      accents = \(folded(Keyboard.englishAccents.joined(separator: " ")))

      """
  }

  private var folded: String { StringKey.folded(english) }

  /// A text in lines that inih can take.
  private static func folded(_ text: String) -> String {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
      if line.utf8.count + word.utf8.count > 100 {
        lines.append(line)
        line = String(word)
      } else {
        line += line.isEmpty ? String(word) : " " + word
      }
    }
    return (lines + [line]).joined(separator: "\n  ")
  }
}
