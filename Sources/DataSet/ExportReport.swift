import Spool

/// What became of the samples of the store.
public struct ExportReport: Equatable, Sendable {
  /// Drawings in the data set, and those of them for training and for testing.
  public internal(set) var exported = 0
  public internal(set) var train = 0
  public internal(set) var test = 0
  /// Of those in the data set: which a person rejected, and to which a person gave another label.
  public internal(set) var rejected = 0
  public internal(set) var relabelled = 0
  /// Why the others are not in it.
  public internal(set) var leftOut = DataSetSnapshot.Counts()
  /// Drawings that the disk has damaged: how many, and of the first of them which and what is wrong.
  public internal(set) var unreadableCount = 0
  public internal(set) var unreadable: [UnreadableSample] = []
  /// Bytes of all files, and how many files there are.
  public internal(set) var bytes: UInt64 = 0
  public internal(set) var files = 0

  /// More of them are only counted.
  static let unreadableLimit = 1000
}
