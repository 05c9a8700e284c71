import Spool
import Sync

/// What was withdrawn, and names that were dropped: there as here, before anything is sent.
extension PostgresUpload {
  /// Withdrawals and visitors that go in one transaction.
  static let page = 1000

  /// Has withdrawn drawings go there as here.
  mutating func exchangeWithdrawals() throws {
    let theirs = try attempt { (database) throws(PostgresError) in try database.tombstones() }
    var ours = try tombstonesHere()
    var here = Set(ours.map(\.id))
    let news = theirs.filter { !here.contains($0.id) }
    if !news.isEmpty {
      let done = try store.apply(
        news, day: Timestamp.today, limit: StoreSource.withdrawalsPerDay,
        strangers: StoreSource.strangersPerDay)
      report.removedHere = done.removed
      report.putOff = done.putOff
      // With a visit its drawings have got tombstones of their own.
      ours = try tombstonesHere()
      here = Set(ours.map(\.id))
    }
    let there = Set(theirs.map(\.id))
    var missing = ours.filter { !there.contains($0.id) }[...]
    while !missing.isEmpty {
      let part = Array(missing.prefix(PostgresUpload.page))
      report.removedThere += try attempt { (database) throws(PostgresError) in try database.withdraw(part) }
      missing = missing.dropFirst(part.count)
    }
    withdrawals = there.union(here).count
  }

  private func tombstonesHere() throws -> [Tombstone] {
    var ours: [Tombstone] = []
    while true {
      let part = try store.tombstones(after: ours.last?.id, limit: PostgresUpload.page)
      if part.isEmpty { return ours }
      ours += part
    }
  }

  /// Has names that were dropped for good here be dropped there, and those that were dropped there here.
  mutating func exchangeDroppedNames() throws {
    try sendDroppedNames()
    // Ours are all there now, so with as many as ours there are no others.
    var there = try attempt { (database) throws(PostgresError) in try database.droppedNameCount() }
    if there < (try store.droppedNameCount()) {
      // It has lost some of them, as one does that was restored from a copy.
      try store.forgetDroppedNames(to: identity)
      try sendDroppedNames()
      there = try attempt { (database) throws(PostgresError) in try database.droppedNameCount() }
    }
    guard there > (try store.droppedNameCount()) else { return }
    var last: Identifier?
    while true {
      let visitors = try attempt { (database) throws(PostgresError) in
        try database.droppedNames(after: last, limit: PostgresUpload.page)
      }
      guard let end = visitors.last else { return }
      let done = try store.dropNames(
        of: visitors, day: Timestamp.today, limit: StoreSource.strangersPerDay)
      report.namesDroppedHere += done.dropped
      report.putOff += done.putOff
      last = end
    }
  }

  private mutating func sendDroppedNames() throws {
    while true {
      let names = try store.droppedNames(to: identity, limit: PostgresUpload.page)
      if names.pseudonyms.isEmpty { return }
      try attempt { (database) throws(PostgresError) in try database.dropNames(of: names.pseudonyms) }
      try store.noteDroppedNames(to: identity, row: names.row)
    }
  }
}
