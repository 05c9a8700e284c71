/// What became of a list of verdicts.
public struct VerdictReport: Equatable, Sendable {
  /// Drawings whose verdict is new or another one now.
  public fileprivate(set) var changed = 0
  /// Drawings that had this verdict already.
  public fileprivate(set) var unchanged = 0
  /// Ids that are not in this store: withdrawn, or of another one.
  public fileprivate(set) var unknown: [Identifier] = []
}

/// How many drawings have which verdict.
public struct VerdictCounts: Equatable, Sendable {
  public fileprivate(set) var accepted = 0
  public fileprivate(set) var rejected = 0
  public fileprivate(set) var relabelled = 0
  /// Drawings of the data set that nobody has looked at.
  public fileprivate(set) var unreviewed = 0
}

/// A drawing as it is put before a person.
public struct ReviewCandidate: Sendable {
  public let id: Identifier
  public let record: [UInt8]
  /// The digit that was asked for.
  public let label: Int
  public let verdict: Verdict?
}

extension Store {
  /// Stores verdicts beside the samples, which they do not touch: all of them or, when this throws, none.
  ///
  /// The last verdict on a drawing counts; the same one again changes nothing. A new label that is the old one is
  /// stored as an acceptance.
  public func give(_ verdicts: [(id: Identifier, verdict: Verdict)]) throws(StoreError) -> VerdictReport {
    do throws(StoreError) {
      return try connection.transaction("IMMEDIATE") { () throws(StoreError) in
        var report = VerdictReport()
        for (id, verdict) in verdicts {
          switch try give(verdict, to: id) {
          case true?: report.changed += 1
          case false?: report.unchanged += 1
          case nil: report.unknown.append(id)
          }
        }
        return report
      }
    } catch {
      throw error.during("store a verdict in")
    }
  }

  /// Whether the verdict is new; nil when there is no such drawing.
  private func give(_ verdict: Verdict, to id: Identifier) throws(StoreError) -> Bool? {
    let row: Int64
    let asked: Int
    do {
      let statement = try connection.statement(
        "SELECT id, label FROM samples WHERE uuid = ?", [.blob(id)])
      guard try statement.step() else { return nil }
      row = statement.integer(0)
      asked = Int(statement.integer(1))
    }
    let verdict = verdict.label == asked ? .accept : verdict
    try connection.run(
      """
      INSERT INTO verdicts (sample, verdict, label, wall) VALUES (?1, ?2, ?3, ?4)
      ON CONFLICT (sample) DO UPDATE SET verdict = ?2, label = ?3, wall = ?4
        WHERE verdict IS NOT ?2 OR label IS NOT ?3
      """, .integer(row), .text(verdict.name), verdict.label.map { .integer($0) } ?? .null,
      .integer(Timestamp.now().wall))
    return connection.changes > 0
  }

  /// The drawing whose id begins with these hexadecimal digits.
  ///
  /// - Parameter prefix: 8 to 32 of them; hyphens are not looked at.
  /// - Returns: nil when there is none or more than one.
  public func sample(beginningWith prefix: String) throws(StoreError) -> Identifier? {
    let digits = prefix.filter { $0 != "-" }
    guard (8...32).contains(digits.utf8.count), digits.allSatisfy(\.isHexDigit) else { return nil }
    func filled(_ digit: String) -> Identifier? {
      let whole = digits + String(repeating: digit, count: 32 - digits.count)
      guard let high = UInt64(whole.prefix(16), radix: 16), let low = UInt64(whole.suffix(16), radix: 16)
      else { return nil }
      return Identifier(high: high, low: low)
    }
    guard let first = filled("0"), let last = filled("f") else { return nil }
    let statement = try connection.statement(
      "SELECT uuid FROM samples WHERE uuid BETWEEN ? AND ? LIMIT 2", [.blob(first), .blob(last)])
    guard try statement.step() else { return nil }
    let found = Identifier(bytes: statement.blob(0))
    return try statement.step() ? nil : found
  }

  /// The verdicts so far.
  public func verdictCounts() throws(StoreError) -> VerdictCounts {
    var counts = VerdictCounts()
    let statement = try connection.statement(
      """
      SELECT count(*) FILTER (WHERE verdict = 'accept'), count(*) FILTER (WHERE verdict = 'reject'),
        count(*) FILTER (WHERE verdict = 'relabel'),
        (SELECT count(*) FROM samples s WHERE data_set = 1 AND record IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM verdicts v WHERE v.sample = s.id))
      FROM verdicts
      """)
    guard try statement.step() else { return counts }
    counts.accepted = Int(statement.integer(0))
    counts.rejected = Int(statement.integer(1))
    counts.relabelled = Int(statement.integer(2))
    counts.unreviewed = Int(statement.integer(3))
    return counts
  }

  /// The drawings of the data set by how much label and recogniser disagree, the worst first: a sure reading of another
  /// digit, then unsure ones, then drawings that nothing has read, then agreement, the surest last.
  ///
  /// - Parameters:
  ///   - limit: at most so many that `body` takes.
  ///   - reviewed: whether those that have a verdict are among them.
  ///   - body: whether it takes the drawing; in place of one that it does not take the next one comes.
  public func reviewCandidates(
    limit: Int, reviewed: Bool, _ body: (ReviewCandidate) throws(StoreError) -> Bool
  ) throws(StoreError) {
    var (taken, seen) = (0, 0)
    try connection.transaction("DEFERRED") { () throws(StoreError) in
      var isEnd = false
      while taken < limit && !isEnd {
        // Twice as many each time: where nearly none is taken they are still ordered a few times only.
        let (most, before) = (max(limit - taken, seen), seen)
        let statement = try candidates(most, after: seen, reviewed: reviewed)
        while taken < limit, try statement.step() {
          seen += 1
          guard let id = Identifier(bytes: statement.blob(0)) else { continue }
          let candidate = ReviewCandidate(
            id: id, record: statement.blob(1), label: Int(statement.integer(2)), verdict: statement.verdict(3)
          )
          if try body(candidate) { taken += 1 }
        }
        isEnd = seen - before < most
      }
    }
  }

  /// The next so many in the order of review, behind the first ones.
  private func candidates(_ limit: Int, after first: Int, reviewed: Bool) throws(StoreError) -> Statement {
    // The ids are ordered first: a sort must not carry the records of a million drawings.
    try connection.statement(
      """
      WITH worst (id, agreement) AS (
        SELECT s.id, CASE WHEN s.digit IS NULL THEN 0 WHEN s.digit = s.label THEN s.confidence * (65536 - s.rejection)
          ELSE -s.confidence * (65536 - s.rejection) END AS agreement
        FROM samples s LEFT JOIN verdicts v ON v.sample = s.id
        WHERE s.data_set = 1 AND s.record IS NOT NULL AND (?2 OR v.sample IS NULL)
        ORDER BY agreement, s.id LIMIT ?1 OFFSET ?3)
      SELECT s.uuid, s.record, s.label, v.verdict, v.label FROM worst JOIN samples s ON s.id = worst.id
        LEFT JOIN verdicts v ON v.sample = s.id ORDER BY worst.agreement, worst.id
      """, [.integer(limit), .integer(reviewed ? 1 : 0), .integer(first)])
  }
}

extension Statement {
  /// The verdict in this column and the one after it, which has its label.
  func verdict(_ column: Int32) -> Verdict? {
    optionalText(column).flatMap {
      Verdict(name: $0, label: isNull(column + 1) ? nil : Int(integer(column + 1)))
    }
  }
}
