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
      // The row in work, where it ends, and its first run; the runs of the row above it that may still touch one.
      var (row, rowEnd, first, above) = (0, width, 0, 0..<0)
      // The paper between two runs is passed at once, over the ends of rows.
      var x = unsafe InkRuns.firstInk(in: bytes, from: 0, to: end)
      while x < end {
        if x >= rowEnd {
          let here = x &- rowEnd < width ? row &+ 1 : x / width
          // What stands above a row of paper touches nothing below it.
          above = here == row &+ 1 ? first..<runs.count : 0..<0
          (row, rowEnd, first) = (here, (here &+ 1) &* width, runs.count)
        }
        let start = x
        x = unsafe min(rowEnd, InkRuns.firstPaper(in: bytes, from: x, to: rowEnd))
        let left = rowEnd &- width
        append(
          Run(
            row: Int32(truncatingIfNeeded: row), start: Int32(truncatingIfNeeded: start &- left),
            end: Int32(truncatingIfNeeded: x &- left), parent: Int32(truncatingIfNeeded: runs.count)),
          below: &above)
        x = unsafe InkRuns.firstInk(in: bytes, from: x, to: end)
      }
    }
  }

  /// Adds a run, and joins it to those above it that it touches.
  ///
  /// - Parameter above: the runs of the row above; those that end before this one are taken out.
  private mutating func append(_ run: Run, below above: inout Range<Int>) {
    let index = runs.count
    runs.append(run)
    components &+= 1
    while !above.isEmpty {
      let upper = runs[above.lowerBound]
      // Corners touch too: [start, end) of one may begin right at the end of the other.
      if upper.start > run.end { return }
      if upper.end >= run.start { unite(above.lowerBound, index) }
      // What goes on to the right of this run may touch the next one.
      if upper.end > run.end { return }
      above.removeFirst()
    }
  }

  /// The place of the first pixel in `start ..< end` that is ink, or `end`: 32 pixels at a time.
  @inline(__always)
  private static func firstInk(in pixels: UnsafeRawBufferPointer, from start: Int, to end: Int) -> Int {
    var x = start
    while x &+ 32 <= end {
      let words = unsafe Words(pixels, x)
      if words.any != 0 { return x &+ words.firstByte }
      x &+= 32
    }
    while x < end, unsafe pixels[x] == 0 { x &+= 1 }
    return x
  }

  /// The place of the first pixel from `start` on that is paper; any place from `end` on where all before it are ink.
  @inline(__always)
  private static func firstPaper(in pixels: UnsafeRawBufferPointer, from start: Int, to end: Int) -> Int {
    var x = start
    // The words may reach into the next row: what is found there lies behind the end.
    while x < end, x &+ 32 <= pixels.count {
      let words = unsafe Words(pixels, x).zeros
      if words.any != 0 { return x &+ words.firstByte }
      x &+= 32
    }
    while x < end, unsafe pixels[x] != 0 { x &+= 1 }
    return x
  }

  /// 32 pixels, the first of eight lowest.
  private struct Words {
    var (a, b, c, d): (UInt64, UInt64, UInt64, UInt64)

    @inline(__always)
    init(_ a: UInt64, _ b: UInt64, _ c: UInt64, _ d: UInt64) {
      (self.a, self.b, self.c, self.d) = (a, b, c, d)
    }

    /// The caller has seen that they are there.
    @inline(__always)
    init(_ pixels: UnsafeRawBufferPointer, _ x: Int) {
      func word(_ x: Int) -> UInt64 {
        unsafe UInt64(littleEndian: pixels.loadUnaligned(fromByteOffset: x, as: UInt64.self))
      }
      self.init(word(x), word(x &+ 8), word(x &+ 16), word(x &+ 24))
    }

    @inline(__always)
    var any: UInt64 { a | b | (c | d) }

    /// The high bit of the lowest zero byte of each word, and no bit below it (Mycroft's test).
    @inline(__always)
    var zeros: Words {
      func zeros(_ word: UInt64) -> UInt64 { (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080 }
      return Words(zeros(a), zeros(b), zeros(c), zeros(d))
    }

    /// The place of the first byte that is not zero, where there is one: chosen without a branch, since nobody could foretell it.
    @inline(__always)
    var firstByte: Int {
      var (word, place) = (d, 24)
      (word, place) = c != 0 ? (c, 16) : (word, place)
      (word, place) = b != 0 ? (b, 8) : (word, place)
      (word, place) = a != 0 ? (a, 0) : (word, place)
      return place &+ word.trailingZeroBitCount &>> 3
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
  /// - Returns: whether there were such components.
  mutating func dropComponents(under percent: Int, in pixels: [UInt8], width: Int) -> Bool {
    guard components > 1 else { return false }
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
    if dropped == 0 || dropped * 2 > total { return false }
    // A root stands before all of its component, so it is never overwritten before the last look at it.
    var kept = 0
    for i in runs.indices { masses[i] = masses[root(i)] }
    for i in runs.indices where masses[i] * 100 >= total * percent {
      runs[kept] = runs[i]
      kept &+= 1
    }
    runs.removeLast(runs.count - kept)
    return true
  }

  /// The runs alone, and paper around them: `width * height` bytes from a place in the picture on.
  func copy(
    from pixels: [UInt8], stride: Int, left: Int, top: Int, width: Int, height: Int, to box: inout [UInt8]
  ) {
    box.removeAll(keepingCapacity: true)
    box.append(contentsOf: repeatElement(0, count: width &* height))
    for run in runs {
      let (from, to) = (Int(run.row) &* stride, (Int(run.row) &- top) &* width &- left)
      for x in Int(run.start)..<Int(run.end) { box[to &+ x] = pixels[from &+ x] }
    }
  }
}
