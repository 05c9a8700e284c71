import VectorTasks

/// The ink of a picture as runs of pixels, joined to components.
///
/// Ink covers a tenth of a canvas, so what is done with its runs costs a tenth of what it would with its pixels. Runs of
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
  /// Where ink begins and ends in the part of the picture that is in work, a bit for each pixel, and which of these words have such bits.
  /// One word more stands before them, and seven behind, as the kernels want it.
  private var changes: [UInt64] = []
  private var marks = [UInt64](repeating: 0, count: InkRuns.blockLimit / 64)

  /// Words of changes at most: a canvas has 1,225, and a large picture comes in parts.
  private static let blockLimit = 2048

  /// Finds the runs of a picture of `width * height` bytes, row by row.
  ///
  /// Where ink begins and ends is seen in 64 pixels at once, as changes in a word of one bit a pixel: so no look waits for what the
  /// one before it has found. Most words have none, and are passed over.
  ///
  /// - Parameter kernels: what makes these words; all give the same runs.
  mutating func find(in pixels: [UInt8], width: Int, height: Int, kernels: KernelSet) {
    runs.removeAll(keepingCapacity: true)
    components = 0
    let room = 1 + min((width &* height &+ 63) / 64, InkRuns.blockLimit) + 7
    if changes.count < room { changes = [UInt64](repeating: 0, count: room) }
    // Taken out while runs are added, so that they are never copied.
    var (changes, marks): ([UInt64], [UInt64]) = ([], [])
    swap(&changes, &self.changes)
    swap(&marks, &self.marks)
    // The picture's size has been checked by the normaliser.
    unsafe pixels.withUnsafeBytes { pixels in
      unsafe changes.withUnsafeMutableBufferPointer { changes in
        unsafe marks.withUnsafeMutableBufferPointer { marks in
          guard let pixels = pixels.baseAddress, let words = changes.baseAddress,
            let marks = marks.baseAddress
          else { return }
          let task = unsafe InkTask(pixels: pixels, count: 0, isInk: false, changes: words + 1, marks: marks)
          unsafe find(task, end: width &* height, width: width, kernels)
        }
      }
    }
    swap(&changes, &self.changes)
    swap(&marks, &self.marks)
  }

  /// - Parameters:
  ///   - first: where the picture and the words lie.
  ///   - end: pixels of the picture.
  private mutating func find(_ first: InkTask, end: Int, width: Int, _ kernels: KernelSet) {
    var rows = Rows(width: width)
    var (start, isInk) = (0, false)
    var part = 0
    while part < end {
      let count = unsafe InkRuns.find(first, from: part, to: end, isInk: isInk, kernels)
      for some in 0..<(count &+ 63) / 64 {
        var mark = unsafe first.marks[some]
        while mark != 0 {
          let block = 64 &* some &+ mark.trailingZeroBitCount
          mark &= mark &- 1
          var changes = unsafe first.changes[block]
          repeat {
            let x = part &+ 64 &* block &+ changes.trailingZeroBitCount
            changes &= changes &- 1
            if isInk { append(start, x, &rows) } else { start = x }
            isInk.toggle()
          } while changes != 0
        }
      }
      part &+= 64 &* count
    }
    if isInk { append(start, end, &rows) }
  }

  /// Finds the changes of a part of the picture.
  ///
  /// - Returns: words of them; in the last one the picture may end.
  private static func find(_ first: InkTask, from part: Int, to end: Int, isInk: Bool, _ kernels: KernelSet)
    -> Int
  {
    var task = unsafe first
    unsafe task.pixels += part
    unsafe task.count = min((end &- part) / 64, blockLimit)
    unsafe task.isInk = isInk
    if unsafe task.count > 0 {
      unsafe kernels.find(task)
      return unsafe task.count
    }
    unsafe task.count = 1
    unsafe task.run { at in unsafe InkMask.of(UnsafeRawBufferPointer(start: at, count: end &- part)) }
    return 1
  }

  /// The row in work.
  private struct Rows {
    let width: Int
    var row = 0
    /// Where it ends among the pixels.
    var end: Int
    /// Its first run; before that stand those of the row above it.
    var first = 0
    /// The first of them that may still touch one of this row.
    var above = 0

    init(width: Int) {
      self.width = width
      end = width
    }

    /// Goes on to the row of a pixel that lies behind this one's end; so many runs are there.
    mutating func advance(to pixel: Int, _ runs: Int) {
      let here = pixel &- end < width ? row &+ 1 : pixel / width
      // What stands above a row of paper touches nothing below it.
      above = here == row &+ 1 ? first : runs
      (row, end, first) = (here, (here &+ 1) &* width, runs)
    }
  }

  /// Adds ink that may go on from the end of a row at the beginning of the next.
  @inline(__always)
  private mutating func append(_ first: Int, _ end: Int, _ rows: inout Rows) {
    var start = first
    while start < end {
      if start >= rows.end { rows.advance(to: start, runs.count) }
      let (x, left) = (min(end, rows.end), rows.end &- rows.width)
      append(Int32(truncatingIfNeeded: start &- left), Int32(truncatingIfNeeded: x &- left), &rows)
      start = x
    }
  }

  /// Adds a run, and joins it to those above it that it touches.
  ///
  /// - Parameter rows: the runs of the row above that end before this one are taken out.
  @inline(__always)
  private mutating func append(_ start: Int32, _ end: Int32, _ rows: inout Rows) {
    let index = runs.count
    var own = index
    while rows.above < rows.first {
      let upper = runs[rows.above]
      // Corners touch too: [start, end) of one may begin right at the end of the other.
      if upper.start > end { break }
      if upper.end >= start {
        // To look for the root of each would take a step for every row.
        let other = Int(upper.parent)
        if own == index {
          own = other
        } else if own != other {
          own = join(own, other)
        }
      }
      // What goes on to the right of this run may touch the next one.
      if upper.end > end { break }
      rows.above &+= 1
    }
    if own == index { components &+= 1 }
    runs.append(
      Run(
        row: Int32(truncatingIfNeeded: rows.row), start: start, end: end,
        parent: Int32(truncatingIfNeeded: own)))
  }

  /// Makes one component of those of two runs, where they are not one already.
  ///
  /// - Returns: its root.
  private mutating func join(_ one: Int, _ other: Int) -> Int {
    let (a, b) = (root(one), root(other))
    if a != b {
      runs[max(a, b)].parent = Int32(truncatingIfNeeded: min(a, b))
      components &-= 1
    }
    return min(a, b)
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
