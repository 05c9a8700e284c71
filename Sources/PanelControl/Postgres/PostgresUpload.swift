import Kernel
import Spool
import Sync

/// Brings the samples of a store into a database, batch by batch, however often it is repeated or cut.
///
/// A batch is one transaction with a receipt in it. After a connection that broke in a COMMIT the batch is sent again: what is
/// there is not doubled, and the receipt says how much of it was new. One sample that the database will not have is set aside,
/// and the others go on.
struct PostgresUpload: ~Copyable {
  /// What became of the samples.
  struct Report {
    /// Samples that are in the database now and were not before.
    var added = 0
    /// Samples that were there with the same bytes.
    var present = 0
    /// Samples whose visits were withdrawn: the database does not take them.
    var withdrawn = 0
    /// Samples that were removed there, as their visitors withdrew them here.
    var removedThere = 0
    /// Samples that were removed here, as their visitors withdrew them elsewhere.
    var removedHere = 0
    /// Names that were dropped here, as they were dropped elsewhere.
    var namesDroppedHere = 0
    /// Withdrawals and dropped names from elsewhere that are put off, as a database may bring a limited number in a day.
    var putOff = 0
    /// Samples that were pruned from this store before they came there.
    var pruned = 0
    /// Samples whose ids belong to other bytes there: nothing was overwritten.
    var conflicts: [PostgresBatch.Refusal] = []
    /// Samples that were set aside: damaged here, or refused there.
    var refused: [PostgresBatch.Refusal] = []
    /// How the web collector's table is served; nil where that was not found out.
    var web: WebCollector?
    /// Withdrawn drawings and dropped names that are still in that table, as nothing in it can be changed.
    var leftInWeb = 0
    /// Why it ended early.
    var failure: (any Error)?
  }

  /// A batch's bytes: twice that is in memory here, and it stays within what the server keeps in memory of a temporary table
  /// (temp_buffers, 8 MB).
  static let mostBytes = 6 << 20
  static let mostSamples = 4096
  /// How long a batch should take, in ns: on a slow line it is made of fewer samples.
  static let aim: UInt64 = 1_000_000_000
  /// How often a batch is tried, each time after twice the time, in all for 45 s: a server restarts meanwhile.
  static let attempts = 11
  static let longestPause: UInt64 = 8000

  let address: PostgresAddress
  let store: Store
  let interrupt: Interrupt
  var report = Report()
  var database: PostgresDatabase
  let identity: Identifier
  private var uploads: Uploads
  /// Samples of a batch, by how fast the last ones went.
  private var size = 1024
  /// Whether it is asked which of a batch are there before they are sent: where nothing is remembered of this database, and from
  /// the first batch of which some were, as long as any are.
  private var asks: Bool
  /// Tombstones there that this store has taken into account.
  var withdrawals = 0
  private let progress: (Int, Int) -> Void
  private var done = 0
  private let all: Int

  private init(
    _ store: Store, _ address: PostgresAddress, _ interrupt: Interrupt,
    _ database: consuming PostgresDatabase,
    _ identity: Identifier, _ uploads: Uploads, all: Int, _ progress: @escaping (Int, Int) -> Void
  ) {
    report.web = database.web
    self.store = store
    self.address = address
    self.interrupt = interrupt
    self.progress = progress
    self.database = database
    self.identity = identity
    self.uploads = uploads
    self.all = all
    asks = uploads.row == 0
  }

  /// Connects, and makes the tables where they are missing.
  static func open(
    _ store: Store, to address: PostgresAddress, _ interrupt: Interrupt,
    progress: @escaping (_ done: Int, _ all: Int) -> Void
  ) throws -> PostgresUpload {
    var failures = 0
    while true {
      do {
        return try begin(store, to: address, interrupt, progress)
      } catch let error as PostgresError where error.kind == .lost || error.kind == .busy {
        // A host that cannot be reached at all is more likely mistyped than gone for a moment.
        failures += 1
        guard failures < attempts else { throw error }
        try pause(interrupt, after: failures, error)
      }
    }
  }

  private static func begin(
    _ store: Store, to address: PostgresAddress, _ interrupt: Interrupt,
    _ progress: @escaping (Int, Int) -> Void
  ) throws -> PostgresUpload {
    let database = try PostgresDatabase(address, interrupt, changes: true)
    guard let identity = database.identity else {
      throw PostgresError(.refused, "use", address.name, reason: "it has no tables of ours")
    }
    var uploads = try store.uploads(to: identity)
    // A database that was restored from an older copy lacks the newest batches, with all that came in them.
    let there = try database.batches(of: store.panel)
    if let lost = uploads.batches.filter({ !there.contains($0.key) }).map(\.value).min() {
      try store.forgetUploads(to: identity, after: lost)
      uploads = try store.uploads(to: identity)
    }
    let all = try store.count(after: uploads.row) + uploads.refused.count
    return PostgresUpload(store, address, interrupt, database, identity, uploads, all: all, progress)
  }

  /// Sends everything that is not there yet.
  ///
  /// It throws nothing: what ended it early is in the report, with all that was done before.
  mutating func run() {
    do {
      try exchangeWithdrawals()
      try exchangeDroppedNames()
      uploads = try store.uploads(to: identity)
      var refused = uploads.refused[...]
      while !refused.isEmpty {
        let again = try PostgresReading.batch(
          of: &refused, in: store, samples: size, bytes: PostgresUpload.mostBytes)
        if !again.isEmpty { try upload(again) }
      }
      var next = try reading(after: uploads.row).finish()
      while !next.isEmpty {
        let ahead = reading(after: next.lastRow)
        interrupt.meanwhile = ahead.advance
        defer { interrupt.meanwhile = nil }
        let began = MonotonicClock.now()
        try upload(next)
        adapt(to: MonotonicClock.now() - began, next.count)
        next = try (uploads.row == next.lastRow ? ahead : reading(after: uploads.row)).finish()
      }
      report.leftInWeb = try attempt { (database) throws(PostgresError) in
        try database.web.leftovers(database.connection)
      }
    } catch {
      report.failure = error
    }
    report.web = database.web
  }

  private func reading(after row: Int64) -> PostgresReading {
    PostgresReading(store, after: row, samples: size, bytes: PostgresUpload.mostBytes)
  }

  /// Sends a batch and remembers it.
  private mutating func upload(_ batch: PostgresBatch) throws {
    var sorted = try look(batch)
    var outcome = Outcome()
    let receipt = Identifier.random()
    var isThere = false
    if !asks {
      let added = try put(sorted.missing, of: batch, receipt)
      isThere = added != nil
      outcome.added = added ?? 0
      // Some of them were there after all: only the others cross a second time.
      if asks { sorted = try look(batch) }
    }
    if !isThere {
      try send(sorted.missing[...], of: batch, receipt, &outcome)
    }
    let there = sorted.missing.count - outcome.added - outcome.withdrawn - outcome.notTaken
    if there > 0 { asks = true }
    // These were not sent.
    outcome.refused += batch.damaged
    outcome.conflicts += sorted.conflicts
    uploads.row = try store.noteUpload(
      receipt, to: identity, after: uploads.row, samples: batch.samples,
      refused: (outcome.refused + outcome.conflicts).map { ($0.row, $0.reason) })
    report.added += outcome.added
    report.present += sorted.present + there
    report.withdrawn += outcome.withdrawn
    report.pruned += sorted.pruned
    report.conflicts += outcome.conflicts
    report.refused += outcome.refused
    done += batch.count
    progress(done, max(done, all))
  }

  /// Which of a batch are to be sent, as far as that is asked.
  private mutating func look(_ batch: PostgresBatch) throws(PostgresError) -> PostgresBatch.Sorted {
    let questions = asks ? batch.entries : batch.entries.filter { $0.content == nil }
    guard !questions.isEmpty else {
      var sorted = PostgresBatch.Sorted()
      sorted.missing = batch.entries
      return sorted
    }
    let known = try attempt { (database) throws(PostgresError) in try database.known(questions.map(\.id)) }
    asks = !known.isEmpty
    return batch.sorted(known)
  }

  /// What became of the samples of one batch that were sent.
  private struct Outcome {
    var added = 0
    var withdrawn = 0
    var conflicts: [PostgresBatch.Refusal] = []
    var refused: [PostgresBatch.Refusal] = []
    /// How many were not taken, as they conflict or are refused.
    var notTaken: Int { conflicts.count + refused.count }
  }

  private func parcel(
    _ entries: some Collection<PostgresBatch.Entry>, of batch: PostgresBatch, _ receipt: Identifier
  ) -> PostgresDatabase.Parcel {
    PostgresDatabase.Parcel(
      rows: batch.pieces(entries), ids: entries.map(\.id), visitors: batch.visitors(entries),
      receipt: receipt,
      store: store.panel)
  }

  /// Sends entries of which none should be there the short way; nil when that did not go, and nothing was done. Where it may
  /// be that some were there, they are asked for from now on.
  ///
  /// - Returns: how many are there now that were not before.
  private mutating func put(
    _ entries: [PostgresBatch.Entry], of batch: PostgresBatch, _ receipt: Identifier
  ) throws(PostgresError) -> Int? {
    // Withdrawals that were put off here hold there, and the web collector's own table is filled on the other way.
    guard report.putOff == 0, !entries.isEmpty, database.web.isPassive else { return nil }
    let parcel = parcel(entries, of: batch, receipt)
    let withdrawals = withdrawals
    do throws(PostgresError) {
      return try attempt { (database) throws(PostgresError) in
        try database.put(parcel, withdrawals: withdrawals)
      }
    } catch {
      // Another has brought one of them meanwhile, or this one has before its connection broke; or the server refuses one, or
      // a COPY into a table whose rows are secured one by one.
      guard error.kind == .data || error.state == PostgresError.notSupported else { throw error }
      guard error.kind == .data else { return nil }
      if try attempt({ (database) throws(PostgresError) in try database.has(receipt) }) {
        return entries.count
      }
      asks = true
      return nil
    }
  }

  /// Sends entries in one transaction; where the server will not have one of them, in several, and without that one.
  private mutating func send(
    _ entries: ArraySlice<PostgresBatch.Entry>, of batch: PostgresBatch, _ receipt: Identifier,
    _ outcome: inout Outcome
  ) throws {
    let parcel = parcel(entries, of: batch, receipt)
    do throws(PostgresError) {
      let taken = try attemptWithWeb(isFixed: false, isSplit: entries.count > 1) {
        (database) throws(PostgresError) in try database.take(parcel)
      }
      outcome.added += taken.added
      outcome.withdrawn += taken.withdrawn.count
      let conflicts = Set(taken.conflicts)
      outcome.conflicts += entries.filter { conflicts.contains($0.id) }.map(batch.conflict)
    } catch {
      guard error.kind == .data, let first = entries.first else { throw error }
      if entries.count == 1 {
        outcome.refused.append(
          PostgresBatch.Refusal(
            row: first.row, id: first.id, reason: "the database refuses it: \(error.reason)"))
      } else {
        let middle = entries.startIndex + entries.count / 2
        try send(entries[..<middle], of: batch, .random(), &outcome)
        try send(entries[middle...], of: batch, .random(), &outcome)
      }
      // The receipt stands for the batch, whatever of it was taken.
      try send([], of: batch, receipt, &outcome)
    }
  }

  private mutating func adapt(to time: UInt64, _ count: Int) {
    if time < PostgresUpload.aim / 2, count >= size {
      size = min(size * 2, PostgresUpload.mostSamples)
    } else if time > PostgresUpload.aim * 2 {
      size = max(size / 2, 16)
    }
  }
}
