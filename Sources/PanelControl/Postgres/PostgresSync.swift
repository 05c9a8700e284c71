import Glibc
import JSON
import Kernel
import Spool

/// `panelctl sync --to postgresql://…`: an upload with what the operator sees of it.
struct PostgresSync {
  /// As it was typed.
  let address: String
  /// Whether nothing shall be changed.
  let isTried: Bool
  let json: Bool

  func run(place: String) throws {
    let interrupt = try Interrupt()
    let address = try self.meant()
    if address.hasPassword {
      CommandLineSecret.cover(self.address)
      Output.complain(
        "the password stands in the command line, where other users can read it; \(PostgresError.passwordStep)"
      )
    }
    let isWatched = isatty(STDERR_FILENO) == 1
    let began = MonotonicClock.now()
    let store = try isTried ? Store.openReadOnly(directory: place) : Store.openBeside(directory: place)
    var report = PostgresUpload.Report()
    if isTried {
      report = try PostgresTrial(store, address, interrupt).report
    } else {
      do {
        var upload = try PostgresUpload.open(store, to: address, interrupt) { done, all in
          if isWatched { Output.tell(progress: "\(done) of \(all) drawings") }
        }
        upload.run()
        report = upload.report
      } catch {
        report.failure = error
      }
    }
    if isWatched { Output.tell(progress: "") }
    let seconds = Double(MonotonicClock.now() - began) / 1e9
    var output = Output()
    if json {
      try output.json(report.json(to: address.place, isTried: isTried, seconds: seconds))
    } else if report.failure == nil || report.count > 0 {
      for line in report.lines(to: address.name, isTried: isTried) { try output.line(line) }
    }
    try output.flush()
    for refusal in report.conflicts + report.refused {
      Output.complain("drawing \(refusal.id) stays here: \(TerminalText.escaped(refusal.reason))")
    }
    if let failure = report.failure { Output.complain(TerminalText.escaped("\(failure)")) }
    try report.outcome.end()
  }
}

extension PostgresSync {
  /// - Throws: ``UsageError`` where the text is no address: the command line is wrong then.
  private func meant() throws -> PostgresAddress {
    do throws(PostgresError) {
      return try PostgresAddress(address)
    } catch {
      guard error.kind == .address else { throw error }
      throw UsageError(description: error.description)
    }
  }
}

extension PostgresUpload.Report {
  /// All samples that it says something of.
  var count: Int {
    added + present + withdrawn + removedThere + removedHere + namesDroppedHere + pruned + conflicts.count
      + refused.count
  }

  var outcome: PanelControl.Outcome {
    if !conflicts.isEmpty { return .critical }
    return failure != nil || !refused.isEmpty || putOff > 0 || leftInWeb > 0 ? .attention : .well
  }

  func lines(to name: String, isTried: Bool) -> [String] {
    let verb = isTried ? "would be uploaded" : "uploaded"
    var lines = [
      "\(Columns.counted(added, "drawing")) \(verb) to \(TerminalText.escaped(name)), \(present) there before"
    ]
    if removedThere > 0 {
      lines.append("\(removedThere) removed there, as their visitors have withdrawn them")
    }
    if removedHere > 0 {
      lines.append("\(removedHere) removed here, as their visitors have withdrawn them elsewhere")
    }
    if namesDroppedHere > 0 { lines.append("\(namesDroppedHere) names dropped here, as they were elsewhere") }
    if putOff > 0 {
      lines.append(
        "\(putOff) withdrawals and dropped names put off until tomorrow: a database brings a limited number in a day"
      )
    }
    if withdrawn > 0 { lines.append("\(withdrawn) not taken there, as their visitors have withdrawn them") }
    if pruned > 0 {
      lines.append("\(pruned) not there, and pruned from this store before they were uploaded")
    }
    if !refused.isEmpty { lines.append("\(refused.count) set aside") }
    if !conflicts.isEmpty { lines.append("\(conflicts.count) in conflict with other bytes there") }
    if let reason = web?.reason {
      lines.append("home_drawndigit is not served: \(TerminalText.escaped(reason))")
    }
    if leftInWeb > 0 {
      lines.append(
        "\(leftInWeb) drawings or names in home_drawndigit were withdrawn or dropped; they leave it when that is put right"
      )
    }
    return lines
  }

  func json(to place: String, isTried: Bool, seconds: Double) -> JSON {
    func list(_ refusals: [PostgresBatch.Refusal]) -> JSON {
      .array(refusals.map { ["id": .string($0.id.description), "reason": .string($0.reason)] })
    }
    var members: [(String, JSON)] = [
      ("schema", 1), ("to", .string(place)), ("dry_run", .bool(isTried)), ("uploaded", .int(added)),
      ("present", .int(present)), ("withdrawn", .int(withdrawn)), ("removed_there", .int(removedThere)),
      ("removed_here", .int(removedHere)), ("names_dropped_here", .int(namesDroppedHere)),
      ("put_off", .int(putOff)), ("pruned", .int(pruned)),
      ("conflicts", list(conflicts)), ("set_aside", list(refused)),
      ("web_collector", web?.word.map { .string($0) } ?? .null),
      ("web_collector_left", .int(leftInWeb)),
      ("seconds", .number((seconds * 1000).rounded() / 1000)),
    ]
    members.append(("error", failure.map { .string("\($0)") } ?? .null))
    return .object(members)
  }
}
