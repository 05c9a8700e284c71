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
    var batch = PostgresBatch()
    for refused in uploads?.refused ?? [] where refused <= row {
      if let sample = try store.sample(row: refused) { batch.add(sample) }
    }
    if batch.isEmpty { batch = try read(store, after: row) }
    while !batch.isEmpty {
      let known = database.identity == nil ? [:] : try database.known(batch.entries.map(\.id))
      let sorted = batch.sorted(known)
      report.added += sorted.missing.count
      report.present += sorted.present
      report.pruned += sorted.pruned
      report.conflicts += sorted.conflicts
      report.refused += batch.damaged
      row = max(row, batch.lastRow)
      batch = try read(store, after: row)
    }
  }

  private func read(_ store: Store, after row: Int64) throws(StoreError) -> PostgresBatch {
    try PostgresReading(store, after: row, samples: 1024, bytes: PostgresUpload.mostBytes).finish()
  }
}
