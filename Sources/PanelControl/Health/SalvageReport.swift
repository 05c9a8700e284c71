import Glibc
import JSON
import Spool

/// `panelctl doctor --salvage`: what came out of damaged stores, for people and for scripts.
enum SalvageReport {
  /// Recovers all stores that were set aside in a directory, and prints what came out.
  ///
  /// - Throws: ``Outcome``: attention where the disk did not give everything or a store has fewer whole drawings than it
  ///   had, critical where two drawings have one id.
  static func run(place: String, json: Bool) throws {
    let spool = try open(place)
    let isWatched = isatty(STDERR_FILENO) == 1
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
    try (salvages.map(outcome).max() ?? .well).end()
  }

  /// Beside a running panel, or as the panel where none runs and there is no new store yet.
  private static func open(_ place: String) throws(StoreError) -> Store {
    do throws(StoreError) {
      return try Store.openBeside(directory: place)
    } catch {
      guard error.kind == .missing || error.kind == .damaged, access(place, F_OK) == 0 else { throw error }
      return try Store.open(directory: place)
    }
  }

  static func outcome(_ salvage: Salvage) -> Outcome {
    if !salvage.conflicts.isEmpty { return .critical }
    let isShort = salvage.listed.map { salvage.found < $0 } ?? false
    return salvage.unreadableBytes > 0 || isShort ? .attention : .well
  }

  private static func lines(_ salvage: Salvage, place: String) -> [String] {
    let name = TerminalText.escaped(salvage.name)
    let had = salvage.listed.map { " of the \($0) that it had" } ?? ""
    var lines = ["\(name): \(salvage.found) whole drawings found\(had), \(salvage.added) added"]
    if salvage.known > 0 { lines.append("  \(salvage.known) were here already") }
    if salvage.withdrawn > 0 {
      lines.append("  \(salvage.withdrawn) were withdrawn by their visitors, and stay so")
    }
    if salvage.suspicious > 0 {
      lines.append("  \(salvage.suspicious) had been set aside there for another reason, and were not taken")
    }
    if salvage.tombstones > 0 { lines.append("  \(salvage.tombstones) withdrawals were taken over") }
    for id in salvage.conflicts { lines.append("  \(id): another drawing has this id in the store in use") }
    if salvage.unreadableBytes > 0 {
      lines.append("  \(Columns.bytes(Int64(salvage.unreadableBytes))) could not be read from the disk")
    }
    lines.append(
      "  the damaged file is kept; once you have what you need: rm \(TerminalText.escaped(place))/\(name)*")
    return lines
  }

  private static func json(_ salvage: Salvage) -> JSON {
    [
      "name": .string(salvage.name), "listed": salvage.listed.map { .int($0) } ?? .null,
      "found": .int(salvage.found), "added": .int(salvage.added), "known": .int(salvage.known),
      "withdrawn": .int(salvage.withdrawn), "suspicious": .int(salvage.suspicious),
      "tombstones": .int(salvage.tombstones),
      "conflicts": .array(salvage.conflicts.map { .string($0.description) }),
      "unreadable_bytes": .int(salvage.unreadableBytes),
    ]
  }
}
