import Spool

/// The panel's end of a sync: offers its samples, gives the records that are asked for, and notes the receipts.
///
/// It is a value that turns frames into frames and knows neither clock nor descriptor. Its memory is bounded: a frame is made
/// only when it is asked for, and no more batches are offered than may be open at once.
public struct Serving: SyncEnd {
  private enum Stage {
    case silent, greeted, answeredTo, offering, drained, parting, ended
  }

  private struct Batch {
    let number: UInt32
    let offers: [Offer]
    /// Places of the records that are still to be sent, the last one first.
    var toSend: [Int] = []
  }

  private let source: any SyncSource
  /// Into a file: nobody asks and nobody answers, so everything that is offered is given.
  private let isOneWay: Bool
  /// The versions of the protocol that it speaks, and the one that both ends do.
  private let speaks: ClosedRange<Int>
  private var version = 1
  private var stage = Stage.silent
  private var own: Hello?
  /// Who collects; nil before it said hello.
  public private(set) var collector: Hello?
  private var tombstones: ListSending<Tombstone>?
  private var tombstonesTaken = 0
  private var names: ListSending<Identifier>?
  private var namesTaken = 0
  private var withdrawalsPutOff = 0
  private var namesPutOff = 0
  private var queue: [Frame] = []
  /// Rows that are offered one by one, the last first, before all behind ``last``.
  private var rows: [Int64] = []
  private var last: Int64? = 0
  private var nextBatch: UInt32 = 0
  private var offered: [Batch] = []
  private var sending: [Batch] = []
  private var unanswered: [Batch] = []
  private var offers = 0
  /// Records that were given.
  public private(set) var given = 0
  /// Receipts that are new.
  public private(set) var acknowledged = 0
  /// Samples that were removed for a tombstone.
  public private(set) var removed = 0
  /// Names that were dropped here.
  public private(set) var namesDropped = 0

  /// - Parameters:
  ///   - isOneWay: into a file: nobody asks and nobody answers.
  ///   - speaks: the versions of the protocol.
  public init(
    _ source: any SyncSource, isOneWay: Bool = false, speaks: ClosedRange<Int> = Hello.spoken
  ) {
    self.source = source
    self.isOneWay = isOneWay
    self.speaks = speaks
  }

  /// Whether all is said, by both ends.
  public var isEnded: Bool { stage == .ended && queue.isEmpty }

  /// The next frame to send; nil when there is none before another one has come.
  public mutating func next() throws(SyncError) -> Frame? {
    if !queue.isEmpty { return queue.removeFirst() }
    switch stage {
    case .silent:
      var hello = try SyncError.mapping { () throws(StoreError) in try source.hello() }
      hello.versions = speaks
      own = hello
      stage = .greeted
      if isOneWay { try begin(marks: []) }
      return .hello(hello)
    case .greeted, .ended: return nil
    default: break
    }
    // Only when the collector's are laid down: what comes of them here goes back to it at once.
    if stage != .answeredTo, let frame = try tombstones?.next() { return frame }
    if stage != .offering || !isOneWay, let frame = try names?.next() { return frame }
    if stage == .parting {
      stage = .ended
      return .bye
    }
    // Offers go before records: what is wanted next is known then when these are all sent, and nobody waits for anybody.
    return try mayOffer ? offer() : record()
  }

  private var mayOffer: Bool {
    if isOneWay { return stage == .offering && sending.isEmpty }
    return stage == .offering && offered.count < SyncLimits.offeredAhead
      && offered.count + sending.count + unanswered.count < SyncLimits.unanswered
  }

  /// Takes a frame from the collector.
  ///
  /// - Throws: ``SyncError``; the sync is over then.
  public mutating func receive(_ frame: Frame) throws(SyncError) {
    switch (frame, stage) {
    case (.refusal(let code, let sentence), _): throw .refused(code, sentence)
    case (.wait, _): break
    case (.hello(let hello), .greeted):
      guard hello.role == .collector else { throw .unexpected("it wants to be drained too") }
      version = try hello.version(of: speaks)
      guard hello.store != own?.store else { throw .ownIdentity(hello.store) }
      collector = hello
      if hello.tombstoneDigest != own?.tombstoneDigest { tombstones = tombstoneSending }
      if version >= 2, hello.nameDigest != own?.nameDigest { names = nameSending }
      stage = .answeredTo
    case (.tombstones(let list), .answeredTo):
      tombstonesTaken += list.count
      guard tombstonesTaken <= SyncLimits.tombstones else {
        throw .excessive("more than \(SyncLimits.tombstones) withdrawals")
      }
      let done = try SyncError.mapping { () throws(StoreError) in try source.apply(list) }
      removed += done.removed
      withdrawalsPutOff += done.putOff
    case (.names(let visitors), .answeredTo) where version >= 2:
      namesTaken += visitors.count
      guard namesTaken <= SyncLimits.names else {
        throw .excessive("more than \(SyncLimits.names) dropped names")
      }
      let done = try SyncError.mapping { () throws(StoreError) in try source.dropNames(of: visitors) }
      namesDropped += done.dropped
      namesPutOff += done.putOff
    case (.marks(let marks), .answeredTo):
      tellWhatIsPutOff()
      try begin(marks: marks)
    case (.want(let number, let wanted), .offering), (.want(let number, let wanted), .drained):
      guard var batch = offered.first, batch.number == number, batch.offers.count == wanted.count else {
        throw .unexpected("it asks for records of a batch that is not open")
      }
      offered.removeFirst()
      batch.toSend = wanted.indices.reversed().filter { wanted[$0] }
      if batch.toSend.isEmpty { unanswered.append(batch) } else { sending.append(batch) }
    case (.answer(let number, let answers), .offering), (.answer(let number, let answers), .drained):
      try take(answers, number)
    case (.bye, .drained):
      guard offered.isEmpty, sending.isEmpty, unanswered.isEmpty else {
        throw .unexpected("it left with batches unanswered")
      }
      do throws(StoreError) {
        if let collector { try source.noteSync(by: collector) }
      } catch {
        queue.append(.notice(error.description))
      }
      queue.append(.bye)
      stage = .ended
    default: throw .unexpected("\(frame.title) came at the wrong time")
    }
  }

  /// Decides where the offers begin: behind the newest mark that this store still holds, and all that nobody has confirmed.
  private mutating func begin(marks: [Mark]) throws(SyncError) {
    if isOneWay {
      tombstones = tombstoneSending
      if speaks.upperBound >= 2 { names = nameSending }
      last = nil
      rows = try SyncError.mapping { () throws(StoreError) in try source.unconfirmedRows(upTo: Int64.max) }
    } else {
      var after: Int64 = 0
      for mark in marks where mark.row > after {
        if try SyncError.mapping({ () throws(StoreError) in try source.holds(mark) }) { after = mark.row }
      }
      last = after
      rows = try SyncError.mapping { () throws(StoreError) in
        after == 0 ? [] : try source.unconfirmedRows(upTo: after)
      }
    }
    rows.reverse()
    stage = .offering
  }

  private mutating func tellWhatIsPutOff() {
    if withdrawalsPutOff > 0 {
      queue.append(
        .notice(
          "\(withdrawalsPutOff) withdrawals are put off there: a panel honours a limited number of a collector's in a day"
        ))
    }
    if namesPutOff > 0 {
      queue.append(
        .notice(
          "\(namesPutOff) visitors with dropped names are put off there: a panel remembers a limited number that it does "
            + "not know in a day"))
    }
  }

  private var tombstoneSending: ListSending<Tombstone> {
    ListSending(Frame.tombstones) { [source] (tombstone, limit) throws(StoreError) in
      try source.tombstones(after: tombstone, limit: limit)
    }
  }

  private var nameSending: ListSending<Identifier> {
    ListSending(Frame.names) { [source] (visitor, limit) throws(StoreError) in
      try source.droppedNames(after: visitor, limit: limit)
    }
  }

  private mutating func offer() throws(SyncError) -> Frame {
    let found = try SyncError.mapping { () throws(StoreError) in try nextOffers() }
    guard !found.isEmpty else {
      // Behind done an older reader looks for nothing, so what it does not know can stand there.
      stage = !isOneWay ? .drained : speaks.upperBound >= 2 ? .parting : .ended
      return .done(offered: UInt64(offers))
    }
    offers += found.count
    var batch = Batch(number: nextBatch, offers: found)
    nextBatch &+= 1
    if isOneWay {
      batch.toSend = found.indices.reversed().filter { found[$0].length > 0 }
      if !batch.toSend.isEmpty { sending.append(batch) }
    } else {
      offered.append(batch)
    }
    return .offer(batch: batch.number, found)
  }

  private mutating func nextOffers() throws(StoreError) -> [Offer] {
    var found: [Offer] = []
    var bytes = 0
    while found.count < SyncLimits.batchOffers, bytes < SyncLimits.batchBytes, let row = rows.popLast() {
      guard let offer = try source.offer(row: row) else { continue }
      found.append(offer)
      bytes += offer.length
    }
    guard found.isEmpty, let after = last else { return found }
    found = try source.offers(
      after: after, limit: SyncLimits.batchOffers, bytes: SyncLimits.batchBytes)
    last = found.last?.row ?? last
    return found
  }

  /// The next record that was asked for. One that cannot be read stops no other.
  private mutating func record() -> Frame? {
    guard !sending.isEmpty, let index = sending[0].toSend.popLast() else { return nil }
    let batch = sending[0]
    if batch.toSend.isEmpty {
      sending.removeFirst()
      if !isOneWay { unanswered.append(batch) }
    }
    do throws(StoreError) {
      guard let (bytes, name) = try source.record(of: batch.offers[index]) else {
        return .gone(batch: batch.number, index: index, reason: "it was withdrawn meanwhile")
      }
      guard bytes.count <= SampleRecord.maximumLength else {
        return .gone(batch: batch.number, index: index, reason: "its record has \(bytes.count) bytes")
      }
      given += 1
      return .record(batch: batch.number, index: index, name: name, CarriedRecord(bytes))
    } catch {
      return .gone(batch: batch.number, index: index, reason: error.description)
    }
  }

  /// Notes the receipts of a batch. A store that cannot note them now goes on giving: they are asked for next time.
  private mutating func take(_ answers: [Answer], _ number: UInt32) throws(SyncError) {
    guard let place = unanswered.firstIndex(where: { $0.number == number }) else {
      throw .unexpected("it answers a batch that is not open")
    }
    let offers = unanswered.remove(at: place).offers
    guard answers.count == offers.count,
      zip(answers, offers).allSatisfy({ $0.id == $1.id && $0.hash == $1.hash }), let collector
    else { throw .unexpected("its answer names other drawings than were offered") }
    let receipts = answers.filter(\.settlement.isReceipt).map { (id: $0.id, hash: $0.hash) }
    do throws(StoreError) {
      let count = receipts.isEmpty ? 0 : try source.acknowledge(receipts, by: collector)
      acknowledged += count
      queue.append(.marked(batch: number, count: count))
    } catch {
      queue.append(.notice("its receipts could not be noted there: \(error.description)"))
    }
  }
}

extension Hello {
  /// The versions of the protocol that this software speaks.
  public static let spoken = lowestVersion...highestVersion

  /// The highest version that both ends speak.
  ///
  /// - Throws: ``SyncError/version(lowest:highest:)`` when there is none.
  func version(of own: ClosedRange<Int>) throws(SyncError) -> Int {
    guard versions.overlaps(own) else {
      throw .version(lowest: versions.lowerBound, highest: versions.upperBound)
    }
    return min(versions.upperBound, own.upperBound)
  }
}
