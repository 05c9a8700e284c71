import Glibc
import Kernel
import Randomness
import Testing

@testable import DataSet
@testable import Spool

@Suite("The data sheet says what is in the set")
struct DataSheetTests {
  /// README.md of an export.
  private func sheet(_ store: Store, _ scratch: Scratch, _ options: ExportOptions) throws -> String {
    let place = scratch.path + "/set-\(UInt32.random(in: 0...UInt32.max))"
    _ = try Export(options).write(store, to: place + "/")
    return String(decoding: try contentsOfFile(place + "/README.md", limit: 1 << 20), as: UTF8.self)
  }

  @Test(
    "drawings without consent and names are told in bold, with their number, and only where there are any")
  func warnings() throws {
    let scratch = try Scratch()
    let (store, _) = try ExportTests.filled(scratch, seed: 95)
    let usual = try sheet(store, scratch, ExportOptions(.csv, withNames: false))
    #expect(!usual.contains("**"))
    let all = try sheet(
      store, scratch,
      ExportOptions(.csv, selection: DataSetSelection(.all, includesWithoutConsent: true), withNames: false))
    #expect(
      all.contains(
        "**The visitors of 1 drawing did not agree to the data set (`agreed` is 0): it must not be passed on.**"
      ))
    let named = try sheet(store, scratch, ExportOptions(.csv))
    #expect(named.contains("**The names of visitors stand with 1 drawing. "))
    #expect(!named.contains("did not agree to the data set (`agreed`"))
  }

  @Test("clean names every flag for which it leaves a drawing out, and says whose the labels are")
  func filters() throws {
    let scratch = try Scratch()
    var generator = SplitMix64(seed: 96)
    let store = try Store.open(directory: scratch.path + "/spool")
    let samples = (0..<4).map { _ in Drawings.sample(using: &generator) }
    for sample in samples { try store.append(sample) }
    _ = try store.give([(samples[0].id, .relabel(1)), (samples[1].id, .accept)])
    let clean = try sheet(store, scratch, ExportOptions(.csv, selection: DataSetSelection(.clean)))
    let flags = try #require(
      clean.split(separator: "\n").first { $0.hasPrefix("Drawings that are flagged ") })
    for flag in DataSetSelection.uncleanFlags.names { #expect(flags.contains(flag), "\(flag)") }
    #expect(clean.contains("what was asked for, but in 1 drawing,"))
    let reviewed = try sheet(store, scratch, ExportOptions(.csv, selection: DataSetSelection(.reviewed)))
    #expect(reviewed.contains("a person who looked at the drawing took it for: in 1 drawing another"))
    #expect(!reviewed.contains("The label is what was asked for"))
    let all = try sheet(store, scratch, ExportOptions(.csv))
    #expect(all.contains("A person gave 1 drawing another one: `verdict_label`."))
  }

  @Test("imported drawings are told from those of a booth")
  func imported() throws {
    let scratch = try Scratch()
    var generator = SplitMix64(seed: 97)
    let store = try Store.open(directory: scratch.path + "/spool")
    func add(software: String) throws {
      var sample = Drawings.sample(using: &generator)
      sample.softwareVersion = software
      try store.append(sample)
    }
    try add(software: "import home_drawndigit")
    let web = try sheet(store, scratch, ExportOptions(.csv))
    #expect(
      web.contains("All drawings came by import: ") && !web.contains("asked to draw a digit with a finger"))
    try add(software: "1.0.0")
    let both = try sheet(store, scratch, ExportOptions(.csv))
    #expect(both.contains("asked to draw a digit with a finger. 1 of the drawings came by import: "))
  }

  @Test("the card of an empty folder of pictures names no data files")
  func empty() throws {
    let scratch = try Scratch()
    let store = try Store.open(directory: scratch.path + "/spool")
    #expect(!(try sheet(store, scratch, ExportOptions(.imagefolder))).contains("data_files"))
  }
}
