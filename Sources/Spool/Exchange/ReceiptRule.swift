/// For which drawings this store may give a receipt, so that one whole record of each stays, whoever prunes on whose word.
///
/// The rule and why it holds: Sources/Sync/PROTOCOL.md, "Who may rely on whom".
struct ReceiptRule {
  /// The rows of `panels` for this store's own panel and for the store that asks; nil where it has drawn nothing that is here.
  let own: Int64?
  let source: Int64?
  /// The row that stands for the panel of imports; nil where there are none.
  let imports: Int64?
  /// All samples up to this row may have been offered to some store.
  let offered: Int64

  /// Whether a sample that was here before may be vouched for.
  ///
  /// - Parameters:
  ///   - row: its row here.
  ///   - panel: the row of the panel that drew it.
  ///   - isWhole: whether its record is here.
  func allows(row: Int64, panel: Int64, isWhole: Bool) -> Bool {
    isWhole && panel != own && (panel == source || row > offered)
  }
}

extension Store {
  private static let offeredKey = "offered"

  /// The rule for what a store offers now; within a transaction.
  func receiptRule(for source: Identifier?) throws(StoreError) -> ReceiptRule {
    ReceiptRule(
      own: try panelRow(panel), source: try source.flatMap { id throws(StoreError) in try panelRow(id) },
      imports: try panelRow(Sample.importPanel), offered: try offeredRow())
  }

  func panelRow(_ panel: Identifier) throws(StoreError) -> Int64? {
    try connection.integer("SELECT id FROM panels WHERE uuid = ?", .blob(panel))
  }

  private func noted() throws(StoreError) -> Int64? {
    try connection.integer("SELECT value FROM settings WHERE key = ?", .text(Store.offeredKey))
  }

  /// The last row that may have been offered. An earlier software noted none: where a collector has been, it may be any.
  private func offeredRow() throws(StoreError) -> Int64 {
    if let row = try noted() { return row }
    let wasDrained = try connection.integer(
      "SELECT EXISTS (SELECT 1 FROM acknowledgements) OR EXISTS (SELECT 1 FROM settings WHERE key = 'last_sync')"
    )
    return wasDrained == 1 ? .max : 0
  }

  /// Notes durably, before anything up to a row is offered, that no other store gets a receipt for it from now on.
  ///
  /// Where all is this panel's own there is nothing to note: for that it never gives one. So a booth is drained also when its
  /// disk is full.
  /// - Returns: the row up to which it need not be called again; all that is here is noted at once.
  public func noteOffered(upTo row: Int64) throws(StoreError) -> Int64 {
    do throws(StoreError) {
      let last = max(row, try connection.integer("SELECT max(id) FROM samples") ?? 0)
      guard try connection.integer("SELECT 1 FROM panels WHERE uuid <> ? LIMIT 1", .blob(panel)) != nil,
        try noted() ?? -1 < last
      else { return last }
      // A file is written by who may only read, too; where something must be noted that is not enough.
      if connection.isReadOnly {
        try Store.note(last, in: Store.openForWriting(directory))
      } else {
        try Store.note(last, in: connection)
      }
      return last
    } catch {
      throw error.during("note what is offered in")
    }
  }

  private static func note(_ row: Int64, in connection: borrowing Connection) throws(StoreError) {
    try connection.run(
      "INSERT INTO settings VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = max(value, ?2)",
      .text(offeredKey), .integer(row))
  }
}
