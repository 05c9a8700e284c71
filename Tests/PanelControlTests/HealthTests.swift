import JSON
import Settings
import Testing

@testable import PanelControl
@testable import Spool

@Suite("The health of a panel")
struct HealthTests {
  private static let statistics = (free: Int64(20) << 30, last: Int64(1_763_707_500_000))

  private func store(
    _ free: Int64 = statistics.free, lastSync: Int64? = nil
  ) -> Health.StoreState {
    .open(
      Statistics(
        samples: 45, perDigit: [5, 4, 5, 4, 5, 4, 5, 4, 5, 4], unsent: 12, contributors: 7, freeBytes: free,
        reusableBytes: 0,
        diskBytes: 32 << 30, storeBytes: 3_456_789, isFull: free < Store.reserve, lastSync: lastSync),
      panel: Identifier(high: 1, low: 2))
  }

  private func health(
    _ store: Health.StoreState, panel: Health.PanelState = .absent, reason: SpoolPlace.Reason = .person,
    quality: ClockQuality = .ntp, ini: String = ""
  ) -> Health {
    Health(
      place: SpoolPlace(path: "/srv/panel", reason: reason),
      settings: SettingsFile(path: "/etc/panel/panel.ini", bytes: Array(ini.utf8)), store: store,
      panel: panel,
      clock: Timestamp(wall: 1_763_707_500_000, quality: quality, boot: .none, sinceBoot: 0),
      model: .success("m1"))
  }

  private let live = LiveStatus(
    runningSeconds: 8000, screen: "challenge", collecting: true,
    display: "display: HDMI-A-1 of /dev/dri/card0",
    touch: ["ILITEK (/dev/input/event2), protocol B"], touchRate: 98.44,
    inkLatency: LiveStatus.InkLatency(count: 120, p50: 210, p99: 640, max: 900), notices: [])

  @Test("a panel that runs and stores is well")
  func well() {
    let health = health(
      store(lastSync: 1_763_707_500_000), panel: .running(live, answer: "{}"), reason: .service)
    #expect(health.findings == [])
    #expect(health.outcome == .well)
    #expect(
      health.lines == [
        "panel      Digit Panel", "store      /srv/panel", "running    for 2 h 13 min, challenge",
        "display    HDMI-A-1 of /dev/dri/card0", "touch      ILITEK (/dev/input/event2), protocol B",
        "touch rate 98.4 Hz",
        "ink        on the screen after 210 us (p50), 640 us (p99), 900 us at most, of 120 touch frames",
        "model      m1", "drawings   45 by 7 visitors, 12 not yet collected",
        "digits     0: 5  1: 4  2: 5  3: 4  4: 5  5: 4  6: 5  7: 4  8: 5  9: 4",
        "disk       21.5 GB of 34.4 GB free, store 3.5 MB", "last sync  2025-11-21T06:45:00Z",
        "clock      2025-11-21T06:45:00Z, ntp", "All is well.",
      ])
  }

  @Test("the name of a collector obeys no terminal, and is escaped once")
  func collectorsName() {
    let statistics = Statistics(
      samples: 0, perDigit: [Int](repeating: 0, count: 10), unsent: 0, contributors: 0, freeBytes: 20 << 30,
      reusableBytes: 0, diskBytes: 32 << 30, storeBytes: 1, isFull: false, lastSync: 1_763_707_500_000,
      lastSyncBy: "b\u{1B}[2J")
    let lines = health(.open(statistics, panel: Identifier(high: 1, low: 2))).lines
    let name = TerminalText.escaped("b\u{1B}[2J")
    #expect(!name.contains("\u{1B}"))
    #expect(lines.contains("last sync  2025-11-21T06:45:00Z, by \(name)"), "\(lines)")
  }

  @Test("the schema of --json keeps its names")
  func schema() {
    #expect(
      health(store(), panel: .running(live, answer: "{}")).json
        == #"{"schema":1,"health":"well","findings":[],"name":"Digit Panel","spool":"/srv/panel","#
        + #""store":{"panel":"00000000-0000-0001-0000-000000000002","samples":45,"#
        + #""per_digit":[5,4,5,4,5,4,5,4,5,4],"unsent":12,"contributors":7,"free_bytes":21474836480,"#
        + #""disk_bytes":34359738368,"store_bytes":3456789,"full":false,"last_sync":null,"last_sync_by":null,"#
        + #""uploads":[]},"#
        + #""clock":{"quality":"ntp","time":"2025-11-21T06:45:00Z"},"model":"m1","paused":false,"#
        + #""panel":{}}"#)
  }

  @Test("the metrics keep their names, and what is not known is left out")
  func metrics() {
    var live = live
    (live.displayState, live.visits, live.stored, live.software, live.model) = ("lit", 3, 8, "0.1", "m1")
    live.inkLatency.sum = 30_000
    let whole = health(store(lastSync: 1_763_707_500_000), panel: .running(live, answer: "{}")).exposition
    let lines = whole.text.split(separator: "\n")
    for line in [
      "panel_up 1", "panel_health 0", #"panel_findings{level="critical"} 0"#,
      #"panel_info{name="Digit Panel",panel="00000000-0000-0001-0000-000000000002",software="0.1",model="m1"} 1"#,
      #"panel_store_samples{digit="9"} 4"#, "panel_store_unsent_samples 12", "panel_visits_total 3",
      "panel_stored_total 8", #"panel_ink_latency_seconds{quantile="0.5"} 0.00021"#,
      "panel_ink_latency_seconds_sum 0.03", "panel_ink_latency_seconds_count 120",
      "panel_last_sync_timestamp_seconds 1763707500.0", #"panel_clock_quality{quality="ntp"} 1"#,
      #"panel_clock_quality{quality="rtc"} 0"#, "panel_display_lit 1", "panel_touch_rate_hertz 98.44",
      "# TYPE panel_ink_latency_seconds summary", "# TYPE panel_stored_total counter",
    ] {
      #expect(lines.contains(Substring(line)), "\(line)")
    }
    let absent = health(
      .failed(StoreError(.permission, "open", "/srv", reason: "no")), reason: .service
    ).exposition
    #expect(
      absent.names == [
        "panel_up", "panel_health", "panel_findings", "panel_info", "panel_paused",
        "panel_clock_timestamp_seconds", "panel_clock_quality",
      ])
    #expect(absent.text.contains("panel_up 0\n"))
    #expect(Set(whole.names).isSuperset(of: absent.names))
  }

  @Test("STATUS.md lists every key of --json and every metric, and no other")
  func documented() throws {
    let live = live
    let document = try StatusDocument.read()
    let store = store(lastSync: 1_763_707_500_000)
    var health = health(store, panel: .running(live, answer: "{}"), quality: .unset)
    health.notedDamage = "torn"
    health.uploads = [UploadState(destination: .none, waiting: 3, refused: 1)]
    let keys = try StatusDocument.keys(of: health.json)
    #expect(keys == document.keys.filter { !$0.hasPrefix("panel.") })
    var whole = live
    (whole.displayState, whole.visits, whole.stored) = ("lit", 3, 8)
    health.panel = .running(whole, answer: "{}")
    #expect(health.exposition.names.sorted() == document.metrics)
  }

  @Test("collecting that was paused at the panel wants attention, by the configuration it is only told")
  func paused() {
    var paused = health(store(), panel: .running(live, answer: "{}"))
    paused.choices.choices.collecting = false
    #expect(paused.outcome == .attention)
    #expect(paused.findings.first?.sentence.hasPrefix("collecting was paused at the panel") == true)
    #expect(paused.lines.contains("collecting paused"))
    #expect(paused.json.contains(#""paused":true"#))
    let off = health(store(), ini: "[challenge]\ncollecting = no\n")
    #expect(off.outcome == .well)
    #expect(off.lines.contains("collecting paused"))
    var resumed = off
    resumed.choices.choices.collecting = true
    #expect(!resumed.isPaused)
  }

  @Test("a full disk is critical, one that fills up wants attention")
  func disk() {
    #expect(health(store(Store.reserve - 1)).outcome == .critical)
    #expect(health(store(Store.reserve - 1)).findings.first?.sentence.contains("make room") == true)
    #expect(health(store(Health.comfort - 1)).outcome == .attention)
    #expect(health(store(Health.comfort)).outcome == .well)
  }

  @Test("a damaged store is critical, whether it is in use or set aside")
  func damaged() {
    let error = StoreError(
      .damaged, "open the store", "/srv/panel/panel.db", reason: "file is not a database")
    #expect(health(.failed(error)).outcome == .critical)
    var aside = health(store())
    aside.setAside = ["/srv/panel/panel.db.damaged-1763707500"]
    #expect(aside.outcome == .critical)
    #expect(aside.findings.first?.sentence.contains("keep that file") == true)
    var noted = health(store())
    noted.notedDamage = "database disk image is malformed"
    #expect(noted.outcome == .critical)
    #expect(noted.findings.first?.sentence.contains("malformed); panelctl doctor --salvage") == true)
    noted.panel = .running(live, answer: "{}")
    #expect(noted.findings.first?.sentence.contains("malformed); restart the panel") == true)
  }

  @Test("records that were set aside want attention, with the newest reason and what to do")
  func recordsAside() {
    var aside = health(store())
    aside.recordsAside = RecordsAside(count: 1, newest: .init(kind: .damaged, reason: "its SHA-256 is wrong"))
    #expect(aside.outcome == .attention)
    let first = aside.findings.first?.sentence ?? ""
    #expect(first.hasPrefix("1 record was set aside here, the newest since its SHA-256 is wrong; "))
    #expect(first.contains("panelctl doctor"))
    aside.recordsAside = RecordsAside(count: 7, newest: .init(kind: .unknownPanel, reason: "no such panel"))
    #expect(aside.lines.last?.hasPrefix("attention: 7 records were set aside here, ") == true)
    #expect(aside.lines.last?.contains("/srv/panel/panels") == true)
    aside.recordsAside = RecordsAside(count: 2, newest: .init(kind: .conflict, reason: "another has the id"))
    #expect(aside.outcome == .attention && aside.findings.first?.sentence.contains("copies") == true)
  }

  @Test("the installed service ought to run, a person's own store need not be used")
  func absent() {
    #expect(health(store(), reason: .service).outcome == .attention)
    #expect(health(store(), reason: .person).outcome == .well)
    #expect(health(store(), reason: .option).outcome == .well)
  }

  @Test("what the panel, the clock and the configuration complain of wants attention")
  func complaints() {
    var complaining = live
    complaining.notices = ["display: no connector is connected"]
    #expect(
      health(store(), panel: .running(complaining, answer: "{}")).findings.map(\.sentence)
        == complaining.notices)
    #expect(
      health(store(), panel: .unreachable("cannot reach it")).findings.map(\.sentence) == ["cannot reach it"])
    #expect(health(store(), quality: .unset).outcome == .attention)
    #expect(health(store(), quality: .restored).outcome == .well)
    let wrong = health(store(), ini: "[display]\nrotat = 90\n")
    #expect(
      wrong.findings == [
        .attention("panel.ini line 2: unknown key 'rotat' in [display]; did you mean 'rotate'?")
      ])
    var modelless = health(store())
    modelless.model = .failure(Health.ModelProblem(sentence: "cannot find the model"))
    #expect(modelless.outcome == .attention)
    #expect(modelless.json.contains(#""model":null"#))
  }

  @Test("a complaint of the panel and of its file about the same line is told once")
  func once() {
    var live = live
    live.notices = ["panel.ini line 2: unknown key 'rotat' in [display]; did you mean 'rotate'?"]
    let health = health(
      store(), panel: .running(live, answer: "{}"), ini: "[display]\nrotat = 90\n")
    #expect(health.findings.count == 1)
  }

  @Test("critical findings stand before the others")
  func order() {
    let health = health(store(1), quality: .unset, ini: "x")
    #expect(health.findings.map(\.level) == [.critical, .attention, .attention])
  }

  @Test("nothing that a device or a file says obeys the terminal")
  func escaped() {
    var rude = live
    rude.display = "\u{1B}[2Jcard0"
    rude.touch = ["a\nb"]
    rude.notices = ["\u{202E}x"]
    let report = health(store(), panel: .running(rude, answer: "{}"))
    #expect(report.lines.contains(#"display    \u{1B}[2Jcard0"#))
    #expect(report.lines.contains(#"touch      a\nb"#))
    #expect(report.lines.last == #"attention: \u{202E}x"#)
  }
}
