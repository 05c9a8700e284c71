import Spool

/// What a sync did, counted at the collector.
public struct SyncReport: Sendable {
  /// Who was drained; nil before it said hello.
  public internal(set) var source: Hello?
  /// Samples that it offered.
  public internal(set) var offered = 0
  /// Samples that were new and are stored, durably.
  public internal(set) var stored = 0
  /// Samples that were here already.
  public internal(set) var known = 0
  /// Of those: no receipt is given, as the other store may have them from here, or their records were pruned here.
  public internal(set) var held = 0
  /// Samples that were not taken because their visitor has withdrawn them.
  public internal(set) var withdrawn = 0
  /// Records that lie apart: those of this sync, and those of earlier ones that were offered again.
  public internal(set) var setAside = 0
  /// Samples whose id belongs to another one here.
  public internal(set) var conflicts = 0
  /// Samples whose number on their panel belongs to another one here too; they are stored.
  public internal(set) var diverged = 0
  /// Samples that are not here, and whose records were pruned there.
  public internal(set) var pruned = 0
  /// Records that the other end could not give.
  public internal(set) var unreadable = 0
  /// Records that were not taken, since too many had been set aside.
  public internal(set) var refused = 0
  /// In a dry run: samples that a sync would fetch.
  public internal(set) var wanted = 0
  /// Bytes of the records that came, or in a dry run would come.
  public internal(set) var bytes = 0
  /// Receipts that the other end has noted for the first time.
  public internal(set) var acknowledged = 0
  /// Withdrawn visits whose tombstones went there and came from there, and the samples that went here because of them.
  public internal(set) var tombstonesSent = 0
  public internal(set) var tombstonesReceived = 0
  public internal(set) var removed = 0
  /// Visitors whose dropped names went there and came from there, and the names that went here because of them.
  public internal(set) var namesSent = 0
  public internal(set) var namesReceived = 0
  public internal(set) var namesDropped = 0
  /// Whether both ends finished.
  public internal(set) var isComplete = false
  /// Sentences for a person, at most ``problemLimit``; what is more is only counted above.
  public private(set) var problems: [String] = []
  public private(set) var furtherProblems = 0

  /// The most problems that are told one by one.
  public static let problemLimit = 20

  public init() {}

  mutating func note(_ problem: String) {
    guard !problems.contains(problem) else { return }
    if problems.count < SyncReport.problemLimit { problems.append(problem) } else { furtherProblems += 1 }
  }

  /// Whether two stores contradict each other.
  public var hasConflict: Bool { conflicts + diverged > 0 }

  /// Whether a person should look.
  public var wantsAttention: Bool {
    !isComplete || hasConflict || setAside + pruned + unreadable + refused > 0 || !problems.isEmpty
  }
}
