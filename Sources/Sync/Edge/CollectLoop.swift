import Glibc
import Kernel
import Spool

/// Drains several panels at once into one store: one thread has the store, and each panel an `ssh` and a listening thread.
public struct CollectLoop {
  /// How far all of it is.
  public struct Progress: Sendable {
    public let hosts: Int
    public let finished: Int
    /// Samples that came, and those that are known to be still to come are in `unsent`.
    public let stored: Int
    public let unsent: Int
    public let bytes: Int
  }

  private let command: [String]
  private let jobs: Int
  private let isDryRun: Bool
  private let patience: HostSync.Patience

  /// - Parameters:
  ///   - command: `ssh` with its options, or what stands in for it.
  ///   - jobs: panels at once, at least 1.
  public init(command: [String] = ["ssh"], jobs: Int, isDryRun: Bool) {
    self.init(command: command, jobs: jobs, isDryRun: isDryRun, patience: HostSync.Patience())
  }

  init(command: [String], jobs: Int, isDryRun: Bool, patience: HostSync.Patience) {
    self.command = command
    self.jobs = max(1, jobs)
    self.isDryRun = isDryRun
    self.patience = patience
  }

  /// Drains the hosts; the results stand in their order. One that fails stops no other.
  ///
  /// - Parameter progress: told several times a second, and when a host is done.
  public func run(
    _ hosts: [String], into sink: any SyncSink, progress: (Progress) -> Void = { _ in }
  ) -> [SyncResult] {
    signal(SIGPIPE, SIG_IGN)
    var results: [SyncResult?] = hosts.map { _ in nil }
    var waiting = Array(hosts.indices)
    var running: [(index: Int, sync: HostSync)] = []
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    var told: UInt64 = 0
    while !waiting.isEmpty || !running.isEmpty {
      while running.count < jobs, !waiting.isEmpty {
        let index = waiting.removeFirst()
        do throws(KernelError) {
          let sync = try HostSync(
            hosts[index], command: command, sink: sink, isDryRun: isDryRun, patience: patience)
          running.append((index, sync))
        } catch {
          results[index] = SyncResult(
            host: hosts[index], report: SyncReport(), failure: error.description, isCritical: false,
            duration: 0)
        }
      }
      var watched = running.flatMap { $0.sync.watched }
      // Children end without a word on any descriptor, so it looks again soon in any case.
      let hasWork = running.contains { $0.sync.hasWork }
      Wire.wait(&watched, milliseconds: hasWork ? 0 : watched.isEmpty ? 20 : 100)
      for (_, sync) in running { sync.step(&buffer) }
      for (index, sync) in running where sync.result != nil { results[index] = sync.result }
      running.removeAll { $0.sync.result != nil }
      let now = MonotonicClock.now()
      if now - told > 200_000_000 || running.isEmpty {
        told = now
        progress(summary(results, running.map(\.sync)))
      }
    }
    return results.compactMap { $0 }
  }

  private func summary(_ results: [SyncResult?], _ running: [HostSync]) -> Progress {
    let done = results.compactMap { $0 }
    let reports = done.map(\.report) + running.map(\.report)
    let stored = reports.reduce(0) { $0 + $1.stored + $1.wanted }
    // A host may say any number: all together must still be one.
    let unsent = reports.reduce(0) { $0 + min(Int(clamping: $1.source?.unsent ?? 0), 1 << 40) }
    return Progress(
      hosts: results.count, finished: done.count, stored: stored, unsent: max(unsent, stored),
      bytes: reports.reduce(0) { $0 + $1.bytes })
  }
}
