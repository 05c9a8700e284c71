/// When the watchdog may be fed, as a value: only when touch, drawing and store have each made progress since it was fed
/// last.
///
/// Twice in the watchdog's time a round begins, in which each part is asked for a sign of life; what answers has made
/// progress, also where nothing else was to be done. The round ends when all have answered, and only then the watchdog is
/// fed. A part that answers late is looked for more often, so that what takes a little less than the watchdog's time is not
/// taken for hung. One that does not answer at all starves the watchdog, which ends the program one and a half times its own
/// time later at most.
struct Heartbeat: Sendable, Equatable {
  /// What has to live.
  enum Part: String, CaseIterable, Sendable {
    /// The reading of touch devices, in the main loop.
    case touch
    /// The display's own thread, behind which a driver may hang.
    case drawing
    /// The worker, behind which a disk may hang.
    case store
  }

  /// Nanoseconds from round to round: half the watchdog's time.
  let interval: UInt64
  /// The number of the round, from 1 on: the parts are asked with it, and answer with it.
  private(set) var round: UInt64 = 1
  /// When ``isDue(at:)`` next is true.
  private(set) var deadline: UInt64
  private var began: UInt64
  private var missing = Set(Part.allCases)

  /// The first round begins now: ask the parts with ``round``.
  ///
  /// - Parameters:
  ///   - limit: the watchdog's time in nanoseconds.
  ///   - now: CLOCK_MONOTONIC in ns.
  init(limit: UInt64, now: UInt64) {
    interval = max(1, limit / 2)
    began = now
    deadline = now &+ max(1, limit / 2)
  }

  /// Whether it is time to look whether all have answered.
  func isDue(at now: UInt64) -> Bool { now >= deadline }

  /// A part has answered. An answer to an earlier round says nothing of this one.
  mutating func note(_ part: Part, alive answered: UInt64) {
    if answered >= round { missing.remove(part) }
  }

  /// Whether the watchdog may be fed.
  var isWhole: Bool { missing.isEmpty }

  /// The watchdog was fed: the next round begins. Ask the parts with ``round``.
  mutating func fed(at now: UInt64) {
    round += 1
    missing = Set(Part.allCases)
    began = now
    deadline = now &+ interval
  }

  /// It was not, or could not be: look again soon.
  ///
  /// - Returns: the parts that are waited for, in their order, when this is the first time in this round; else nil.
  mutating func unfed(at now: UInt64) -> [Part]? {
    let isFirst = deadline == began &+ interval
    deadline = now &+ max(1, interval / 8)
    return isFirst ? Part.allCases.filter(missing.contains) : nil
  }
}
