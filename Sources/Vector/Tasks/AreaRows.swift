/// The rows of a picture's box that one row of the smaller picture covers: whole ones, and above and below them a part of one.
public struct AreaRows: Sendable {
  /// Rows of the box that are covered whole.
  public var whole: Range<Int>
  /// A row of the box above them, and the fortieths of it that are covered; 0 where none is.
  public var (above, aboveShare): (Int, UInt16)
  /// The same below them.
  public var (below, belowShare): (Int, UInt16)

  /// - Parameters:
  ///   - top: where the row begins, in fortieths of a row of the box.
  ///   - bottom: where it ends, beyond `top`.
  public init(from top: Int, to bottom: Int) {
    let (first, end) = ((top &+ 39) / 40, bottom / 40)
    (above, below) = (top / 40, min(end, (bottom &- 1) / 40))
    if first > end {
      // A part of a single row.
      whole = first..<first
      (aboveShare, belowShare) = (UInt16(truncatingIfNeeded: bottom &- top), 0)
    } else {
      whole = first..<end
      aboveShare = UInt16(truncatingIfNeeded: 40 &* first &- top)
      belowShare = UInt16(truncatingIfNeeded: bottom &- 40 &* end)
    }
  }
}
