import Spool

/// What the data sheet counts.
struct Tally: Sendable {
  struct Visitor: Sendable {
    var drawings = 0
    var isTest = false
  }

  /// Drawings by split (0 train, 1 test) and digit.
  var digits = [[Int]](repeating: [Int](repeating: 0, count: 10), count: 2)
  var visitors: [Identifier: Visitor] = [:]
  var consents: [String: Int] = [:]
  var languages: [String: Int] = [:]
  var panels: [String: Int] = [:]
  var software: [String: Int] = [:]
  var models: [String: Int] = [:]
  var clocks: [String: Int] = [:]
  var bases: [String: Int] = [:]
  var verdicts: [String: Int] = [:]
  var flags: [String: Int] = [:]
  /// Drawings with a reading, and those of them whose reading is the label.
  var read = 0
  var agreed = 0
  /// Drawings with a name.
  var named = 0
  /// Drawings whose visitors did not agree to the data set.
  var withoutConsent = 0
  /// Drawings that a person gave another label, whether or not it is the one in the data set.
  var relabelled = 0
  /// The earliest and the latest time that is known, in milliseconds since 1970.
  var first: Int64?
  var last: Int64?

  /// Counts a row only by split, digit and verdict: what an export tells also where it writes no sheet.
  mutating func addBriefly(_ row: DataSetRow) {
    digits[row.isTest ? 1 : 0][row.label] += 1
    if let verdict = row.verdict { verdicts[verdict.name, default: 0] += 1 }
    if case .relabel = row.verdict { relabelled += 1 }
  }

  mutating func add(_ row: DataSetRow) {
    addBriefly(row)
    let sample = row.sample
    visitors[sample.contributor, default: Visitor(isTest: row.isTest)].drawings += 1
    consents[sample.consent.version, default: 0] += 1
    languages[sample.language, default: 0] += 1
    panels[sample.panel.description, default: 0] += 1
    software[sample.softwareVersion, default: 0] += 1
    models[sample.modelVersion, default: 0] += 1
    clocks[sample.time.quality.description, default: 0] += 1
    bases[row.time.basis.rawValue, default: 0] += 1
    if !sample.flags.isEmpty { for name in sample.flags.names { flags[name, default: 0] += 1 } }
    if sample.prediction != nil { read += 1 }
    if row.prediction == row.label { agreed += 1 }
    if row.username != "Anonymous" { named += 1 }
    if !sample.consent.dataSet { withoutConsent += 1 }
    if let time = row.time.milliseconds {
      first = min(first ?? time, time)
      last = max(last ?? time, time)
    }
  }

  mutating func add(_ other: Tally) {
    for split in 0..<2 { for digit in 0..<10 { digits[split][digit] += other.digits[split][digit] } }
    for (id, visitor) in other.visitors {
      visitors[id, default: Visitor(isTest: visitor.isTest)].drawings += visitor.drawings
    }
    consents.merge(other.consents, uniquingKeysWith: +)
    languages.merge(other.languages, uniquingKeysWith: +)
    panels.merge(other.panels, uniquingKeysWith: +)
    software.merge(other.software, uniquingKeysWith: +)
    models.merge(other.models, uniquingKeysWith: +)
    clocks.merge(other.clocks, uniquingKeysWith: +)
    bases.merge(other.bases, uniquingKeysWith: +)
    verdicts.merge(other.verdicts, uniquingKeysWith: +)
    flags.merge(other.flags, uniquingKeysWith: +)
    read += other.read
    agreed += other.agreed
    named += other.named
    withoutConsent += other.withoutConsent
    relabelled += other.relabelled
    if let time = other.first { first = min(first ?? time, time) }
    if let time = other.last { last = max(last ?? time, time) }
  }

  /// Drawings of a split.
  func drawings(isTest: Bool) -> Int { digits[isTest ? 1 : 0].reduce(0, +) }

  /// Drawings that were imported: no panel recorded them.
  var imported: Int {
    software.reduce(0) { $0 + ($1.key.hasPrefix("import ") ? $1.value : 0) }
  }

  /// Visitors of a split.
  func visitors(isTest: Bool) -> Int { visitors.values.count { $0.isTest == isTest } }
}
