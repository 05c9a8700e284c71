/// The numbers of a store, for status: read from counters, so that they cost the same whatever it holds.
public struct Statistics: Equatable, Sendable {
  /// Samples in the store.
  public let samples: Int
  /// Samples by the digit that was asked for, 0 ... 9.
  public let perDigit: [Int]
  /// Samples that no collector has confirmed yet.
  public let unsent: Int
  /// Visitors with at least one sample.
  public let contributors: Int
  /// Bytes that may still be written on the store's disk.
  public let freeBytes: Int64
  /// Bytes within the database file that new drawings are written into before the file grows.
  public let reusableBytes: Int64
  /// Bytes of the store's disk.
  public let diskBytes: Int64
  /// Bytes of the database and its log.
  public let storeBytes: Int64
  /// Whether so little is left that collecting pauses: see ``Store/reserve``.
  public let isFull: Bool
  /// When a collector last confirmed samples, in milliseconds since 1970; nil when never.
  public let lastSync: Int64?
  /// What that collector called itself.
  public internal(set) var lastSyncBy: String?
  /// Stores that were damaged and set aside, and are still in the directory: status is critical while there are any.
  public internal(set) var setAside: [String] = []
}

extension Store {
  /// Bytes that stay free: with less left on the disk, collecting pauses with a message and nothing is dropped. It leaves
  /// room to answer, to synchronise and to withdraw, and is some 5,000 drawings.
  public static let reserve: Int64 = 32 << 20

  /// Bytes of the disk that the log needs to grow in, however much room is in the database file.
  static let logReserve: Int64 = 8 << 20

  /// The numbers of the store now.
  public func statistics() throws(StoreError) -> Statistics {
    var counters: [String: Int] = [:]
    let statement = try connection.statement("SELECT name, value FROM counters")
    while try statement.step() { counters[statement.text(0)] = Int(statement.integer(1)) }
    let room = try room()
    let samples = counters[Schema.Counter.samples] ?? 0
    return Statistics(
      samples: samples, perDigit: (0...9).map { counters[Schema.Counter.digit($0)] ?? 0 },
      unsent: samples - (counters[Schema.Counter.acknowledged] ?? 0),
      contributors: counters[Schema.Counter.contributors] ?? 0, freeBytes: room.free,
      reusableBytes: room.reusable, diskBytes: room.total, storeBytes: directory.size(),
      isFull: room.isFull,
      lastSync: try connection.integer("SELECT value FROM settings WHERE key = 'last_sync'"),
      lastSyncBy: try connection.text("SELECT value FROM settings WHERE key = 'last_sync_by'"),
      setAside: directory.damagedDatabases)
  }

  /// Room for new drawings, in bytes.
  struct Room {
    /// Of the disk.
    let free: Int64
    let total: Int64
    /// Within the database file: pages of what was pruned.
    let reusable: Int64

    /// Whether collecting must pause, at a panel or into a collector's store.
    var isFull: Bool { free + reusable < Store.reserve || free < Store.logReserve }
  }

  func room() throws(StoreError) -> Room {
    let space = try directory.space()
    return Room(free: space.free, total: space.total, reusable: try reusableBytes())
  }

  /// - Throws: ``StoreError`` of kind full when so little room is left that collecting must pause: see ``reserve``.
  public func requireRoom() throws(StoreError) {
    let room = try room()
    guard room.isFull else { return }
    throw StoreError(
      .full, "store collected drawings in", directory.path,
      reason: "only \(room.free >> 20) MiB are free there and \(room.reusable >> 20) MiB within the store, "
        + "\(Store.reserve >> 20) MiB stay in reserve")
  }

  /// A counter's value; 0 where it has none.
  func counter(_ name: String) throws(StoreError) -> Int64 {
    try connection.integer("SELECT value FROM counters WHERE name = ?", .text(name)) ?? 0
  }
}
