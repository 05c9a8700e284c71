import Ink
import Kernel
import Randomness
import Testing

@testable import DataSet
@testable import Spool

@Suite("What is in the data set")
struct SelectionTests {
  /// The rows of a CSV export as dictionaries, and its report. Nothing in these has a comma.
  private func rows(_ store: Store, _ scratch: Scratch, _ options: ExportOptions) throws -> (
    [[String: String]], ExportReport
  ) {
    let path = scratch.path + "/rows.csv"
    let report = try Export(options).write(store, to: path)
    let text = String(decoding: try contentsOfFile(path, limit: 1 << 26), as: UTF8.self)
    let lines = text.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    let head = try #require(lines.first)
    return (lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(head, $0)) }, report)
  }

  private func store(_ scratch: Scratch, _ flags: [QualityFlags]) throws -> (Store, [Sample]) {
    var generator = SplitMix64(seed: 90)
    let store = try Store.open(directory: scratch.path + "/spool")
    let samples = flags.map { Drawings.sample(flags: $0, using: &generator) }
    for sample in samples { try store.append(sample, name: "Ada") }
    return (store, samples)
  }

  @Test(
    "clean leaves out what a hand did wrong and what a person rejected, not what only the recogniser misreads"
  )
  func clean() throws {
    let scratch = try Scratch()
    let (store, samples) = try store(
      scratch, [[], .disagrees, .blank, .dot, .scribble, .tooFast, .palm, .repeated, [], []])
    #expect(
      try store.give([(samples[8].id, .reject), (samples[9].id, .relabel(1)), (samples[2].id, .accept)])
        .changed == 3)
    let (clean, report) = try rows(store, scratch, ExportOptions(.csv, selection: DataSetSelection(.clean)))
    #expect(clean.map { $0["id"] } == [samples[0], samples[1], samples[9]].map(\.id.description))
    #expect(clean.map { $0["label"] } == ["7", "7", "1"] && clean.map { $0["asked"] } == ["7", "7", "7"])
    #expect(clean.map { $0["verdict"] } == ["", "", "relabel"])
    #expect(clean.map { $0["verdict_label"] } == ["", "", "1"])
    #expect(report.leftOut.flagged == 6 && report.leftOut.rejected == 1 && report.exported == 3)
    // Everything, with the labels that were asked for.
    let (all, _) = try rows(store, scratch, ExportOptions(.csv))
    #expect(all.count == 10 && all.allSatisfy { $0["label"] == "7" })
    #expect(all.map { $0["verdict"] } == ["", "", "accept", "", "", "", "", "", "reject", "relabel"])
    #expect(all.map { $0["verdict_label"] } == [String](repeating: "", count: 9) + ["1"])
    #expect(all.map { $0["flags"] }.prefix(5) == ["", "disagrees", "blank", "dot", "scribble"])
    // Only what a person has looked at; what the person accepted counts although it is flagged.
    let (reviewed, left) = try rows(
      store, scratch, ExportOptions(.csv, selection: DataSetSelection(.reviewed)))
    #expect(reviewed.map { $0["id"] } == [samples[2], samples[9]].map(\.id.description))
    #expect(reviewed.map { $0["label"] } == ["7", "1"])
    #expect(left.leftOut.unreviewed == 7 && left.leftOut.rejected == 1)
  }

  @Test("a time is corrected by another of the same boot, and never where nobody knows the boot")
  func unknownBoot() {
    func stamp(_ boot: Identifier, _ quality: ClockQuality, _ seconds: UInt64) -> Timestamp {
      Timestamp(
        wall: quality == .unset ? 0 : 1_795_000_000_000, quality: quality, boot: boot,
        sinceBoot: seconds * 1_000_000_000)
    }
    let boot = Identifier.random()
    var clocks = ClockCorrection()
    for known in [boot, .none] { clocks.add(stamp(known, .ntp, 0)) }
    #expect(
      clocks.time(of: stamp(boot, .unset, 5)) == .init(milliseconds: 1_795_000_005_000, basis: .anchor))
    #expect(clocks.time(of: stamp(.none, .unset, 0)) == .init(milliseconds: nil, basis: .unknown))
    #expect(
      clocks.time(of: stamp(.none, .ntp, 0)) == .init(milliseconds: 1_795_000_000_000, basis: .clock))
  }

  @Test("without consent to the data set a drawing is in it only where that is asked for")
  func consent() throws {
    let scratch = try Scratch()
    let (store, samples) = try ExportTests.filled(scratch, seed: 91)
    let (asked, _) = try rows(
      store, scratch, ExportOptions(.csv, selection: DataSetSelection(.all, includesWithoutConsent: true)))
    #expect(asked.map { $0["id"] } == samples.map(\.id.description))
    #expect(asked.map { $0["agreed"] } == ["1", "1", "0", "1"])
    let (usual, report) = try rows(store, scratch, ExportOptions(.csv))
    #expect(usual.allSatisfy { $0["agreed"] == "1" } && report.leftOut.withoutConsent == 1)
  }

  @Test("a name is there only where the visitor chose to show it, and nowhere where names are left out")
  func names() throws {
    let scratch = try Scratch()
    var generator = SplitMix64(seed: 92)
    let store = try Store.open(directory: scratch.path + "/spool")
    let visitor = Identifier(using: &generator)
    // The same visitor at first did not want to be shown.
    try store.append(Drawings.sample(contributor: visitor, nameShown: false, using: &generator), name: "Zoë")
    try store.append(Drawings.sample(contributor: visitor, using: &generator), name: "Zoë")
    #expect(try rows(store, scratch, ExportOptions(.csv)).0.map { $0["username"] } == ["Anonymous", "Zoë"])
    let path = scratch.path + "/set"
    for format in ExportOptions.Format.allCases {
      _ = try Export(ExportOptions(format, withNames: false)).write(store, to: "\(path)-\(format)/")
      for (name, bytes) in try OutputTests.files(in: "\(path)-\(format)") where format != .npz {
        #expect(!String(decoding: bytes, as: UTF8.self).contains("Zoë"), "\(name)")
      }
    }
    #expect(
      try rows(store, scratch, ExportOptions(.csv, withNames: false)).0.map { $0["username"] }
        == ["Anonymous", "Anonymous"])
  }

  @Test("no visitor is in training and in testing, and more for testing only moves visitors there")
  func split() throws {
    let scratch = try Scratch()
    try MadeUpStore.make(scratch.path + "/spool", samples: 1200)
    let store = try Store.openReadOnly(directory: scratch.path + "/spool")
    var before: Set<String> = []
    for percent in [0, 10, 30, 60, 100] {
      let (rows, report) = try rows(store, scratch, ExportOptions(.csv, testPercent: percent))
      func visitors(_ split: String) -> Set<String> {
        Set(rows.filter { $0["split"] == split }.compactMap { $0["contributor"] })
      }
      let test = visitors("test")
      #expect(test.isDisjoint(with: visitors("train")) && test.isSuperset(of: before))
      #expect(
        report.test == rows.filter { $0["split"] == "test" }.count && report.train + report.test == 1080)
      before = test
    }
    #expect(before.count == 90)
  }

  @Test("the side of a visitor never changes from one version of this software to the next")
  func splitIsFixed() {
    let sides = (0..<12).map {
      Split(testPercent: 50).isTest(Identifier(high: 0x1234_5678_9ABC_4DEF, low: 0x8000_0000_0000_0000 + $0))
    }
    #expect(sides == SelectionTests.expectedSides)
  }

  // SHA-256 of "digit-panel split 1 " and the sixteen bytes, the first eight as a number modulo 100, below 50.
  static let expectedSides = [
    true, true, false, false, false, true, true, false, true, true, true, true,
  ]

  @Test(
    "a time that the clock did not know is corrected by another instant of the same boot, and the raw one stays"
  )
  func clocks() throws {
    let scratch = try Scratch()
    var generator = SplitMix64(seed: 93)
    let store = try Store.open(directory: scratch.path + "/spool")
    let boots = [Identifier(using: &generator), Identifier(using: &generator)]
    let times = [
      Timestamp(wall: 5000, quality: .unset, boot: boots[0], sinceBoot: 10_000_000_000),
      Timestamp(wall: 1_795_000_100_000, quality: .ntp, boot: boots[0], sinceBoot: 70_000_000_000),
      Timestamp(wall: 1_794_000_000_000, quality: .restored, boot: boots[1], sinceBoot: 5_000_000_000),
    ]
    for time in times {
      var sample = Drawings.sample(using: &generator)
      sample.time = time
      try store.append(sample)
    }
    let rows = try rows(store, scratch, ExportOptions(.csv)).0
    #expect(rows.map { $0["time_basis"] } == ["anchor", "clock", "unknown"])
    #expect(
      rows.map { $0["corrected_at"] } == [
        "2026-11-18T11:07:20.000+00:00", "2026-11-18T11:08:20.000+00:00", "",
      ])
    #expect(rows.map { $0["created_at"] }.first == "1970-01-01T00:00:05.000+00:00")
    #expect(rows.map { $0["clock"] } == ["unset", "ntp", "restored"])
  }

  @Test("a collector's clock corrects the times of a boot in which the panel's was never set")
  func collectorsClock() throws {
    let scratch = try Scratch()
    let store = try Store.open(directory: scratch.path + "/spool")
    let (boot, other) = (Identifier.random(), Identifier.random())
    for (index, boot) in [boot, other].enumerated() {
      let sample = Sample(
        id: .random(), label: 3, strokes: Drawings.seven(),
        png: Drawings.png(Drawings.canvas(Drawings.seven())),
        contributor: .random(), session: .random(), language: "en",
        consent: Consent(version: "1", dataSet: true, nameShown: false), softwareVersion: "t",
        modelVersion: "t", prediction: nil, flags: [],
        time: Timestamp(
          wall: 5000, quality: .unset, boot: boot, sinceBoot: UInt64(10 + index) * 1_000_000_000))
      try store.append(sample)
    }
    // A sync 90 s after the boot; of the other boot there was only one with a machine that did not know the time either.
    for (boot, quality) in [(boot, ClockQuality.ntp), (other, .unset)] {
      try store.noteSource(
        ClockAnchor(
          source: .random(),
          panel: Timestamp(wall: 85_000, quality: .unset, boot: boot, sinceBoot: 90_000_000_000),
          collector: Timestamp(wall: 1_795_000_100_000, quality: quality, boot: .random(), sinceBoot: 1)),
        name: "booth")
    }
    let rows = try rows(store, scratch, ExportOptions(.csv)).0
    #expect(rows.map { $0["time_basis"] } == ["anchor", "unknown"])
    #expect(rows.map { $0["corrected_at"] } == ["2026-11-18T11:07:00.000+00:00", ""])
  }

  @Test("options that contradict each other are told with the way out")
  func contradictions() {
    #expect(
      ExportOptions(.npz, size: .drawn, normalization: .mnist).contradiction?.contains("--resize 28") == true)
    #expect(ExportOptions(.csv, withStrokes: true).contradiction?.contains("--strokes") == true)
    #expect(ExportOptions(.idx, testPercent: 101).contradiction?.contains("0 to 100") == true)
    #expect(
      ExportOptions(.idx).contradiction == nil && ExportOptions(.json, withStrokes: true).contradiction == nil
    )
  }
}
