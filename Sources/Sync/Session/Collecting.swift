import Spool

/// The collector's end of a sync: asks for what it does not have, stores it, and says so only when it is durable.
///
/// A value that turns frames into frames, as ``Serving`` is. Whatever the other end sends, it holds at most a few batches of
/// offers and ``SyncLimits/pendingBytes`` and one record of records.
public struct Collecting: SyncEnd {
  private enum Stage {
    case silent, running, left, ended
  }

  private struct Batch {
    let number: UInt32
    let offers: [Offer]
    var settlements: [Settlement]
    /// For which no receipt is given though they are here.
    var held: Set<Int> = []
    /// Of which other bytes lie apart here already.
    var spoilt: Set<Int> = []
    /// Which records are still to come.
    var isAwaited: [Bool]
    var awaited: Int

    /// What the other end is told.
    var answers: [Answer] {
      offers.indices.map {
        let settlement = held.contains($0) ? .notTaken : settlements[$0]
        return Answer(id: offers[$0].id, hash: offers[$0].hash, settlement: settlement)
      }
    }
  }

  /// How a collector collects.
  public enum Manner: Sendable {
    case live
    /// Nothing is fetched, and nothing is written at either end.
    case dryRun
    /// From a file: everything that is offered comes by itself, and what is said goes into the receipt.
    case oneWay
  }

  private let sink: any SyncSink
  let manner: Manner
  private var stage = Stage.silent
  private var queue: [Frame] = []
  private let speaks: ClosedRange<Int>
  private var version = 1
  private var own: Identifier?
  private var tombstones: ListSending<Tombstone>?
  private var tombstonesTaken = 0
  private var names: ListSending<Identifier>?
  private var marks: Frame?
  private var batches: [Batch] = []
  private var pending: [(arrival: Arrival, index: Int)] = []
  private var pendingBytes = 0
  private var setAsideBytes = 0
  private var setAsideNow = 0
  private var mayMark: Bool
  private var sourceIsDone = false
  public internal(set) var report = SyncReport()

  /// - Parameter speaks: the versions of the protocol.
  public init(
    _ sink: any SyncSink, _ manner: Manner = .live, speaks: ClosedRange<Int> = Hello.spoken
  ) {
    self.sink = sink
    self.manner = manner
    self.speaks = speaks
    mayMark = manner == .live
  }

  /// Whether all is said, by both ends.
  public var isEnded: Bool { stage == .ended && queue.isEmpty }

  /// The next frame to send; nil when there is none before another one has come.
  public mutating func next() throws(SyncError) -> Frame? {
    if !queue.isEmpty { return queue.removeFirst() }
    if let frame = try tombstones?.next() {
      if case .tombstones(let list) = frame {
        report.tombstonesSent += list.count { $0.kind == .session }
      }
      return frame
    }
    tombstones = nil
    if let frame = try names?.next() {
      if case .names(let visitors) = frame { report.namesSent += visitors.count }
      return frame
    }
    names = nil
    defer { marks = nil }
    return marks
  }

  /// Takes a frame from the panel.
  ///
  /// - Throws: ``SyncError``; the sync is over then, and what was answered by then is safe.
  public mutating func receive(_ frame: Frame) throws(SyncError) {
    switch (frame, stage) {
    case (.refusal(let code, let sentence), _): throw .refused(code, sentence)
    case (.wait, .silent): break
    case (.hello(let hello), .silent): try greet(hello)
    case (.tombstones(let list), .running): try take(list)
    case (.names(let visitors), .running) where version >= 2 && manner != .oneWay: try take(visitors)
    case (.names(let visitors), .left) where version >= 2 && manner == .oneWay: try take(visitors)
    case (.offer(let number, let offers), .running): try take(offers, number)
    case (.record(let number, let index, let name, let record), .running):
      try expect(number, index)
      report.bytes += record.bytes.count
      take(Arrival(record, name: name, for: batches[0].offers[index], takes: sink.takes), index)
      if pendingBytes >= SyncLimits.pendingBytes { try store(mark: nil) }
      try settle()
    case (.gone(let number, let index, let reason), .running):
      try expect(number, index)
      report.unreadable += 1
      // It is offered again only if no mark is beyond it. One that was withdrawn or pruned holds back no later sync: that is
      // not offered any more, or without a record.
      mayMark = false
      report.note("the drawing \(batches[0].offers[index].id) could not be read there: \(reason)")
      try settle()
    case (.marked(_, let count), .running), (.marked(_, let count), .left): report.acknowledged += count
    case (.notice(let sentence), .running), (.notice(let sentence), .left): report.note(sentence)
    case (.done, .running):
      guard !sourceIsDone else { throw .unexpected("it is done twice") }
      sourceIsDone = true
      guard manner != .oneWay || batches.isEmpty else { throw .ended }
      try settle()
    case (.bye, .left):
      if manner == .oneWay { queue.append(.bye) }
      stage = .ended
      report.isComplete = true
    default: throw .unexpected("\(frame.title) came at the wrong time")
    }
  }

  /// Stores what has come of a batch that will not end, since the stream has broken: over a bad line every try gets further.
  ///
  /// - Throws: ``SyncError/store(_:)``.
  public mutating func keepPending() throws(SyncError) {
    guard !pending.isEmpty else { return }
    try store(mark: nil)
    // Only a file's receipt can still tell it.
    if manner == .oneWay { queue.append(.answer(batch: batches[0].number, batches[0].answers)) }
  }

  private mutating func greet(_ hello: Hello) throws(SyncError) {
    guard hello.role == .source else { throw .unexpected("it wants to collect too") }
    version = try hello.version(of: speaks)
    var own = try SyncError.mapping { () throws(StoreError) in try sink.hello() }
    own.versions = speaks
    guard hello.store != own.store else { throw .ownIdentity(own.store) }
    report.source = hello
    self.own = own.store
    if manner == .oneWay { own.addressee = hello.store }
    let marks = try SyncError.mapping { () throws(StoreError) in
      if manner != .dryRun { try sink.begin(hello, isLive: manner == .live) }
      return try sink.marks(of: hello.store)
    }
    queue.append(.hello(own))
    if hello.tombstoneDigest != own.tombstoneDigest && manner != .dryRun {
      tombstones = ListSending(Frame.tombstones) { [sink] (tombstone, limit) throws(StoreError) in
        try sink.tombstones(after: tombstone, limit: limit)
      }
    }
    if version >= 2 && hello.nameDigest != own.nameDigest && manner != .dryRun {
      names = ListSending(Frame.names) { [sink] (visitor, limit) throws(StoreError) in
        try sink.droppedNames(after: visitor, limit: limit)
      }
    }
    if manner != .oneWay { self.marks = .marks(marks) }
    stage = .running
  }

  private mutating func take(_ list: [Tombstone]) throws(SyncError) {
    report.tombstonesReceived += list.count { $0.kind == .session }
    tombstonesTaken += list.count
    guard tombstonesTaken <= SyncLimits.tombstones else {
      throw .excessive("more than \(SyncLimits.tombstones) withdrawals")
    }
    guard manner != .dryRun else { return }
    report.removed += try SyncError.mapping { () throws(StoreError) in try sink.apply(list) }
  }

  private mutating func take(_ visitors: [Identifier]) throws(SyncError) {
    report.namesReceived += visitors.count
    guard report.namesReceived <= SyncLimits.names else {
      throw .excessive("more than \(SyncLimits.names) dropped names")
    }
    guard manner != .dryRun else { return }
    report.namesDropped += try SyncError.mapping { () throws(StoreError) in try sink.dropNames(of: visitors) }
  }

  private mutating func take(_ offers: [Offer], _ number: UInt32) throws(SyncError) {
    guard !offers.isEmpty else { throw .unexpected("it offers nothing") }
    guard batches.count < SyncLimits.unanswered else { throw .excessive("too many batches at once") }
    guard !sourceIsDone else { throw .unexpected("it offers more after it was done") }
    guard let source = report.source else { throw .unexpected("it offers before its hello") }
    let presence = try SyncError.mapping { () throws(StoreError) in
      try sink.presence(of: offers, from: source)
    }
    report.offered += offers.count
    var batch = Batch(
      number: number, offers: offers, settlements: [], isAwaited: [], awaited: 0)
    for (offer, presence) in zip(offers, presence) {
      let comes = offer.length > 0 && offer.length <= SampleRecord.maximumLength
      let place = batch.settlements.count
      var isNew = presence == .missing || presence == .conflict
      if presence == .held { batch.held.insert(place) }
      if case .spoilt = presence {
        isNew = true
        batch.spoilt.insert(place)
      }
      let isWanted = isNew && comes && manner != .dryRun
      batch.settlements.append(note(offer, presence, comes))
      batch.isAwaited.append(manner == .oneWay ? offer.length > 0 : isWanted)
    }
    batch.awaited = batch.isAwaited.count { $0 }
    batches.append(batch)
    if manner != .oneWay { queue.append(.want(batch: number, batch.isAwaited)) }
    try settle()
  }

  /// Checks that a record is awaited, and that it is this one's turn.
  private mutating func expect(_ number: UInt32, _ index: Int) throws(SyncError) {
    guard let batch = batches.first, batch.number == number, batch.isAwaited.indices.contains(index),
      batch.isAwaited[index]
    else { throw .unexpected("it sent a record that nobody asked for") }
    batches[0].isAwaited[index] = false
    batches[0].awaited -= 1
  }

  private mutating func take(_ arrival: Arrival, _ index: Int) {
    // In a file everything comes, also what is here.
    guard batches[0].settlements[index] == .notTaken else { return }
    if case .sound = arrival.kind {
    } else if !batches[0].spoilt.contains(index) {
      guard setAsideNow < SyncLimits.setAside, setAsideBytes < SyncLimits.setAsideBytes else {
        report.refused += 1
        mayMark = false
        report.note("too many records had to be set aside; the rest stays there until the next sync")
        return
      }
      setAsideNow += 1
      setAsideBytes += arrival.bytes.count
    }
    pending.append((arrival, index))
    pendingBytes += arrival.bytes.count
  }

  /// Stores what has come of the first batch.
  private mutating func store(mark: Mark?) throws(SyncError) {
    guard let source = report.source, !pending.isEmpty || mark != nil else { return }
    let (settlements, divergences) = try SyncError.mapping { () throws(StoreError) in
      try sink.collect(pending.map(\.arrival), from: source, mark: mark)
    }
    for ((arrival, index), settlement) in zip(pending, settlements) {
      batches[0].settlements[index] = settlement
      // Its own panel's, which it has lost: it is never vouched for by the store that drew it.
      if settlement == .stored, case .sound(let sample) = arrival.kind, sample.panel == own {
        batches[0].held.insert(index)
      }
      count(arrival, settlement)
    }
    report.diverged += divergences.count
    if let first = divergences.first {
      report.note(
        "the store of panel \(first.panel) was copied, and both copies went on: two drawings have the number "
          + "\(first.sequence); all are kept. Set one of the two stores aside there (mv), so that it begins anew with an "
          + "identity of its own")
    }
    pending.removeAll(keepingCapacity: true)
    pendingBytes = 0
  }

  /// Answers the batches of which everything has come, and leaves after the last.
  private mutating func settle() throws(SyncError) {
    while let batch = batches.first, batch.awaited == 0 {
      let mark = mayMark ? batch.offers.last.map { Mark(row: $0.row, id: $0.id) } : nil
      try store(mark: mark)
      queue.append(.answer(batch: batch.number, batches[0].answers))
      batches.removeFirst()
    }
    guard sourceIsDone, batches.isEmpty, stage == .running else { return }
    guard manner == .oneWay else {
      // Who only looks does not take leave: the panel notes by that that it was collected.
      queue.append(manner == .dryRun ? .refusal(.other, "it only looked, and has taken nothing") : .bye)
      stage = manner == .dryRun ? .ended : .left
      report.isComplete = manner == .dryRun
      return
    }
    // A file of version 2 goes on with dropped names.
    guard version < 2 else {
      stage = .left
      return
    }
    queue.append(.bye)
    stage = .ended
    report.isComplete = true
  }
}
