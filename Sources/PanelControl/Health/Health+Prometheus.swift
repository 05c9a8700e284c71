import Spool

extension Health {
  /// The report for Prometheus. Names are only ever added; STATUS.md lists them.
  var exposition: Exposition {
    var page = Exposition()
    page.add(
      "panel_up", .gauge, "Whether a panel runs on the store and answers: 1 or 0.", .init(running != nil))
    page.add(
      "panel_health", .gauge, "The exit status of panelctl status: 0 well, 1 wants attention, 3 critical.",
      .init(Int(outcome.rawValue)))
    page.add(
      "panel_findings", .gauge, "What wants a person, by how much.",
      all: [Outcome.attention, .critical].map { level in
        .init(findings.count { $0.level == level }, ("level", level.name))
      })
    page.add("panel_info", .gauge, "What it is; always 1.", identity)
    addPanel(to: &page)
    addStore(to: &page)
    page.add(
      "panel_clock_timestamp_seconds", .gauge, "The panel's wall clock, in seconds since 1970.",
      .init(Double(clock.wall) / 1000))
    page.add(
      "panel_clock_quality", .gauge, "What is known of the wall clock: 1 for what holds.",
      all: ClockQuality.allCases.map { .init(clock.quality == $0 ? 1 : 0, ("quality", $0.description)) })
    return page
  }

  private var running: LiveStatus? {
    if case .running(let live, _) = panel { live } else { nil }
  }

  private var identity: Exposition.Sample {
    var labels = [("name", settings.settings.panelName)]
    if case .open(_, let panel) = store { labels.append(("panel", panel.description)) }
    if let software = running?.software { labels.append(("software", software)) }
    if let version = running?.model ?? (try? model.get()) { labels.append(("model", version)) }
    var sample = Exposition.Sample(1)
    // A terminal that shows the page is not to obey it. A backslash is the format's own to double.
    sample.labels = labels.map { name, value in
      let parts = value.split(separator: "\\", omittingEmptySubsequences: false)
      return (name, parts.map { TerminalText.escaped(String($0)) }.joined(separator: "\\"))
    }
    return sample
  }

  private func addPanel(to page: inout Exposition) {
    page.add(
      "panel_paused", .gauge, "Whether somebody wants drawings not to be stored: 1 or 0.", .init(isPaused))
    guard let live = running else { return }
    page.add(
      "panel_running_seconds", .gauge, "Time since the panel started.", .init(live.runningSeconds))
    page.add(
      "panel_collecting", .gauge, "Whether drawings are stored now: 1 or 0.", .init(live.collecting))
    page.add(
      "panel_display_lit", .gauge, "Whether the picture is seen: 1 or 0.",
      live.displayState.map { .init($0 == "lit") })
    page.add("panel_touch_devices", .gauge, "Touch devices in use.", .init(live.touch.count))
    page.add(
      "panel_touch_rate_hertz", .gauge, "Touch frames a second while a finger moves.",
      live.touchRate.map { .init($0) })
    page.add(
      "panel_visits_total", .counter, "Visits since the panel started.", live.visits.map { .init($0) })
    page.add(
      "panel_stored_total", .counter, "Drawings stored since the panel started.",
      live.stored.map { .init($0) })
    let ink = live.inkLatency
    func seconds(_ microseconds: Int) -> Double { Double(microseconds) / 1_000_000 }
    page.add(
      "panel_ink_latency_seconds", .summary, "From a touch's kernel time to its ink in the scanout buffer.",
      ink.p50.map { .init(seconds($0), ("quantile", "0.5")) },
      ink.p99.map { .init(seconds($0), ("quantile", "0.99")) },
      ink.count > 0 ? .init(seconds(ink.max), ("quantile", "1")) : nil,
      ink.sum.map { .init(seconds($0), suffix: "_sum") }, .init(ink.count, suffix: "_count"))
  }

  private func addStore(to page: inout Exposition) {
    guard case .open(let statistics, _) = store else { return }
    page.add(
      "panel_store_samples", .gauge, "Drawings in the store, by the digit that was asked for.",
      all: statistics.perDigit.enumerated().map { .init($0.element, ("digit", String($0.offset))) })
    page.add(
      "panel_store_unsent_samples", .gauge, "Drawings that no collector has confirmed yet.",
      .init(statistics.unsent))
    page.add(
      "panel_store_contributors", .gauge, "Visitors who have drawn.", .init(statistics.contributors))
    page.add("panel_store_bytes", .gauge, "Size of the store's files.", .init(Int(statistics.storeBytes)))
    page.add(
      "panel_store_full", .gauge, "Whether collecting pauses for want of space: 1 or 0.",
      .init(statistics.isFull))
    page.add(
      "panel_disk_free_bytes", .gauge, "Space left on the store's disk.", .init(Int(statistics.freeBytes)))
    page.add("panel_disk_size_bytes", .gauge, "Size of the store's disk.", .init(Int(statistics.diskBytes)))
    page.add(
      "panel_last_sync_timestamp_seconds", .gauge, "When a collector was last there, in seconds since 1970.",
      statistics.lastSync.map { .init(Double($0) / 1000) })
  }
}
