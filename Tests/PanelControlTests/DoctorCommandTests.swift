import FoundationEssentials
import Glibc
import Kernel
import Settings
import Testing

@testable import PanelControl
@testable import Spool

@Suite("panelctl doctor")
struct DoctorCommandTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private struct Report: Decodable {
    struct Check: Decodable { let name, level, sentence: String }
    let schema: Int
    let health: String
    let checks: [Check]
  }

  private func examine(_ arguments: [String]) throws -> (report: Report, status: Int32) {
    let run = try ProgramRun(["doctor", "--json"] + arguments, in: directory)
    return (try JSONDecoder().decode(Report.self, from: Data(run.output.utf8)), run.status)
  }

  @Test("it looks at everything that a panel needs, and ends as badly as the worst")
  func everything() throws {
    let (report, status) = try examine(["--spool", directory.path("spool")])
    #expect(report.schema == 1)
    #expect(
      Set(report.checks.map(\.name)) == [
        "configuration", "panel", "display", "touch", "store", "clock", "model", "fonts",
        "operator",
      ])
    let worst = report.checks.contains { $0.level == "attention" } ? "attention" : "well"
    #expect(report.health == worst && status == (worst == "well" ? 0 : 1))
    #expect(report.checks.allSatisfy { !$0.sentence.isEmpty && !$0.sentence.contains("\n") })
  }

  @Test("it tells the operator's gesture, whether a PIN is set, and what was chosen at the panel")
  func operatorScreen() throws {
    let spool = try directory.makeDirectory("spool")
    func sentences(_ ini: String) throws -> [String] {
      let file = try directory.write(ini, to: "panel.ini")
      return try examine(["--config", file, "--spool", spool]).report.checks
        .filter { $0.name == "operator" }.map(\.sentence)
    }
    let without = try sentences("")
    #expect(without.first?.hasPrefix("hold two opposite corners for 3 s, then the PIN") == true)
    #expect(without.contains { $0.hasPrefix("no PIN is set") && $0.contains("panelctl pin") })
    var choices = OperatorChoices()
    choices.matrix = [1, 0, 0.1, 0, 1, 0]
    choices.brightness = 40
    choices.language = "uk"
    choices.wrongPINs = 5
    try choices.save(spool: spool)
    let with = try sentences("[operator]\npin = \(try PINHash(of: "4711").text)\n")
    #expect(with.contains("a PIN is set"))
    for part in ["5 wrong PINs", "calibrated at the panel", "set to 40 %", "set to uk"] {
      #expect(with.contains { $0.contains(part) }, "\(part)")
    }
  }

  @Test("a wrong configuration, a headless display and a chosen device that is not there are told")
  func configured() throws {
    let file = try directory.write(
      "[display]\ndisplay = headless:320x240\nrotate = 45\n[touch]\ndevice = /dev/input/event999\n",
      to: "panel.ini")
    let (report, status) = try examine(["--config", file, "--spool", directory.path("spool")])
    func sentences(_ name: String) -> [String] { report.checks.filter { $0.name == name }.map(\.sentence) }
    #expect(status == 1)
    #expect(sentences("configuration").count == 1)
    #expect(sentences("configuration").first?.hasPrefix("panel.ini line 3: '45' cannot be rotate") == true)
    #expect(sentences("display") == ["headless, 320x240"])
    #expect(sentences("touch").first?.contains("/dev/input/event999") == true)
  }

  @Test("beside a running panel display and touch are what that panel says, not what a new one would find")
  func beside() throws {
    let spool = try directory.makeDirectory("spool")
    func checks(touch: String, display: String) throws -> [Report.Check] {
      let line =
        #"{"version":1,"running_s":65,"screen":"attract","collecting":true,"display":"display: card0 HDMI-A-1","#
        + #""display_state":"\#(display)","touch":[\#(touch)],"touch_rate_hz":null,"#
        + #""ink_latency_us":{"count":0,"p50":null,"p99":null,"max":0},"notices":[]}"# + "\n"
      let panel = try FakePanel(spool: spool) { _ in (Array(line.utf8), nil) }
      defer { withExtendedLifetime(panel) {} }
      return try examine(["--spool", spool]).report.checks.filter { ["touch", "display"].contains($0.name) }
    }
    let well = try checks(touch: #""ILITEK (/dev/input/event3), touchscreen""#, display: "lit")
    #expect(well.map(\.level) == ["well", "well"])
    #expect(well.map(\.sentence) == ["card0 HDMI-A-1", "ILITEK (/dev/input/event3), touchscreen"])
    let bad = try checks(touch: "", display: "dark")
    #expect(bad.map(\.level) == ["attention", "attention"])
    #expect(bad.last?.sentence.contains("has no touch device; plug one in") == true)
  }

  @Test("a store is counted, a damaged one is critical")
  func stores() throws {
    let spool = try directory.makeDirectory("spool")
    _ = try Store.open(directory: spool).append(try Drawings.sample(label: 7))
    let (whole, _) = try examine(["--spool", spool])
    #expect(whole.checks.first { $0.name == "store" }?.sentence.hasPrefix("1 drawing in \(spool), ") == true)
    try directory.write([UInt8](repeating: 1, count: 8192), to: "spool/panel.db")
    try directory.write([], to: "spool/panel.db-wal")
    let (damaged, status) = try examine(["--spool", spool])
    #expect(status == 3 && damaged.health == "critical")
  }

  @Test("drawings of a store that was set aside are recovered beside the panel, and the file stays")
  func salvage() throws {
    let spool = try directory.makeDirectory("spool")
    #expect(
      try ProgramRun(["doctor", "--salvage", "--spool", directory.path("none")], in: directory).status == 1)
    do {
      let store = try Store.open(directory: spool)
      for label in 0..<3 { try store.append(try Drawings.sample(label: label), name: "Ada") }
      store.directory.noteDamage("for a test")
    }
    let panel = try Store.open(directory: spool)
    let name = try #require(panel.setAside.first)
    #expect(try panel.statistics().samples == 0)
    let run = try ProgramRun(["doctor", "--salvage", "--spool", spool], in: directory)
    #expect(run.status == 0, "\(run.complaint)")
    #expect(run.output.hasPrefix("\(name): 3 whole drawings found (it had 3), 3 added\n"))
    let files = ["", "-wal", "-shm"].map { suffix -> String in "\(spool)/\(name)\(suffix)" }
      .filter { path in access(path, F_OK) == 0 }
    #expect(run.output.hasSuffix("rm \(files.joined(separator: " "))\n") && files.count >= 2)
    #expect(try panel.statistics().samples == 3 && panel.setAside == [name])
    #expect(try panel.leaderboard(limit: 9).allSatisfy { $0.name == "Ada" })
    let again = try ProgramRun(["doctor", "--salvage", "--json", "--spool", spool], in: directory)
    #expect(again.output.contains(#""found":3,"added":0,"known":3,"#))
    #expect(try panel.statistics().samples == 3)
  }

  @Test("a store that is damaged where no start looks is found, told, set aside and recovered")
  func damagedInUse() throws {
    let spool = try directory.makeDirectory("spool")
    let file = spool + "/panel.db"
    do {
      let store = try Store.open(directory: spool)
      for number in 0..<300 { try store.append(try Drawings.sample(label: number % 10)) }
      try store.connection.script("PRAGMA wal_checkpoint(TRUNCATE)")
    }
    func torn() throws {
      let database = try FileDescriptor.open(file, O_RDWR)
      #expect(lseek(database.raw, Int(lseek(database.raw, 0, SEEK_END)) / 2 / 4096 * 4096, SEEK_SET) > 0)
      try database.writeAll([UInt8](repeating: 0x5A, count: 100_000), to: file)
    }
    let salvage = ["doctor", "--salvage", "--spool", spool]
    #expect(try ProgramRun(salvage, in: directory).output == "no damaged store was set aside in \(spool)\n")
    try torn()
    let (report, status) = try examine(["--spool", spool])
    let sentence = report.checks.first { $0.name == "store" && $0.level == "critical" }?.sentence
    #expect(status == 3 && sentence?.contains("panelctl doctor --salvage sets the file aside") == true)
    // From now on status tells it too, which does not read so much.
    #expect(try ProgramRun(["status", "--spool", spool], in: directory).status == 3)
    let export = try ProgramRun(
      ["export", "--format", "csv", "-o", directory.path("x.csv"), "--spool", spool], in: directory)
    #expect(
      export.status == 1 && export.complaint.contains("panelctl doctor --salvage"), "\(export.complaint)")
    do {
      // The panel that has it is to do it.
      let lock = try StoreLock(StoreDirectory(spool))
      let refused = try ProgramRun(salvage, in: directory)
      #expect(refused.status == 3 && refused.output == "")
      #expect(refused.complaint.contains("is damaged") && refused.complaint.contains("restart the panel"))
      withExtendedLifetime(lock) {}
    }
    let run = try ProgramRun(salvage, in: directory)
    #expect(
      run.status == 1 && run.complaint.contains("was set aside as \(file).damaged-"), "\(run.complaint)")
    #expect(run.output.contains(" whole drawings found (it had 300), "))
    let store = try Store.openReadOnly(directory: spool)
    #expect(try store.statistics().samples > 200 && store.damage() == nil)
    #expect(try ProgramRun(salvage, in: directory).output.contains(", 0 added\n"))
  }

  @Test("a damaged store of which nothing comes back wants attention")
  func nothingFound() throws {
    let spool = try directory.makeDirectory("spool")
    _ = try Store.open(directory: spool)
    try directory.write(
      String(repeating: "this was a store once ", count: 1000), to: "spool/panel.db.damaged-7")
    let run = try ProgramRun(["doctor", "--salvage", "--spool", spool], in: directory)
    #expect(run.status == 1, "\(run.complaint)")
    #expect(run.output.contains("0 whole drawings found (how many it had cannot be read), 0 added\n"))
  }

  @Test("the text has a line for each finding, with its level first")
  func text() throws {
    let run = try ProgramRun(["doctor", "--spool", directory.path("spool")], in: directory)
    let lines = run.output.split(separator: "\n")
    #expect(lines.count >= 8)
    #expect(
      lines.allSatisfy { line in ["well ", "attention ", "critical "].contains { line.hasPrefix($0) } })
  }
}
