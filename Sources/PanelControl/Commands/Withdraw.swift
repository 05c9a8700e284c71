import ArgumentParser
import Glibc
import JSON
import Spool

/// `panelctl withdraw`: has a visitor's drawings deleted, here and wherever they went.
struct Withdraw: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "withdraw",
    abstract: "Deletes the drawings of a visit, by the code of its receipt.",
    discussion: """
      The drawings and, where nothing else is left of the visitor, the name are deleted from this store at once, also \
      while the panel runs. A tombstone stays, which every store honours that is synchronised with this one; no later \
      sync brings them back. At a terminal it asks first, unless --yes or --json is given. Exit status: 0 they are \
      withdrawn, now or before, 1 nothing was withdrawn, 2 that is no code.
      """)

  @Argument(help: ArgumentHelp("The code on the visitor's receipt: K7M2-9QXD.", valueName: "code"))
  var code: String?

  @Option(
    help: ArgumentHelp(
      "The visit's identifier in place of a code, where several visits have the same code.",
      valueName: "uuid"))
  var session: String?

  @Flag(help: "Do not ask.")
  var yes = false

  @Flag(help: "Print JSON, schema 1, and do not ask.")
  var json = false

  @OptionGroup var store: StoreOptions

  func validate() throws {
    switch (code, session) {
    case (nil, nil), (.some, .some):
      throw ValidationError("withdraw takes the code of a receipt, or --session.")
    case (let code?, nil):
      guard ReceiptCode(code) != nil else {
        throw ValidationError(
          "'\(TerminalText.escaped(code))' is no receipt code: a character is wrong or missing. "
            + "A code has eight letters and digits, the last of which is a check; read it again.")
      }
    case (nil, let session?):
      guard Identifier(session) != nil else {
        throw ValidationError(
          "--session takes the identifier of a visit, as 550e8400-e29b-41d4-a716-446655440000.")
      }
    }
  }

  func run() throws {
    let spool = try Store.openBeside(directory: try store.place(try store.settings().settings).path)
    let answer: Withdrawal
    if let session = session.flatMap({ Identifier($0) }) {
      try requireConfirmation(try spool.visits(session: session))
      answer = try spool.withdraw(session: session)
    } else if let code = code.flatMap({ ReceiptCode($0) }) {
      try requireConfirmation(try spool.visits(code: code))
      answer = try spool.withdraw(code: code)
    } else {
      throw UsageError(description: "withdraw takes the code of a receipt, or --session.")
    }
    var output = Output()
    if json {
      try output.json(json(answer))
    } else {
      for line in lines(answer) { try output.line(line) }
    }
    try output.flush()
    switch answer {
    case .done, .before: break
    case .unknown, .ambiguous: throw Outcome.attention
    }
  }

  /// Asks at a terminal, but not for a script that wants JSON; elsewhere the code itself, which has a check, or the whole
  /// identifier is enough.
  ///
  /// - Throws: ``Outcome`` of kind attention when the answer is not yes.
  private func requireConfirmation(_ visits: [VisitSummary]) throws {
    guard !yes, !json, isatty(STDIN_FILENO) == 1, visits.count == 1, let visit = visits.first,
      visit.withdrawn == nil
    else { return }
    var output = Output()
    try output.bytes(Array("Delete \(words(visit))? There is no way back. [y/N] ".utf8))
    try output.flush()
    let answer = readLine() ?? ""
    guard !["y", "yes"].contains(answer.lowercased()) else { return }
    Output.complain("nothing was withdrawn")
    throw Outcome.attention
  }

  private func words(_ visit: VisitSummary) -> String {
    let drawings = Columns.counted(visit.samples, "drawing")
    let times = [visit.first, visit.last].compactMap { $0.flatMap(Columns.time) }
    guard let first = times.first, let last = times.last else { return drawings }
    return first == last ? "\(drawings) of \(first)" : "\(drawings) from \(first) to \(last)"
  }

  private func lines(_ answer: Withdrawal) -> [String] {
    switch answer {
    case .unknown:
      return [
        "no visit in this store has that code; if it was drawn at another panel, withdraw it there, or here after "
          + "panelctl sync"
      ]
    case .ambiguous(let visits):
      return ["\(visits.count) visits have that code; choose one with --session:"]
        + visits.map { visit in
          let state = visit.withdrawn == nil ? "" : ", withdrawn"
          return "  \(visit.session)  \(words(visit))\(state)"
        }
    case .before(let wall):
      return ["that visit was withdrawn already" + (Columns.time(wall).map { ", at \($0)" } ?? "")]
    case .done(let samples, let isErased):
      let gone =
        samples == 1
        ? "1 drawing is withdrawn"
        : samples == 0
          ? "the visit is withdrawn; no drawing of it is here" : "\(samples) drawings are withdrawn"
      return isErased || samples == 0
        ? [gone]
        : [
          gone,
          "another program reads an older state of the store; their bytes leave the disk when it has ended and the panel "
            + "or panelctl writes again",
        ]
    }
  }

  private func json(_ answer: Withdrawal) -> JSON {
    switch answer {
    case .unknown: return ["schema": 1, "result": "unknown", "withdrawn": 0]
    case .ambiguous(let visits):
      return [
        "schema": 1, "result": "ambiguous", "withdrawn": 0,
        "visits": .array(
          visits.map { visit in
            [
              "session": .string(visit.session.description), "samples": .int(visit.samples),
              "first": visit.first.flatMap(Columns.time).map { .string($0) } ?? .null,
              "last": visit.last.flatMap(Columns.time).map { .string($0) } ?? .null,
              "withdrawn": .bool(visit.withdrawn != nil),
            ]
          }),
      ]
    case .before(let wall):
      return [
        "schema": 1, "result": "already", "withdrawn": 0,
        "at": Columns.time(wall).map { .string($0) } ?? .null,
      ]
    case .done(let samples, let isErased):
      return ["schema": 1, "result": "withdrawn", "withdrawn": .int(samples), "erased": .bool(isErased)]
    }
  }
}
