import Ink

/// A hash of how a drawing looks, for telling a drawing that was handed in twice.
///
/// The canvas in 40 x 40 cells of 7 x 7 pixels, a bit each: whether at least half of the cell is ink. The drawing is not
/// normalised, because two honest drawings of one digit by one hand differ most in place and size, and a copy does not.
public struct InkHash: Hashable, Sendable {
  /// Cells in a row, and rows.
  static let side = 40

  /// 1,600 cells, row by row, the first in the lowest bit of the first word.
  public let words: [UInt64]

  /// - Parameter canvas: of any scale.
  public init(_ canvas: Canvas) {
    let width = canvas.width
    var sums = [Int](repeating: 0, count: InkHash.side * InkHash.side)
    for y in 0..<width {
      let row = y * InkHash.side / width * InkHash.side
      for x in 0..<width { sums[row + x * InkHash.side / width] += Int(canvas.pixels[y * width + x]) }
    }
    let half = width / InkHash.side * (width / InkHash.side) * 255 / 2
    var words = [UInt64](repeating: 0, count: sums.count / 64)
    for (cell, sum) in sums.enumerated() where sum >= half { words[cell / 64] |= 1 << UInt64(cell % 64) }
    self.words = words
  }

  /// How many cells differ, 0 ... 1600.
  public func distance(to other: InkHash) -> Int {
    zip(words, other.words).reduce(0) { $0 + ($1.0 ^ $1.1).nonzeroBitCount }
  }

  /// At most this many cells may differ between two copies: a played-back recording lands on the same pixels, or beside
  /// them by less than one. In 18,032 pairs of one digit by one writer (UCI 81, inked with the brush of 20) the least
  /// distance was 8 and the median 92; with 16 x 16 cells every sixtieth pair had been within 3.
  public static let sameDrawing = 4

  public func isSameDrawing(as other: InkHash) -> Bool { distance(to: other) <= InkHash.sameDrawing }
}
