import Spool

/// The next batch, read from the store a little at a time: while the server is waited for.
final class PostgresReading {
  private let store: Store
  private let samples: Int
  private let bytes: Int
  private var after: Int64
  private var batch = PostgresBatch()
  private var isDone = false
  private var failure: StoreError?

  /// Samples that are read at once: some tenths of a millisecond, so that the server is not kept waiting in its turn.
  private static let step = 16

  /// - Parameters:
  ///   - after: the row of the store behind which it begins.
  ///   - samples, bytes: the batch ends when it has so many.
  init(_ store: Store, after: Int64, samples: Int, bytes: Int) {
    self.store = store
    self.after = after
    self.samples = samples
    self.bytes = bytes
  }

  /// Reads some samples more; false when there is nothing left to do.
  func advance() -> Bool {
    guard !isDone else { return false }
    do throws(StoreError) {
      var cursor = try store.samples(after: after)
      for _ in 0..<PostgresReading.step {
        guard batch.count < samples, batch.bytes < bytes, let sample = try cursor.next() else {
          isDone = true
          break
        }
        batch.add(sample)
        after = sample.row
      }
    } catch {
      failure = error
      isDone = true
    }
    return !isDone
  }

  /// A batch of rows that are known, which are taken off their list as far as they are in it; those that are no longer there are
  /// passed over.
  static func batch(
    of rows: inout ArraySlice<Int64>, in store: Store, samples: Int, bytes: Int
  ) throws(StoreError) -> PostgresBatch {
    var batch = PostgresBatch()
    while batch.count < samples, batch.bytes < bytes, let row = rows.popFirst() {
      if let sample = try store.sample(row: row) { batch.add(sample) }
    }
    return batch
  }

  /// The whole batch; an empty one when there are no more samples.
  func finish() throws(StoreError) -> PostgresBatch {
    while advance() {}
    if let failure { throw failure }
    return batch
  }
}
