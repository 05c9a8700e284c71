import Spool

/// Verdicts as a person writes them: a line `ID VERDICT` a drawing, with blanks, commas or semicolons between; `#` begins a
/// comment.
///
/// The id may be cut off after eight digits. The verdict is `accept`, `reject`, `relabel 7` or only `7`; `?` or nothing is
/// none yet.
struct VerdictList {
  /// A line that gives a verdict.
  struct Line: Equatable {
    let id: String
    let verdict: Verdict
  }

  private(set) var lines: [Line] = []

  /// - Parameter source: what the text is called in complaints.
  /// - Throws: ``UsageError`` that names the first line which is no verdict.
  init(_ text: String, source: String) throws {
    // Some editors put a byte order mark before the first line.
    let text = text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
    for (number, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .enumerated()
    {
      let words = line.prefix { $0 != "#" }.split { " \t,;".contains($0) }.map(String.init)
      guard let id = words.first, words.count > 1, words[1] != "?" else { continue }
      // The head of a table.
      if number == 0 && id.lowercased() == "id" { continue }
      guard let verdict = VerdictList.verdict(Array(words.dropFirst())) else {
        throw UsageError(
          description:
            "line \(number + 1) of \(source) gives no verdict: write accept, reject, relabel 0 to 9 or ?")
      }
      lines.append(Line(id: id, verdict: verdict))
    }
  }

  /// A verdict of its words; nil for anything else.
  static func verdict(_ words: [String]) -> Verdict? {
    switch (words.first?.lowercased(), words.count) {
    case ("accept", 1): .accept
    case ("reject", 1): .reject
    case ("relabel", 2): digit(words[1]).map { .relabel($0) }
    case (let only?, 1): digit(only).map { .relabel($0) }
    default: nil
    }
  }

  private static func digit(_ text: String) -> Int? {
    Int(text).flatMap { (0...9).contains($0) && text.utf8.count == 1 ? $0 : nil }
  }
}
