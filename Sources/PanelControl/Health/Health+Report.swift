import JSON
import Spool

extension Health {
  /// The report for people, a line each. Nothing in it obeys a terminal.
  var lines: [String] {
    var lines: [String] = []
    func line(_ name: String, _ text: String) {
      lines.append("\(Columns.left(name, 10)) \(TerminalText.escaped(text))")
    }
    line("panel", settings.settings.panelName)
    line("store", place.path)
    switch panel {
    case .running(let live, _):
      line(
        "running",
        "for \(Columns.duration(seconds: live.runningSeconds)), \(live.screen)"
          + (live.collecting || isPaused ? "" : ", collecting is paused"))
      line("display", live.displayChoice)
      for device in live.touch { line("touch", device) }
      if live.touch.isEmpty { line("touch", "no device") }
      line(
        "touch rate",
        live.touchRate.map { "\(Columns.tenths($0)) Hz" } ?? "not known before the first strokes")
      line("ink", Health.words(live.inkLatency))
    case .absent: line("running", "no")
    case .unreachable: line("running", "does not answer")
    }
    if isPaused { line("collecting", "paused") }
    if case .success(let version) = model { line("model", version) }
    if case .open(let statistics, _) = store {
      line(
        "drawings",
        "\(statistics.samples) by \(Columns.counted(statistics.contributors, "visitor")), "
          + "\(statistics.unsent) not yet collected"
      )
      line(
        "digits",
        statistics.perDigit.enumerated().map { "\($0.offset): \($0.element)" }.joined(separator: "  "))
      line(
        "disk",
        "\(Columns.bytes(statistics.freeBytes)) of \(Columns.bytes(statistics.diskBytes)) free, store "
          + Columns.bytes(statistics.storeBytes))
      let collector = (statistics.lastSyncBy ?? "").isEmpty ? "" : ", by \(statistics.lastSyncBy ?? "")"
      line(
        "last sync",
        statistics.lastSync.map { (Columns.time($0) ?? "unknown") + collector }
          ?? "never")
      for upload in uploads {
        line(
          "database",
          "\(upload.destination): \(Columns.counted(upload.waiting, "drawing")) not uploaded"
            + (upload.refused > 0 ? ", \(upload.refused) set aside" : ""))
      }
    }
    line("clock", "\(Columns.time(clock.wall) ?? "unknown"), \(clock.quality)")
    lines += findings.map(\.line)
    if findings.isEmpty { lines.append("All is well.") }
    return lines
  }

  private static func words(_ ink: LiveStatus.InkLatency) -> String {
    guard let p50 = ink.p50, let p99 = ink.p99 else { return "nothing was drawn yet" }
    return
      "on the screen after \(p50) us (p50), \(p99) us (p99), \(ink.max) us at most, of \(ink.count) touch frames"
  }

  /// The report for scripts, one line of JSON. Members are only ever added to schema 1.
  var json: String {
    guard case .running(_, let answer) = panel else {
      return JSON.object(members + [("panel", .null)]).text
    }
    // The panel's own answer stands in it as it was read: it is JSON, or it would not have been understood.
    return "\(JSON.object(members).text.dropLast()),\"panel\":\(answer)}"
  }

  private var members: [(String, JSON)] {
    [
      ("schema", 1),
      ("health", .string(outcome.name)),
      ("findings", .array(findings.map(\.json))),
      ("name", .string(settings.settings.panelName)),
      ("spool", .string(place.path)),
      ("store", storeJSON),
      (
        "clock",
        [
          "quality": .string(clock.quality.description),
          "time": Columns.time(clock.wall).map { .string($0) } ?? .null,
        ]
      ),
      ("model", (try? model.get()).map { .string($0) } ?? .null),
      ("paused", .bool(isPaused)),
    ]
  }

  private var storeJSON: JSON {
    guard case .open(let statistics, let panel) = store else { return .null }
    return [
      "panel": .string(panel.description),
      "samples": .int(statistics.samples),
      "per_digit": .array(statistics.perDigit.map { .int($0) }),
      "unsent": .int(statistics.unsent),
      "contributors": .int(statistics.contributors),
      "free_bytes": .int(Int(statistics.freeBytes)),
      "disk_bytes": .int(Int(statistics.diskBytes)),
      "store_bytes": .int(Int(statistics.storeBytes)),
      "full": .bool(statistics.isFull),
      "last_sync": statistics.lastSync.flatMap { Columns.time($0) }.map { .string($0) } ?? .null,
      "last_sync_by": statistics.lastSyncBy.map { .string($0) } ?? .null,
      "uploads": .array(
        uploads.map { upload in
          [
            "database": .string(upload.destination.description), "unsent": .int(upload.waiting),
            "refused": .int(upload.refused),
          ]
        }),
    ]
  }
}
