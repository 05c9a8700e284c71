import Spool

/// What the operator screen tells of the panel: read now and then by the main loop, shown as it is.
struct OperatorFacts: Sendable, Equatable {
  /// One of the three things that must work, in words.
  struct Health: Sendable, Equatable {
    var isWell: Bool
    /// What it is, or what is wrong with it. Empty before it is known.
    var words: String
  }

  var display = Health(isWell: true, words: "")
  var touch = Health(isWell: true, words: "")
  /// Words only where something is wrong.
  var store = Health(isWell: true, words: "")
  /// Whether a drawing waits in memory that the disk has not taken yet: it would not outlive the program.
  var isStoring = false
  /// What the store says; nil before it was asked, or when it cannot be read.
  var drawings: Int?
  var unsent: Int?
  /// Bytes that may still be written.
  var free: Int64?
  /// "2026-11-21 09:45", or nil when never.
  var lastSync: String?
  var clock = ""
  var clockQuality: ClockQuality?
  /// Touch frames a second; nil before the first strokes.
  var touchRate: Double?
  /// From touch to ink in microseconds: what half, and what all but one in a hundred, do not exceed.
  var ink: (p50: Int, p99: Int)?
  var model = ""
  var software = ""
  /// In percent; nil where there is no backlight.
  var brightness: Int?

  static func == (a: OperatorFacts, b: OperatorFacts) -> Bool {
    a.display == b.display && a.touch == b.touch && a.store == b.store && a.isStoring == b.isStoring
      && a.drawings == b.drawings && a.unsent == b.unsent && a.free == b.free && a.lastSync == b.lastSync
      && a.clock == b.clock
      && a.clockQuality == b.clockQuality && a.touchRate == b.touchRate && a.ink?.p50 == b.ink?.p50
      && a.ink?.p99 == b.ink?.p99 && a.model == b.model && a.software == b.software
      && a.brightness == b.brightness
  }
}
