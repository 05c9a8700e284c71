/// What a visitor reads when a drawing is saved. It is on the disk by then.
public struct Stored: Equatable, Sendable {
  /// The sample's number on this panel, from 1.
  public let sequence: UInt64
  /// The visitor's standing with this sample.
  public let standing: Standing
  /// Samples in the store.
  public let total: Int
  /// With it the drawings of this visit can be withdrawn; the same for the whole visit.
  public let receipt: ReceiptCode
  /// What the recorded sample hashes to.
  public let hash: Digest
}

extension Store {
  /// Stores a sample: when this returns it survives power loss. Sample, contributor, receipt, block of ten and all counts
  /// change in one transaction or not at all.
  ///
  /// The panel and the sequence number are filled in here. A sample that is already there is success, so the caller may
  /// repeat the call with the same sample after any error.
  /// - Parameter name: the visitor's name; kept only if the sample's consent allows to show it, and empty means none.
  /// - Throws: ``StoreError``. Of kind refused or withdrawn it will never succeed; of any other kind keep the sample and
  ///   repeat.
  @discardableResult
  public func append(_ sample: Sample, name: String? = nil) throws(StoreError) -> Stored {
    do throws(StoreError) {
      let answer = try connection.transaction("IMMEDIATE") { () throws(StoreError) in
        if let sequence = try storedSequence(of: sample) {
          return try stored(sample, sequence: sequence)
        }
        let sequence = UInt64(try sequence() + 1)
        let (final, record) = try record(of: sample, sequence: sequence)
        try insert(final, record: record, name: name)
        try connection.run(
          "UPDATE counters SET value = ? WHERE name = 'sequence'", .integer(Int64(sequence)))
        try advanceBlock(past: sample.label)
        try endRound(of: sample.contributor)
        return try stored(final, sequence: sequence)
      }
      lastSequence = max(lastSequence, Int64(clamping: answer.sequence))
      // The drawing is safe; that the log could not be tidied will show when it grows on.
      if log.pages >= Store.longestLog { try? checkpoint() }
      return answer
    } catch {
      if error.kind == .damaged { directory.noteDamage(error.reason) }
      throw error.during("store a drawing in")
    }
  }

  /// The number of the newest sample of this panel. An earlier software may have taken over one behind which there is none: then
  /// that of the newest that is here.
  func sequence() throws(StoreError) -> Int64 {
    let counted = try counter(Schema.Counter.sequence)
    if (0..<Int64.max).contains(counted) { return counted }
    return try Remembered.newest(of: panel, in: connection)
  }

  /// Stores a finished record in this store as it is, from whatever panel it comes: for collectors.
  ///
  /// It must be called within a transaction.
  /// - Returns: the row of the sample.
  /// - Throws: ``StoreError`` of kind withdrawn when the sample or its visit was withdrawn.
  @discardableResult
  func insert(_ sample: Sample, record: [UInt8], name: String?) throws(StoreError) -> Int64 {
    var rows = VisitRows()
    return try insert(sample, record: record, name: name, &rows)
  }

  /// Stores one of several finished records.
  ///
  /// - Parameters:
  ///   - rows: what was looked up and counted for those before it, in the same transaction.
  ///   - leavesName: whether the visitor's name stays as it is.
  @discardableResult
  func insert(
    _ sample: Sample, record: [UInt8], name: String?, _ rows: inout VisitRows, leavesName: Bool = false
  ) throws(StoreError) -> Int64 {
    try refuseWithdrawn(sample)
    guard let hash = SampleRecord.digest(of: record) else {
      throw StoreError(.refused, "store a record in", connection.path, reason: "it has no hash")
    }
    let panel = try rows.panel(sample.panel) { id throws(StoreError) in
      try row(
        "INSERT INTO panels (uuid) VALUES (?) ON CONFLICT DO NOTHING", "SELECT id FROM panels WHERE uuid = ?",
        id)
    }
    let contributor = try rows.contributor(sample.contributor) { id throws(StoreError) in
      try row(
        "INSERT INTO contributors (pseudonym) VALUES (?) ON CONFLICT DO NOTHING",
        "SELECT id FROM contributors WHERE pseudonym = ?", id)
    }
    if !leavesName {
      try rows.name(sample.consent.nameShown ? name : nil) { name throws(StoreError) in
        try setName(name, contributor: contributor)
      }
    }
    let receipt = try rows.receipt(sample.session) { id throws(StoreError) in try receiptRow(of: id) }
    let prediction = sample.prediction
    let isScored = sample.flags.isDisjoint(with: .unscored)
    try connection.run(
      """
      INSERT INTO samples (uuid, panel, sequence, contributor, receipt, label, digit, confidence, rejection, flags,
        scored, data_set, wall, clock, hash, record)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      .blob(sample.id), .integer(panel), .integer(Int64(bitPattern: sample.sequence)), .integer(contributor),
      .integer(receipt), .integer(sample.label), prediction.map { .integer($0.digit) } ?? .null,
      prediction.map { .integer(Int64($0.confidence)) } ?? .null,
      prediction.map { .integer(Int64($0.rejection)) } ?? .null, .integer(Int64(sample.flags.rawValue)),
      .integer(isScored ? 1 : 0), .integer(sample.consent.dataSet ? 1 : 0),
      .integer(sample.time.wall), .integer(Int64(sample.time.quality.rawValue)), .blob(hash.bytes),
      .blob(record))
    let added = connection.lastRow
    rows.counts?.add(
      row: added, label: sample.label, isScored: isScored, isOwn: sample.panel == self.panel,
      contributor: contributor)
    return added
  }

  /// The sequence number under which this very sample is stored already, or nil.
  private func storedSequence(of sample: Sample) throws(StoreError) -> UInt64? {
    let statement = try connection.statement(
      "SELECT sequence, hash FROM samples WHERE uuid = ?", [.blob(sample.id)])
    guard try statement.step() else { return nil }
    let sequence = UInt64(bitPattern: statement.integer(0))
    let hash = statement.blob(1)
    let (_, record) = try record(of: sample, sequence: sequence)
    guard SampleRecord.digest(of: record)?.bytes == hash else {
      throw StoreError(
        .refused, "store a drawing in", connection.path, reason: "its id \(sample.id) belongs to another one")
    }
    return sequence
  }

  private func record(of sample: Sample, sequence: UInt64) throws(StoreError) -> (Sample, [UInt8]) {
    var final = sample
    final.panel = panel
    final.sequence = sequence
    do throws(RecordError) {
      return (final, try SampleRecord.encode(final))
    } catch {
      throw StoreError(.refused, "store a drawing in", connection.path, reason: error.description)
    }
  }

  /// The row of something that is made where it is missing.
  private func row(
    _ insert: String, _ select: String, _ identifier: Identifier
  ) throws(StoreError) -> Int64 {
    if let row = try connection.integer(select, .blob(identifier)) { return row }
    try connection.run(insert, .blob(identifier))
    return connection.lastRow
  }

  /// The row of a visit's receipt, which is made where it is missing.
  func receiptRow(of session: Identifier) throws(StoreError) -> Int64 {
    if let row = try connection.integer("SELECT id FROM receipts WHERE session = ?", .blob(session)) {
      return row
    }
    try connection.run(
      "INSERT INTO receipts (session, code) VALUES (?, ?)", .blob(session),
      .text(ReceiptCode(session: session).characters))
    return connection.lastRow
  }

  private func stored(_ sample: Sample, sequence: UInt64) throws(StoreError) -> Stored {
    let hash = try connection.blob("SELECT hash FROM samples WHERE uuid = ?", .blob(sample.id))
    guard let hash = hash.flatMap({ Digest(bytes: $0) }) else {
      throw connection.contradiction("store a drawing in", "the drawing is not where it was put")
    }
    return Stored(
      sequence: sequence, standing: try standing(of: sample.contributor),
      total: Int(try counter(Schema.Counter.samples)), receipt: ReceiptCode(session: sample.session),
      hash: hash)
  }
}
