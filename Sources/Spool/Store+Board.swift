/// How a visitor stands among all.
public struct Standing: Equatable, Sendable {
  /// All of the visitor's samples.
  public let samples: Int
  /// Those that count on the board: not blank, not a dot, no scribble, not too fast, not repeated, not rushed.
  public let score: Int
  /// 1 is the best; visitors with the same score share a rank.
  public let rank: Int
}

/// A line of the board.
public struct BoardEntry: Equatable, Sendable {
  public let rank: Int
  /// Nil where the visitor did not choose to be shown.
  public let name: String?
  public let score: Int
  public let contributor: Identifier
}

extension Store {
  /// The visitors with the highest scores, best first; of equal ones who got there first.
  ///
  /// - Parameter namedOnly: leaves out those who did not choose to be shown; ranks still count them.
  public func leaderboard(limit: Int, namedOnly: Bool = false) throws(StoreError) -> [BoardEntry] {
    let statement = try connection.statement(
      """
      SELECT pseudonym, name, score FROM contributors WHERE score > 0\(namedOnly ? " AND name IS NOT NULL" : "")
      ORDER BY score DESC, scored_at LIMIT ?
      """, [.integer(max(0, limit))])
    var entries: [BoardEntry] = []
    var (last, rank) = (0, 1)
    while try statement.step() {
      let score = Int(statement.integer(2))
      if score != last { rank = try self.rank(ofScore: score) }
      last = score
      entries.append(
        BoardEntry(
          rank: rank, name: statement.optionalText(1), score: score,
          contributor: Identifier(bytes: statement.blob(0)) ?? .none))
    }
    return entries
  }

  /// How a visitor stands; one without samples has none, and ranks behind all who score.
  public func standing(of contributor: Identifier) throws(StoreError) -> Standing {
    let statement = try connection.statement(
      "SELECT samples, score FROM contributors WHERE pseudonym = ?", [.blob(contributor)])
    var (samples, score) = (0, 0)
    if try statement.step() {
      samples = Int(statement.integer(0))
      score = Int(statement.integer(1))
    }
    return Standing(samples: samples, score: score, rank: try rank(ofScore: score))
  }

  /// The pseudonym under which a name on the board goes on counting; nil when nobody is shown by that name.
  public func contributor(named name: String) throws(StoreError) -> Identifier? {
    let key = ContributorName.key(name)
    guard !key.isEmpty else { return nil }
    let bytes = try connection.blob(
      "SELECT pseudonym FROM contributors WHERE name_key = ? ORDER BY score DESC, id LIMIT 1", .text(key))
    return bytes.flatMap { Identifier(bytes: $0) }
  }

  /// One more than the number of visitors with a higher score.
  private func rank(ofScore score: Int) throws(StoreError) -> Int {
    1
      + Int(
        try connection.integer("SELECT total(contributors) FROM scores WHERE score > ?", .integer(score)) ?? 0
      )
  }
}
