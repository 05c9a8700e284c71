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
    /// Another run of the same component, as an index; a root is its own parent.
    var parent: Int32
  }

  private(set) var runs: [Run] = []
  private var components = 0
  /// The ink of each component, at its root.
  private var masses: [Int] = []

  /// Finds the runs of a picture of `width * height` bytes, row by row.
  mutating func find(in pixels: [UInt8], width: Int, height: Int) {
    runs.removeAll(keepingCapacity: true)
    components = 0
    // The picture's size has been checked by the normaliser.
    unsafe pixels.withUnsafeBytes { bytes in
      let end = width &* height
      var (row, above, first) = (-1, 0..<0, 0)
      var x = 0
      while true {
        // The paper between two runs is passed at once, over the ends of rows.
        x = unsafe InkRuns.firstInk(in: bytes, from: x, to: end)
        if x >= end { break }
        let here = x / width
        if here != row {
          join(above: above, below: first..<runs.count)
          // What stands above a row of paper touches nothing below it.
          above = here == row &+ 1 ? first..<runs.count : 0..<0
          (row, first) = (here, runs.count)
        }
        let start = x
        x = unsafe InkRuns.firstPaper(in: bytes, from: x, to: (row &+ 1) &* width)
        // Every run is a component of its own until it touches another one.
        components &+= 1
        runs.append(
          Run(
            row: Int32(truncatingIfNeeded: row), start: Int32(truncatingIfNeeded: start &- row &* width),
            end: Int32(truncatingIfNeeded: x &- row &* width),
            parent: Int32(truncatingIfNeeded: runs.count)))
      }
      join(above: above, below: first..<runs.count)
    }
  }

  /// The place of the first pixel in `start ..< end` that is ink, or `end`: 32 pixels at a time.
  @inline(__always)
  private static func firstInk(in pixels: UnsafeRawBufferPointer, from start: Int, to end: Int) -> Int {
    var x = start
    while x &+ 32 <= end {
      let low = unsafe word(pixels, x) | word(pixels, x &+ 8)
      let high = unsafe word(pixels, x &+ 16) | word(pixels, x &+ 24)
      if low | high != 0 { break }
      x &+= 32
    }
    while x &+ 8 <= end {
      let word = unsafe word(pixels, x)
      if word != 0 { return x &+ word.trailingZeroBitCount >> 3 }
      x &+= 8
    }
    while x < end, unsafe pixels[x] == 0 { x &+= 1 }
    return x
  }

  /// The place of the first pixel in `start ..< end` that is paper, or `end`: eight pixels at a time.
  @inline(__always)
  private static func firstPaper(in pixels: UnsafeRawBufferPointer, from start: Int, to end: Int) -> Int {
    var x = start
    while x &+ 8 <= end {
      let word = unsafe word(pixels, x)
      // The high bit of the lowest zero byte, and no bit below it (Mycroft's test).
      let blank = (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
      if blank != 0 { return x &+ blank.trailingZeroBitCount >> 3 }
      x &+= 8
    }
    while x < end, unsafe pixels[x] != 0 { x &+= 1 }
    return x
  }

  /// Eight pixels, the first one lowest. The caller has seen that they are there.
  @inline(__always)
  private static func word(_ pixels: UnsafeRawBufferPointer, _ x: Int) -> UInt64 {
    unsafe UInt64(littleEndian: pixels.loadUnaligned(fromByteOffset: x, as: UInt64.self))
  }

  private mutating func join(above: Range<Int>, below: Range<Int>) {
    var i = above.lowerBound
    var j = below.lowerBound
    while i < above.upperBound, j < below.upperBound {
      let (upper, lower) = (runs[i], runs[j])
      // Corners touch too: [start, end) of one may begin right at the end of the other.
      if upper.start <= lower.end, lower.start <= upper.end { unite(i, j) }
      if upper.end < lower.end { i &+= 1 } else { j &+= 1 }
    }
  }

  private mutating func unite(_ a: Int, _ b: Int) {
    let (x, y) = (root(a), root(b))
    if x == y { return }
    runs[max(x, y)].parent = Int32(truncatingIfNeeded: min(x, y))
    components &-= 1
  }

  private mutating func root(_ run: Int) -> Int {
    var run = run
    while true {
      let parent = Int(runs[run].parent)
      if parent == run { return run }
      let next = runs[parent].parent
      runs[run].parent = next
      run = Int(next)
    }
  }

  /// Drops the runs of every component that has less than `percent` of all ink: a stray tap, a palm's edge, dust.
  ///
  /// When that would take more than half of the ink, the drawing is made of such pieces, and all of it stays.
  ///
  /// - Parameters:
  ///   - pixels: the picture, `width` pixels wide, in which the runs were found.
  mutating func dropComponents(under percent: Int, in pixels: [UInt8], width: Int) {
    guard components > 1 else { return }
    masses.removeAll(keepingCapacity: true)
    masses.append(contentsOf: repeatElement(0, count: runs.count))
    var total = 0
    for i in runs.indices {
      let run = runs[i]
      var mass = 0
      for x in Int(run.row) &* width &+ Int(run.start)..<Int(run.row) &* width &+ Int(run.end) {
        mass &+= Int(pixels[x])
      }
      masses[root(i)] &+= mass
      total &+= mass
    }
    var dropped = 0
    for mass in masses where mass * 100 < total * percent { dropped &+= mass }
    if dropped == 0 || dropped * 2 > total { return }
    // A root stands before all of its component, so it is never overwritten before the last look at it.
    var kept = 0
    for i in runs.indices { masses[i] = masses[root(i)] }
    for i in runs.indices where masses[i] * 100 >= total * percent {
      runs[kept] = runs[i]
      kept &+= 1
    }
    runs.removeLast(runs.count - kept)
  }
}
