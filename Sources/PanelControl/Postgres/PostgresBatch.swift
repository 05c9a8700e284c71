import Spool

/// Samples of the store that go to a database in one transaction, as rows ready to be sent.
struct PostgresBatch {
  struct Entry {
    /// The sample's row in the store.
    let row: Int64
    let id: Identifier
    let hash: Digest
    /// Its bytes in ``copy``; nil for a sample whose record is no longer in this store.
    let bytes: Range<Int>?
  }

  /// A sample that stays behind, and why.
  struct Refusal: Equatable {
    let row: Int64
    let id: Identifier
    let reason: String
  }

  private(set) var entries: [Entry] = []
  /// Samples whose records the disk has damaged.
  private(set) var damaged: [Refusal] = []
  private var copy = BinaryCopy()

  /// The last row of the store that was looked at.
  private(set) var lastRow: Int64 = 0

  /// All that were looked at, in the order of their rows.
  private(set) var samples: [(row: Int64, id: Identifier)] = []

  var isEmpty: Bool { entries.isEmpty && damaged.isEmpty }
  var count: Int { entries.count + damaged.count }
  var bytes: Int { copy.bytes.count }

  /// Adds a sample, after checking every byte of its record.
  mutating func add(_ stored: StoredSample) {
    lastRow = max(lastRow, stored.row)
    samples.append((stored.row, stored.id))
    guard let record = stored.record else {
      entries.append(Entry(row: stored.row, id: stored.id, hash: stored.hash, bytes: nil))
      return
    }
    do throws(RecordError) {
      let sample = try stored.sample()
      guard sample.id == stored.id, SampleRecord.digest(of: record) == stored.hash else {
        throw .malformed("it belongs to another row of the store")
      }
      let start = copy.bytes.count
      PostgresRow.write(sample, name: stored.name, record: record, hash: stored.hash, to: &copy)
      entries.append(
        Entry(row: stored.row, id: stored.id, hash: stored.hash, bytes: start..<copy.bytes.count))
    } catch {
      damaged.append(Refusal(row: stored.row, id: stored.id, reason: error.description))
    }
  }

  /// The next samples behind a row of the store.
  static func read(_ store: Store, after row: Int64, samples: Int, bytes: Int) throws(StoreError)
    -> PostgresBatch
  {
    var batch = PostgresBatch()
    var cursor = try store.samples(after: row)
    while batch.count < samples, batch.bytes < bytes, let sample = try cursor.next() { batch.add(sample) }
    return batch
  }

  /// Samples by what a database says of them.
  struct Sorted {
    var missing: [Entry] = []
    var present = 0
    var pruned = 0
    var conflicts: [Refusal] = []
  }

  /// - Parameter known: hashes of those that are there, as hexadecimal digits.
  func sorted(_ known: [Identifier: String]) -> Sorted {
    var sorted = Sorted()
    for entry in entries {
      if let hash = known[entry.id] {
        if hash == entry.hash.description {
          sorted.present += 1
        } else {
          sorted.conflicts.append(conflict(entry))
        }
      } else if entry.bytes == nil {
        sorted.pruned += 1
      } else {
        sorted.missing.append(entry)
      }
    }
    return sorted
  }

  func conflict(_ entry: Entry) -> Refusal {
    Refusal(
      row: entry.row, id: entry.id,
      reason: "the database has other bytes under this id; nothing was overwritten")
  }

  /// A whole COPY of some of the entries, in the order of their ids: PostgreSQL's order of UUIDs is that of their bytes.
  func pieces(_ chosen: some Sequence<Entry>) -> [ArraySlice<UInt8>] {
    let rows = chosen.sorted { ($0.id.high, $0.id.low) < ($1.id.high, $1.id.low) }
    return [BinaryCopy.head[...]] + rows.compactMap { $0.bytes.map { copy.bytes[$0] } } + [
      BinaryCopy.end[...]
    ]
  }
}
