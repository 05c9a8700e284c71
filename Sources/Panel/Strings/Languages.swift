import Kernel
import Settings

/// The languages on offer at the booth, the one that it begins with first among equals.
struct Languages: Sendable, Equatable {
  /// In the order of the configuration; never empty.
  let all: [Strings]
  /// The language of a new visit.
  let initial: Strings
  /// What is wrong with the files of strings, a sentence each.
  let findings: [String]

  /// The operator's consent texts by language; the strings' own where there is none.
  private let consents: [String: ConsentText]

  /// English alone, as the program brings it along.
  static let english = Languages(all: [.english], initial: .english, findings: [], consents: [:])

  private init(all: [Strings], initial: Strings, findings: [String], consents: [String: ConsentText]) {
    self.all = all
    self.initial = initial
    self.findings = findings
    self.consents = consents
  }

  /// What a visitor agrees to, in a language on offer.
  func consent(in strings: Strings) -> ConsentText { consents[strings.language] ?? ConsentText(strings) }

  /// Reads the files of the languages that the configuration offers.
  ///
  /// A language whose file cannot be read is left out, and without any there is English: the panel starts in every case.
  /// - Parameters:
  ///   - tags: `["en", "de"]`.
  ///   - initial: one of them.
  ///   - consent: the path of the operator's consent text, with `{language}` where the tag goes; nil for the strings' own.
  ///   - read: gives the bytes of `strings/de.ini`, or of the path of a consent text.
  init(
    offered tags: [String], initial: String, consent: String? = nil,
    read: (_ name: String, _ limit: Int) throws(KernelError) -> [UInt8]
  ) {
    var all: [Strings] = []
    var findings: [String] = []
    for tag in tags where !all.contains(where: { $0.language == tag }) {
      do throws(KernelError) {
        let bytes = try read("strings/\(tag).ini", StringsReading.sizeLimit)
        var wrong: [SettingsFinding] = []
        all.append(Strings(language: tag, bytes: bytes, findings: &wrong))
        // One broken file must not fill the whole status.
        findings += wrong.prefix(5).map { "strings/\($0)" }
        if wrong.count > 5 { findings.append("strings/\(tag).ini: \(wrong.count - 5) more lines are wrong") }
      } catch {
        findings.append(
          tag == "en"
            ? "\(error); the English of the program is used" : "\(error); the language \(tag) is not offered")
        if tag == "en" { all.append(.english) }
      }
    }
    if all.isEmpty { all = [.english] }
    let first = all.first { $0.language == initial }
    if first == nil {
      findings.append("the language \(initial) of [languages] is not offered; \(all[0].language) is used")
    }
    var consents: [String: ConsentText] = [:]
    for strings in all {
      guard let consent else { break }
      let path = Languages.path(consent, strings.language)
      do throws(KernelError) {
        consents[strings.language] = ConsentText(bytes: try read(path, ConsentText.sizeLimit), strings)
        if consents[strings.language] == nil {
          findings.append("consent text \(path) is no text in UTF-8; the program's own text is shown")
        }
      } catch {
        findings.append("\(error); the program's own text is shown in \(strings.language)")
      }
    }
    self.init(all: all, initial: first ?? all[0], findings: findings, consents: consents)
  }

  /// The path of a consent text in a language.
  private static func path(_ path: String, _ language: String) -> String {
    path.components(separatedBy: "{language}").joined(separator: language)
  }

  /// The languages of the configuration, from where the programs' files are.
  init(_ settings: Settings, search: AssetSearch) {
    self.init(
      offered: settings.languages, initial: settings.language, consent: settings.consentText
    ) { name, limit throws(KernelError) in
      try contentsOfFile(name.hasPrefix("/") ? name : try search.find(name), limit: limit)
    }
  }
}
