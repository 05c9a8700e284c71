import Kernel
import Spool

/// A store as the collector's end of syncs; several at once may share it.
public final class StoreSink: SyncSink {
  private let store: Store
  private let name: String
  private let software: String
  /// The panels whose samples are taken; nil: all.
  private let panels: Set<Identifier>?

  /// - Parameters:
  ///   - name: what the collector calls itself.
  ///   - software: the version of this software.
  ///   - panels: the panels whose samples are taken; nil takes all.
  public init(_ store: Store, name: String, software: String, panels: Set<Identifier>?) {
    self.store = store
    self.name = name
    self.software = software
    self.panels = panels
  }

  public func hello() throws(StoreError) -> Hello {
    try Hello(of: store, .collector, name: name, software: software)
  }

  public func begin(_ source: Hello, isLive: Bool) throws(StoreError) {
    guard isLive else {
      return try store.noteSource(source.store, name: source.name, wall: Timestamp.now().wall)
    }
    try store.noteSource(
      ClockAnchor(source: source.store, panel: source.time, collector: .now()), name: source.name)
  }

  public func takes(_ panel: Identifier) -> Bool { panels?.contains(panel) ?? true }

  public func marks(of source: Identifier) throws(StoreError) -> [Mark] { try store.marks(of: source) }

  public func presence(of offers: [Offer], from source: Hello) throws(StoreError) -> [Presence] {
    try store.presence(of: offers, from: source.store)
  }

  public func collect(
    _ arrivals: [Arrival], from source: Hello, mark: Mark?
  ) throws(StoreError) -> (settlements: [Settlement], divergences: [Divergence]) {
    try store.requireRoom()
    return try store.collect(arrivals, from: source.store, mark: mark, wall: Timestamp.now().wall)
  }

  public func tombstones(after last: Tombstone?, limit: Int) throws(StoreError) -> [Tombstone] {
    try store.tombstonesToSend(after: last, limit: limit)
  }

  public func apply(_ tombstones: [Tombstone]) throws(StoreError) -> Int { try store.apply(tombstones) }

  public func droppedNames(after visitor: Identifier?, limit: Int) throws(StoreError) -> [Identifier] {
    try store.droppedNames(after: visitor, limit: limit)
  }

  public func dropNames(of visitors: [Identifier]) throws(StoreError) -> Int {
    try store.dropNames(of: visitors).dropped
  }
}

/// A collector that has no store yet, for a dry run.
public final class NoSink: SyncSink {
  private let name: String
  private let software: String
  private let identity = Identifier.random()

  public init(name: String, software: String) {
    self.name = name
    self.software = software
  }

  public func hello() -> Hello {
    Hello(
      role: .collector, store: identity, time: .now(), samples: 0, unsent: 0, tombstones: 0,
      tombstoneDigest: Hello.emptyDigest, name: name, software: software)
  }

  public func begin(_ source: Hello, isLive: Bool) {}
  public func takes(_ panel: Identifier) -> Bool { true }
  public func marks(of source: Identifier) -> [Mark] { [] }
  public func presence(of offers: [Offer], from source: Hello) -> [Presence] { offers.map { _ in .missing } }
  public func tombstones(after last: Tombstone?, limit: Int) -> [Tombstone] { [] }
  public func apply(_ tombstones: [Tombstone]) -> Int { 0 }
  public func droppedNames(after visitor: Identifier?, limit: Int) -> [Identifier] { [] }
  public func dropNames(of visitors: [Identifier]) -> Int { 0 }

  public func collect(
    _ arrivals: [Arrival], from source: Hello, mark: Mark?
  ) throws(StoreError) -> (settlements: [Settlement], divergences: [Divergence]) {
    throw StoreError(.missing, "store in", "nothing", reason: "there is no store in a dry run")
  }
}
