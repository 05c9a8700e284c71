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
    let here = Set(ours.map(\.timeless))
    let news = theirs.filter { !here.contains($0.timeless) }
    if !news.isEmpty {
      let done = try store.apply(
        news, day: Timestamp.today, limit: StoreSource.withdrawalsPerDay,
        strangers: StoreSource.strangersPerDay)
      report.removedHere = done.removed
      report.putOff = done.putOff
      // With a visit its drawings have got tombstones of their own.
      ours = try tombstonesHere()
    }
    // A number has one tombstone there, and a visit's comes before a sample's.
    var there = Dictionary(theirs.map { ($0.id, $0.kind) }) { first, _ in first }
    var missing = ours.filter {
      there[$0.id] != $0.kind && ($0.kind == .session || there[$0.id] == nil)
    }[...]
    while !missing.isEmpty {
      let part = Array(missing.prefix(PostgresUpload.page))
      report.removedThere += try attemptWithWeb(isFixed: true) { (database) throws(PostgresError) in
        try database.withdraw(part)
      }
      missing = missing.dropFirst(part.count)
    }
    for tombstone in ours where there[tombstone.id] != .session { there[tombstone.id] = tombstone.kind }
    withdrawals = there.count + there.values.count { $0 == .session }
  }

  private func tombstonesHere() throws -> [Tombstone] {
    var ours: [Tombstone] = []
    while true {
      let part = try store.tombstones(after: ours.last, limit: PostgresUpload.page)
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
      try attemptWithWeb(isFixed: true) { (database) throws(PostgresError) in
        try database.dropNames(of: names.pseudonyms)
      }
      try store.noteDroppedNames(to: identity, row: names.row)
    }
  }
}

extension Tombstone {
  /// What was withdrawn, whenever that was.
  fileprivate var timeless: Tombstone { Tombstone(id: id, kind: kind, wall: 0) }
}
