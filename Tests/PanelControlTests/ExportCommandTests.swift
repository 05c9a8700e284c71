import FoundationEssentials
import Glibc
import Kernel
import Testing

@testable import PanelControl
@testable import Spool

@Suite("panelctl export")
struct ExportCommandTests {
  private let directory: TemporaryDirectory
  private let spool: String

  init() throws {
    directory = try TemporaryDirectory()
    spool = try directory.makeDirectory("spool")
    let store = try Store.open(directory: spool)
    for label in 0..<12 {
      try store.append(try Drawings.sample(label: label % 10, dataSet: label != 3), name: "Ada")
    }
  }

  private func export(_ arguments: String...) throws -> ProgramRun {
    try ProgramRun(["export"] + arguments + ["--spool", spool], in: directory)
  }

  @Test("npz is a ZIP file of every drawing that may be in the data set")
  func npz() throws {
    let path = directory.path("set.npz")
    let run = try export("--format", "npz", "--resize", "28", "--output", path)
    #expect(run.status == 0, "\(run.complaint)")
    #expect(run.complaint == "")
    let lines = run.output.split(separator: "\n").map(String.init)
    #expect(lines.count == 3)
    #expect(lines.first?.hasPrefix("11 drawings in \(path), ") == true)
    #expect(lines.dropFirst().first?.hasSuffix("for testing; no visitor is in both") == true)
    #expect(lines.last == "1 left out, as their visitors did not agree to the data set")
    #expect(try contentsOfFile(path, limit: 1 << 20).starts(with: [0x50, 0x4B]))
  }

  @Test("what people rejected or relabelled is told, where it stands in the data set all the same")
  func overruled() throws {
    var ids: [Identifier] = []
    let store = try Store.openBeside(directory: spool)
    try store.forEachSample { ids.append($0.id) }
    _ = try store.give([(ids[0], .reject), (ids[1], .relabel(3)), (ids[2], .accept)])
    let all = try export("--format", "csv", "--output", directory.path("all.csv"))
    #expect(
      all.output.contains(
        "\npeople rejected 1 of them and relabelled 1, which stand in it as they were drawn; --filter clean goes by"
      ))
    let clean = try export("--format", "csv", "--filter", "clean", "--output", directory.path("clean.csv"))
    #expect(clean.status == 0 && !clean.output.contains("people rejected"))
  }

  @Test("names stay out, as the consent text promises, unless somebody asks for them")
  func names() throws {
    let path = directory.path("set.csv")
    for (arguments, isNamed) in [([], false), (["--no-names"], false), (["--names"], true)] {
      let run = try ProgramRun(
        ["export", "--format", "csv", "-o", path, "--spool", spool] + arguments, in: directory)
      #expect(run.status == 0, "\(run.complaint)")
      let text = String(decoding: try contentsOfFile(path, limit: 1 << 20), as: UTF8.self)
      #expect(text.contains("Ada") == isNamed)
      #expect(text.contains("Anonymous") == !isNamed)
    }
  }

  @Test("json of 280 pixels is JSON with an image each, and the report is JSON where that is asked for")
  func json() throws {
    struct Report: Decodable {
      let schema, exported, without_consent, pruned, bytes: Int
      let path: String
    }
    let path = directory.path("set.json")
    let run = try export("--format", "json", "--resize", "280", "-o", path, "--json")
    #expect(run.status == 0, "\(run.complaint)")
    let report = try JSONDecoder().decode(Report.self, from: Data(run.output.utf8))
    #expect(report.schema == 1 && report.exported == 11 && report.without_consent == 1 && report.pruned == 0)
    let bytes = try contentsOfFile(path, limit: 1 << 24)
    #expect(report.path == path && report.bytes == bytes.count)
    struct Row: Decodable { let label: Int; let image: [[UInt8]] }
    let rows = try JSONDecoder().decode([Row].self, from: Data(bytes))
    #expect(rows.map(\.label) == [0, 1, 2, 4, 5, 6, 7, 8, 9, 0, 1])
    #expect(rows.allSatisfy { $0.image.count == 280 && $0.image.allSatisfy { $0.count == 280 } })
    // A known drawing, stored and exported, still has its ink.
    let drawn = Drawings.canvas(7)
    #expect(rows.first.map { $0.image.flatMap { $0 } } == drawn.pixels)
  }

  @Test(
    "a drawing whose picture cannot be read is left out of every format, told, and makes the exit code 1",
    arguments: [
      ("npz", "28"), ("npz", "280"), ("json", "28"), ("idx", "28"), ("csv", "28"), ("ndjson", "28"),
      ("imagefolder", "28"), ("imagefolder", "280"),
    ])
  func unreadable(_ format: String, _ size: String) throws {
    let broken = try Drawings.unreadable(label: 5)
    try Store.open(directory: spool).append(broken, name: "Ada")
    let run = try export("--format", format, "--resize", size, "-o", directory.path("set"))
    #expect(run.status == 1)
    #expect(run.output.hasPrefix("11 drawings in "))
    #expect(
      run.complaint.hasPrefix("panelctl: drawing \(broken.id) is left out: its picture: "), "\(run.complaint)"
    )
  }

  @Test(
    "a wrong format, size or a missing path ends with 2 and names what is allowed",
    arguments: [
      (["--format", "xlsx", "-o", "x"], "- imagefolder"),
      (["--format", "npz", "--resize", "32", "-o", "x"], "'28' and '280'"),
      (["--format", "npz"], "--output"), (["-o", "x"], "--format"),
      (["--format", "npz", "--resize", "280", "--normalize", "mnist", "-o", "x"], "--resize 28"),
      (["--format", "csv", "--strokes", "-o", "x"], "--strokes"),
      (["--format", "csv", "--split", "101", "-o", "x"], "0 to 100"),
      (["--format", "csv", "--filter", "good", "-o", "x"], "'clean' or 'reviewed'"),
      (["--format", "csv", "-o", "-"], "./-"),
    ])
  func wrong(arguments: [String], named: String) throws {
    let run = try ProgramRun(["export"] + arguments + ["--spool", spool], in: directory)
    #expect(run.status == 2)
    #expect(run.complaint.contains(named), "\(run.complaint)")
  }

  @Test("a half of an MNIST set that is empty is told, unless it was asked for")
  func emptySplit() throws {
    let lonely = directory.path("lonely")
    let store = try Store.open(directory: lonely)
    try store.append(try Drawings.sample(label: 3))
    for (format, split, isTold) in [("idx", "50", true), ("idx", "0", false), ("csv", "50", false)] {
      let run = try ProgramRun(
        [
          "export", "--format", format, "--split", split, "-o", directory.path("set-\(format)-\(split)"),
          "--spool", lonely,
        ],
        in: directory)
      #expect(run.status == 0)
      #expect(run.complaint.contains("there is no drawing for t") == isTold, "\(run.complaint)")
    }
  }

  @Test("a place that cannot be written is one sentence, and nothing is left there")
  func unwritable() throws {
    let run = try export("--format", "json", "--output", directory.path("none/set.json"))
    #expect(run.status == 1)
    #expect(run.complaint.hasPrefix("panelctl: cannot ") && run.complaint.split(separator: "\n").count == 1)
    #expect(access(directory.path("none"), F_OK) != 0)
    let missing = try ProgramRun(
      ["export", "--format", "json", "-o", directory.path("x.json"), "--spool", directory.path("nowhere")],
      in: directory)
    #expect(missing.status == 1)
    #expect(missing.complaint.contains("there is no panel.db in it"))
    #expect(access(directory.path("x.json"), F_OK) != 0)
  }

  @Test(
    "an export that is killed leaves nothing under the final name, and the next one is whole",
    arguments: ["npz", "imagefolder"])
  func killed(_ format: String) throws {
    let large = directory.path("large")
    try MadeUpStore.make(large, samples: 3000)
    let path = directory.path("set.\(format)")
    let arguments = ["export", "--format", format, "--spool", large, "--output", path]
    // Killed at several points of its way: before the first row, and among them.
    for milliseconds: UInt32 in [5, 30, 80, 160] {
      let run = try ProgramRun(arguments, killedAfter: milliseconds, in: directory)
      #expect(run.status == 128 + SIGKILL, "it was done within \(milliseconds) ms")
      #expect(access(path, F_OK) != 0)
    }
    let whole = try ProgramRun(arguments, in: directory)
    #expect(whole.status == 0, "\(whole.complaint)")
    #expect(whole.output.hasPrefix("2700 drawings"))
    #expect(access(path, F_OK) == 0 && access(path + ".partial", F_OK) != 0)
  }

  @Test("the bar tells how far it is, and after a second how long it will take")
  func progress() {
    #expect(
      ProgressBar.line(0, of: 100, "drawings", seconds: 0)
        == "[--------------------]   0 %, 0 of 100 drawings")
    #expect(
      ProgressBar.line(40_000, of: 100_000, "drawings", seconds: 2)
        == "[########------------]  40 %, 40000 of 100000 drawings, 20000/s, 3 s left")
    #expect(ProgressBar.line(0, of: 0, "drawings", seconds: 3).hasPrefix("[####################] 100 %"))
  }
}
