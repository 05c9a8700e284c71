import Glibc
import JSON
import Kernel
import Settings
import Spool
import Sync

/// `panelctl sync --to FILE` and `--from FILE`: the same by USB stick.
enum SyncCarrying {
  /// At the panel: all that nobody has confirmed, into a file.
  static func write(_ path: String, place: String, name: String, json: Bool) throws {
    try OutputPlace.check(path)
    let isWatched = isatty(STDERR_FILENO) == 1
    let source = StoreSource(
      try Store.openReadOnly(directory: place), name: name, software: Software.version)
    let written = try SyncFile.write(source, to: path) { count in
      if isWatched { Output.tell(progress: "\(count) drawings") }
    }
    if isWatched { Output.tell(progress: "") }
    var output = Output()
    if json {
      try output.json([
        "schema": 1, "path": .string(path), "written": .int(written.samples), "bytes": .int(written.bytes),
      ])
    } else {
      try output.line(
        "\(Columns.counted(written.samples, "drawing")) in \(TerminalText.escaped(path)), \(Columns.bytes(Int64(written.bytes)))"
      )
      try output.line(
        "at the collecting machine: panelctl sync --from FILE; then bring FILE.receipt back here")
    }
    try output.flush()
  }

  /// At the collector a panel's file, at the panel a collector's receipt.
  static func read(_ path: String, place: String, name: String, json: Bool) throws {
    let isWatched = isatty(STDERR_FILENO) == 1
    let begun = MonotonicClock.now()
    var kept: CollectorStore?
    let taken: SyncFile.Taken
    do throws(SyncError) {
      taken = try SyncFile.read(path) { () throws(SyncError) in
        do {
          let collector = try CollectorStore.open(place)
          kept = collector
          return collector.sink
        } catch let error as StoreError {
          throw .store(error)
        } catch let error as KernelError {
          throw .system(error)
        } catch {
          throw .ended
        }
      } source: { () throws(SyncError) in
        do throws(StoreError) {
          return StoreSource(
            try Store.openBeside(directory: place), name: name, software: Software.version)
        } catch {
          throw .store(error)
        }
      } progress: { report in
        if isWatched { Output.tell(progress: "\(report.stored) drawings") }
      }
    } catch {
      if isWatched { Output.tell(progress: "") }
      switch error {
      case .system, .store: Output.complain(error.description)
      default: Output.complain("cannot take in \(TerminalText.escaped(path)): \(error.fileSentence)")
      }
      throw error.isCritical ? Outcome.critical : Outcome.attention
    }
    if isWatched { Output.tell(progress: "") }
    let findings = kept?.store.findings ?? []
    switch taken {
    case .drawings(let report, let receipt, let problem, let failure):
      let result = SyncResult(
        host: path, report: report, failure: failure.map { $0.fileSentence },
        isCritical: report.hasConflict || failure?.isCritical == true || !findings.isEmpty,
        duration: MonotonicClock.now() - begun)
      try tell(result, receipt: receipt, problem: problem, json: json)
    case .receipt(let collector, let receipts, let acknowledged, let removed, let names, let putOff):
      try tell(collector, receipts, acknowledged, removed, names, putOff, json: json)
    }
  }

  private static func tell(_ result: SyncResult, receipt: String?, problem: String?, json: Bool) throws {
    var outcome = SyncWords.outcome(result)
    if problem != nil { outcome = max(outcome, .attention) }
    var output = Output()
    if json {
      try output.json([
        "schema": 1, "outcome": .string(outcome.name), "drawings": SyncWords.json(result),
        "receipt": receipt.map { .string($0) } ?? .null,
        "receipt_error": problem.map { .string($0) } ?? .null,
      ])
    } else {
      for line in SyncWords.lines([result], isDryRun: false) { try output.line(line) }
      if let receipt {
        try output.line("at the panel: panelctl sync --from \(TerminalText.escaped(receipt))")
      }
    }
    try output.flush()
    if let problem { Output.complain("the drawings are safe, but their receipt is not written: \(problem)") }
    try outcome.end()
  }

  private static func tell(
    _ collector: Hello, _ receipts: Int, _ acknowledged: Int, _ removed: Int, _ names: Int, _ putOff: Int,
    json: Bool
  ) throws {
    var output = Output()
    if json {
      try output.json([
        "schema": 1, "collector": .string(collector.store.description), "name": .string(collector.name),
        "receipts": .int(receipts), "acknowledged": .int(acknowledged), "removed": .int(removed),
        "put_off": .int(putOff), "names_dropped": .int(names),
      ])
    } else {
      try output.line(
        "\(Columns.counted(receipts, "receipt")) of \(TerminalText.escaped(collector.name)), \(acknowledged) of them new here"
      )
      if removed > 0 {
        try output.line("\(Columns.counted(removed, "drawing")) withdrawn elsewhere, and removed here")
      }
      if names > 0 {
        try output.line("\(Columns.counted(names, "name")) dropped elsewhere, and dropped here")
      }
    }
    try output.flush()
    if putOff > 0 {
      Output.complain(
        "\(putOff) withdrawals and dropped names are put off: take the receipt in again tomorrow")
      throw Outcome.attention
    }
  }
}

extension SyncError {
  /// The sentence for a file in place of a connection.
  var fileSentence: String {
    switch self {
    case .ended: "the file ends early; what came before is stored, write it again at the panel"
    case .noMagic: "it is no file of panelctl sync --to"
    case .malformed(let what):
      "the file is damaged: \(what); what came before is stored, write it again at the panel"
    default: description
    }
  }
}
