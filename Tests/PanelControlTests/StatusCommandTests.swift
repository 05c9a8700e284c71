import Glibc
import Kernel
import PNG
import Settings
import Testing

@testable import Spool

@Suite("panelctl status, screenshot and leaderboard")
struct StatusCommandTests {
  private let directory: TemporaryDirectory
  private let spool: String

  private static let liveLine = """
    {"version":1,"software":"0.1","model":"m1","running_s":65,"screen":"challenge","collecting":true,\
    "display":"card0 HDMI-A-1 1280x800","touch":["ILITEK"],"touch_rate_hz":98.5,"first_picture_ns":12,\
    "ink_latency_us":{"count":9,"p50":210,"p99":640,"max":800},"notices":[]}

    """

  init() throws {
    directory = try TemporaryDirectory()
    spool = try directory.makeDirectory("spool")
  }

  private func run(_ arguments: String..., output: String? = nil) throws -> ProgramRun {
    try ProgramRun(arguments + ["--spool", spool], output: output, in: directory)
  }

  private func fill(_ names: [(name: String, count: Int)]) throws {
    let store = try Store.open(directory: spool)
    for (name, count) in names {
      let contributor = Identifier.random()
      for label in 0..<count {
        try store.append(
          try Drawings.sample(label: label % 10, contributor: contributor, shown: !name.isEmpty), name: name)
      }
    }
  }

  @Test("status of a store without a panel counts its drawings and ends well")
  func statusWithoutPanel() throws {
    try fill([("Ada", 12)])
    let status = try run("status")
    #expect(status.output.contains("drawings   12 by 1 visitor, 12 not yet collected\n"))
    #expect(status.output.contains("digits     0: 2  1: 2  2: 1"))
    #expect(status.output.contains("running    no\n"))
    #expect(status.complaint == "")
    #expect(status.status == (status.output.hasSuffix("All is well.\n") ? 0 : 1))
  }

  @Test("status --json is one line with every figure")
  func statusJSON() throws {
    try fill([("Ada", 3)])
    let status = try run("status", "--json")
    #expect(status.output.hasPrefix(#"{"schema":1,"health":""#))
    #expect(
      status.output.contains(#""samples":3,"per_digit":[1,1,1,0,0,0,0,0,0,0],"unsent":3,"contributors":1"#))
    #expect(status.output.contains(#""panel":null}"#))
    #expect(status.output.split(separator: "\n", omittingEmptySubsequences: false).count == 2)
  }

  @Test("status tells who collected last, and how far databases are behind that it was uploaded to")
  func statusOfWhatWasSent() throws {
    try fill([("Ada", 5)])
    do {
      let store = try Store.openBeside(directory: spool)
      let database = try #require(Identifier("550e8400-e29b-41d4-a716-446655440000"))
      var rows: [(row: Int64, id: Identifier)] = []
      try store.forEachSample { rows.append(($0.row, $0.id)) }
      _ = try store.noteUpload(
        .random(), to: database, after: 0, samples: Array(rows.prefix(3)), refused: [(2, "no such digit")])
      try store.noteSync(wall: 1_795_000_000_000, by: "desk")
    }
    let text = try run("status").output
    #expect(text.contains("last sync  2026-11-18T"))
    #expect(text.contains(", by desk\n"))
    #expect(
      text.contains(
        "database   550e8400-e29b-41d4-a716-446655440000: 2 drawings not uploaded, 1 set aside\n"))
    let json = try run("status", "--json").output
    #expect(json.contains(#""last_sync_by":"desk""#))
    #expect(
      json.contains(
        #""uploads":[{"database":"550e8400-e29b-41d4-a716-446655440000","unsent":2,"refused":1}]"#))
  }

  @Test("records that a collector has set aside are told by status and doctor, with the reason")
  func recordsAside() throws {
    do {
      let store = try Store.open(directory: spool)
      for number in 1...2 {
        let offer = Offer(row: Int64(number), id: .random(), length: 9, hash: Digest(of: [UInt8(number)]))
        let arrival = Arrival(CarriedRecord([1, 2, 3]), name: nil, for: offer) { _ in true }
        #expect(
          try store.collect([arrival], from: .random(), mark: nil, wall: Int64(number)).settlements
            == [.setAside])
      }
      #expect(try store.recordsAside().newest?.kind == .damaged)
    }
    let sentence = "2 records were set aside here, the newest since "
    let text = try run("status")
    #expect(text.status == 1 && text.output.contains("attention: \(sentence)"))
    let json = try run("status", "--json")
    #expect(json.status == 1 && json.output.contains(#"{"level":"attention","sentence":"\#(sentence)"#))
    #expect(try run("doctor").output.contains("attention store         \(sentence)"))
  }

  @Test("status of a running panel has its live figures")
  func statusLive() throws {
    try fill([("Ada", 1)])
    let panel = try FakePanel(spool: spool) { $0 == "status" ? (Array(Self.liveLine.utf8), nil) : nil }
    let text = try run("status")
    #expect(text.output.contains("running    for 1 min 5 s, challenge\n"))
    #expect(text.output.contains("ink        on the screen after 210 us (p50), 640 us (p99), 800 us at most"))
    let json = try run("status", "--json")
    #expect(json.output.hasSuffix(#","panel":\#(Self.liveLine.dropLast())}"# + "\n"))
    withExtendedLifetime(panel) {}
  }

  @Test(
    "a panel that answers nonsense is told and hangs nobody",
    arguments: ["{}\n", "\n", "[1,2]\n", "{\"version\":1}\n", "\u{1B}[2J\n", ""])
  func nonsense(answer: String) throws {
    try fill([])
    let panel = try FakePanel(spool: spool) { _ in answer.isEmpty ? nil : (Array(answer.utf8), nil) }
    let status = try run("status")
    #expect(status.status == 1)
    #expect(status.output.contains("running    does not answer\n"))
    #expect(status.output.contains("attention: cannot "))
    #expect(!status.output.contains("\u{1B}"))
    withExtendedLifetime(panel) {}
  }

  @Test("a store that is missing, foreign or damaged is one sentence; damaged is critical")
  func badStores() throws {
    let missing = try run("status")
    #expect(missing.status == 1)
    #expect(
      missing.output.contains(
        "attention: cannot open the store \(spool): there is no panel.db in it; give the directory of a panel's store with --spool\n"
      ))
    try directory.write(
      [UInt8](repeating: 0x55, count: 8192), to: "spool/panel.db")
    let damaged = try run("status", "--json")
    #expect(damaged.status == 3, "\(damaged.output)")
    #expect(damaged.output.contains(#""health":"critical""#))
    let board = try run("leaderboard")
    #expect(board.status == 1)
    #expect(board.complaint.hasPrefix("panelctl: cannot open the store"))
    #expect(board.complaint.split(separator: "\n").count == 1)
  }

  @Test("a wrong configuration is named with its line, a missing one named by --config is an error")
  func configuration() throws {
    try fill([])
    let file = try directory.write("[display]\nratation = 90\n", to: "panel.ini")
    let wrong = try run("status", "--config", file)
    #expect(wrong.status == 1)
    #expect(
      wrong.output.contains(
        "attention: panel.ini line 2: unknown key 'ratation' in [display]; did you mean 'rotate'?\n"))
    let missing = try run("status", "--config", "/nonexistent/panel.ini")
    #expect(missing.status == 1)
    #expect(
      missing.complaint
        == "panelctl: cannot open /nonexistent/panel.ini: no such file or directory; name a readable file with --config\n"
    )
  }

  @Test("the store that the configuration names is taken")
  func spoolFromConfiguration() throws {
    try fill([("Ada", 2)])
    let file = try directory.write("[store]\nspool = \(spool)\n", to: "panel.ini")
    let board = try ProgramRun(["leaderboard", "--json", "--config", file], in: directory)
    #expect(board.output == #"{"schema":1,"entries":[{"rank":1,"score":2,"name":"Ada"}]}"# + "\n")
  }

  @Test("the board is ordered, and ends where --limit says")
  func leaderboard() throws {
    try fill([("Ada", 3), ("Bo", 5), ("", 4), ("Cy", 3)])
    let board = try run("leaderboard")
    #expect(
      board.output == """
        rank  drawings  name
           1         5  Bo
           2         4  (not shown)
           3         3  Ada
           3         3  Cy

        """)
    #expect(board.status == 0)
    let short = try run("leaderboard", "--limit", "1", "--json")
    #expect(short.output == #"{"schema":1,"entries":[{"rank":1,"score":5,"name":"Bo"}]}"# + "\n")
  }

  @Test(
    "a visitor's name cannot write on the operator's terminal: what turns or moves the writing is not stored")
  func rudeName() throws {
    try fill([("\u{202E}\u{1B}[2Jevil", 1)])
    let board = try run("leaderboard")
    #expect(board.output.hasSuffix("   1         1  [2Jevil\n"))
    let json = try run("leaderboard", "--json")
    #expect(json.output.contains(#""name":"[2Jevil""#))
  }

  @Test("an empty board says so")
  func emptyBoard() throws {
    try fill([])
    #expect(try run("leaderboard").output == "Nobody is on the board yet.\n")
    #expect(try run("leaderboard", "--json").output == "{\"schema\":1,\"entries\":[]}\n")
  }

  @Test("a screenshot of a running panel is its picture as PNG, on standard output and in a file")
  func screenshot() throws {
    let pixels: [UInt32] = [0xFF0000, 0x00FF00, 0x0000FF, 0, 0xFFFFFF, 0, 0x102030, 0, 0x808080, 0, 0xFF, 0]
    let panel = try FakePanel(spool: spool) { request in
      request == "screenshot" ? (Array("{\"height\":3,\"stride\":16,\"width\":3}\n".utf8), pixels) : nil
    }
    let file = directory.path("shot.png")
    let named = try run("screenshot", "-o", file)
    #expect(named.status == 0 && named.output == "", "\(named.complaint)")
    let image = try PNG.decode(try contentsOfFile(file, limit: 1 << 20))
    #expect(image.width == 3 && image.height == 3)
    #expect(Array(image.rgba[..<12]) == [255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255])
    #expect(Array(image.rgba[12..<16]) == [255, 255, 255, 255])
    let piped = try run("screenshot")
    #expect(try PNG.decode(piped.outputBytes) == image)
    withExtendedLifetime(panel) {}
  }

  @Test("a picture that the panel refuses is told with its own reason")
  func refusedScreenshot() throws {
    try fill([])
    let panel = try FakePanel(spool: spool) { _ in
      (Array(#"{"error":"not \u001b[2Jyou"}"#.utf8) + [0x0A], nil)
    }
    let shot = try run("screenshot")
    #expect(shot.status == 1)
    #expect(shot.complaint.contains("/control: not "))
    #expect(shot.complaint.hasSuffix("you; run panelctl as root or as the panel's user\n"))
    #expect(!shot.complaint.contains("\u{1B}"))
    withExtendedLifetime(panel) {}
  }

  @Test("a screenshot without a panel, or of a lying one, is one sentence")
  func noScreenshot() throws {
    let absent = try run("screenshot")
    #expect(absent.status == 1)
    #expect(
      absent.complaint == """
        panelctl: cannot take a screenshot: no panel runs on the store \(spool); \
        start it (systemctl start panel), or name its store with --spool

        """)
    for (answer, pixels) in [
      ("{\"height\":3000,\"stride\":16000,\"width\":4000}\n", [UInt32](repeating: 0, count: 4)),
      ("{\"height\":-3,\"stride\":16,\"width\":3}\n", [0]),
      ("{\"height\":3,\"stride\":16,\"width\":3}\n", nil),
    ] as [(String, [UInt32]?)] {
      let panel = try FakePanel(spool: spool) { _ in (Array(answer.utf8), pixels) }
      let shot = try run("screenshot")
      #expect(shot.status == 1)
      #expect(
        shot.complaint.hasPrefix("panelctl: cannot ") && shot.complaint.split(separator: "\n").count == 1)
      withExtendedLifetime(panel) {}
    }
  }

  @Test("a full disk behind > is told")
  func fullOutput() throws {
    try fill([])
    let status = try run("leaderboard", output: "/dev/full")
    #expect(status.status == 1)
    #expect(status.complaint == "panelctl: cannot write to standard output: no space left on device\n")
  }
}
