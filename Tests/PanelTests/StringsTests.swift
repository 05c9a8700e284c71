import Glibc
import Kernel
import Randomness
import Settings
import Testing

@testable import Panel

@Suite("What the screens say")
struct StringsTests {
  static let tags = ["en", "de", "es", "fr", "uk"]

  private static func directory() throws -> String {
    try #require(#filePath.components(separatedBy: "/Tests/").first.map { "\($0)/Assets/strings" })
  }

  private static func shipped(_ tag: String) throws -> [UInt8] {
    try contentsOfFile("\(directory())/\(tag).ini", limit: StringsReading.sizeLimit)
  }

  /// The languages as they are shipped.
  static func languages() throws -> Languages {
    let settings = Settings()
    return Languages(offered: settings.languages, initial: settings.language) {
      name, limit throws(KernelError) in
      try contentsOfFile(try AssetSearch().find(name), limit: limit)
    }
  }

  private func read(_ text: String) -> (Strings, [String]) {
    var findings: [SettingsFinding] = []
    let strings = Strings(language: "de", bytes: Array(text.utf8), findings: &findings)
    return (strings, findings.map(\.description))
  }

  @Test("Assets/strings/en.ini is what the program brings along (PANEL_WRITE_ASSETS=1 writes it anew)")
  func englishFile() throws {
    let path = try Self.directory() + "/en.ini"
    if getenv("PANEL_WRITE_ASSETS") != nil {
      let file = try FileDescriptor.open(path, O_WRONLY | O_CREAT | O_TRUNC)
      try file.writeAll(Array(StringKey.document.utf8), to: "en.ini")
    }
    #expect(try String(decoding: Self.shipped("en"), as: UTF8.self) == StringKey.document)
    let english = try #require(try Self.languages().all.first { $0.language == "en" })
    for key in StringKey.allCases { #expect(english[key] == key.english, "\(key)") }
  }

  @Test(
    "no key is missing or unknown in any language, and the placeholders are the same in all", arguments: tags)
  func complete(tag: String) throws {
    var findings: [SettingsFinding] = []
    let strings = Strings(language: tag, bytes: try Self.shipped(tag), findings: &findings)
    #expect(findings == [])
    #expect(strings.language == tag)
    // A sentence that was forgotten is the English one. Single words may be the same.
    guard tag != "en" else { return }
    for key in StringKey.allCases where key.english.contains(" ") {
      #expect(strings[key] != key.english, "\(key) is English in \(tag)")
    }
  }

  @Test("the languages are called by their own names")
  func names() throws {
    let languages = try Self.languages()
    #expect(languages.all.map(\.name) == ["English", "Deutsch", "Español", "Français", "Українська"])
    #expect(languages.all.map(\.language) == Self.tags)
    #expect(languages.findings == [])
  }

  @Test("every placeholder of the texts is one that the program knows")
  func placeholders() {
    for key in StringKey.allCases {
      for name in Placeholder.names(in: key.english) {
        #expect(Placeholder(rawValue: name) != nil, "{\(name)} of \(key)")
      }
    }
  }

  @Test("a value that looks like a placeholder stays as it is")
  func valueWithBraces() {
    #expect(Strings.english(.youAre, [.name: "{name} {code}"]) == "You are {name} {code}")
    #expect(
      Strings.english(.readA, [.digit: "7", .percent: "99"]) == "I read a 7 (99\u{A0}%).")
  }

  @Test("numbers take the form of their language")
  func plurals() {
    #expect([0, 1, 2, 21].map(PluralRule.one.form) == [1, 0, 1, 1])
    #expect([0, 1, 2, 21].map(PluralRule.zeroOne.form) == [0, 0, 1, 1])
    #expect(
      [0, 1, 2, 4, 5, 11, 12, 14, 21, 22, 25, 111, 112, 121].map(PluralRule.slavic.form)
        == [2, 0, 1, 1, 2, 2, 2, 2, 0, 1, 2, 2, 2, 0])
    #expect([0, 1, 2].map(PluralRule.none.form) == [0, 0, 0])
  }

  @Test("a line that is missing or broken is said in English, and is a finding with its line")
  func broken() {
    let (strings, findings) = read(
      """
      [language]
      name = Deutsch
      plurals = eins
      [sheet]
      undo = Zurück
      clear
      receipt = Beleg
      submit =
      submitt = Abgeben
      saved = Ge{code}speichert
      [sheeet]
      """)
    #expect(strings.name == "Deutsch")
    #expect(strings[.undo] == "Zurück")
    for key in [StringKey.clear, .receipt, .submit, .saved, .board] {
      #expect(strings[key] == key.english)
    }
    #expect(findings.contains("de.ini line 6: is neither [section] nor key = value"))
    #expect(findings.contains("de.ini line 7: 'receipt' must hold {code}"))
    #expect(findings.contains("de.ini line 8: 'submit' must have one text"))
    #expect(findings.contains("de.ini line 9: unknown key 'submitt' in [sheet]"))
    #expect(findings.contains("de.ini line 10: 'saved' must hold no {placeholder}"))
    #expect(findings.contains("de.ini line 11: unknown section [sheeet]"))
    #expect(
      findings.contains(
        "de.ini line 3: 'eins' is no rule for plurals; there are none, one, zero-one, slavic"))
    #expect(findings.contains { $0.hasPrefix("de.ini: 'headline' of [attract] and ") })
  }

  @Test("an indented line goes on with the text above it")
  func folded() {
    let (strings, _) = read("[sheet]\nnotice = Was du abgibst,\n  dient der\n\tForschung.\nundo = Zurück\n")
    #expect(strings[.notice] == "Was du abgibst, dient der Forschung.")
    #expect(strings[.undo] == "Zurück")
  }

  @Test("no bytes of a file stop the panel", arguments: 0..<200)
  func anyBytes(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    var bytes = try Self.shipped("uk")
    switch seed % 4 {
    case 0: bytes = (0..<4000).map { _ in UInt8.random(in: 0...255, using: &random) }
    case 1: bytes.removeLast(Int.random(in: 1..<bytes.count, using: &random))
    default:
      for _ in 0..<50 {
        bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
    }
    var findings: [SettingsFinding] = []
    let strings = Strings(language: "uk", bytes: bytes, findings: &findings)
    for key in StringKey.allCases { #expect(!strings[key].isEmpty) }
    for count in [0, 1, 3, 7] {
      for key in StringKey.allCases where key.isPlural { #expect(!strings(key, count: count).isEmpty) }
    }
    if seed % 4 == 0 { #expect(!findings.isEmpty) }
  }

  @Test("a language without a file is not offered; without any file there is English")
  func missingFiles() throws {
    let german = try Self.shipped("de")
    let absent = KernelError("open", "strings", reason: "no such file")
    let some = Languages(offered: ["en", "de", "xx"], initial: "xx") { name, _ throws(KernelError) in
      guard name == "strings/de.ini" else { throw absent }
      return german
    }
    #expect(some.all.map(\.language) == ["en", "de"])
    #expect(some.initial == .english)
    #expect(some.findings.count == 3)
    #expect(some.findings.last == "the language xx of [languages] is not offered; en is used")
    let none = Languages(offered: ["de", "fr"], initial: "de") { _, _ throws(KernelError) in throw absent }
    #expect(none.all == [.english])
    #expect(none.initial == .english)
  }
}
