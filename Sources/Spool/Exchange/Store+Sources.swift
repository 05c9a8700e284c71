/// A panel's clocks beside a collector's, at one instant: with it the times of all samples of that boot can be corrected at
/// export (cht-core#4957). What the records say is never changed.
public struct ClockAnchor: Equatable, Sendable {
  /// The store that was drained.
  public let source: Identifier
  /// Its clocks when it said hello.
  public let panel: Timestamp
  /// The collector's clocks when it read that: later by the way over the network.
  public let collector: Timestamp

  public init(source: Identifier, panel: Timestamp, collector: Timestamp) {
    self.source = source
    self.panel = panel
    self.collector = collector
  }

  /// The instant by the collector's wall clock, in the panel's time since its boot.
  public var known: Timestamp {
    Timestamp(
      wall: collector.wall, quality: collector.quality, boot: panel.boot, sinceBoot: panel.sinceBoot)
  }
}

extension Store {
  /// Notes that a store was drained into this one: what it calls itself, and its clocks beside ours.
  ///
  /// One anchor is kept of each boot: the newest, unless the collector's clock was better at an older one.
  public func noteSource(_ anchor: ClockAnchor, name: String) throws(StoreError) {
    do throws(StoreError) {
      try connection.transaction("IMMEDIATE") { () throws(StoreError) in
        try note(anchor.source, name: name, wall: anchor.collector.wall)
        try connection.run(
          """
          INSERT INTO anchors VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
          ON CONFLICT (source, boot) DO UPDATE SET since_boot = ?3, wall = ?4, clock = ?5, collector_wall = ?6,
            collector_clock = ?7 WHERE collector_clock <= ?7
          """, .blob(anchor.source), .blob(anchor.panel.boot),
          .integer(Int64(clamping: anchor.panel.sinceBoot)), .integer(anchor.panel.wall),
          .integer(Int64(anchor.panel.quality.rawValue)), .integer(anchor.collector.wall),
          .integer(Int64(anchor.collector.quality.rawValue)))
      }
    } catch {
      throw error.during("note the clock in")
    }
  }

  /// Notes that drawings of a store came by file, whose clocks say nothing about now.
  ///
  /// - Parameter wall: when, by this machine's clock: milliseconds since 1970.
  public func noteSource(_ source: Identifier, name: String, wall: Int64) throws(StoreError) {
    do throws(StoreError) {
      try connection.transaction("IMMEDIATE") { () throws(StoreError) in
        try note(source, name: name, wall: wall)
      }
    } catch {
      throw error.during("note where drawings came from in")
    }
  }

  private func note(_ source: Identifier, name: String, wall: Int64) throws(StoreError) {
    try connection.run(
      "INSERT INTO sources VALUES (?1, ?2, ?3) ON CONFLICT (uuid) DO UPDATE SET name = ?2, last_sync = ?3",
      .blob(source), .text(name), .integer(wall))
  }

  /// All anchors, by store and boot.
  public func anchors() throws(StoreError) -> [ClockAnchor] {
    let statement = try connection.statement(
      """
      SELECT source, boot, since_boot, wall, clock, collector_wall, collector_clock FROM anchors
      ORDER BY source, collector_wall
      """)
    var anchors: [ClockAnchor] = []
    while try statement.step() {
      guard let source = Identifier(bytes: statement.blob(0)), let boot = Identifier(bytes: statement.blob(1))
      else { continue }
      let (clock, collectorClock) = (statement.integer(4), statement.integer(6))
      anchors.append(
        ClockAnchor(
          source: source,
          panel: Timestamp(
            wall: statement.integer(3), quality: ClockQuality(rawValue: UInt8(clamping: clock)) ?? .unset,
            boot: boot,
            sinceBoot: UInt64(clamping: statement.integer(2))),
          collector: Timestamp(
            wall: statement.integer(5),
            quality: ClockQuality(rawValue: UInt8(clamping: collectorClock)) ?? .unset,
            boot: .none, sinceBoot: 0)))
    }
    return anchors
  }

  /// Lets the connection keep 64 MiB of the file in memory: for filling a large store, whose indexes grow in random places.
  public func expectManySamples() throws(StoreError) {
    try connection.script("PRAGMA cache_size = -65536")
  }
}
