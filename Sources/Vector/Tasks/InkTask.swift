/// A part of a picture in which a fast kernel finds where ink begins and ends.
///
/// Whoever makes a task promises that all pixels and all words are there.
@unsafe public struct InkTask {
  /// `64 * count` bytes, at least 64: 0 is paper.
  public var pixels: UnsafeRawPointer
  public var count: Int
  /// Whether the pixel before the first is ink.
  public var isInk: Bool
  /// Gets `count` words with a bit for each pixel, the first the lowest of the first word: 1 where it is ink and the one before it is
  /// not, or the other way round. Only words with such bits are sure to be written; one before the first, and seven after the last, may be.
  public var changes: UnsafeMutablePointer<UInt64>
  /// Gets a bit for each of these words: 1 where there is a change.
  public var marks: UnsafeMutablePointer<UInt64>

  public init(
    pixels: UnsafeRawPointer, count: Int, isInk: Bool, changes: UnsafeMutablePointer<UInt64>,
    marks: UnsafeMutablePointer<UInt64>
  ) {
    self.pixels = pixels
    self.count = count
    self.isInk = isInk
    self.changes = changes
    self.marks = marks
  }

  /// Does the task 64 pixels at a time.
  ///
  /// - Parameter ink: which of the 64 pixels from a place on are ink, a bit for each.
  @inlinable @inline(__always)
  public func run(_ ink: (UnsafeRawPointer) -> UInt64) {
    var last: UInt64 = isInk ? 1 : 0
    var first = 0
    while first < count {
      var mark: UInt64 = 0
      let end = min(64, count &- first)
      var n = 0
      while n < end {
        let block = first &+ n
        let own = ink(pixels + 64 &* block)
        n &+= 1
        // Most is paper.
        if own | last == 0 { continue }
        let change = own ^ (own &<< 1 | last)
        last = own &>> 63
        changes[block] = change
        mark |= (change == 0 ? 0 : 1) &<< UInt64(truncatingIfNeeded: n &- 1)
      }
      marks[first / 64] = mark
      first &+= 64
    }
  }
}
