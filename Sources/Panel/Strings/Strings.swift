import Settings

/// What the screens say in one language.
///
/// It comes from a file of Assets/strings. A line that is missing or broken there is said in English and becomes a
/// finding: a file never stops the panel.
struct Strings: Sendable, Equatable {
  /// The language as a BCP 47 tag, which is the file's name: `uk` for uk.ini.
  let language: String
  /// What the language calls itself: `Українська`.
  let name: String
  /// The language's keyboard on the screen.
  let keyboard: Keyboard
  private let plurals: PluralRule
  private let texts: [StringKey: String]
  /// The texts of ``plurals`` that came from the file; others follow the rule of English.
  private let own: Set<StringKey>

  /// The English that the program brings along.
  static let english = Strings(
    language: "en", name: "English", keyboard: .english, plurals: .one, texts: [:],
    own: Set(StringKey.allCases))

  private init(
    language: String, name: String, keyboard: Keyboard, plurals: PluralRule, texts: [StringKey: String],
    own: Set<StringKey>
  ) {
    self.language = language
    self.name = name
    self.keyboard = keyboard
    self.plurals = plurals
    self.texts = texts
    self.own = own
  }

  /// The text of a key as it stands in the file.
  subscript(key: StringKey) -> String { texts[key] ?? key.english }

  /// A text with its values in place of the placeholders: `strings(.receipt, [.code: "ABCD-1234"])`.
  func callAsFunction(_ key: StringKey, _ values: KeyValuePairs<Placeholder, String>) -> String {
    Strings.fill(self[key], values)
  }

  /// A text in the form that goes with a number, which stands for `{count}`.
  func callAsFunction(
    _ key: StringKey, count: Int, _ values: KeyValuePairs<Placeholder, String> = [:]
  ) -> String {
    let forms = self[key].components(separatedBy: PluralRule.separator)
    let form = (own.contains(key) ? plurals : .one).form(for: count)
    let grouped = Strings.fill(forms[min(form, forms.count - 1)], [.count: BoothView.grouped(count)])
    return values.isEmpty ? grouped : Strings.fill(grouped, values)
  }

  /// Reads a file of strings. Whatever its bytes are, strings come out of it.
  ///
  /// - Parameters:
  ///   - language: the file's name without `.ini`.
  ///   - findings: gets what is wrong with the file, a sentence each.
  init(language: String, bytes: [UInt8], findings: inout [SettingsFinding]) {
    var reading = StringsReading(file: "\(language).ini")
    reading.take(INIFile(bytes: bytes, joinsIndented: true))
    findings += reading.findings
    self.init(
      language: language, name: reading.name ?? language, keyboard: reading.keyboard ?? .english,
      plurals: reading.plurals ?? .one,
      texts: reading.texts, own: Set(reading.texts.keys))
  }

  /// Puts values in place of their placeholders, once each: a brace in a value stays one.
  private static func fill(_ text: some StringProtocol, _ values: KeyValuePairs<Placeholder, String>)
    -> String
  {
    var filled = ""
    var rest = Substring(text)
    while let open = rest.firstIndex(of: "{") {
      filled += rest[..<open]
      rest = rest[open...]
      guard let close = rest.firstIndex(of: "}") else { break }
      let name = rest[rest.index(after: open)..<close]
      let value = values.first { $0.key.rawValue == name }?.value
      filled += value.map { $0[...] } ?? rest[...close]
      rest = rest[rest.index(after: close)...]
    }
    return filled + rest
  }
}

extension String {
  /// The parts between the occurrences of `separator`.
  func components(separatedBy separator: String) -> [Substring] {
    var parts: [Substring] = []
    var rest = self[...]
    var scan = rest
    while !scan.isEmpty {
      if scan.hasPrefix(separator) {
        parts.append(rest[..<scan.startIndex])
        rest = scan.dropFirst(separator.count)
        scan = rest
      } else {
        scan = scan.dropFirst()
      }
    }
    return parts + [rest]
  }
}
