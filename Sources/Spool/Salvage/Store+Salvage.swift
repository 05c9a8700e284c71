/// What came out of a store that was damaged and set aside.
public struct Salvage: Equatable, Sendable {
  /// The file's name in the store's directory. It is kept until somebody removes it.
  public let name: String
  /// Drawings that it says it had, without those that were pruned; nil where that cannot be read.
  public internal(set) var listed: Int?
  /// Drawings that it says it had pruned: their records lie with the collector that confirmed them.
  public internal(set) var pruned = 0
  /// Different whole drawings that were found in it.
  public internal(set) var found = 0
  /// Of those: added to the store that is in use.
  public internal(set) var added = 0
  /// Of those: there already.
  public internal(set) var known = 0
  /// Of those: withdrawn by their visitors, and not taken.
  public internal(set) var withdrawn = 0
  /// Of those: set aside there before for another reason, and not taken.
  public internal(set) var suspicious = 0
  /// Of those: another drawing has their id in the store that is in use; both stay where they are.
  public internal(set) var conflicts: [Identifier] = []
  /// Visits whose withdrawal was not known here.
  public internal(set) var tombstones = 0
  /// Verdicts that were taken over: of drawings that had none here.
  public internal(set) var verdicts = 0
  /// Bytes that the disk did not give.
  public internal(set) var unreadableBytes = 0
}

extension Store {
  /// Stores that were damaged and set aside, by their names.
  public var setAside: [String] { directory.damagedDatabases }

  /// Recovered records that are stored in one transaction: a panel beside waits no longer than for these.
  private static let salvageBatch = 100

  /// Takes every whole drawing out of a store that was set aside, also where SQLite cannot read it at all.
  ///
  /// The records are looked for in the raw bytes of file and log and checked by their hashes; names, dropped names, whether it
  /// keeps names at all, withdrawals and verdicts are taken over as far as SQLite can read them. It may be cut and repeated:
  /// nothing is doubled, and the damaged file is only read.
  /// - Parameters:
  ///   - name: one of ``setAside``.
  ///   - progress: called now and then with the drawings found.
  public func salvage(
    _ name: String, progress: (Int) -> Void = { _ in }
  ) throws(StoreError) -> Salvage {
    do throws(StoreError) {
      var salvage = Salvage(name: name)
      let path = "\(directory.path)/\(name)"
      let remains = DamagedStore(path)
      salvage.pruned = remains.pruned
      salvage.listed = remains.count.map { max(0, $0 - remains.pruned) }
      let before = try withdrawnVisits()
      try apply(remains.tombstones)
      try dropNames(of: remains.nameless)
      if remains.isNameless { try setKeepsNames(false) }
      salvage.tombstones = Int(try withdrawnVisits() - before)

      let file = try WornFile(path)
      let log = try? WornFile(path + "-wal")
      var batch: [[UInt8]] = []
      var seen: Set<Digest> = []
      try RecordCarver(DatabasePages(database: file, log: log)).forEachRecord { record throws(StoreError) in
        guard let hash = SampleRecord.digest(of: record), seen.insert(hash).inserted else { return }
        salvage.found += 1
        if remains.suspicious.contains(hash) {
          salvage.suspicious += 1
          return
        }
        batch.append(record)
        if batch.count == Store.salvageBatch {
          try takeIn(batch, remains.names, &salvage)
          batch = []
          progress(salvage.found)
        }
      }
      try takeIn(batch, remains.names, &salvage)
      salvage.verdicts = try takeOver(remains.verdicts)
      salvage.unreadableBytes = file.unreadable + (log?.unreadable ?? 0)
      return salvage
    } catch {
      throw error.during("recover drawings into")
    }
  }

  private func withdrawnVisits() throws(StoreError) -> Int64 {
    try connection.integer("SELECT count(*) FROM tombstones WHERE kind = 'session'") ?? 0
  }

  /// Stores what people said of drawings that are here and of which nobody has said anything here; how many they are.
  private func takeOver(
    _ verdicts: [(sample: Identifier, verdict: Verdict, wall: Int64)]
  ) throws(StoreError) -> Int {
    var taken = 0
    for start in stride(from: 0, to: verdicts.count, by: Store.salvageBatch) {
      taken += try connection.transaction("IMMEDIATE") { () throws(StoreError) in
        var taken = 0
        for (sample, verdict, wall) in verdicts[start..<min(start + Store.salvageBatch, verdicts.count)] {
          try connection.run(
            """
            INSERT INTO verdicts SELECT id, ?2, ?3, ?4 FROM samples WHERE uuid = ?1 ON CONFLICT (sample) DO NOTHING
            """, .blob(sample), .text(verdict.name), verdict.label.map { .integer($0) } ?? .null,
            .integer(wall))
          taken += connection.changes
        }
        return taken
      }
    }
    return taken
  }

  /// Stores recovered records, all or none of them.
  private func takeIn(
    _ records: [[UInt8]], _ names: [Identifier: String], _ salvage: inout Salvage
  ) throws(StoreError) {
    guard !records.isEmpty else { return }
    let before = salvage
    salvage = try connection.transaction("IMMEDIATE") { () throws(StoreError) in
      var salvage = before
      for record in records {
        guard let sample = try? SampleRecord.decode(record) else { continue }
        if let hash = try connection.blob("SELECT hash FROM samples WHERE uuid = ?", .blob(sample.id)) {
          if hash == SampleRecord.digest(of: record)?.bytes || sample.panel == Sample.importPanel {
            salvage.known += 1
          } else {
            salvage.conflicts.append(sample.id)
          }
          continue
        }
        if sample.panel == Sample.importPanel, try holds(sample.id.recorded) {
          salvage.known += 1
          continue
        }
        // A name that is known here is not taken away because the damaged store cannot tell it.
        let here = try connection.text(
          "SELECT name FROM contributors WHERE pseudonym = ?", .blob(sample.contributor))
        do throws(StoreError) {
          try insert(sample, record: record, name: here ?? names[sample.contributor])
        } catch {
          guard error.kind == .withdrawn else { throw error }
          salvage.withdrawn += 1
          continue
        }
        salvage.added += 1
        if let imports = try panelRow(Sample.importPanel) { try replaceImport(of: sample.id, among: imports) }
        if sample.panel == panel, let number = Int64(exactly: sample.sequence), number <= Remembered.most {
          try connection.run(
            "UPDATE counters SET value = max(value, ?) WHERE name = 'sequence'", .integer(number))
        }
      }
      return salvage
    }
    try checkpoint()
  }
}
