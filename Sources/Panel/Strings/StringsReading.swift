import Settings

/// Takes the lines of a file of strings one by one, and keeps the texts and what is wrong.
struct StringsReading {
  /// Bytes of the longest file that is read.
  static let sizeLimit = 1 << 16

  private let file: String
  private(set) var name: String?
  private(set) var plurals: PluralRule?
  private(set) var keyboard: Keyboard?
  private(set) var texts: [StringKey: String] = [:]
  private(set) var findings: [SettingsFinding] = []

  private static let sections = Set(StringKey.allCases.map(\.section) + ["language", "keyboard"])

  init(file: String) {
    self.file = file
  }

  /// Takes a whole file.
  mutating func take(_ document: INIFile) {
    // How many forms a text has is known only when the whole file has been read.
    var plural: [(StringKey, String, Int)] = []
    var keys: [String: (text: String, line: Int)] = [:]
    for line in document.lines {
      switch line.content {
      case .section(let section):
        if !StringsReading.sections.contains(section[...]) {
          find("unknown section [\(section)]", line.number)
        }
      case .unreadable(let reason): find(reason, line.number)
      case .entry("language", let name, let value): takeLanguage(name, value, line.number)
      case .entry("keyboard", let name, let value): keys[name] = (value, line.number)
      case .entry(let section, let name, let value):
        guard let key = StringKey(rawValue: "\(section).\(name)") else {
          if StringsReading.sections.contains(section[...]) {
            find("unknown key '\(name)' in [\(section)]", line.number)
          }
          continue
        }
        if key.isPlural {
          plural.append((key, value, line.number))
        } else {
          take(key, value, forms: 1, line.number)
        }
      }
    }
    let forms = (plurals ?? .one).forms
    for (key, value, line) in plural { take(key, value, forms: forms, line) }
    takeKeyboard(keys)
    if name == nil { find("the language has no name in [language]", 0) }
    if plurals == nil { find("the language has no plurals in [language]; those of English are used", 0) }
    let missing = StringKey.allCases.filter { texts[$0] == nil }
    if let first = missing.first {
      let others = missing.count > 1 ? " and \(missing.count - 1) more" : ""
      find("'\(first.name)' of [\(first.section)]\(others) not translated; English is shown", 0)
    }
  }

  private mutating func takeLanguage(_ key: String, _ value: String, _ line: Int) {
    switch key {
    case "name":
      guard (1...20).contains(value.count) else {
        return find("the name of the language must have 1 to 20 characters", line)
      }
      name = value
    case "plurals":
      plurals = PluralRule(rawValue: value)
      if plurals == nil {
        let rules = PluralRule.allCases.map(\.rawValue).joined(separator: ", ")
        find("'\(value.prefix(20))' is no rule for plurals; there are \(rules)", line)
      }
    default: find("unknown key '\(key)' in [language]", line)
    }
  }

  private mutating func takeKeyboard(_ entries: [String: (text: String, line: Int)]) {
    let names = (1...Keyboard.rowCount).map { "row_\($0)" }
    for (name, entry) in entries.sorted(by: { $0.value.line < $1.value.line })
    where !names.contains(name) && name != "extra" && name != "accents" {
      find("unknown key '\(name)' in [keyboard]", entry.line)
    }
    var rows: [[Character]] = []
    for name in names {
      guard let entry = entries[name] else {
        return find("'\(name)' of [keyboard] is missing; the English keyboard is shown", 0)
      }
      guard let row = letters(entry.text), (1...Keyboard.columns).contains(row.count) else {
        return find("'\(name)' must be 1 to \(Keyboard.columns) letters, apart by spaces", entry.line)
      }
      rows.append(row)
    }
    let extra = entries["extra"]
    guard let more = letters(extra?.text ?? ""), more.count <= Keyboard.extraLimit else {
      return find("'extra' must be at most \(Keyboard.extraLimit) letters, apart by spaces", extra?.line ?? 0)
    }
    keyboard = Keyboard(
      rows: rows, extra: more,
      accents: (entries["accents"]?.text ?? "").split(separator: " ").map { $0.lowercased() })
  }

  /// The letters of a row; nil where one is more than one character.
  private func letters(_ text: String) -> [Character]? {
    let words = text.lowercased().split(separator: " ")
    return words.allSatisfy { $0.count == 1 } ? words.compactMap(\.first) : nil
  }

  private mutating func take(_ key: StringKey, _ value: String, forms: Int, _ line: Int) {
    let found = value.components(separatedBy: PluralRule.separator)
    guard !value.isEmpty, found.count == forms else {
      return find("'\(key.name)' must have \(forms == 1 ? "one text" : "\(forms) forms apart by |")", line)
    }
    let wanted = Placeholder.names(in: key.english)
    for form in found where Placeholder.names(in: form) != wanted {
      let names = wanted.sorted().map { "{\($0)}" }.joined(separator: " and ")
      return find("'\(key.name)' must hold \(names.isEmpty ? "no {placeholder}" : names)", line)
    }
    texts[key] = value
  }

  private mutating func find(_ sentence: String, _ line: Int) {
    findings.append(SettingsFinding(file: file, line: line, sentence: sentence))
  }
}
