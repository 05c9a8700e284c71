/// Takes the lines of a configuration file one by one, and keeps what they set and what is wrong with them.
struct SettingsReading {
  private let file: String
  /// The number of the line in hand, from 1.
  private var line = 0
  /// Where each key was set, by "section.name".
  private(set) var places: [String: Int] = [:]
  private(set) var settings = Settings()
  private(set) var findings: [SettingsFinding] = []

  init(file: String, bytes: [UInt8]) {
    self.file = file
    for line in INIFile(bytes: bytes).lines {
      self.line = line.number
      switch line.content {
      case .section(let name): take(section: name)
      case .entry(let section, let name, let value): take(section: section, name: name, value: value)
      case .unreadable(let reason): find(reason)
      }
    }
  }

  private mutating func take(section: String) {
    guard !SettingsKey.sections.contains(section) else { return }
    let advice =
      nearest(to: section, in: SettingsKey.sections).map { "did you mean [\($0)]?" }
      ?? "there are \(SettingsKey.sections.map { "[\($0)]" }.joined(separator: ", "))"
    find("unknown section [\(quoted(section))]; \(advice)")
  }

  private mutating func take(section: String, name: String, value: String) {
    let named = SettingsKey.all.filter { $0.name == name }
    guard let key = named.first(where: { $0.section == section }) else {
      // The heading of an unknown section was told, and speaks for the keys under it.
      guard section.isEmpty || SettingsKey.sections.contains(section) else { return }
      let place = section.isEmpty ? "before the first section" : "in [\(section)]"
      if let other = named.first {
        find("'\(name)' stands \(place); it belongs in [\(other.section)]")
      } else {
        let near = nearest(
          to: name, in: SettingsKey.all.filter { section.isEmpty || $0.section == section }.map(\.name))
        find("unknown key '\(quoted(name))' \(place)" + (near.map { "; did you mean '\($0)'?" } ?? ""))
      }
      return
    }
    let place = "\(section).\(name)"
    if let earlier = places.updateValue(line, forKey: place) {
      find("'\(name)' was set in line \(earlier) already; this one holds")
      // A wrong value gives the default, not what an earlier line said.
      _ = key.apply(key.defaultText, &settings)
    }
    if !key.apply(value, &settings) {
      let shown = key.isSecret ? "what stands there" : "'\(quoted(value))'"
      find(
        "\(shown) cannot be \(name) in [\(section)]: it must be \(key.allowed); \(key.defaultText) is used"
      )
    }
  }

  private mutating func find(_ sentence: String) {
    findings.append(SettingsFinding(file: file, line: line, sentence: sentence))
  }

  /// Text of the file within a sentence: no longer than a line of it.
  private func quoted(_ text: String) -> String {
    text.count > 60 ? text.prefix(60) + "…" : text
  }
}
