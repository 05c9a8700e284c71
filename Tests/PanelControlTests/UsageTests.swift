import Settings
import Testing

@testable import PanelControl
@testable import Spool

@Suite("The command line")
struct UsageTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func run(_ arguments: String...) throws -> ProgramRun { try ProgramRun(arguments, in: directory) }

  @Test(
    "every command has a help text that names all its options, and ends well",
    arguments: PanelControlProgram.commands.map { $0._commandName })
  func help(command: String) throws {
    let help = try run(command, "--help")
    #expect(help.status == 0)
    #expect(help.complaint == "")
    #expect(help.output.contains("USAGE: panelctl \(command)"))
    #expect(help.output.split(separator: "\n").allSatisfy { $0.count <= 80 || $0.hasPrefix("USAGE") })
  }

  @Test("every command takes --spool and --config", arguments: PanelControlProgram.leaves)
  func storeOptions(command: [String]) throws {
    let help = try ProgramRun(command + ["--help"], in: directory)
    #expect(
      help.output.contains("--spool <dir>") && help.output.contains("--config <file>"), "\(help.output)")
  }

  @Test("--help shows the commands and ends well; without a command the same is a complaint")
  func overview() throws {
    for arguments in [["--help"], ["-h"], ["help"], []] {
      let overview = try ProgramRun(arguments, in: directory)
      #expect(overview.status == (arguments.isEmpty ? 2 : 0))
      let shown = arguments.isEmpty ? overview.complaint : overview.output
      for command in PanelControlProgram.commands {
        #expect(shown.contains("\n  \(command._commandName) "))
      }
    }
    for arguments in [["bench", "--help"], ["bench", "-h"], ["help", "bench"], ["bench"]] {
      let bench = try ProgramRun(arguments, in: directory)
      #expect(bench.status == (arguments == ["bench"] ? 2 : 0))
      let shown = arguments == ["bench"] ? bench.complaint : bench.output
      #expect(shown.contains("USAGE: panelctl bench") && shown.contains("\n  inference "), "\(shown)")
    }
  }

  @Test(
    "a wrong command line ends with 2 and says what is wrong",
    arguments: [
      [], ["bench"], ["frob"], ["status", "--frob"], ["status", "more"], ["leaderboard", "--limit", "many"],
      ["leaderboard", "--limit", "0"], ["recognize"], ["screenshot", "-o"], ["--spool"], ["bench", "frob"],
      ["bench", "ink", "--events", "0"],
      ["bench", "spool", "--rounds", "-1"], ["bench", "inference", "--runs", "x"],
      ["export", "--format", "npz"], ["sync"], ["sync", "--to", "mysql://h/d"], ["sync", "--to"],
      ["withdraw"], ["withdraw", "K7M2-9QXX"], ["withdraw", "--session", "x"], ["prune"],
      ["prune", "--older-than", "30d"], ["prune", "--acknowledged", "--older-than", "soon"],
    ])
  func wrong(arguments: [String]) throws {
    let wrong = try ProgramRun(arguments, in: directory)
    #expect(wrong.status == 2)
    #expect(wrong.output == "")
    #expect(wrong.complaint.hasPrefix("panelctl: "))
    #expect(wrong.complaint.contains("--help"))
  }

  @Test("--version tells the version, and the code in the help of withdraw is one that it takes")
  func version() throws {
    let version = try run("--version")
    #expect(
      version.status == 0 && version.output == "panelctl \(Software.version)\n" && version.complaint == "")
    let help = try run("withdraw", "--help").output
    let codes = help.split { " .\n".contains($0) }.filter { $0.count == 9 && $0.dropFirst(4).hasPrefix("-") }
    #expect(codes.count == 1 && codes.allSatisfy { ReceiptCode($0) != nil }, "\(codes)")
  }

  @Test("what a command's own parser takes is what the tree of all commands takes")
  func oneParser() throws {
    let fast =
      try PanelControlProgram.parse(command: ["leaderboard", "--limit", "3", "--json"]) as? Leaderboard
    let slow = try PanelControlProgram.parseAsRoot(["leaderboard", "--limit", "3", "--json"]) as? Leaderboard
    #expect(fast?.limit == 3 && slow?.limit == 3)
    #expect(fast?.json == true && slow?.json == true)
  }

  @Test("a plain command line of recognize means what the parser takes it for")
  func plainRecognize() throws {
    for arguments in [
      ["a.png"], ["--json", "a.png", "b.png"], ["a.png", "--json"], ["-"], ["--json", "-", "a"],
    ] {
      let plain = try #require(Recognize.plain(["recognize"] + arguments))
      let parsed = try Recognize.parse(arguments)
      #expect(plain.files == parsed.files && plain.json == parsed.json)
    }
    for arguments in [
      [], ["--json"], ["--help"], ["-h"], ["a", "--spool", "/x"], ["--", "a"], ["--jsno", "a"], ["-x"],
      ["a", "--config=b"],
    ] {
      #expect(Recognize.plain(["recognize"] + arguments) == nil)
    }
    #expect(Recognize.plain(["status", "a"]) == nil && Recognize.plain([]) == nil)
  }

  @Test("without a home the place of the store is asked for")
  func homeless() throws {
    let status = try ProgramRun(["leaderboard"], environment: [:], in: directory)
    #expect(status.status == 1)
    #expect(status.complaint.hasSuffix("name a directory with --spool\n"))
  }
}
