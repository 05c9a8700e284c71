/// What a store remembers of the samples that it has sent to one database.
///
/// It only saves work: without it everything is offered again, and what is there stays there once.
public struct Uploads: Equatable, Sendable {
  /// All samples up to this row are there, or among ``refused``.
  public var row: Int64 = 0
  /// The batches in which they went, each with the row after which all are to be offered again if the database loses it.
  public var batches: [Identifier: Int64] = [:]
  /// Samples that the database would not have, or that the disk has damaged: they are tried again.
  public var refused: [Int64] = []
}

/// How far one database is behind this store.
public struct UploadState: Equatable, Sendable {
  /// The database's identity.
  public let destination: Identifier
  /// Samples that were not sent there yet.
  public let waiting: Int
  /// Samples that it would not have, or that the disk has damaged.
  public let refused: Int
}

extension Store {
  /// How far the databases are behind that this store was uploaded to.
  public func uploadStates() throws(StoreError) -> [UploadState] {
    // The small index holds every row; the table itself would be read with all its records.
    let statement = try connection.statement(
      """
      SELECT d.uuid, (SELECT count(*) FROM samples s INDEXED BY samples_by_receipt WHERE s.id > d.done),
        (SELECT count(*) FROM refusals r WHERE r.destination = d.id) FROM destinations d ORDER BY d.id
      """)
    var found: [UploadState] = []
    while try statement.step() {
      guard let destination = Identifier(bytes: statement.blob(0)) else { continue }
      found.append(
        UploadState(
          destination: destination, waiting: Int(statement.integer(1)), refused: Int(statement.integer(2))))
    }
    return found
  }

  /// What was sent to a database before.
  ///
  /// - Parameter destination: the identity of the database.
  public func uploads(to destination: Identifier) throws(StoreError) -> Uploads {
    var uploads = Uploads()
    let place = try connection.statement(
      "SELECT id, done FROM destinations WHERE uuid = ?", [.blob(destination)])
    guard try place.step() else { return uploads }
    uploads.row = place.integer(1)
    let batches = try connection.statement(
      "SELECT batch, after FROM uploads WHERE destination = ?", [.integer(place.integer(0))])
    while try batches.step() {
      if let batch = Identifier(bytes: batches.blob(0)) { uploads.batches[batch] = batches.integer(1) }
    }
    let refused = try connection.statement(
      "SELECT sample FROM refusals WHERE destination = ? ORDER BY sample", [.integer(place.integer(0))])
    while try refused.step() { uploads.refused.append(refused.integer(0)) }
    return uploads
  }

  /// Remembers that a database has taken a batch in.
  ///
  /// - Parameters:
  ///   - batch: its receipt.
  ///   - after: the row up to which all are there or refused; samples before it were refused until now.
  ///   - samples: the samples of the batch in ascending order of their rows; those that were refused too.
  ///   - refused: the rows of the refused ones with the reasons.
  /// - Returns: the row after which to go on.
  public func noteUpload(
    _ batch: Identifier, to destination: Identifier, after: Int64, samples: [(row: Int64, id: Identifier)],
    refused: [(row: Int64, reason: String)]
  ) throws(StoreError) -> Int64 {
    do throws(StoreError) {
      // What a power cut takes away of it is asked of the database again: it need not wait for the disk.
      try connection.run("PRAGMA synchronous = NORMAL")
      defer { try? connection.run("PRAGMA synchronous = FULL") }
      return try connection.transaction("IMMEDIATE") { () throws(StoreError) in
        let place = try destinationRow(destination)
        // Where refused ones of before are tried again, those that are settled now lie before that row.
        let unsettled = Set(refused.map(\.row))
        let settled = samples.first { !unsettled.contains($0.row) }
        let begin = min(after, (settled?.row ?? .max) - 1)
        try connection.run(
          "INSERT INTO uploads (batch, destination, after) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
          .blob(batch), .integer(place), .integer(begin))
        let anyRefused = try connection.integer("SELECT 1 FROM refusals LIMIT 1") != nil
        for sample in samples where anyRefused {
          try connection.run(
            "DELETE FROM refusals WHERE sample = ? AND destination = ?", .integer(sample.row), .integer(place)
          )
        }
        let ids = Dictionary(samples.map { ($0.row, $0.id) }, uniquingKeysWith: { $1 })
        for refusal in refused {
          guard let id = ids[refusal.row], try isSample(refusal.row, id) else { continue }
          try connection.run(
            "INSERT INTO refusals (sample, destination, reason) VALUES (?, ?, ?)", .integer(refusal.row),
            .integer(place), .text(refusal.reason))
        }
        let done = try connection.integer("SELECT done FROM destinations WHERE id = ?", .integer(place)) ?? 0
        // The newest rows may have been withdrawn meanwhile, and given to other samples: then it goes on before those. Below a
        // row that still belongs to the same sample none has changed hands.
        guard done >= after else { return done }
        for sample in samples.reversed() where sample.row > done {
          if try isSample(sample.row, sample.id) {
            try connection.run(
              "UPDATE destinations SET done = ? WHERE id = ?", .integer(sample.row), .integer(place))
            return sample.row
          }
        }
        return done
      }
    } catch {
      throw error.during("remember an upload in")
    }
  }

  /// Visitors whose names were dropped here and not yet at a database, and up to which row of that list they are.
  public func droppedNames(
    to destination: Identifier, limit: Int
  ) throws(StoreError) -> (pseudonyms: [Identifier], row: Int64) {
    let statement = try connection.statement(
      """
      SELECT id, pseudonym FROM dropped_names
      WHERE id > coalesce((SELECT names FROM destinations WHERE uuid = ?), 0) ORDER BY id LIMIT ?
      """, [.blob(destination), .integer(limit)])
    var found: (pseudonyms: [Identifier], row: Int64) = ([], 0)
    while try statement.step() {
      found.row = statement.integer(0)
      if let pseudonym = Identifier(bytes: statement.blob(1)) { found.pseudonyms.append(pseudonym) }
    }
    return found
  }

  /// Remembers that a database has dropped the names up to a row of the list.
  public func noteDroppedNames(to destination: Identifier, row: Int64) throws(StoreError) {
    do throws(StoreError) {
      try connection.transaction("IMMEDIATE") { () throws(StoreError) in
        try connection.run(
          "UPDATE destinations SET names = max(names, ?) WHERE id = ?", .integer(row),
          .integer(try destinationRow(destination)))
      }
    } catch {
      throw error.during("remember an upload in")
    }
  }

  /// Forgets that a database has dropped any names: it has lost them.
  public func forgetDroppedNames(to destination: Identifier) throws(StoreError) {
    do throws(StoreError) {
      try connection.run("UPDATE destinations SET names = 0 WHERE uuid = ?", .blob(destination))
    } catch {
      throw error.during("forget an upload in")
    }
  }

  /// Forgets that what came after a row was sent: the database has lost it.
  public func forgetUploads(to destination: Identifier, after row: Int64) throws(StoreError) {
    do throws(StoreError) {
      try connection.transaction("IMMEDIATE") { () throws(StoreError) in
        guard
          let place = try connection.integer("SELECT id FROM destinations WHERE uuid = ?", .blob(destination))
        else { return }
        try connection.run(
          "UPDATE destinations SET done = min(done, ?), names = 0 WHERE id = ?", .integer(row),
          .integer(place))
        try connection.run(
          "DELETE FROM uploads WHERE destination = ? AND after >= ?", .integer(place), .integer(row))
        // They are offered again with all the others.
        try connection.run(
          "DELETE FROM refusals WHERE destination = ? AND sample > ?", .integer(place), .integer(row))
      }
    } catch {
      throw error.during("forget an upload in")
    }
  }

  /// One sample by its row; nil where it is no longer.
  public func sample(row: Int64) throws(StoreError) -> StoredSample? {
    var cursor = try samples(after: row - 1)
    guard let sample = try cursor.next(), sample.row == row else { return nil }
    return sample
  }

  /// How many samples lie behind a row.
  public func count(after row: Int64) throws(StoreError) -> Int {
    if row <= 0 { return Int(try counter(Schema.Counter.samples)) }
    return Int(try connection.integer("SELECT count(*) FROM samples WHERE id > ?", .integer(row)) ?? 0)
  }

  private func destinationRow(_ destination: Identifier) throws(StoreError) -> Int64 {
    try connection.run(
      "INSERT INTO destinations (uuid) VALUES (?) ON CONFLICT DO NOTHING", .blob(destination))
    return try connection.integer("SELECT id FROM destinations WHERE uuid = ?", .blob(destination)) ?? 0
  }

  private func isSample(_ row: Int64, _ id: Identifier) throws(StoreError) -> Bool {
    try connection.integer("SELECT 1 FROM samples WHERE id = ? AND uuid = ?", .integer(row), .blob(id)) != nil
  }
}
