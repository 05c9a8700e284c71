import Glibc
import JSON
import Kernel
import Spool

/// `panelctl doctor --salvage`: what came out of damaged stores, for people and for scripts.
enum SalvageReport {
  /// Recovers all stores that were set aside in a directory, and prints what came out. The one in use is set aside first when it
  /// is damaged itself.
  ///
  /// - Throws: ``Outcome``: attention where the disk did not give everything or a store has fewer whole drawings than it
  ///   had, critical where two drawings have one id, and where the store in use is damaged and another process has it.
  static func run(place: String, json: Bool) throws {
    let isWatched = isatty(STDERR_FILENO) == 1
    var damage: String?
    var worst = Outcome.well
    do throws(StoreError) {
      damage = try look(place, isWatched: isWatched)
    } catch {
      // What was set aside before is recovered all the same.
      guard error.kind == .inputOutput else { throw error }
      Output.complain(error.description)
      worst = .attention
    }
    let spool = try open(place, damage)
    for finding in spool.findings { Output.complain(finding) }
    var salvages: [Salvage] = []
    for name in spool.setAside {
      salvages.append(
        try spool.salvage(name) { if isWatched { Output.tell(progress: "\(name): \($0) drawings found") } })
    }
    if isWatched { Output.tell(progress: "") }
    var output = Output()
    if json {
      try output.json(["schema": 1, "stores": .array(salvages.map(self.json))])
    } else if salvages.isEmpty {
      try output.line("no damaged store was set aside in \(TerminalText.escaped(place))")
    } else {
      for salvage in salvages {
        for line in lines(salvage, place: place) { try output.line(line) }
      }
    }
    try output.flush()
    try max(worst, salvages.map(outcome).max() ?? .well).end()
  }

  /// What is wrong with the store in use; nil where nothing is.
  private static func look(_ place: String, isWatched: Bool) throws(StoreError) -> String? {
    if isWatched { Output.tell(progress: "reading the whole store") }
    defer { if isWatched { Output.tell(progress: "") } }
    return try Store.damage(directory: place)
  }

  /// The store that the drawings go into: beside a running panel; or as the panel, where none runs and there is no new store yet
  /// or the one in use must be set aside.
  ///
  /// - Parameter damage: what is wrong with the one in use.
  private static func open(_ place: String, _ damage: String?) throws -> Store {
    do throws(StoreError) {
      if damage == nil { return try Store.openBeside(directory: place) }
    } catch {
      guard error.kind == .missing || error.kind == .damaged, access(place, F_OK) == 0 else { throw error }
    }
    let store: Store
    do throws(StoreError) {
      store = try Store.open(directory: place)
    } catch {
      guard error.kind == .inUse, let damage else { throw error }
      Output.complain(
        "the store in use is damaged (\(damage)), and cannot be set aside now: \(error.reason); restart the panel, "
          + "which sets it aside, or wait until the other one has ended, and run this again")
      throw Outcome.critical
    }
    guard damage == nil || !store.findings.isEmpty else {
      throw KernelError(
        "set the damaged store aside in", place, reason: "the file panel.damaged cannot be written there",
        next: "make room on that disk, and run it as the user who owns the spool, or as root")
    }
    return store
  }

  static func outcome(_ salvage: Salvage) -> Outcome {
    if !salvage.conflicts.isEmpty { return .critical }
    let isShort = salvage.listed.map { salvage.found < $0 } ?? (salvage.found == 0)
    return salvage.unreadableBytes > 0 || isShort ? .attention : .well
  }

  private static func lines(_ salvage: Salvage, place: String) -> [String] {
    let name = TerminalText.escaped(salvage.name)
    let pruned = salvage.pruned > 0 ? " and had pruned \(salvage.pruned)" : ""
    let had = salvage.listed.map { " (it had \($0)\(pruned))" } ?? " (how many it had cannot be read)"
    let found = Columns.counted(salvage.found, "whole drawing")
    var lines = ["\(name): \(found) found\(had), \(salvage.added) added"]
    if salvage.known > 0 { lines.append("  \(salvage.known) were here already") }
    if salvage.withdrawn > 0 {
      lines.append("  \(salvage.withdrawn) were withdrawn by their visitors, and stay so")
    }
    if salvage.suspicious > 0 {
      lines.append("  \(salvage.suspicious) had been set aside there for another reason, and were not taken")
    }
    if salvage.tombstones > 0 { lines.append("  \(salvage.tombstones) withdrawals were taken over") }
    if salvage.verdicts > 0 { lines.append("  \(salvage.verdicts) verdicts were taken over") }
    for id in salvage.conflicts { lines.append("  \(id): another drawing has this id in the store in use") }
    if salvage.unreadableBytes > 0 {
      lines.append("  \(Columns.bytes(Int64(salvage.unreadableBytes))) could not be read from the disk")
    }
    // Each by its whole name: a pattern would take other stores with it, whose names go on after this one's.
    let files = ["", "-wal", "-shm"].map { suffix -> String in "\(place)/\(salvage.name)\(suffix)" }
      .filter { path in access(path, F_OK) == 0 }
    let shown = TerminalText.escaped(files.joined(separator: " "))
    lines.append("  the damaged file is kept; once you have what you need: rm \(shown)")
    return lines
  }

  private static func json(_ salvage: Salvage) -> JSON {
    [
      "name": .string(salvage.name), "listed": salvage.listed.map { .int($0) } ?? .null,
      "pruned": .int(salvage.pruned), "found": .int(salvage.found), "added": .int(salvage.added),
      "known": .int(salvage.known),
      "withdrawn": .int(salvage.withdrawn), "suspicious": .int(salvage.suspicious),
      "tombstones": .int(salvage.tombstones), "verdicts": .int(salvage.verdicts),
      "conflicts": .array(salvage.conflicts.map { .string($0.description) }),
      "unreadable_bytes": .int(salvage.unreadableBytes),
    ]
  }
}
