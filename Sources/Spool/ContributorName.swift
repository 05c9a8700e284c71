/// Visitors' names: what is kept of them, and when two are the same.
enum ContributorName {
  /// The longest name that is kept, as a person counts characters. The panel's keyboard ends at 20.
  static let limit = 40

  /// Without control characters and outer spaces, and not too long.
  static func cleaned(_ name: String) -> String {
    let kept = name.unicodeScalars.filter {
      $0.properties.generalCategory != .control && $0.properties.generalCategory != .surrogate
    }
    let text = String(String.UnicodeScalarView(kept))
    let trimmed = text.drop { $0.isWhitespace }.prefix(limit)
    let end = trimmed.lastIndex { !$0.isWhitespace }
    // A character may be a pile of hundreds of accents: 12 scalars are enough for every family emoji.
    let thin =
      end.map { trimmed[...$0] }?.map { String(String.UnicodeScalarView($0.unicodeScalars.prefix(12))) } ?? []
    return thin.joined()
  }

  /// Equal for names that a person takes for the same one: case does not count.
  static func key(_ name: String) -> String {
    cleaned(name).lowercased()
  }
}
