import Ink

/// A hash of how a drawing looks, for telling a drawing that was handed in twice.
///
/// The canvas in 16 x 16 cells, a bit each: whether at least a quarter of the cell is ink. The drawing is not normalised,
/// because two honest drawings of one digit by one hand differ most in place and size, and a copy does not.
public struct InkHash: Hashable, Sendable {
  /// 256 cells, row by row, the first in the lowest bit of the first word.
  public let words: [UInt64]

  public init(_ canvas: Canvas) {
    let side = canvas.width
    var sums = [Int](repeating: 0, count: 256)
    for y in 0..<side {
      let row = y * 16 / side * 16
      for x in 0..<side { sums[row + x * 16 / side] += Int(canvas.pixels[y * side + x]) }
    }
    let quarter = side * side * 255 / 256 / 4
    var words = [UInt64](repeating: 0, count: 4)
    for (cell, sum) in sums.enumerated() where sum >= quarter { words[cell / 64] |= 1 << UInt64(cell % 64) }
    self.words = words
  }

  /// How many cells differ, 0 ... 256.
  public func distance(to other: InkHash) -> Int {
    zip(words, other.words).reduce(0) { $0 + ($1.0 ^ $1.1).nonzeroBitCount }
  }

  /// At most this many cells may differ between two copies: a played-back recording lands on the same pixels, and a
  /// tremor of a pixel tips few cells.
  public static let sameDrawing = 3

  public func isSameDrawing(as other: InkHash) -> Bool { distance(to: other) <= InkHash.sameDrawing }
}
