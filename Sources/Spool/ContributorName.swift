@_spi(_Unicode) import Swift

/// Visitors' names: what is kept of them, and when two are the same.
public enum ContributorName {
  /// The longest name that is kept, as a person counts characters. The panel's keyboard ends at 20.
  public static let limit = 40

  /// In Unicode's normal form C, without control characters, without what changes the direction of other text or cannot be
  /// seen, with single spaces and none outside, and not too long.
  public static func cleaned(_ name: String) -> String {
    var kept = String.UnicodeScalarView()
    for scalar in name.unicodeScalars {
      if scalar.properties.isWhitespace {
        // A tab and a line's end are control characters, but they part words.
        if let last = kept.last, last != " " { kept.append(" ") }
      } else if isKept(scalar) {
        kept.append(scalar)
      }
    }
    // Nothing in the standard library's open interface normalises; Foundation would be the only reason to link it.
    let text = String(String.UnicodeScalarView(String(kept)._nfc))
    guard text.unicodeScalars.contains(where: { !isJoiner($0) && $0 != " " }) else { return "" }
    let trimmed = text.drop { $0.isWhitespace }.prefix(limit)
    let end = trimmed.lastIndex { !$0.isWhitespace }
    // A character may be a pile of hundreds of accents: 12 scalars are enough for every family emoji.
    let thin =
      end.map { trimmed[...$0] }?.map { String(String.UnicodeScalarView($0.unicodeScalars.prefix(12))) } ?? []
    return thin.joined()
  }

  private static func isKept(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .surrogate, .lineSeparator, .paragraphSeparator: return false
    // Marks of direction, invisible spaces and hyphens. Joiners stay: Persian words and families of emoji need them.
    case .format: return isJoiner(scalar) || (0xE0020...0xE007F).contains(scalar.value)
    default: return true
    }
  }

  /// The zero width joiner and non-joiner, and the selectors of a character's look.
  private static func isJoiner(_ scalar: Unicode.Scalar) -> Bool {
    [0x200C, 0x200D].contains(scalar.value) || (0xFE00...0xFE0F).contains(scalar.value)
  }

  /// Equal for names that a person takes for the same one: case does not count.
  public static func key(_ name: String) -> String {
    cleaned(name).lowercased()
  }
}
