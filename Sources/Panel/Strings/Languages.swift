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

  /// English alone, as the program brings it along.
  static let english = Languages(all: [.english], initial: .english, findings: [])

  private init(all: [Strings], initial: Strings, findings: [String]) {
    self.all = all
    self.initial = initial
    self.findings = findings
  }

  /// Reads the files of the languages that the configuration offers.
  ///
  /// A language whose file cannot be read is left out, and without any there is English: the panel starts in every case.
  /// - Parameters:
  ///   - tags: `["en", "de"]`.
  ///   - initial: one of them.
  ///   - read: gives the bytes of `strings/de.ini`.
  init(
    offered tags: [String], initial: String,
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
    self.init(all: all, initial: first ?? all[0], findings: findings)
  }

  /// The languages of the configuration, from where the programs' files are.
  init(_ settings: Settings, search: AssetSearch) {
    self.init(offered: settings.languages, initial: settings.language) { name, limit throws(KernelError) in
      try contentsOfFile(try search.find(name), limit: limit)
    }
  }
}
