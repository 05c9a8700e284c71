import Spool

/// The panel's end of a sync by file: takes the receipt that a collector has written.
public struct ReceiptReading {
  private let source: any SyncSource
  /// Who wrote it; nil before its hello.
  public private(set) var collector: Hello?
  private var tombstonesTaken = 0
  private var namesTaken = 0
  /// Receipts in it, and those of them that are new here.
  public private(set) var receipts = 0
  public private(set) var acknowledged = 0
  /// Samples that were removed for a tombstone.
  public private(set) var removed = 0
  /// Names that were dropped.
  public private(set) var namesDropped = 0
  /// Withdrawals and dropped names that were put off, since a day's number was reached.
  public private(set) var putOff = 0
  public private(set) var isEnded = false

  public init(_ source: any SyncSource) {
    self.source = source
  }

  /// Takes the next frame of the file.
  ///
  /// - Throws: ``SyncError``; what was taken by then is noted.
  public mutating func receive(_ frame: Frame) throws(SyncError) {
    guard !isEnded else { throw .unexpected("\(frame.title) after the end") }
    switch frame {
    case .hello(let hello) where collector == nil:
      guard hello.role == .collector else { throw .unexpected("it is no receipt") }
      _ = try hello.version(of: Hello.spoken)
      // What a store confirms to itself would be pruned without being anywhere else.
      let own = try SyncError.mapping { () throws(StoreError) in try source.hello() }
      guard hello.store != own.store else { throw .ownReceipt }
      // It vouches to the store whose file it answers, and to no other that happens to have the same drawings.
      guard hello.addressee ?? own.store == own.store else { throw .othersReceipt }
      collector = hello
    case .tombstones(let list) where collector != nil:
      tombstonesTaken += list.count
      guard tombstonesTaken <= SyncLimits.tombstones else {
        throw .excessive("more than \(SyncLimits.tombstones) withdrawals")
      }
      let done = try SyncError.mapping { () throws(StoreError) in try source.apply(list) }
      removed += done.removed
      putOff += done.putOff
    case .names(let visitors) where collector != nil:
      namesTaken += visitors.count
      guard namesTaken <= SyncLimits.names else {
        throw .excessive("more than \(SyncLimits.names) dropped names")
      }
      let done = try SyncError.mapping { () throws(StoreError) in try source.dropNames(of: visitors) }
      namesDropped += done.dropped
      putOff += done.putOff
    case .answer(_, let answers):
      guard let collector else { throw .unexpected("an answer came before the hello") }
      let noted = answers.filter(\.settlement.isReceipt).map { (id: $0.id, hash: $0.hash) }
      receipts += noted.count
      acknowledged += try SyncError.mapping { () throws(StoreError) in
        noted.isEmpty ? 0 : try source.acknowledge(noted, by: collector)
      }
    case .bye:
      guard let collector else { throw .unexpected("it ends before the hello") }
      try SyncError.mapping { () throws(StoreError) in try source.noteSync(by: collector) }
      isEnded = true
    default: throw .unexpected("\(frame.title) has no business in a receipt")
    }
  }
}
