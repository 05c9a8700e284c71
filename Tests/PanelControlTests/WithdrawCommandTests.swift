import FoundationEssentials
import Glibc
import Kernel
import Testing

@testable import PanelControl
@testable import Spool

@Suite("panelctl withdraw, anonymise and prune")
struct WithdrawCommandTests {
  private let directory: TemporaryDirectory
  private let spool: String

  init() throws {
    directory = try TemporaryDirectory()
    spool = try directory.makeDirectory("spool")
  }

  private func run(_ arguments: String...) throws -> ProgramRun {
    try ProgramRun(arguments + ["--spool", spool], in: directory)
  }

  private struct Answer: Decodable {
    struct Visit: Decodable { let session: String; let samples: Int }
    let schema: Int
    let result: String
    let withdrawn: Int
    let erased: Bool?
    let visits: [Visit]?
  }

  private func answer(_ run: ProgramRun) throws -> Answer {
    try JSONDecoder().decode(Answer.self, from: Data(run.output.utf8))
  }

  @Test("a visit is withdrawn while the panel has the store open, and the panel counts what is left")
  func besideThePanel() throws {
    let panel = try Store.open(directory: spool)
    let mine = try Drawings.sample(label: 7)
    try panel.append(mine, name: "Grace")
    var second = try Drawings.sample(label: 1)
    second.session = mine.session
    second.contributor = mine.contributor
    try panel.append(second, name: "Grace")
    try panel.append(try Drawings.sample(label: 0), name: "Ada")
    let code = ReceiptCode(session: mine.session).description
    // As a person types it.
    let first = try run("withdraw", String(code.lowercased().map { $0 == "-" ? " " : $0 }))
    #expect((first.status, first.complaint) == (0, ""))
    #expect(first.output == "2 drawings are withdrawn\n")
    #expect(try panel.statistics().samples == 1)
    #expect(try panel.leaderboard(limit: 9).map(\.name) == ["Ada"])
    let again = try run("withdraw", code)
    #expect(again.status == 0 && again.output.hasPrefix("that visit was withdrawn already, at 20"))
    let json = try answer(try run("withdraw", code, "--json"))
    #expect(json.schema == 1 && json.result == "already" && json.withdrawn == 0)
    try panel.append(try Drawings.sample(label: 2), name: "Ada")
    #expect(try panel.statistics().samples == 2)
  }

  @Test("an unknown code, a code of several visits and a store that is not there are told apart")
  func told() throws {
    do {
      let store = try Store.open(directory: spool)
      for _ in 0..<2 { try store.append(try Drawings.sample(label: 7)) }
      try store.connection.script("UPDATE receipts SET code = (SELECT code FROM receipts WHERE id = 1)")
    }
    let unknown = try run("withdraw", ReceiptCode(session: .random()).description)
    #expect(unknown.status == 1 && unknown.output.hasPrefix("no visit in this store has that code"))
    let code = try Store.openReadOnly(directory: spool).connection.text("SELECT code FROM receipts") ?? ""
    let ambiguous = try run("withdraw", code, "--json")
    let visits = try #require(try answer(ambiguous).visits)
    #expect(ambiguous.status == 1 && visits.map(\.samples) == [1, 1])
    #expect(try run("withdraw", code).output.hasPrefix("2 visits have that code"))
    let chosen = try answer(try run("withdraw", "--session", visits[1].session, "--json"))
    #expect(chosen.result == "withdrawn" && chosen.withdrawn == 1 && chosen.erased == true)
    #expect(try Store.openReadOnly(directory: spool).statistics().samples == 1)
    let nowhere = try ProgramRun(["withdraw", code, "--spool", directory.path("none")], in: directory)
    #expect(nowhere.status == 1 && nowhere.complaint.contains("there is no panel.db in it"))
    let mistyped = try run("withdraw", String(code.dropLast()) + (code.hasSuffix("0") ? "1" : "0"))
    #expect(mistyped.status == 2 && mistyped.complaint.contains("a character is wrong or missing"))
  }

  /// Answers what the program asks at a new terminal.
  private func answered(_ line: String, _ arguments: [String]) throws -> ProgramRun {
    let master = FileDescriptor(owning: posix_openpt(O_RDWR | O_NOCTTY))
    try #require(master.raw >= 0 && grantpt(master.raw) == 0 && unlockpt(master.raw) == 0)
    let terminal = String(cString: try #require(ptsname(master.raw)))
    // Kept open here: with its last reader a terminal goes.
    let held = try FileDescriptor.open(terminal, O_RDWR | O_NOCTTY)
    try master.writeAll(Array(line.utf8), to: terminal)
    let run = try ProgramRun(arguments + ["--spool", spool], input: terminal, in: directory)
    withExtendedLifetime(held) {}
    return run
  }

  @Test("at a terminal it asks before it deletes, whether it got a code or an identifier")
  func asked() throws {
    let samples = try (0..<2).map { _ in try Drawings.sample(label: 7) }
    do {
      let store = try Store.open(directory: spool)
      for sample in samples { try store.append(sample) }
    }
    let code = ReceiptCode(session: samples[0].session).description
    let session = samples[1].session.description
    for words in [["withdraw", code], ["withdraw", "--session", session]] {
      let refused = try answered("n\n", words)
      #expect(refused.status == 1 && refused.output.hasPrefix("Delete 1 drawing of 20"), "\(refused.output)")
      #expect(refused.complaint == "panelctl: nothing was withdrawn\n")
    }
    #expect(try Store.openReadOnly(directory: spool).statistics().samples == 2)
    let agreed = try answered("y\n", ["withdraw", "--session", session])
    #expect(agreed.status == 0 && agreed.output.hasSuffix("1 drawing is withdrawn\n"))
    let unasked = try answered("n\n", ["withdraw", "--yes", code])
    #expect(unasked.status == 0 && unasked.output == "1 drawing is withdrawn\n")
  }

  @Test("names are dropped for all, and kept again only when that is asked for")
  func anonymise() throws {
    let panel = try Store.open(directory: spool)
    for name in ["Ada", "Grace"] { try panel.append(try Drawings.sample(label: 7), name: name) }
    let dropped = try run("anonymise")
    #expect(
      dropped.status == 0
        && dropped.output.hasPrefix("2 names were dropped\nnames of later visitors are kept"))
    #expect(try panel.leaderboard(limit: 9).allSatisfy { $0.name == nil })
    #expect(
      try run("anonymise", "--from-now-on", "--json").output
        == #"{"schema":1,"names":0,"erased":true,"keeps_names":false}"# + "\n")
    try panel.append(try Drawings.sample(label: 7), name: "Alan")
    #expect(try panel.leaderboard(limit: 9).allSatisfy { $0.name == nil })
    #expect(
      try run("anonymise", "--no-from-now-on").output.hasSuffix(
        "names of later visitors are kept, if they may be shown\n"))
  }

  @Test("only what was confirmed is pruned, a dry run changes nothing, and the age is told")
  func prune() throws {
    let panel = try Store.open(directory: spool)
    for _ in 0..<3 { try panel.append(try Drawings.sample(label: 7)) }
    for row in 1...2 {
      try panel.connection.run(
        "INSERT INTO acknowledgements VALUES (?, ?, ?)", .integer(row), .blob(.random()),
        .integer(Timestamp.now().wall))
    }
    let young = try run("prune", "--acknowledged", "--older-than", "1d")
    #expect(
      young.status == 0 && young.output.hasPrefix("0 drawings, 0 bytes, pruned\n2 confirmed ones stay"))
    let trial = try run("prune", "--acknowledged", "--older-than", "0h", "--dry-run", "--json")
    #expect(trial.output.contains(#""dry_run":true,"pruned":2,"#))
    #expect(try panel.connection.integer("SELECT count(record) FROM samples") == 3)
    let pruned = try run("prune", "--acknowledged", "--older-than", "0h")
    #expect(pruned.output.hasPrefix("2 drawings, ") && pruned.output.contains("1 stay, as no collector"))
    #expect(try panel.connection.integer("SELECT count(record) FROM samples") == 1)
    #expect(try panel.statistics().samples == 3)
  }
  @Test("where the clock is not set nothing is pruned, and the next step is told")
  func pruneWithoutClock() throws {
    let panel = try Store.open(directory: spool)
    try panel.append(try Drawings.sample(label: 7))
    try panel.connection.run(
      "INSERT INTO acknowledgements VALUES (1, ?, ?)", .blob(.random()), .integer(Timestamp.now().wall))
    let prune = try Prune.parse(["--acknowledged", "--older-than", "0h", "--spool", spool])
    for wall in [0, ClockQuality.earliest - 1] {
      let quality = ClockQuality(wall: wall, synchronised: true, hardware: wall)
      let now = Timestamp(wall: wall, quality: quality, boot: .random(), sinceBoot: 1)
      let refused = #expect(throws: KernelError.self) { try prune.run(at: now) }
      #expect(
        refused?.description
          == "cannot prune \(spool): this machine's clock is not set, so no drawing's age is known; "
          + "set it first")
    }
    #expect(try panel.connection.integer("SELECT count(record) FROM samples") == 1)
  }
}
