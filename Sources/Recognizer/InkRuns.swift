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

  /// Columns `left ..< right` and rows `top ..< bottom` of a picture.
  struct Box {
    let left, right, top, bottom: Int
  }

  /// The runs in the order of their pixels, and behind them what earlier pictures have left.
  private var storage: [Run] = []
  private var joined = Joined(width: 1)

  /// The runs in the order of their pixels.
  var runs: ArraySlice<Run> { storage[..<joined.count] }

  /// What the runs lie in; nil when there are none.
  var box: Box? {
    if joined.count == 0 { return nil }
    return Box(
      left: Int(joined.left), right: Int(joined.right), top: Int(storage[0].row),
      bottom: Int(storage[joined.count - 1].row) + 1)
  }

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
    var joined = Joined(width: width)
    var (start, isInk) = (0, false)
    var part = 0
    while part < end {
      let count = unsafe InkRuns.find(first, from: part, to: end, isInk: isInk, kernels)
      let next = part &+ 64 &* count
      let pixels = min(next, end) &- (isInk ? start : part)
      let some = unsafe InkRuns.runs(in: first, count)
      makeRoom(joined.count &+ some &+ pixels / width &+ 2)
      var runs = storage.mutableSpan
      for some in 0..<(count &+ 63) / 64 {
        var mark = unsafe first.marks[some]
        while mark != 0 {
          let block = 64 &* some &+ mark.trailingZeroBitCount
          mark &= mark &- 1
          var changes = unsafe first.changes[block]
          repeat {
            let x = part &+ 64 &* block &+ changes.trailingZeroBitCount
            changes &= changes &- 1
            if isInk { joined.append(start, x, to: &runs) } else { start = x }
            isInk.toggle()
          } while changes != 0
        }
      }
      part = next
    }
    if isInk {
      makeRoom(joined.count &+ (end &- start) / width &+ 2)
      var runs = storage.mutableSpan
      joined.append(start, end, to: &runs)
    }
    self.joined = joined
  }

  /// How many runs the changes of a part of the picture make at most, but for those that are cut at the ends of rows.
  ///
  /// - Parameter count: words of changes.
  private static func runs(in part: InkTask, _ count: Int) -> Int {
    var words = 0
    for some in 0..<(count &+ 63) / 64 { words &+= unsafe part.marks[some].nonzeroBitCount }
    return 32 &* words &+ 1
  }

  private mutating func makeRoom(_ count: Int) {
    if storage.count >= count { return }
    let more = max(count, 2 &* storage.count) &- storage.count
    storage.append(contentsOf: repeatElement(Run(row: 0, start: 0, end: 0, parent: 0), count: more))
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

  /// What is known of the runs so far, and the row in work.
  ///
  /// The runs themselves are handed to its functions, with room for those that come.
  private struct Joined {
    let width: Int
    var count = 0
    var components = 0
    /// The columns that they cover.
    var (left, right) = (Int32.max, Int32(0))
    private var row = 0
    /// Where the row ends among the pixels.
    private var end: Int
    /// Its first run; before that stand those of the row above it.
    private var first = 0
    /// The first of them that may still touch one of this row.
    private var above = 0

    init(width: Int) {
      self.width = width
      end = width
    }

    /// Adds ink that may go on from the end of a row at the beginning of the next.
    @inline(__always)
    mutating func append(_ start: Int, _ last: Int, to runs: inout MutableSpan<Run>) {
      if start >= end { advance(to: start) }
      if last <= end {
        append(columns: start, last, &runs)
      } else {
        appendRows(start, last, &runs)
      }
    }

    /// Adds ink that goes on beyond the row in work.
    @inline(never)
    private mutating func appendRows(_ first: Int, _ last: Int, _ runs: inout MutableSpan<Run>) {
      var start = first
      while start < last {
        if start >= end { advance(to: start) }
        let x = min(last, end)
        append(columns: start, x, &runs)
        start = x
      }
    }

    /// Goes on to the row of a pixel that lies behind this one's end.
    @inline(__always)
    private mutating func advance(to pixel: Int) {
      let here = pixel &- end < width ? row &+ 1 : pixel / width
      // What stands above a row of paper touches nothing below it.
      above = here == row &+ 1 ? first : count
      (row, end, first) = (here, (here &+ 1) &* width, count)
    }

    /// Adds a run, and joins it to those above it that it touches; those above that end before it are passed.
    @inline(__always)
    private mutating func append(columns first: Int, _ last: Int, _ runs: inout MutableSpan<Run>) {
      let start = Int32(truncatingIfNeeded: first &- (end &- width))
      let end = Int32(truncatingIfNeeded: last &- (end &- width))
      var own = count
      while above < self.first {
        let upper = runs[above]
        // Corners touch too: [start, end) of one may begin right at the end of the other.
        if upper.start > end { break }
        if upper.end >= start {
          // To look for the root of each would take a step for every row.
          let other = Int(upper.parent)
          if own == count {
            own = other
          } else if own != other {
            own = join(own, other, &runs)
          }
        }
        // What goes on to the right of this run may touch the next one.
        if upper.end > end { break }
        above &+= 1
      }
      if own == count { components &+= 1 }
      left = min(left, start)
      right = max(right, end)
      runs[count] = Run(
        row: Int32(truncatingIfNeeded: row), start: start, end: end, parent: Int32(truncatingIfNeeded: own))
      count &+= 1
    }

    /// Makes one component of those of two runs, where they are not one already.
    ///
    /// - Returns: its root.
    @inline(never)
    private mutating func join(_ one: Int, _ other: Int, _ runs: inout MutableSpan<Run>) -> Int {
      let (a, b) = (InkRuns.root(one, &runs), InkRuns.root(other, &runs))
      if a != b {
        runs[max(a, b)].parent = Int32(truncatingIfNeeded: min(a, b))
        components &-= 1
      }
      return min(a, b)
    }

    /// Keeps the runs whose components have at least `percent` of all ink.
    ///
    /// - Parameter masses: for each run, the ink of its component.
    mutating func keep(_ percent: Int, of total: Int, _ masses: [Int], _ runs: inout MutableSpan<Run>) {
      let all = count
      (count, left, right) = (0, .max, 0)
      for i in 0..<all where masses[i] * 100 >= total * percent {
        runs[count] = runs[i]
        left = min(left, runs[i].start)
        right = max(right, runs[i].end)
        count &+= 1
      }
    }
  }

  /// The first run of a run's component; on the way there its path is halved.
  private static func root(_ run: Int, _ runs: inout MutableSpan<Run>) -> Int {
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
    guard joined.components > 1 else { return false }
    masses.removeAll(keepingCapacity: true)
    masses.append(contentsOf: repeatElement(0, count: joined.count))
    // Taken out while they are changed, so that they are never copied.
    var all: [Run] = []
    swap(&all, &storage)
    defer { swap(&all, &storage) }
    var runs = all.mutableSpan
    var total = 0
    for i in 0..<joined.count {
      let run = runs[i]
      var mass = 0
      for x in Int(run.row) &* width &+ Int(run.start)..<Int(run.row) &* width &+ Int(run.end) {
        mass &+= Int(pixels[x])
      }
      masses[InkRuns.root(i, &runs)] &+= mass
      total &+= mass
    }
    var dropped = 0
    for mass in masses where mass * 100 < total * percent { dropped &+= mass }
    if dropped == 0 || dropped * 2 > total { return false }
    // A root stands before all of its component, so its mass is there when the others look for it.
    for i in 0..<joined.count { masses[i] = masses[InkRuns.root(i, &runs)] }
    joined.keep(percent, of: total, masses, &runs)
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
