import Spool

/// A store as the source of a sync.
public final class StoreSource: SyncSource {
  private let store: Store
  private let name: String
  private let software: String
  /// Up to this row it is noted that the samples are offered.
  private var offered: Int64 = 0
  /// Withdrawals of drawings that lie here which a day of this store's clock may bring by sync: whoever has a collector's key
  /// could otherwise empty the panel with it.
  public static let withdrawalsPerDay = 1000
  /// Withdrawals and dropped names of visits and visitors that are not here, which are only remembered: with more of them
  /// whoever has a key could fill the panel's disk.
  public static let strangersPerDay = 1_000_000

  /// - Parameters:
  ///   - name: what it calls itself.
  ///   - software: the version of this software.
  public init(_ store: Store, name: String, software: String) {
    self.store = store
    self.name = name
    self.software = software
  }

  public func hello() throws(StoreError) -> Hello {
    try Hello(of: store, .source, name: name, software: software)
  }

  public func holds(_ mark: Mark) throws(StoreError) -> Bool { try store.holds(mark) }

  public func unconfirmedRows(upTo row: Int64) throws(StoreError) -> [Int64] {
    try store.unconfirmedRows(upTo: row)
  }

  public func offers(after row: Int64, limit: Int, bytes: Int) throws(StoreError) -> [Offer] {
    let offers = try store.offers(after: row, limit: limit, bytes: bytes)
    try note(offers.last)
    return offers
  }

  public func offer(row: Int64) throws(StoreError) -> Offer? {
    let offer = try store.offer(row: row)
    try note(offer)
    return offer
  }

  /// Before a store is offered something it is noted that it is.
  private func note(_ last: Offer?) throws(StoreError) {
    guard let last, last.row > offered else { return }
    offered = try store.noteOffered(upTo: last.row)
  }

  public func record(of offer: Offer) throws(StoreError) -> (bytes: [UInt8], name: String?)? {
    try store.record(of: offer)
  }

  public func acknowledge(
    _ receipts: [(id: Identifier, hash: Digest)], by collector: Hello
  ) throws(StoreError) -> Int {
    try store.acknowledge(receipts, by: collector.store, wall: StoreSource.wall(collector))
  }

  public func noteSync(by collector: Hello) throws(StoreError) {
    try store.noteSync(wall: StoreSource.wall(collector), by: collector.name)
    try? store.checkpoint()
  }

  public func tombstones(after last: Tombstone?, limit: Int) throws(StoreError) -> [Tombstone] {
    try store.tombstonesToSend(after: last, limit: limit)
  }

  public func apply(_ tombstones: [Tombstone]) throws(StoreError) -> (removed: Int, putOff: Int) {
    try store.apply(
      tombstones, day: Timestamp.today, limit: StoreSource.withdrawalsPerDay,
      strangers: StoreSource.strangersPerDay)
  }

  public func droppedNames(after visitor: Identifier?, limit: Int) throws(StoreError) -> [Identifier] {
    try store.droppedNames(after: visitor, limit: limit)
  }

  public func dropNames(of visitors: [Identifier]) throws(StoreError) -> (dropped: Int, putOff: Int) {
    try store.dropNames(of: visitors, day: Timestamp.today, limit: StoreSource.strangersPerDay)
  }

  private static func wall(_ collector: Hello) -> Int64 { wall(own: .now(), collector: collector.time) }

  /// When a receipt came, in milliseconds since 1970: by the panel's clock where it can be trusted, as a collector's may say
  /// anything. A booth's may never have been set; then the collector's counts, if it shows a time that can be, and none
  /// before that of a clock which was put back: such a one is late, never early.
  static func wall(own: Timestamp, collector: Timestamp) -> Int64 {
    guard own.quality < .rtc, collector.quality >= own.quality,
      ClockQuality.plausible.contains(collector.wall)
    else { return own.wall }
    return own.quality == .restored ? max(own.wall, collector.wall) : collector.wall
  }
}

extension Hello {
  /// What a store says of itself now.
  init(of store: Store, _ role: Role, name: String, software: String) throws(StoreError) {
    let statistics = try store.statistics()
    let (count, digest) = try Hello.tombstones { (last, limit) throws(StoreError) in
      try store.tombstones(after: last, limit: limit)
    }
    let (names, nameDigest) = try Hello.names { (visitor, limit) throws(StoreError) in
      try store.droppedNames(after: visitor, limit: limit)
    }
    self.init(
      role: role, store: store.panel, time: .now(), samples: UInt64(clamping: statistics.samples),
      unsent: UInt64(clamping: statistics.unsent), tombstones: UInt64(count), tombstoneDigest: digest,
      names: UInt64(names), nameDigest: nameDigest, name: name, software: software)
  }

  /// How many tombstones there are, and the SHA-256 over ids and kinds.
  public static func tombstones(
    _ page: (Tombstone?, Int) throws(StoreError) -> [Tombstone]
  ) throws(StoreError) -> (Int, Digest) {
    try digest(of: page) { $0.id.bytes + [$0.kind == .session ? 0 : 1] }
  }

  /// How many visitors' names were dropped, and the SHA-256 over their pseudonyms.
  public static func names(
    _ page: (Identifier?, Int) throws(StoreError) -> [Identifier]
  ) throws(StoreError) -> (Int, Digest) {
    try digest(of: page) { $0.bytes }
  }

  /// The length of a list and the SHA-256 over it, page by page: each page's bytes are hashed together with the hash so far, from
  /// none.
  private static func digest<Element>(
    of page: (Element?, Int) throws(StoreError) -> [Element], _ bytes: (Element) -> [UInt8]
  ) throws(StoreError) -> (Int, Digest) {
    var digest = emptyDigest
    var count = 0
    var last: Element?
    while true {
      let found = try page(last, Frame.listLimit)
      guard let end = found.last else { return (count, digest) }
      digest = Digest(of: digest.bytes + found.flatMap(bytes))
      count += found.count
      last = end
    }
  }
}
