/// Makes the ink's box of a picture smaller (or larger): each pixel of the result is the mean of exactly the area that it covers.
///
/// The rows of the picture are summed first, column by column, until they make a row of the result; then the columns of that row
/// are brought together. Lengths are in fortieths of a source pixel, the coarsest unit in which every edge is whole.
struct AreaAverage: Sendable {
  /// One axis of the box: `longest` source pixels become 20, and the others are centred in the pixels that they touch.
  struct Axis {
    let start: Int
    /// Source pixels of the box along this axis.
    let length: Int
    let longest: Int
    /// Pixels of the result.
    let count: Int
    /// Where the first source pixel begins inside the first pixel of the result.
    let offset: Int

    init(start: Int, end: Int, longest: Int) {
      self.start = start
      length = end - start
      self.longest = longest
      let scaled = Normalizer.box * (end - start)
      count = (scaled + longest - 1) / longest
      offset = count * longest - scaled
    }

    /// The length of one pixel of the result.
    var pixel: Int { 2 * longest }

    /// Where a source pixel begins.
    @inline(__always)
    func position(_ source: Int) -> Int { 40 &* (source &- start) &+ offset }
  }

  /// Where a pixel of the result ends among the columns of the box: after whole ones, and a part of the next.
  private struct Edge {
    var column = 0
    /// In fortieths of a column, 0 ..< 40.
    var rest = 0
  }

  /// The result, 20 x 20, of which the first rows and columns are in use.
  private(set) var patch = [UInt8](repeating: 0, count: Normalizer.box * Normalizer.box)
  /// The sum of the result's pixels, and of each times its column and its row.
  private(set) var mass = 0
  private(set) var momentX = 0
  private(set) var momentY = 0

  private var width = 0
  /// Sums of each column of the box over the rows that lie wholly in the row of the result, of ink; and behind them over those
  /// that lie in it partly, of ink times their part: at most two, so that 16 bits hold them.
  private var sums: [UInt16] = []
  /// Rows in the first half of ``sums``.
  private var rows = 0
  /// Ink times covered height, a column: what did not fit in ``sums`` any more.
  private var columns: [UInt32] = []
  /// The sums of all columns before each.
  private var before: [Int] = []
  private var edges = [Edge](repeating: Edge(), count: Normalizer.box)

  /// More rows could overflow 16 bits: 257 * 255 < 2^16.
  private static let rowLimit = 257

  /// Fills ``patch`` and its sums with the mean of the runs.
  ///
  /// - Parameters:
  ///   - runs: the ink, row by row, all of it within the box.
  ///   - pixels: the picture, `stride` bytes a row.
  ///   - across, down: the box.
  mutating func average(
    _ runs: [InkRuns.Run], of pixels: [UInt8], stride: Int, across: Axis, down: Axis
  ) {
    begin(across)
    let mean = Mean(area: across.pixel &* down.pixel)
    var target = 0
    var next = 0
    while next < runs.count {
      // All runs of one source row, which may touch several rows of the result.
      let first = next
      let row = runs[first].row
      repeat { next &+= 1 } while next < runs.count && runs[next].row == row
      var position = down.position(Int(row))
      let end = position &+ 40
      while position < end {
        if position >= (target &+ 1) &* down.pixel {
          finishRow(target, across.count, mean)
          target = position / down.pixel
        }
        let share = min(end, (target &+ 1) &* down.pixel) &- position
        add(runs[first..<next], of: pixels, stride: stride, left: across.start, share: share)
        position &+= share
      }
    }
    finishRow(target, across.count, mean)
  }

  private mutating func begin(_ across: Axis) {
    width = across.length
    (rows, mass, momentX, momentY) = (0, 0, 0, 0)
    if columns.count < width {
      // They are zeros between two pictures.
      columns = [UInt32](repeating: 0, count: width)
      before = [Int](repeating: 0, count: width + 2)
      // The last eight that are added may begin within the last eight columns.
      sums = [UInt16](repeating: 0, count: 2 * width + 8)
    }
    for i in patch.indices { patch[i] = 0 }
    for target in 0..<across.count {
      let end = min(40 * width, (target + 1) * across.pixel - across.offset)
      edges[target] = Edge(column: end / 40, rest: end % 40)
    }
  }

  /// Adds a row's ink, times the height that it shares with the row of the result, to its columns.
  private mutating func add(
    _ runs: ArraySlice<InkRuns.Run>, of pixels: [UInt8], stride: Int, left: Int, share: Int
  ) {
    let isWhole = share == 40
    if isWhole {
      if rows == AreaAverage.rowLimit { gather() }
      rows &+= 1
    }
    let (half, times) = isWhole ? (0, 1) : (width, UInt16(truncatingIfNeeded: share))
    // Runs lie inside the picture and inside the box, as wide as each half of `sums`: they were found there.
    unsafe pixels.withUnsafeBytes { pixels in
      unsafe sums.withUnsafeMutableBytes { sums in
        for run in runs {
          let ink = unsafe UnsafeRawBufferPointer(
            rebasing: pixels[
              Int(run.row) &* stride &+ Int(run.start)..<Int(run.row) &* stride &+ Int(run.end)])
          let place = 2 &* (half &+ Int(run.start) &- left)
          unsafe AreaAverage.add(ink, times, to: sums, at: place)
        }
      }
    }
  }

  /// Adds a run's pixels, times a factor, to sums that begin at a byte: eight at a time.
  @inline(__always)
  private static func add(
    _ run: UnsafeRawBufferPointer, _ times: UInt16, to sums: UnsafeMutableRawBufferPointer, at place: Int
  ) {
    func add(_ eight: UInt64, at x: Int) {
      let sum = unsafe sums.loadUnaligned(fromByteOffset: place &+ 2 &* x, as: SIMD8<UInt16>.self)
      let ink = unsafe unsafeBitCast(eight, to: SIMD8<UInt8>.self)
      let more = SIMD8<UInt16>(truncatingIfNeeded: ink) &* times
      unsafe sums.storeBytes(of: sum &+ more, toByteOffset: place &+ 2 &* x, as: SIMD8<UInt16>.self)
    }
    var x = 0
    while x &+ 8 <= run.count {
      add(unsafe run.loadUnaligned(fromByteOffset: x, as: UInt64.self), at: x)
      x &+= 8
    }
    if x == run.count { return }
    // Zeros follow the last ones: they change nothing.
    var rest: UInt64 = 0
    if run.count >= 8 {
      let last = unsafe run.loadUnaligned(fromByteOffset: run.count &- 8, as: UInt64.self)
      rest = (UInt64(littleEndian: last) &>> UInt64(8 &* (x &+ 8 &- run.count))).littleEndian
    } else {
      for pixel in 0..<run.count { unsafe rest |= UInt64(run[pixel]) << UInt64(8 &* pixel) }
    }
    add(rest, at: x)
  }

  /// Adds both halves of ``sums`` to ``columns``, and empties them.
  private mutating func gather() {
    // Both are long enough for the widest box so far.
    unsafe sums.withUnsafeMutableBufferPointer { sums in
      unsafe columns.withUnsafeMutableBufferPointer { columns in
        for x in 0..<width {
          unsafe columns[x] &+= UInt32(sums[x]) &* 40 &+ UInt32(sums[width &+ x])
        }
      }
      for x in 0..<2 &* width { unsafe sums[x] = 0 }
    }
    rows = 0
  }

  /// Brings the columns together to the pixels of a row of the result, and empties them.
  private mutating func finishRow(_ row: Int, _ count: Int, _ mean: Mean) {
    gather()
    var left = 0
    var ink = 0
    // Every edge lies within the box, which is as wide as `columns`, and two less than `before`.
    unsafe before.withUnsafeMutableBufferPointer { before in
      unsafe columns.withUnsafeMutableBufferPointer { columns in
        var sum = 0
        for x in 0..<width {
          unsafe before[x] = sum
          unsafe sum &+= Int(columns[x])
        }
        unsafe before[width] = sum
        unsafe before[width &+ 1] = sum
        for x in 0..<width { unsafe columns[x] = 0 }
      }
      unsafe patch.withUnsafeMutableBufferPointer { patch in
        for target in 0..<count {
          let edge = edges[target]
          let whole = unsafe before[edge.column]
          // Ink times area left of the pixel's end.
          let right = unsafe 40 &* whole &+ edge.rest &* (before[edge.column &+ 1] &- whole)
          let value = mean.of(right &- left)
          left = right
          unsafe patch[row &* Normalizer.box &+ target] = value
          ink &+= Int(value)
          momentX &+= Int(value) &* target
        }
      }
    }
    mass &+= ink
    momentY &+= ink &* row
  }

  /// Divides by an area, and rounds to the nearest, a half up.
  private struct Mean {
    private let area: UInt64
    /// A multiplication takes a fraction of a division's time: 2^64 / (2 * area), which is less than one too little.
    private let reciprocal: UInt64

    init(area: Int) {
      self.area = UInt64(area)
      reciprocal = .max / (2 * UInt64(area))
    }

    /// - Parameter sum: at most 255 times the area, which is at most 2^46 (``Normalizer/sideLimit``): so nothing overflows, and
    ///   the estimate is the quotient or one less.
    @inline(__always)
    func of(_ sum: Int) -> UInt8 {
      let twice = 2 &* UInt64(truncatingIfNeeded: sum) &+ area
      let estimate = twice.multipliedFullWidth(by: reciprocal).high
      let isLess = (estimate &+ 1) &* 2 &* area <= twice
      return UInt8(truncatingIfNeeded: isLess ? estimate &+ 1 : estimate)
    }
  }
}
