/// The ink of a picture as runs of pixels, joined to components.
///
/// Ink covers a tenth of a canvas, so everything after this one look at all pixels costs a tenth of it. Runs of
/// neighbouring rows that touch, corners included, belong to one component (union-find, as in Rosenfeld and Pfaltz 1966).
struct InkRuns {
  /// Pixels `start ..< end` of one row, all of them ink.
  struct Run {
    var row: Int32
    var start: Int32
    var end: Int32
    var label: Int32
  }

  private(set) var runs: [Run] = []
  /// Each label's parent; a root is its own.
  private var parents: [Int32] = []
  /// The ink of each root's component: the sum of its pixels.
  private var masses: [Int] = []
  /// The ink of the whole picture.
  private(set) var total = 0

  /// Finds the runs of a picture of `width * height` bytes, row by row.
  mutating func find(in pixels: [UInt8], width: Int, height: Int) {
    runs.removeAll(keepingCapacity: true)
    parents.removeAll(keepingCapacity: true)
    masses.removeAll(keepingCapacity: true)
    total = 0
    var above = 0
    for row in 0..<height {
      let first = runs.count
      // Rows are slices of the picture, whose size the normaliser has checked.
      unsafe pixels.withUnsafeBytes { bytes in
        unsafe findRuns(
          in: UnsafeRawBufferPointer(rebasing: bytes[row * width..<(row + 1) * width]), row: row)
      }
      join(above: above..<first, below: first..<runs.count)
      above = first
    }
  }

  /// Most of a canvas is paper, and most of the rest is the inside of a line: both are passed eight pixels at a time.
  private mutating func findRuns(in pixels: UnsafeRawBufferPointer, row: Int) {
    let width = pixels.count
    var x = 0
    while true {
      while x &+ 8 <= width {
        let word = unsafe InkRuns.word(pixels, x)
        if word != 0 {
          x &+= word.trailingZeroBitCount >> 3
          break
        }
        x &+= 8
      }
      while x < width, unsafe pixels[x] == 0 { x &+= 1 }
      if x >= width { return }
      let start = x
      var mass = 0
      while x &+ 8 <= width {
        let word = unsafe InkRuns.word(pixels, x)
        // The high bit of the lowest zero byte, and no bit below it (Mycroft's test).
        let blank = (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
        if blank != 0 {
          let count = blank.trailingZeroBitCount >> 3
          mass &+= InkRuns.sum(word & ((1 << UInt64(count &* 8)) &- 1))
          x &+= count
          break
        }
        mass &+= InkRuns.sum(word)
        x &+= 8
      }
      while x < width, unsafe pixels[x] != 0 {
        mass &+= unsafe Int(pixels[x])
        x &+= 1
      }
      append(row: row, start: start, end: x, mass: mass)
    }
  }

  private mutating func append(row: Int, start: Int, end: Int, mass: Int) {
    let label = Int32(truncatingIfNeeded: parents.count)
    parents.append(label)
    masses.append(mass)
    total &+= mass
    runs.append(
      Run(
        row: Int32(truncatingIfNeeded: row), start: Int32(truncatingIfNeeded: start),
        end: Int32(truncatingIfNeeded: end), label: label))
  }

  /// Eight pixels, the first one lowest. The caller has seen that they are there.
  @inline(__always)
  private static func word(_ pixels: UnsafeRawBufferPointer, _ x: Int) -> UInt64 {
    unsafe UInt64(littleEndian: pixels.loadUnaligned(fromByteOffset: x, as: UInt64.self))
  }

  /// The sum of a word's eight bytes.
  @inline(__always)
  private static func sum(_ word: UInt64) -> Int {
    let pairs = (word & 0x00FF_00FF_00FF_00FF) &+ ((word >> 8) & 0x00FF_00FF_00FF_00FF)
    return Int(truncatingIfNeeded: (pairs &* 0x0001_0001_0001_0001) >> 48)
  }

  private mutating func join(above: Range<Int>, below: Range<Int>) {
    var i = above.lowerBound
    var j = below.lowerBound
    while i < above.upperBound, j < below.upperBound {
      let (upper, lower) = (runs[i], runs[j])
      // Corners touch too: [start, end) of one may begin right at the end of the other.
      if upper.start <= lower.end, lower.start <= upper.end { unite(upper.label, lower.label) }
      if upper.end < lower.end { i &+= 1 } else { j &+= 1 }
    }
  }

  private mutating func unite(_ a: Int32, _ b: Int32) {
    let (x, y) = (root(a), root(b))
    if x == y { return }
    let (keep, drop) = x < y ? (x, y) : (y, x)
    parents[Int(drop)] = keep
    masses[Int(keep)] &+= masses[Int(drop)]
  }

  private mutating func root(_ label: Int32) -> Int32 {
    var label = label
    while parents[Int(label)] != label {
      parents[Int(label)] = parents[Int(parents[Int(label)])]
      label = parents[Int(label)]
    }
    return label
  }

  /// Drops the runs of every component that has less than `percent` of all ink: a stray tap, a palm's edge, dust.
  ///
  /// When that would take more than half of the ink, the drawing is made of such pieces, and all of it stays.
  mutating func dropComponents(under percent: Int) {
    var dropped = 0
    for label in parents.indices where parents[label] == Int32(truncatingIfNeeded: label) {
      if masses[label] * 100 < total * percent { dropped &+= masses[label] }
    }
    if dropped == 0 || dropped * 2 > total { return }
    var kept = 0
    for i in runs.indices {
      let mass = masses[Int(root(runs[i].label))]
      if mass * 100 >= total * percent {
        runs[kept] = runs[i]
        kept &+= 1
      }
    }
    runs.removeLast(runs.count - kept)
    total &-= dropped
  }
}
