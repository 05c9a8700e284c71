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
  }

  private let store: Store
  private let selection: DataSetSelection
  private var isOpen = true
  public let counts: Counts
  /// Whether a selected sample was made by a clock that cannot be trusted.
  public let hasDoubtfulClocks: Bool

  /// Begins to read. Another one of the same store must have ended.
  public init(_ store: Store, _ selection: DataSetSelection) throws(StoreError) {
    try store.connection.run("BEGIN DEFERRED")
    self.store = store
    self.selection = selection
    do throws(StoreError) {
      (counts, hasDoubtfulClocks) = try DataSetSnapshot.count(store, selection)
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

  private static func count(
    _ store: Store, _ selection: DataSetSelection
  ) throws(StoreError) -> (Counts, Bool) {
    // Sums and no GROUP BY: for that SQLite would sort the samples, records and all.
    let statement = try store.connection.statement(
      """
      SELECT sum(fate = 0), sum(fate = 1), sum(fate = 2), sum(fate = 3), sum(fate = 4), sum(fate = 5),
        min(iif(fate = 0, clock, NULL))
      FROM (
        SELECT \(fate(selection)) AS fate, s.clock AS clock FROM samples s LEFT JOIN verdicts v ON v.sample = s.id
      )
      """)
    var counts = Counts()
    guard try statement.step() else { return (counts, false) }
    counts.selected = Int(statement.integer(0))
    counts.withoutConsent = Int(statement.integer(1))
    counts.rejected = Int(statement.integer(2))
    counts.flagged = Int(statement.integer(3))
    counts.unreviewed = Int(statement.integer(4))
    counts.pruned = Int(statement.integer(5))
    let isDoubtful = !statement.isNull(6) && statement.integer(6) < Int64(ClockQuality.rtc.rawValue)
    return (counts, isDoubtful)
  }

  /// The samples that are selected, in the order in which they came.
  public func samples() throws(StoreError) -> SelectedCursor {
    let statement = try store.connection.statement(
      """
      SELECT s.uuid, s.record, c.name, v.verdict, v.label FROM samples s JOIN contributors c ON c.id = s.contributor
        LEFT JOIN verdicts v ON v.sample = s.id
      WHERE \(DataSetSnapshot.fate(selection)) = 0 ORDER BY s.id
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

  init(_ statement: consuming Statement) {
    self.statement = statement
  }

  /// The next sample, or nil after the last, however often it is asked for: SQLite would begin again (sqlite3_step).
  public mutating func next() throws(StoreError) -> SelectedSample? {
    if isAtEnd { return nil }
    guard try statement.step() else {
      isAtEnd = true
      return nil
    }
    guard let id = Identifier(bytes: statement.blob(0)) else {
      throw statement.contradiction("a row of it has no id")
    }
    return SelectedSample(
      id: id, record: statement.blob(1), name: statement.optionalText(2), verdict: statement.verdict(3))
  }
}
