/// Which samples of a store become rows of a data set.
public struct DataSetSelection: Equatable, Sendable {
  public enum Filter: String, Sendable, CaseIterable {
    /// Everything, with the labels that were asked for; flags and verdicts are told beside them.
    case all
    /// Without those that are flagged for what a hand did, and without those that a person rejected; labels that a person
    /// changed are the person's. What a recogniser thinks of a drawing does not count: a model that filters its own
    /// training data biases it.
    case clean
    /// Only what a person has accepted, or has given another label.
    case reviewed
  }

  public var filter: Filter
  /// Whether those are among them whose visitors did not agree to the data set.
  public var includesWithoutConsent: Bool

  public init(_ filter: Filter = .all, includesWithoutConsent: Bool = false) {
    self.filter = filter
    self.includesWithoutConsent = includesWithoutConsent
  }

  /// The flags for which ``Filter/clean`` leaves a sample out.
  public static let uncleanFlags: QualityFlags = QualityFlags.unscored.union(.palm)
}

/// A sample that was selected, as it lies in the store.
public struct SelectedSample: Sendable {
  public let id: Identifier
  /// Byte for byte.
  public let record: [UInt8]
  /// Whether its time is that of a clock that cannot be trusted.
  public let hasDoubtfulClock: Bool
  /// The visitor's name, if it may be shown and was not dropped.
  public let name: String?
  public let verdict: Verdict?
}

/// One state of a store, however long it is read: a running panel goes on storing, and the reader does not see it.
public final class DataSetSnapshot {
  /// What becomes of the samples of the store; each is counted once.
  public struct Counts: Equatable, Sendable {
    public fileprivate(set) var selected = 0
    /// Their visitors did not agree to the data set.
    public fileprivate(set) var withoutConsent = 0
    /// A person rejected them.
    public fileprivate(set) var rejected = 0
    /// Flagged for what a hand did.
    public fileprivate(set) var flagged = 0
    /// No person has looked at them.
    public fileprivate(set) var unreviewed = 0
    /// Their records are no longer here.
    public fileprivate(set) var pruned = 0

    public init() {}

    /// All that were left out.
    public var leftOut: Int { withoutConsent + rejected + flagged + unreviewed + pruned }

    /// Counts a sample by its fate; whether it is selected.
    fileprivate mutating func add(fate: Int64) -> Bool {
      switch fate {
      case 0: selected += 1
      case 1: withoutConsent += 1
      case 2: rejected += 1
      case 3: flagged += 1
      case 4: unreviewed += 1
      default: pruned += 1
      }
      return fate == 0
    }
  }

  private let store: Store
  private let selection: DataSetSelection
  private var isOpen = true
  /// The samples of the store, whatever becomes of them.
  public let all: Int

  /// Begins to read. Another one of the same store must have ended.
  public init(_ store: Store, _ selection: DataSetSelection) throws(StoreError) {
    try store.connection.run("BEGIN DEFERRED")
    self.store = store
    self.selection = selection
    do throws(StoreError) {
      all = Int(try store.connection.integer("SELECT count(*) FROM samples") ?? 0)
    } catch {
      try? store.connection.run("ROLLBACK")
      throw error
    }
  }

  deinit { end() }

  /// Lets the store forget this state. Call it when the last cursor has gone.
  public func end() {
    guard isOpen else { return }
    isOpen = false
    try? store.connection.run("COMMIT")
  }

  /// Why a sample is left out, as SQL: 1 no consent, 2 rejected, 3 flagged, 4 not reviewed, 5 pruned, 0 it is not.
  private static func fate(_ selection: DataSetSelection) -> String {
    var cases: [String] = []
    if !selection.includesWithoutConsent { cases.append("WHEN s.data_set = 0 THEN 1") }
    switch selection.filter {
    case .all: break
    case .clean:
      cases.append("WHEN v.verdict = 'reject' THEN 2")
      cases.append("WHEN s.flags & \(DataSetSelection.uncleanFlags.rawValue) THEN 3")
    case .reviewed:
      cases.append("WHEN v.verdict = 'reject' THEN 2")
      cases.append("WHEN v.verdict IS NULL THEN 4")
    }
    cases.append("WHEN s.record IS NULL THEN 5")
    return "CASE \(cases.joined(separator: " ")) ELSE 0 END"
  }

  /// The samples that are selected, in the order in which they came.
  public func samples() throws(StoreError) -> SelectedCursor {
    // Those that are left out come too, to be counted: a count of its own would read most of the store's pages once more. Their
    // records, which lie on further pages, do not.
    let fate = DataSetSnapshot.fate(selection)
    let statement = try store.connection.statement(
      """
      SELECT \(fate), s.uuid, CASE WHEN \(fate) = 0 THEN s.record END, c.name, v.verdict, v.label, s.clock
      FROM samples s JOIN contributors c ON c.id = s.contributor LEFT JOIN verdicts v ON v.sample = s.id
      ORDER BY s.id
      """)
    return SelectedCursor(statement)
  }

  /// The times of all samples that were made by a clock that can be trusted, for correcting those of the same boots that
  /// were not.
  public func trustedTimes(_ body: (Timestamp) -> Void) throws(StoreError) {
    let statement = try store.connection.statement(
      "SELECT record FROM samples WHERE clock >= ? AND record IS NOT NULL ORDER BY id",
      [.integer(Int64(ClockQuality.rtc.rawValue))])
    while try statement.step() {
      if let time = SampleRecord.time(in: statement.blob(0)) { body(time) }
    }
  }
}

/// Selected samples one after the other, with one in memory at a time.
public struct SelectedCursor: ~Copyable {
  private let statement: Statement
  private var isAtEnd = false
  /// What became of the samples so far.
  public private(set) var counts = DataSetSnapshot.Counts()

  init(_ statement: consuming Statement) {
    self.statement = statement
  }

  /// The next sample, or nil after the last, however often it is asked for: SQLite would begin again (sqlite3_step).
  public mutating func next() throws(StoreError) -> SelectedSample? {
    while !isAtEnd {
      guard try statement.step() else {
        isAtEnd = true
        break
      }
      guard counts.add(fate: statement.integer(0)) else { continue }
      guard let id = Identifier(bytes: statement.blob(1)) else {
        throw statement.contradiction("a row of it has no id")
      }
      return SelectedSample(
        id: id, record: statement.blob(2),
        hasDoubtfulClock: statement.integer(6) < Int64(ClockQuality.rtc.rawValue),
        name: statement.optionalText(3), verdict: statement.verdict(4))
    }
    return nil
  }
}
