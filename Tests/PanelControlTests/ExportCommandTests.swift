import FoundationEssentials
import Glibc
import Kernel
import Testing

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
    #expect(lines.count == 2)
    #expect(lines.first?.hasPrefix("11 drawings in \(path), ") == true)
    #expect(lines.last == "1 left out, as their visitors did not agree to the data set")
    #expect(try contentsOfFile(path, limit: 1 << 20).starts(with: [0x50, 0x4B]))
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
    "a wrong format, size or a missing path ends with 2 and names what is allowed",
    arguments: [
      (["--format", "xlsx", "-o", "x"], "'npz' and 'json'"),
      (["--format", "npz", "--resize", "32", "-o", "x"], "'28' and '280'"),
      (["--format", "npz"], "--output"), (["-o", "x"], "--format"),
    ])
  func wrong(arguments: [String], named: String) throws {
    let run = try ProgramRun(["export"] + arguments + ["--spool", spool], in: directory)
    #expect(run.status == 2)
    #expect(run.complaint.contains(named), "\(run.complaint)")
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
}
