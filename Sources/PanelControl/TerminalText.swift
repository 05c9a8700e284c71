/// Text by visitors, file names and devices, made harmless for a terminal.
enum TerminalText {
  /// The text with every character written out (`\n`, `\u{1B}`) that would move the cursor, begin an escape sequence, turn
  /// the direction of writing or stand invisibly between letters. A backslash is doubled, so that nothing is ambiguous.
  ///
  /// Joiners stay: emoji of several people, Persian and Hindi need them.
  static func escaped(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: mustBeEscaped) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      guard mustBeEscaped(scalar) else {
        result.unicodeScalars.append(scalar)
        continue
      }
      switch scalar {
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      default: result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
      }
    }
    return result
  }

  /// JSON text with the same characters written as JSON writes them, `\u202e`; a reader gets the value that it had.
  static func escaped(json text: String) -> String {
    guard text.unicodeScalars.contains(where: { $0.value >= 0x7F && isUnseen($0) }) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      guard scalar.value >= 0x7F, isUnseen(scalar) else {
        result.unicodeScalars.append(scalar)
        continue
      }
      for unit in String(scalar).utf16 {
        let digits = String(unit, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      }
    }
    return result
  }

  private static func mustBeEscaped(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.value < 0x7F { return scalar.value < 0x20 || scalar == "\\" }
    return scalar == "\\" || isUnseen(scalar)
  }

  /// Whether a character is a control, a format character other than the two joiners, or a line separator.
  ///
  /// The bidirectional overrides and isolates, the byte order mark, the tags and the soft hyphen are format characters.
  static func isUnseen(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .format: scalar.value != 0x200C && scalar.value != 0x200D
    case .control, .lineSeparator, .paragraphSeparator, .surrogate: true
    default: false
    }
  }
}
