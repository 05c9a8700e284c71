/// One pass over a configuration file: hands its lines to inih and takes back the keys, with what is wrong in each line.
///
/// inih tells a caller only the first bad line and cuts long ones into two, so the lines are looked at on their way in: a
/// line that inih cannot read as it was written becomes a finding and reaches it empty.
final class SettingsReading {
  private let file: String
  private var lines: ArraySlice<ArraySlice<UInt8>>
  /// The number of the line that inih has in hand, from 1.
  private var line = 0
  /// That line, when it ought to give a key and has not yet.
  private var awaited = false
  /// Where each key was set, by "section.name".
  private var places: [String: Int] = [:]
  private(set) var settings = Settings()
  private(set) var findings: [SettingsFinding] = []

  init(file: String, bytes: [UInt8]) {
    self.file = file
    let bom: [UInt8] = [0xEF, 0xBB, 0xBF]
    lines =
      bytes.dropFirst(bytes.starts(with: bom) ? bom.count : 0)
      .split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)[...]
  }

  /// Writes the next line as a C string into the buffer; false at the end of the file.
  func nextLine(into buffer: UnsafeMutableBufferPointer<CChar>) -> Bool {
    if awaited { find("is neither [section] nor key = value") }
    awaited = false
    guard let next = lines.popFirst() else { return false }
    line += 1
    // Without what is before the text: inih takes an indented line for the end of the value above it.
    let blank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
    var text = next.drop(while: blank)
    while let last = text.last, blank(last) { text.removeLast() }
    if !isReadable(text, limit: buffer.count - 2) { text = [] }
    for (i, byte) in text.enumerated() { buffer[i] = CChar(bitPattern: byte) }
    buffer[text.count] = 0x0A
    buffer[text.count + 1] = 0
    return true
  }

  /// Whether inih can take the line, and what is to be said about it if not.
  private func isReadable(_ text: ArraySlice<UInt8>, limit: Int) -> Bool {
    guard let first = text.first, first != UInt8(ascii: ";"), first != UInt8(ascii: "#") else { return false }
    guard text.allSatisfy({ $0 >= 0x20 || $0 == 0x09 }), String(validating: text, as: UTF8.self) != nil else {
      find("is not text in UTF-8")
      return false
    }
    guard text.count <= limit else {
      find("is longer than \(limit) bytes")
      return false
    }
    guard first == UInt8(ascii: "[") else {
      awaited = true
      return true
    }
    guard let end = text.firstIndex(of: UInt8(ascii: "]")) else {
      find("begins a section but has no ]")
      return false
    }
    let section = String(decoding: text[text.index(after: text.startIndex)..<end], as: UTF8.self)
    if !SettingsKey.sections.contains(section) {
      let advice =
        nearest(to: section, in: SettingsKey.sections).map { "did you mean [\($0)]?" }
        ?? "there are \(SettingsKey.sections.map { "[\($0)]" }.joined(separator: ", "))"
      find("unknown section [\(quoted(section))]; \(advice)")
    }
    return true
  }

  /// Takes a key as inih read it.
  func take(section: String, name: String, value: String) {
    awaited = false
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

  private func find(_ sentence: String) {
    findings.append(SettingsFinding(file: file, line: line, sentence: sentence))
  }

  /// Text of the file within a sentence: no longer than a line of it.
  private func quoted(_ text: String) -> String {
    text.count > 60 ? text.prefix(60) + "…" : text
  }
}
