/// Rows that were looked up for the sample before: samples come visit by visit, so most share them with it.
///
/// It holds for one transaction; a row that was made in one that is rolled back is none.
struct VisitRows {
  private var panel: (id: Identifier, row: Int64)?
  private var contributor: (id: Identifier, row: Int64)?
  private var receipt: (id: Identifier, row: Int64)?
  /// The name that the contributor was given last.
  private var name: String??
  /// No sample of the panel has a number above this one.
  private var highest: (id: Identifier, sequence: Int64)?
  /// What is to be counted for the samples; nil where the triggers count each.
  var counts: CountsTogether?

  init(counts: CountsTogether? = nil) { self.counts = counts }

  mutating func panel(
    _ id: Identifier, _ find: (Identifier) throws(StoreError) -> Int64
  ) throws(StoreError) -> Int64 {
    try VisitRows.remember(id, in: &panel, find)
  }

  mutating func contributor(
    _ id: Identifier, _ find: (Identifier) throws(StoreError) -> Int64
  ) throws(StoreError) -> Int64 {
    if contributor?.id != id { name = nil }
    return try VisitRows.remember(id, in: &contributor, find)
  }

  mutating func receipt(
    _ id: Identifier, _ find: (Identifier) throws(StoreError) -> Int64
  ) throws(StoreError) -> Int64 {
    try VisitRows.remember(id, in: &receipt, find)
  }

  /// Gives the contributor a name, unless it was the last one that they were given.
  mutating func name(
    _ new: String?, _ give: (String?) throws(StoreError) -> Void
  ) throws(StoreError) {
    if let name, name == new { return }
    try give(new)
    name = .some(new)
  }

  /// Whether a number is above all of a panel's samples, and counts as one of theirs from now on.
  ///
  /// - Parameter find: the highest number that the store has of a panel, as it stands there.
  mutating func exceeds(
    _ sequence: UInt64, of panel: Identifier, _ find: (Identifier) throws(StoreError) -> Int64
  ) throws(StoreError) -> Bool {
    let known = if let highest, highest.id == panel { highest.sequence } else { try find(panel) }
    // Numbers that no panel reaches stand below zero.
    guard let number = Int64(exactly: sequence), number > known else {
      highest = (panel, known)
      return false
    }
    highest = (panel, number)
    return true
  }

  private static func remember(
    _ id: Identifier, in last: inout (id: Identifier, row: Int64)?,
    _ find: (Identifier) throws(StoreError) -> Int64
  ) throws(StoreError) -> Int64 {
    if let last, last.id == id { return last.row }
    let row = try find(id)
    last = (id, row)
    return row
  }
}
