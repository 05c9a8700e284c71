import Kernel
import Settings
import Spool

/// What a visitor agrees to, and which version of it: the text is stored with every drawing by its version.
///
/// It is the strings' own text, or that of a file that the configuration names: paragraphs apart by empty lines, of which
/// the first stands on the screen and all are shown by *Read all*. A first line `version: 2026-11` names the version.
struct ConsentText: Sendable, Equatable {
  /// The first is the short one; never empty.
  let paragraphs: [String]
  /// The name of the version and, behind `#`, 12 digits of the SHA-256 of everything that the visitor is told and asked,
  /// so that a text that was changed without a new name is another version all the same. At most 64 bytes.
  let version: String

  /// Bytes of the longest file that is read.
  static let sizeLimit = 1 << 14

  /// The text that the program brings along, in a language.
  init(_ strings: Strings) {
    let keys: [StringKey] = [.consentText, .consentUse, .consentStored, .consentName, .consentWithdraw]
    self.init(paragraphs: keys.map { strings[$0] }, name: "panel", strings)
  }

  /// The text of a file; nil where it is no UTF-8 or has no words.
  init?(bytes: [UInt8], _ strings: Strings) {
    guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
    var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    var name = "file"
    if let first = lines.first {
      let words = first.drop { $0 == "\u{FEFF}" }.split(separator: ":", maxSplits: 1)
      if words.count == 2, words[0].lowercased() == "version" {
        // What fits into a sample's field beside the hash.
        let declared = words[1].drop { $0.isWhitespace }.prefix { $0.isASCII && !$0.isNewline }.prefix(40)
        if !declared.isEmpty { name = String(declared) }
        lines.removeFirst()
      }
    }
    let paragraphs = lines.split { $0.allSatisfy(\.isWhitespace) }.map { lines in
      lines.flatMap { $0.split { $0.isWhitespace || $0 == "\u{FEFF}" } }.joined(separator: " ")
    }
    guard paragraphs.contains(where: { !$0.isEmpty }) else { return nil }
    self.init(paragraphs: paragraphs.filter { !$0.isEmpty }, name: name, strings)
  }

  private init(paragraphs: [String], name: String, _ strings: Strings) {
    self.paragraphs = paragraphs
    let asked: [StringKey] = [.useDrawings, .showName]
    let told = [strings.language] + paragraphs + asked.map { strings[$0] }
    version = "\(name)#\(Digest(of: told.joined(separator: "\n").utf8).description.prefix(12))"
  }

  /// The paragraphs on pages of so many lines, with an empty line between two.
  ///
  /// - Parameters:
  ///   - columns: characters in a line.
  ///   - rows: lines of a page.
  func pages(columns: Int, rows: Int) -> [[String]] {
    let (columns, rows) = (max(8, columns), max(2, rows))
    var pages: [[String]] = []
    var page: [String] = []
    var used = 0
    for paragraph in paragraphs {
      var lines = ConsentText.lines(of: paragraph, columns: columns)[...]
      while !lines.isEmpty {
        let gap = page.isEmpty ? 0 : 1
        // A single line of a paragraph does not stand alone at the foot of a page.
        let free = rows - used - gap
        if free < min(2, lines.count) {
          pages.append(page)
          (page, used) = ([], 0)
          continue
        }
        page.append(lines.prefix(free).joined(separator: " "))
        used += gap + min(free, lines.count)
        lines = lines.dropFirst(free)
      }
    }
    return page.isEmpty ? pages : pages + [page]
  }

  private static func lines(of paragraph: String, columns: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in paragraph.split(separator: " ") {
      if !line.isEmpty, line.count + 1 + word.count > columns {
        lines.append(line)
        line = ""
      }
      line += line.isEmpty ? String(word) : " " + word
    }
    return lines + [line]
  }
}
