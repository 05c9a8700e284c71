/// A sample as it lies in a store.
public struct StoredSample: Sendable {
  /// Its place in this store: ascends with every sample that is added, and never changes.
  public let row: Int64
  public let id: Identifier
  /// The record, byte for byte; nil once it was pruned.
  public let record: [UInt8]?
  public let hash: Digest
  /// The visitor's name, if it may be shown and was not dropped.
  public let name: String?

  /// Takes the record apart, after checking it.
  ///
  /// - Parameter strokes: as ``SampleRecord/decode(_:strokes:)`` has it.
  /// - Throws: ``RecordError`` for a record that the disk has changed; the others are not concerned.
  public func sample(strokes: Bool = true) throws(RecordError) -> Sample {
    guard let record else { throw .malformed("its record was pruned") }
    return try SampleRecord.decode(record, strokes: strokes)
  }
}

/// The samples of a store one after the other, in the order in which they came, with one in memory at a time.
public struct SampleCursor: ~Copyable {
  private let statement: Statement

  init(_ statement: consuming Statement) {
    self.statement = statement
  }

  /// The next sample, or nil after the last.
  public mutating func next() throws(StoreError) -> StoredSample? {
    guard try statement.step() else { return nil }
    guard let id = Identifier(bytes: statement.blob(1)), let hash = Digest(bytes: statement.blob(2)) else {
      throw statement.contradiction("a row of it has no id or hash")
    }
    return StoredSample(
      row: statement.integer(0), id: id, record: statement.isNull(3) ? nil : statement.blob(3), hash: hash,
      name: statement.optionalText(4))
  }
}

extension Store {
  /// All samples, those that may not be exported included, as of now: what a running panel adds meanwhile is not seen.
  ///
  /// - Parameter row: begins after this row.
  public func samples(after row: Int64 = 0) throws(StoreError) -> SampleCursor {
    let statement = try connection.statement(
      """
      SELECT s.id, s.uuid, s.hash, s.record, c.name FROM samples s JOIN contributors c ON c.id = s.contributor
      WHERE s.id > ? ORDER BY s.id
      """, [.integer(row)])
    return SampleCursor(statement)
  }

  /// Calls `body` with every sample in the order in which they came.
  public func forEachSample(
    after row: Int64 = 0, _ body: (StoredSample) throws(StoreError) -> Void
  ) throws(StoreError) {
    var cursor = try samples(after: row)
    while let sample = try cursor.next() { try body(sample) }
  }
}
