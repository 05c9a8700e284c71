import Glibc

/// A visit as an operator tells it from another one.
public struct VisitSummary: Equatable, Sendable {
  public let session: Identifier
  /// Drawings of it in this store.
  public let samples: Int
  /// The wall clock at the first and at the last of them, in milliseconds since 1970; nil without any.
  public let first: Int64?
  public let last: Int64?
  /// Whether a name is shown with them on the board.
  public let isNamed: Bool
  /// When it was withdrawn, in milliseconds since 1970; nil when it was not.
  public let withdrawn: Int64?
}

/// What became of a wish to withdraw.
public enum Withdrawal: Equatable, Sendable {
  /// No visit in this store has that code.
  case unknown
  /// Several visits have it: 35 bits are not enough for all panels of the world, and a guess might delete a stranger's
  /// drawings. Withdraw one of them by its session.
  case ambiguous([VisitSummary])
  /// It was withdrawn before, at that time in milliseconds since 1970.
  case before(Int64)
  /// The drawings are gone. `isErased` is false while somebody reads an older state of the store, whose bytes are then
  /// still in the log; they go with the next checkpoint.
  case done(samples: Int, isErased: Bool)
}

extension Store {
  /// The visits that a receipt code may mean: one as a rule, none when it is unknown here.
  public func visits(code: ReceiptCode) throws(StoreError) -> [VisitSummary] {
    try visits("r.code = ?", .text(code.characters))
  }

  /// The visit of an identifier, as far as it is known here: one or none.
  public func visits(session: Identifier) throws(StoreError) -> [VisitSummary] {
    try visits("r.session = ?", .blob(session))
  }

  /// Withdraws the visit of a receipt code: its drawings are deleted here, and a tombstone keeps them from ever coming
  /// back and goes to every store that this one is synchronised with.
  ///
  /// Counts, board and ranks follow in the same transaction. It may be called beside a running panel, and again after any
  /// error.
  public func withdraw(code: ReceiptCode) throws(StoreError) -> Withdrawal {
    let found = try visits(code: code)
    guard found.count <= 1 else { return .ambiguous(found) }
    guard let visit = found.first else { return .unknown }
    return try withdraw(session: visit.session)
  }

  /// Withdraws a visit by its identifier, whether it is here or not: where it is not, it will never be taken in.
  ///
  /// - Parameters:
  ///   - wall: the time noted on the tombstone, in milliseconds since 1970.
  ///   - patience: milliseconds to wait for whoever reads an older state of the store: see ``erase(patience:)``.
  public func withdraw(
    session: Identifier, wall: Int64 = Timestamp.now().wall, patience: Int32 = 5000
  ) throws(StoreError) -> Withdrawal {
    do throws(StoreError) {
      let answer = try connection.transaction("IMMEDIATE") { () throws(StoreError) -> Withdrawal in
        if let before = try connection.integer(
          "SELECT wall FROM tombstones WHERE uuid = ? AND kind = 'session'", .blob(session))
        {
          return .before(before)
        }
        return .done(
          samples: try layDown(Tombstone(id: session, kind: .session, wall: wall)), isErased: false)
      }
      guard case .done(let samples, _) = answer else { return answer }
      // The drawings are withdrawn; a disk that fails now is told by whoever uses it next.
      return .done(samples: samples, isErased: (try? erase(patience: patience)) ?? false)
    } catch {
      if error.kind == .damaged { directory.noteDamage(error.reason) }
      throw error.during("withdraw drawings from")
    }
  }

  /// Whether a sample or its visit was withdrawn, the sample as it was recorded or as it was imported; a sample's number says nothing
  /// of visits, nor the other way round.
  ///
  /// - Parameter session: the visit; nil where only the sample is known.
  func isWithdrawn(_ sample: Identifier, _ session: Identifier?) throws(StoreError) -> Bool {
    // Most stores have none, and this is asked for every sample.
    guard try connection.integer("SELECT 1 FROM tombstones LIMIT 1") != nil else { return false }
    return try connection.integer(
      """
      SELECT EXISTS (SELECT 1 FROM tombstones WHERE uuid = ?1 AND kind = 'sample')
        OR EXISTS (SELECT 1 FROM tombstones WHERE uuid = ?2 AND kind = 'sample')
        OR EXISTS (SELECT 1 FROM tombstones WHERE uuid = ?3 AND kind = 'session')
      """, .blob(sample), .blob(sample.otherForm), session.map { .blob($0) } ?? .null) == 1
  }

  /// - Throws: ``StoreError`` of kind withdrawn when the sample or its visit was.
  func refuseWithdrawn(_ sample: Sample) throws(StoreError) {
    if try isWithdrawn(sample.id, sample.session) {
      throw StoreError(
        .withdrawn, "store a drawing in", connection.path, reason: "the visitor has withdrawn this visit")
    }
  }

  private func visits(_ condition: String, _ value: SQLValue) throws(StoreError) -> [VisitSummary] {
    let statement = try connection.statement(
      """
      SELECT r.session, count(s.id), min(s.wall), max(s.wall), t.wall, count(c.name) FROM receipts r
      LEFT JOIN samples s ON s.receipt = r.id LEFT JOIN contributors c ON c.id = s.contributor
      LEFT JOIN tombstones t ON t.uuid = r.session AND t.kind = 'session'
      WHERE \(condition) GROUP BY r.id ORDER BY r.id
      """, [value])
    var found: [VisitSummary] = []
    while try statement.step() {
      guard let session = Identifier(bytes: statement.blob(0)) else { continue }
      found.append(
        VisitSummary(
          session: session, samples: Int(statement.integer(1)),
          first: statement.isNull(2) ? nil : statement.integer(2),
          last: statement.isNull(3) ? nil : statement.integer(3),
          isNamed: statement.integer(5) > 0, withdrawn: statement.isNull(4) ? nil : statement.integer(4)))
    }
    return found
  }
}
