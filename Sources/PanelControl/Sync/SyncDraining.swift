import Glibc
import JSON
import Settings
import Spool
import Sync

/// `panelctl sync HOST…`: drains panels over ssh, several at once.
struct SyncDraining {
  let hosts: [String]
  let command: [String]
  let jobs: Int
  let isDryRun: Bool
  let json: Bool

  func run(place: String) throws {
    let results: [SyncResult]
    var outcome = Outcome.well
    if isDryRun {
      results = drain(into: try triedSink(place))
    } else {
      let collector = try CollectorStore.open(place)
      if !collector.store.findings.isEmpty { outcome = .critical }
      results = drain(into: collector.sink)
      try? collector.store.checkpoint()
    }
    for result in results { outcome = max(outcome, SyncWords.outcome(result)) }
    var output = Output()
    if json {
      try output.json(SyncWords.json(results, place: place, isDryRun: isDryRun, outcome: outcome))
    } else {
      for line in SyncWords.lines(results, isDryRun: isDryRun) { try output.line(line) }
    }
    try output.flush()
    try outcome.end()
  }

  private func drain(into sink: any SyncSink) -> [SyncResult] {
    let isWatched = isatty(STDERR_FILENO) == 1
    let results = CollectLoop(command: command, jobs: jobs, isDryRun: isDryRun).run(hosts, into: sink) {
      if isWatched { Output.tell(progress: SyncWords.progress($0)) }
    }
    if isWatched { Output.tell(progress: "") }
    return results
  }

  /// The store as it is, for reading, or none where there is none yet.
  private func triedSink(_ place: String) throws -> any SyncSink {
    let (name, software) = (machineName(), Software.version)
    let store: Store
    do throws(StoreError) {
      store = try Store.openReadOnly(directory: place)
    } catch {
      guard error.kind == .missing else { throw error }
      return NoSink(name: name, software: software)
    }
    return StoreSink(store, name: name, software: software, panels: try CollectorStore.panels(place))
  }
}
