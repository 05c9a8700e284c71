import Ink
import Kernel

/// Writes the drawings of a store as a data set.
///
/// Only samples whose visitors agreed to that are in it, under the names that may be shown. One sample is in memory at a
/// time; the same store gives the same bytes. The file appears under its name when it is whole.
public struct Export: Sendable {
  public enum Format: String, Sendable, CaseIterable {
    /// A ZIP of NumPy arrays: `images` |u1 (N, S, S), `labels` <i8, `usernames` <U, and more.
    case npz
    /// An array of objects: `id`, `username`, `label`, `image` as rows of 0 ... 255, `created_at`, and more.
    case json
  }

  /// How large the images are.
  public enum Size: Int, Sendable, CaseIterable {
    /// 28: normalised as the recogniser does it and as MNIST was.
    case normalized = 28
    /// 280: as drawn.
    case drawn = 280
  }

  /// What became of the samples of the store.
  public struct Report: Equatable, Sendable {
    /// Samples in the data set.
    public fileprivate(set) var exported = 0
    /// Samples whose visitors did not agree to that.
    public fileprivate(set) var withoutConsent = 0
    /// Samples whose records are no longer in this store.
    public fileprivate(set) var pruned = 0
    /// Samples that the disk has damaged: which, and what is wrong.
    public fileprivate(set) var unreadable: [Unreadable] = []
    /// Bytes of the file.
    public fileprivate(set) var bytes: UInt64 = 0
  }

  /// A sample that cannot be exported.
  public struct Unreadable: Equatable, Sendable {
    public let id: Identifier
    public let reason: String
  }

  public let format: Format
  public let size: Size

  public init(_ format: Format, size: Size) {
    self.format = format
    self.size = size
  }

  /// Writes the file.
  ///
  /// - Parameter progress: called now and then with the samples done and all that there are.
  /// - Throws: ``ExportError``; nothing is left at `path` then but what was there before.
  public func write(
    _ store: Store, to path: String, progress: (_ done: Int, _ all: Int) -> Void = { _, _ in }
  ) throws(ExportError) -> Report {
    let snapshot = try reading { () throws(StoreError) in try Snapshot(store) }
    defer { snapshot.end() }
    var report = Report()
    report.withoutConsent = snapshot.withoutConsent
    report.pruned = snapshot.pruned
    // A damaged record shows only when it is read, and the head of an array says how many there are: then it begins
    // again without the damaged ones.
    while true {
      let excluded = report.unreadable.count
      let rows = snapshot.exportable - excluded
      let output = try writing { () throws(KernelError) in try OutputFile(path) }
      let writer: any DataSetWriter =
        switch format {
        case .npz:
          try writing { () throws(KernelError) in try NumpyWriter(output, rows: rows, side: size.rawValue) }
        case .json:
          try writing { () throws(KernelError) in try JSONWriter(output) }
        }
      let found = try pass(snapshot, writer, excluding: report.unreadable, of: rows, progress)
      guard found.isEmpty else {
        report.unreadable += found
        continue
      }
      try writing { () throws(KernelError) in
        try writer.finish()
        report.bytes = output.count
        try output.finish()
      }
      report.exported = rows
      return report
    }
  }

  /// Writes every sample, or, from the first unreadable one on, only looks for more of those.
  private func pass(
    _ snapshot: Snapshot, _ writer: any DataSetWriter, excluding excluded: [Unreadable], of rows: Int,
    _ progress: (Int, Int) -> Void
  ) throws(ExportError) -> [Unreadable] {
    let skip = Set(excluded.map(\.id))
    var unreadable: [Unreadable] = []
    var source = DataSetSource(size: size)
    var done = 0
    var cursor = try reading { () throws(StoreError) in try snapshot.samples() }
    while let stored = try reading({ () throws(StoreError) in try cursor.next() }) {
      if skip.contains(stored.id) { continue }
      switch source.row(stored) {
      case .success(let row) where unreadable.isEmpty:
        try writing { () throws(KernelError) in try writer.append(row) }
      case .success: break
      case .failure(let reason): unreadable.append(Unreadable(id: stored.id, reason: reason.description))
      }
      done += 1
      if done % 256 == 0 || done == rows { progress(done, rows) }
    }
    return unreadable
  }

  private func reading<Result: ~Copyable>(
    _ body: () throws(StoreError) -> Result
  ) throws(ExportError) -> Result {
    do throws(StoreError) { return try body() } catch { throw .store(error.during("export")) }
  }

  private func writing<Result>(_ body: () throws(KernelError) -> Result) throws(ExportError) -> Result {
    do throws(KernelError) { return try body() } catch { throw .file(error) }
  }
}
