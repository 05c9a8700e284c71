import Spool

/// A store that gives samples, as the panel's end of a sync sees it.
public protocol SyncSource: AnyObject {
  /// Who it is, with its clocks now.
  func hello() throws(StoreError) -> Hello
  /// Whether the sample of a mark still lies in its row.
  func holds(_ mark: Mark) throws(StoreError) -> Bool
  /// The rows up to one that no collector has confirmed, ascending.
  func unconfirmedRows(upTo row: Int64) throws(StoreError) -> [Int64]
  /// The samples after a row, ascending, until `limit` or `bytes` is reached; that they are offered is noted durably first.
  func offers(after row: Int64, limit: Int, bytes: Int) throws(StoreError) -> [Offer]
  /// The sample in a row, likewise.
  func offer(row: Int64) throws(StoreError) -> Offer?
  /// The record of an offer; nil when it has gone.
  func record(of offer: Offer) throws(StoreError) -> (bytes: [UInt8], name: String?)?
  /// Notes receipts durably; returns how many are new.
  func acknowledge(
    _ receipts: [(id: Identifier, hash: Digest)], by collector: Hello
  ) throws(StoreError) -> Int
  /// Notes that a collector has finished.
  func noteSync(by collector: Hello) throws(StoreError)
  /// Tombstones, those of visits before those of samples, each kind in the order of the ids, from behind one.
  func tombstones(after last: Tombstone?, limit: Int) throws(StoreError) -> [Tombstone]
  /// Honours tombstones; returns how many samples went, and how many tombstones were put off, since a day's number is
  /// limited.
  func apply(_ tombstones: [Tombstone]) throws(StoreError) -> (removed: Int, putOff: Int)
  /// Visitors whose names were dropped for good, in the order of their pseudonyms, from behind one.
  func droppedNames(after visitor: Identifier?, limit: Int) throws(StoreError) -> [Identifier]
  /// Drops names; returns how many went, and how many visitors were put off, since a day's number is limited.
  func dropNames(of visitors: [Identifier]) throws(StoreError) -> (dropped: Int, putOff: Int)
}

/// A store that takes samples, as the collector's end of a sync sees it.
public protocol SyncSink: AnyObject {
  /// Who it is, with its clocks now.
  func hello() throws(StoreError) -> Hello
  /// Notes what a source says of itself; live, its clocks are those of this moment.
  func begin(_ source: Hello, isLive: Bool) throws(StoreError)
  /// Whether samples of a panel are taken.
  func takes(_ panel: Identifier) -> Bool
  func marks(of source: Identifier) throws(StoreError) -> [Mark]
  func presence(of offers: [Offer], from source: Hello) throws(StoreError) -> [Presence]
  /// Takes all of it with the mark durably, or throws.
  func collect(
    _ arrivals: [Arrival], from source: Hello, mark: Mark?
  ) throws(StoreError) -> (settlements: [Settlement], divergences: [Divergence])
  func tombstones(after last: Tombstone?, limit: Int) throws(StoreError) -> [Tombstone]
  /// Honours tombstones; returns how many samples went.
  func apply(_ tombstones: [Tombstone]) throws(StoreError) -> Int
  /// Visitors whose names were dropped for good, in the order of their pseudonyms, from behind one.
  func droppedNames(after visitor: Identifier?, limit: Int) throws(StoreError) -> [Identifier]
  /// Drops names; returns how many went.
  func dropNames(of visitors: [Identifier]) throws(StoreError) -> Int
}

/// How much one sync may ask of an end. They bound its memory and its work whatever the other end sends, also one that has
/// a stolen key.
public enum SyncLimits {
  /// Offers of a batch.
  public static let batchOffers = 1024
  /// A batch ends when its records add up to this many bytes.
  public static let batchBytes = 8 << 20
  /// Batches whose records were not asked for yet, and batches that were not answered yet.
  static let offeredAhead = 2
  static let unanswered = 4
  /// The collector writes what has come when it has this many bytes.
  static let pendingBytes = 8 << 20
  /// Tombstones that an end takes in one sync.
  public static let tombstones = 1_000_000
  /// Visitors with dropped names that an end takes in one sync.
  public static let names = 16_000_000
  /// Records that a collector sets aside in one sync, and their bytes.
  static let setAside = 1000
  static let setAsideBytes = 64 << 20
}

/// A list of a store as frames, a page at a time, when the other end has another: tombstones, dropped names.
struct ListSending<Element> {
  private var last: Element?
  private var isOver = false
  private let page: (Element?, Int) throws(StoreError) -> [Element]
  private let frame: ([Element]) -> Frame

  init(
    _ frame: @escaping ([Element]) -> Frame, _ page: @escaping (Element?, Int) throws(StoreError) -> [Element]
  ) {
    self.frame = frame
    self.page = page
  }

  mutating func next() throws(SyncError) -> Frame? {
    guard !isOver else { return nil }
    let found = try SyncError.mapping { () throws(StoreError) in try page(last, Frame.listLimit) }
    isOver = found.count < Frame.listLimit
    last = found.last
    return found.isEmpty ? nil : frame(found)
  }
}
