import Spool

@testable import Sync

/// A store in memory, as a panel's or a collector's: the plain meaning of what the real one does, for tens of thousands of
/// syncs.
final class MemoryStore: SyncSource {
  struct Row {
    let row: Int64
    let sample: Sample
    let bytes: [UInt8]
    var offer: Offer {
      Offer(
        row: row, id: sample.id, length: bytes.count,
        hash: SampleRecord.digest(of: bytes) ?? Digest(of: [UInt8]()))
    }
  }

  let identity: Identifier
  private(set) var rows: [Row] = []
  private(set) var confirmed: Set<Identifier> = []
  private var kept: [Identifier: [Mark]] = [:]
  private(set) var graves: [Tombstone] = []
  private(set) var names: [Identifier: String] = [:]
  /// Visitors whose names were dropped for good.
  private(set) var nameless: Set<Identifier> = []
  private(set) var apart: [Identifier: [UInt8]] = [:]
  private(set) var finished = 0
  /// Drawings whose records the disk does not give now.
  var unreadable: Set<Identifier> = []
  /// Has the next write fail.
  var isFull = false
  /// The most offers of a batch.
  var offersAtOnce = 4

  init(_ identity: Identifier = .random()) { self.identity = identity }

  /// Another one with the same in it.
  init(copyOf other: MemoryStore) {
    identity = other.identity
    rows = other.rows
    confirmed = other.confirmed
    kept = other.kept
    graves = other.graves
    names = other.names
    nameless = other.nameless
    apart = other.apart
    offersAtOnce = other.offersAtOnce
  }

  var ids: [Identifier] { rows.map(\.sample.id) }

  /// Draws on this panel.
  func draw(_ count: Int, using generator: inout some RandomNumberGenerator) {
    for _ in 0..<count {
      let number = (rows.last?.row ?? 0) + 1
      let sample = Drawings.sample(
        Int(number) % 10, id: Identifier(using: &generator), contributor: Identifier(using: &generator),
        session: Identifier(using: &generator), panel: identity, sequence: UInt64(number))
      rows.append(Row(row: number, sample: sample, bytes: Drawings.record(sample)))
      names[sample.contributor] = "Ada \(number)"
    }
  }

  /// Changes the record in a row, as a bad disk does.
  func damage(_ index: Int) {
    var bytes = rows[index].bytes
    bytes[60] ^= 1
    // The hash in the index of the real store stays what it was.
    rows[index] = Row(row: rows[index].row, sample: rows[index].sample, bytes: bytes)
  }

  /// Has a drawing's record whole again.
  func repair(_ id: Identifier) {
    rows = rows.map {
      $0.sample.id == id ? Row(row: $0.row, sample: $0.sample, bytes: Drawings.record($0.sample)) : $0
    }
  }

  func hello() -> Hello {
    let digest =
      (try? Hello.tombstones { last, limit in tombstones(after: last, limit: limit) }) ?? (
        0, Hello.emptyDigest
      )
    let dropped =
      (try? Hello.names { after, limit in droppedNames(after: after, limit: limit) }) ?? (
        0, Hello.emptyDigest
      )
    return Hello(
      role: .source, store: identity,
      time: Timestamp(wall: 1_790_000_000_000, quality: .rtc, boot: identity, sinceBoot: 1),
      samples: UInt64(rows.count), unsent: UInt64(rows.count { !confirmed.contains($0.sample.id) }),
      tombstones: UInt64(digest.0), tombstoneDigest: digest.1,
      names: UInt64(dropped.0), nameDigest: dropped.1, name: "memory", software: "test")
  }

  func holds(_ mark: Mark) -> Bool { rows.contains { $0.row == mark.row && $0.sample.id == mark.id } }

  func unconfirmedRows(upTo row: Int64) -> [Int64] {
    rows.filter { $0.row <= row && !confirmed.contains($0.sample.id) }.map(\.row)
  }

  func offers(after row: Int64, limit: Int, bytes: Int) -> [Offer] {
    Array(rows.filter { $0.row > row }.prefix(min(limit, offersAtOnce)).map(\.offer))
  }

  func offer(row: Int64) -> Offer? { rows.first { $0.row == row }?.offer }

  func record(of offer: Offer) throws(StoreError) -> (bytes: [UInt8], name: String?)? {
    if unreadable.contains(offer.id) {
      throw StoreError(.inputOutput, "read", "memory", reason: "input/output error")
    }
    return rows.first { $0.row == offer.row && $0.sample.id == offer.id }.map {
      ($0.bytes, names[$0.sample.contributor])
    }
  }

  func acknowledge(
    _ receipts: [(id: Identifier, hash: Digest)], by collector: Hello
  ) throws(StoreError) -> Int {
    if isFull { throw StoreError(.full, "note receipts in", "memory", reason: "no space left") }
    let before = confirmed.count
    for receipt in receipts
    where rows.contains(where: { $0.sample.id == receipt.id && $0.offer.hash == receipt.hash }) {
      confirmed.insert(receipt.id)
    }
    return confirmed.count - before
  }

  func noteSync(by collector: Hello) { finished += 1 }

  func tombstones(after last: Tombstone?, limit: Int) -> [Tombstone] {
    func key(_ tombstone: Tombstone) -> [UInt8] { tombstone.id.bytes + [tombstone.kind == .sample ? 0 : 1] }
    let sorted = graves.sorted { key($0).lexicographicallyPrecedes(key($1)) }
    let after = last.map(key) ?? []
    return Array(sorted.filter { after.lexicographicallyPrecedes(key($0)) }.prefix(limit))
  }

  private func isBuried(_ kind: Tombstone.Kind, _ id: Identifier) -> Bool {
    graves.contains { $0.kind == kind && $0.id == id }
  }

  func apply(_ tombstones: [Tombstone]) -> (removed: Int, putOff: Int) { (bury(tombstones), 0) }

  @discardableResult
  func bury(_ tombstones: [Tombstone]) -> Int {
    let before = rows.count
    for tombstone in tombstones where !isBuried(tombstone.kind, tombstone.id) {
      graves.append(tombstone)
      rows.removeAll {
        tombstone.id == (tombstone.kind == .sample ? $0.sample.id : $0.sample.session)
      }
    }
    return before - rows.count
  }

  func droppedNames(after visitor: Identifier?, limit: Int) -> [Identifier] {
    let sorted = nameless.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
    let after = visitor?.bytes ?? []
    return Array(sorted.filter { after.lexicographicallyPrecedes($0.bytes) }.prefix(limit))
  }

  func dropNames(of visitors: [Identifier]) -> (dropped: Int, putOff: Int) { (forget(visitors), 0) }

  @discardableResult
  func forget(_ visitors: [Identifier]) -> Int {
    nameless.formUnion(visitors)
    return visitors.count { names.removeValue(forKey: $0) != nil }
  }

  // As a collector.

  func marks(of source: Identifier) -> [Mark] { Array((kept[source] ?? []).prefix(Mark.limit)) }

  func presence(of offers: [Offer]) -> [Presence] {
    offers.map { offer in
      if let row = rows.first(where: { $0.sample.id == offer.id }) {
        return row.offer.hash == offer.hash ? .known : .conflict
      }
      if isBuried(.sample, offer.id) { return .withdrawn }
      return apart[offer.id] == nil ? .missing : .spoilt(reason: "it lies apart")
    }
  }

  func collect(
    _ arrivals: [Arrival], from source: Hello, mark: Mark?
  ) throws(StoreError) -> (settlements: [Settlement], divergences: [Divergence]) {
    if isFull { throw StoreError(.full, "store in", "memory", reason: "no space left") }
    var settlements: [Settlement] = []
    for arrival in arrivals {
      switch arrival.kind {
      case .sound(let sample):
        if ids.contains(sample.id) {
          settlements.append(.known)
        } else if isBuried(.session, sample.session) || isBuried(.sample, sample.id) {
          settlements.append(.withdrawn)
        } else {
          rows.append(Row(row: (rows.last?.row ?? 0) + 1, sample: sample, bytes: arrival.bytes))
          apart[sample.id] = nil
          names[sample.contributor] = nameless.contains(sample.contributor) ? nil : arrival.name
          settlements.append(.stored)
        }
      case .stranger, .damaged:
        apart[arrival.offer.id] = arrival.bytes
        settlements.append(.setAside)
      }
    }
    if let mark { kept[source.store, default: []].insert(mark, at: 0) }
    return (settlements, [])
  }
}

/// The collector's side of a store in memory: it says hello as one.
final class MemorySink: SyncSink {
  let store: MemoryStore

  init(_ store: MemoryStore) { self.store = store }

  func hello() -> Hello {
    var hello = store.hello()
    hello.role = .collector
    return hello
  }
  func begin(_ source: Hello, isLive: Bool) {}
  func takes(_ panel: Identifier) -> Bool { true }
  func marks(of source: Identifier) -> [Mark] { store.marks(of: source) }
  func presence(of offers: [Offer], from source: Hello) -> [Presence] { store.presence(of: offers) }
  func collect(
    _ arrivals: [Arrival], from source: Hello, mark: Mark?
  ) throws(StoreError) -> (settlements: [Settlement], divergences: [Divergence]) {
    try store.collect(arrivals, from: source, mark: mark)
  }
  func tombstones(after last: Tombstone?, limit: Int) -> [Tombstone] {
    store.tombstones(after: last, limit: limit)
  }
  func apply(_ tombstones: [Tombstone]) -> Int { store.bury(tombstones) }
  func droppedNames(after visitor: Identifier?, limit: Int) -> [Identifier] {
    store.droppedNames(after: visitor, limit: limit)
  }
  func dropNames(of visitors: [Identifier]) -> Int { store.forget(visitors) }
}
