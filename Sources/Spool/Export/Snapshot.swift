/// One state of a store, however long it is read: a running panel goes on storing, and the reader does not see it.
final class Snapshot {
  private let store: Store
  private var isOpen = true
  /// Samples that may be exported and are there.
  let exportable: Int
  /// Samples whose visitors did not agree.
  let withoutConsent: Int
  /// Samples that may be exported and are no longer here.
  let pruned: Int

  init(_ store: Store) throws(StoreError) {
    try store.connection.run("BEGIN DEFERRED")
    self.store = store
    do throws(StoreError) {
      let statement = try store.connection.statement(
        """
        SELECT count(*) FILTER (WHERE data_set = 1 AND record IS NOT NULL), count(*) FILTER (WHERE data_set = 0),
          count(*) FILTER (WHERE data_set = 1 AND record IS NULL) FROM samples
        """)
      guard try statement.step() else {
        throw StoreError(.damaged, "count", store.connection.path, reason: "a count has no row")
      }
      exportable = Int(statement.integer(0))
      withoutConsent = Int(statement.integer(1))
      pruned = Int(statement.integer(2))
    } catch {
      try? store.connection.run("ROLLBACK")
      throw error
    }
  }

  deinit { end() }

  /// Lets the store forget this state. Call it when the last cursor has gone.
  func end() {
    guard isOpen else { return }
    isOpen = false
    try? store.connection.run("COMMIT")
  }

  /// The samples that may be exported, in the order in which they came.
  func samples() throws(StoreError) -> SampleCursor {
    let statement = try store.connection.statement(
      """
      SELECT s.id, s.uuid, s.hash, s.record, c.name FROM samples s JOIN contributors c ON c.id = s.contributor
      WHERE s.data_set = 1 AND s.record IS NOT NULL ORDER BY s.id
      """)
    return SampleCursor(statement, path: store.connection.path)
  }
}
