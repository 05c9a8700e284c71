import Glibc
import Ink
import Kernel
import Spool

/// Writes the drawings of a store as a data set.
///
/// One thread reads the store and writes the files; others check the records, decode and normalise the pictures, and put the
/// rows into the format's form. What is in work is bounded, so memory does not grow with the store. The same store and
/// the same options give the same bytes: rows stand in the order in which they came, and no time of the export is in them.
/// What is written appears under its name when it is whole.
public struct Export: Sendable {
  public let options: ExportOptions

  public init(_ options: ExportOptions) {
    self.options = options
  }

  /// Writes the data set.
  ///
  /// - Parameters:
  ///   - path: a file for npz, json, ndjson and csv. Where it is an empty directory or ends with a slash, and for idx and
  ///     imagefolder always, a directory is made, with a data sheet (README.md) and SHA256SUMS.
  ///   - progress: called for each batch with the samples done and all that there are.
  /// - Throws: ``ExportError``; nothing is left at `path` then but what was there before.
  public func write(
    _ store: Store, to path: String, progress: (_ done: Int, _ all: Int) -> Void = { _, _ in }
  ) throws(ExportError) -> ExportReport {
    if let contradiction = options.contradiction {
      throw .file(KernelError("export to", path, reason: contradiction))
    }
    let snapshot = try reading { () throws(StoreError) in try DataSetSnapshot(store, options.selection) }
    defer { snapshot.end() }
    let place = try writing { () throws(KernelError) in try Destination(path, options, most: snapshot.all) }
    let pool = try writing { () throws(KernelError) in try threads(place) }
    var report = ExportReport()
    let tally = try pass(store, snapshot, pool, place, &report, progress)
    try writing { () throws(KernelError) in try place.finish(&report, tally, options) }
    return report
  }

  private typealias Pool = OrderedPool<Batch, EncodedBatch>

  /// Reads, hands out and writes until all samples have gone their way.
  private func pass(
    _ store: Store, _ snapshot: DataSetSnapshot, _ pool: Pool, _ place: Destination,
    _ report: inout ExportReport, _ progress: (Int, Int) -> Void
  ) throws(ExportError) -> Tally {
    var tally = Tally()
    var done = 0
    var isRead = false
    var clocks: ClockCorrection?
    var cursor = try reading { () throws(StoreError) in try snapshot.samples() }
    while !isRead || pool.inWork > 0 {
      while !isRead && pool.inWork <= 2 * pool.threads {
        var batch = try reading { () throws(StoreError) in try self.batch(&cursor) }
        // Most stores need no correction, and to make one all records are read.
        if batch.hasDoubtfulClocks && clocks == nil {
          clocks = try reading { () throws(StoreError) in try corrections(store, snapshot) }
        }
        batch.clocks = clocks ?? ClockCorrection()
        if batch.samples.isEmpty { isRead = true } else { pool.submit(batch) }
      }
      guard let batch = pool.next() else { continue }
      try writing { () throws(KernelError) in
        if let failure = batch.failure { throw failure }
        try place.writer.write(batch)
      }
      tally.add(batch.tally)
      report.exported += batch.rows
      report.files += batch.files
      report.bytes += batch.bytes
      report.unreadableCount += batch.unreadable.count
      report.unreadable += batch.unreadable.prefix(ExportReport.unreadableLimit - report.unreadable.count)
      done += batch.rows + batch.unreadable.count
      progress(done, snapshot.all - cursor.counts.leftOut)
    }
    report.leftOut = cursor.counts
    report.train = tally.drawings(isTest: false)
    report.test = tally.drawings(isTest: true)
    report.rejected = tally.verdicts[Verdict.reject.name] ?? 0
    report.relabelled = tally.relabelled
    return tally
  }

  /// The next samples: so many that handing them over costs nothing, so few that memory stays small.
  private func batch(_ cursor: inout SelectedCursor) throws(StoreError) -> Batch {
    let most = options.size == .drawn ? 16 : 128
    var batch = Batch()
    while batch.samples.count < most && batch.bytes < 1 << 20, let sample = try cursor.next() {
      batch.bytes += sample.record.count
      if sample.hasDoubtfulClock { batch.hasDoubtfulClocks = true }
      batch.samples.append(sample)
    }
    return batch
  }

  private func threads(_ place: Destination) throws(KernelError) -> Pool {
    let (options, encoder) = (options, place.encoder)
    let (readsPixels, hasSheet) = (options.readsPixels, place.hasSheet)
    return try Pool(threads: Pool.processors, name: "export") {
      var reader = RowReader(options, readsPixels: readsPixels)
      var encoder = encoder()
      return { Export.encode($0, &reader, &encoder, hasSheet: hasSheet) }
    }
  }

  private static func encode(
    _ batch: Batch, _ reader: inout RowReader, _ encoder: inout any RowEncoder, hasSheet: Bool
  ) -> EncodedBatch {
    var encoded = EncodedBatch()
    do throws(KernelError) {
      for selected in batch.samples {
        switch reader.row(selected, clocks: batch.clocks) {
        case .success(let row):
          try encoder.append(row)
          encoded.rows += 1
          if hasSheet { encoded.tally.add(row) } else { encoded.tally.addBriefly(row) }
        case .failure(let error):
          encoded.unreadable.append(UnreadableSample(id: selected.id, reason: error.reason))
        }
      }
      try encoder.finish(&encoded)
    } catch {
      encoded.failure = error
    }
    return encoded
  }

  /// The instants by which doubtful times can be corrected: times of samples that a clock knew, and a collector's clock when it
  /// drained the panel.
  private func corrections(_ store: Store, _ snapshot: DataSetSnapshot) throws(StoreError) -> ClockCorrection
  {
    var clocks = ClockCorrection()
    try snapshot.trustedTimes { clocks.add($0) }
    for anchor in try store.anchors() { clocks.add(anchor.known) }
    return clocks
  }

  private func reading<Result: ~Copyable>(
    _ body: () throws(StoreError) -> Result
  ) throws(ExportError) -> Result {
    do throws(StoreError) { return try body() } catch { throw .store(error.during("export")) }
  }

  private func writing<Result>(_ body: () throws(KernelError) -> Result) throws(ExportError) -> Result {
    do throws(KernelError) {
      return try body()
    } catch {
      // Wherever among many files it is that the disk became full, the way out is the same.
      guard error.nextStep == nil, error.code == ENOSPC || error.code == EDQUOT else { throw .file(error) }
      throw .file(
        KernelError(
          error.operation, error.object, errno: error.code,
          next: "make room there, or choose another --output"
        ))
    }
  }
}

extension ExportOptions {
  /// Whether the format holds pixels, and not the files or the strokes as they were stored.
  var readsPixels: Bool {
    switch format {
    case .npz, .json, .idx, .csv: true
    case .ndjson: false
    case .imagefolder: size == .small
    }
  }

  /// Whether the format holds strokes.
  var readsStrokes: Bool { withStrokes || format == .ndjson }
}
