import Kernel
import Spool

/// Selected samples on their way to a thread.
struct Batch: Sendable {
  var samples: [SelectedSample] = []
  /// Bytes of their records.
  var bytes = 0
  var hasDoubtfulClocks = false
  /// Corrects the times of doubtful clocks, where there are any.
  var clocks = ClockCorrection()
}

/// What a thread made of a batch: bytes that only need to be written.
struct EncodedBatch: Sendable {
  /// Rows that it holds.
  var rows = 0
  /// What goes to each of the format's streams.
  var streams: [[UInt8]] = []
  /// Images of npz.
  var images: DeflatedPiece?
  var tally = Tally()
  var unreadable: [UnreadableSample] = []
  /// Files of their own that the thread wrote, and their bytes.
  var files = 0
  var bytes: UInt64 = 0
  /// What went wrong apart from the samples themselves.
  var failure: KernelError?
}

/// A format's work on rows, which a thread does beside others.
protocol RowEncoder {
  mutating func append(_ row: DataSetRow) throws(KernelError)
  /// Gives away what was gathered, and begins anew.
  mutating func finish(_ batch: inout EncodedBatch) throws(KernelError)
}

/// A format's work on batches in their order, which the owner's thread does.
protocol BatchWriter: AnyObject {
  func write(_ batch: EncodedBatch) throws(KernelError)
  /// Writes what follows the last row, and finishes the files. It returns their names in a data set's directory.
  func finish() throws(KernelError) -> [String]
}
