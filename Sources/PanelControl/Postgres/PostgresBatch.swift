import Spool

/// Samples of the store that go to a database in one transaction, as rows ready to be sent.
struct PostgresBatch {
  struct Entry {
    /// The sample's row in the store.
    let row: Int64
    let id: Identifier
    let hash: Digest
    /// Its bytes in ``copy``, and whose it is; nil for a sample whose record is no longer in this store.
    let content: Content?
  }

  struct Content {
    let bytes: Range<Int>
    let contributor: Identifier
    let sequence: UInt64
    /// The visitor's name, if it may be shown.
    let name: String?
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
      entries.append(Entry(row: stored.row, id: stored.id, hash: stored.hash, content: nil))
      return
    }
    do throws(RecordError) {
      let sample = try stored.sample(strokes: false)
      guard sample.id == stored.id, SampleRecord.digest(of: record) == stored.hash else {
        throw .malformed("it belongs to another row of the store")
      }
      let start = copy.bytes.count
      PostgresRow.write(sample, record: record, hash: stored.hash, to: &copy)
      let content = Content(
        bytes: start..<copy.bytes.count, contributor: sample.contributor, sequence: sample.sequence,
        name: stored.name)
      entries.append(Entry(row: stored.row, id: stored.id, hash: stored.hash, content: content))
    } catch {
      damaged.append(Refusal(row: stored.row, id: stored.id, reason: error.description))
    }
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
        // Imports of one drawing may have other bytes, and so has the panel's own record.
        if hash == entry.hash.description || entry.id.isImported {
          sorted.present += 1
        } else {
          sorted.conflicts.append(conflict(entry))
        }
      } else if entry.content == nil {
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

  /// The visitors of some of the entries with their names as of the newest drawing of each, in the order of their pseudonyms.
  func visitors(_ chosen: some Sequence<Entry>) -> [(contributor: Identifier, name: String?)] {
    var newest: [Identifier: Content] = [:]
    for content in chosen.lazy.compactMap(\.content) {
      if let other = newest[content.contributor], other.sequence >= content.sequence { continue }
      newest[content.contributor] = content
    }
    return newest.values.sorted { PostgresBatch.order($0.contributor, $1.contributor) }.map {
      ($0.contributor, $0.name)
    }
  }

  /// PostgreSQL's order of UUIDs is that of their bytes.
  private static func order(_ a: Identifier, _ b: Identifier) -> Bool { (a.high, a.low) < (b.high, b.low) }

  /// A whole COPY of some of the entries, in the order of their ids.
  func pieces(_ chosen: some Sequence<Entry>) -> [ArraySlice<UInt8>] {
    let rows = chosen.sorted { PostgresBatch.order($0.id, $1.id) }
    return [BinaryCopy.head[...]] + rows.compactMap { $0.content.map { copy.bytes[$0.bytes] } } + [
      BinaryCopy.end[...]
    ]
  }
}
