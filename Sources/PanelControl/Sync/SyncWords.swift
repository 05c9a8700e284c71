import JSON
import Sync

/// What a sync did, in words and as JSON.
enum SyncWords {
  static func outcome(_ result: SyncResult) -> Outcome {
    if result.isCritical { return .critical }
    return result.failure != nil || result.report.wantsAttention ? .attention : .well
  }

  /// One line while it runs.
  static func progress(_ progress: CollectLoop.Progress) -> String {
    "\(progress.finished) of \(progress.hosts) panels, \(progress.stored) of \(progress.unsent) drawings, "
      + Columns.bytes(Int64(progress.bytes))
  }

  /// A line a host and one for all, with the sentences for a person below each host.
  static func lines(_ results: [SyncResult], isDryRun: Bool) -> [String] {
    let width = min(40, results.map(\.host.count).max() ?? 0)
    var lines: [String] = []
    for result in results {
      let host = Columns.left(TerminalText.escaped(result.host), width)
      lines.append("\(host)  \(sentence(result, isDryRun: isDryRun))")
      for problem in problems(result) { lines.append("    \(TerminalText.escaped(problem))") }
    }
    if results.count > 1 {
      let reports = results.map(\.report)
      let count = reports.reduce(0) { $0 + (isDryRun ? $1.wanted : $1.stored) }
      let failed = results.count { $0.failure != nil }
      lines.append(
        "\(results.count) panels: \(drawings(count, isDryRun: isDryRun)), "
          + Columns.bytes(Int64(reports.reduce(0) { $0 + $1.bytes }))
          + (failed > 0 ? "; \(failed) of the panels failed" : ""))
    }
    return lines
  }

  private static func drawings(_ count: Int, isDryRun: Bool) -> String {
    isDryRun ? Columns.counted(count, "drawing") + " to fetch" : Columns.counted(count, "new drawing")
  }

  /// What became of one host, in one line.
  static func sentence(_ result: SyncResult, isDryRun: Bool) -> String {
    let report = result.report
    var parts: [String] = []
    if report.source != nil {
      parts.append(drawings(isDryRun ? report.wanted : report.stored, isDryRun: isDryRun))
      if report.known > 0 { parts.append("\(report.known) known") }
      if report.held > 0 { parts.append("\(report.held) of them not confirmed, as they may be from here") }
      if report.withdrawn + report.removed > 0 {
        parts.append("\(report.withdrawn + report.removed) withdrawn")
      }
      if report.namesDropped > 0 { parts.append("\(Columns.counted(report.namesDropped, "name")) dropped") }
      if report.setAside > 0 { parts.append("\(report.setAside) set aside") }
      if report.conflicts + report.diverged > 0 {
        parts.append("\(report.conflicts + report.diverged) in conflict")
      }
      if report.pruned + report.unreadable + report.refused > 0 {
        parts.append("\(report.pruned + report.unreadable + report.refused) not taken")
      }
      let time = Columns.tenths(Double(result.duration) / 1e9)
      parts.append("\(Columns.bytes(Int64(report.bytes))) in \(time) s")
    }
    if let failure = result.failure { parts.append("failed: \(TerminalText.escaped(failure))") }
    return parts.joined(separator: ", ")
  }

  static func problems(_ result: SyncResult) -> [String] {
    let further = result.report.furtherProblems
    return result.report.problems + (further > 0 ? ["and \(further) more of that kind"] : [])
  }

  /// Members are only ever added to schema 1.
  static func json(_ results: [SyncResult], place: String, isDryRun: Bool, outcome: Outcome) -> JSON {
    [
      "schema": 1, "spool": .string(place), "dry_run": .bool(isDryRun), "outcome": .string(outcome.name),
      "hosts": .array(results.map(json)),
      "stored": .int(results.reduce(0) { $0 + $1.report.stored }),
      "bytes": .int(results.reduce(0) { $0 + $1.report.bytes }),
      "failed": .int(results.count { $0.failure != nil }),
    ]
  }

  static func json(_ result: SyncResult) -> JSON {
    let report = result.report
    var members: [(String, JSON)] = [
      ("host", .string(result.host)), ("outcome", .string(outcome(result).name)),
      ("error", result.failure.map { .string($0) } ?? .null),
      ("panel", report.source.map { .string($0.store.description) } ?? .null),
      ("name", report.source.map { .string($0.name) } ?? .null),
      ("software", report.source.map { .string($0.software) } ?? .null),
      ("clock", report.source.map { .string($0.time.quality.description) } ?? .null),
      ("time", report.source.flatMap { Columns.time($0.time.wall) }.map { .string($0) } ?? .null),
    ]
    let counts: [(String, Int)] = [
      ("offered", report.offered), ("stored", report.stored), ("known", report.known), ("held", report.held),
      ("withdrawn", report.withdrawn), ("set_aside", report.setAside), ("conflicts", report.conflicts),
      ("diverged", report.diverged), ("pruned", report.pruned), ("unreadable", report.unreadable),
      ("refused", report.refused), ("wanted", report.wanted), ("bytes", report.bytes),
      ("acknowledged", report.acknowledged), ("tombstones_sent", report.tombstonesSent),
      ("tombstones_received", report.tombstonesReceived), ("removed", report.removed),
      ("names_sent", report.namesSent), ("names_received", report.namesReceived),
      ("names_dropped", report.namesDropped),
    ]
    members += counts.map { ($0.0, .int($0.1)) }
    members += [
      ("seconds", .number((Double(result.duration) / 1e6).rounded() / 1e3)),
      ("problems", .array(problems(result).map { .string($0) })),
    ]
    return .object(members)
  }
}
