import Spool

/// What an upload would do: it asks, and changes nothing.
struct PostgresTrial {
  private(set) var report = PostgresUpload.Report()

  init(_ store: Store, _ address: PostgresAddress, _ interrupt: Interrupt) throws {
    let database = try PostgresDatabase(address, interrupt, changes: false)
    let uploads = try database.identity.map { identity throws(StoreError) in try store.uploads(to: identity) }
    if database.identity != nil { report.web = database.web }
    var row = uploads?.row ?? 0
    if let uploads {
      let there = try database.batches(of: store.panel)
      row = min(row, uploads.batches.filter { !there.contains($0.key) }.map(\.value).min() ?? row)
    }
    var refused = (uploads?.refused ?? []).filter { $0 <= row }[...]
    func next() throws(StoreError) -> PostgresBatch {
      while !refused.isEmpty {
        let again = try PostgresReading.batch(
          of: &refused, in: store, samples: PostgresTrial.samples, bytes: PostgresUpload.mostBytes)
        if !again.isEmpty { return again }
      }
      return try PostgresReading(
        store, after: row, samples: PostgresTrial.samples, bytes: PostgresUpload.mostBytes
      ).finish()
    }
    var batch = try next()
    while !batch.isEmpty {
      let known = database.identity == nil ? [:] : try database.known(batch.entries.map(\.id))
      let sorted = batch.sorted(known)
      report.added += sorted.missing.count
      report.present += sorted.present
      report.pruned += sorted.pruned
      report.conflicts += sorted.conflicts
      report.refused += batch.damaged
      row = max(row, batch.lastRow)
      batch = try next()
    }
    if database.identity != nil { report.leftInWeb = try database.web.leftovers(database.connection) }
  }

  /// Samples that are asked for at once.
  private static let samples = 1024
}
