import VectorTasks

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

    init(start: Int, length: Int, longest: Int) {
      self.start = start
      self.length = length
      self.longest = longest
      let scaled = Normalizer.box * length
      count = (scaled + longest - 1) / longest
      offset = count * longest - scaled
    }

    /// The length of one pixel of the result.
    var pixel: Int { 2 * longest }
  }

  /// Where a pixel of the result ends among the columns of the box: after whole ones, and a part of the next.
  private struct Edge {
    var column = 0
    /// In fortieths of a column, 0 ..< 40.
    var rest = 0
  }

  /// The result, 20 x 20, of which the first rows and columns are in use; in the others anything may stand.
  private(set) var patch = [UInt8](repeating: 0, count: Normalizer.box * Normalizer.box)
  /// The sum of the result's pixels, and of each times its column and its row.
  private(set) var mass = 0
  private(set) var momentX = 0
  private(set) var momentY = 0

  /// Ink times covered height, for each column of the box.
  private var columns: [UInt32] = []
  private var edges = [Edge](repeating: Edge(), count: Normalizer.box)
  /// The rows of the box that each row of the result covers.
  private var rows = [AreaRows](repeating: AreaRows(from: 0, to: 40), count: Normalizer.box)
  /// The fast kernel's working memory, once it has been used.
  private var sums: [UInt16] = []

  /// More rows could overflow the 16 bits of a column: 257 * 255 < 2^16.
  private static let rowLimit = 257

  /// Fills ``patch`` and its sums with the mean of the box.
  ///
  /// All of the box is added up, paper too: to look for the ink in it takes longer.
  ///
  /// - Parameters:
  ///   - pixels: the picture, `stride` bytes a row; the box lies in it.
  ///   - across, down: the box.
  ///   - kernels: what adds up the pixels, where it can.
  mutating func average(_ pixels: [UInt8], stride: Int, across: Axis, down: Axis, kernels: KernelSet) {
    for target in 0..<down.count {
      let top = max(0, target &* down.pixel &- down.offset)
      let bottom = min(40 &* down.length, (target &+ 1) &* down.pixel &- down.offset)
      rows[target] = AreaRows(from: top, to: bottom)
    }
    if kernels.canAverage, unsafe AreaTask.suits(width: across.length, longest: across.longest) {
      run(pixels, stride: stride, across: across, down: down, kernels)
    } else {
      runReference(pixels, stride: stride, across: across, down: down)
    }
    weigh(columns: across.count, rows: down.count)
  }

  /// Fills ``patch`` by a fast kernel.
  private mutating func run(
    _ pixels: [UInt8], stride: Int, across: Axis, down: Axis, _ kernels: KernelSet
  ) {
    if sums.isEmpty { sums = [UInt16](repeating: 0, count: unsafe AreaTask.sumCount) }
    let first = down.start &* stride &+ across.start
    // The promises of AreaTask: the box lies in the picture, and the patch has all of its rows.
    unsafe pixels.withUnsafeBytes { pixels in
      unsafe rows.withUnsafeBufferPointer { rows in
        unsafe sums.withUnsafeMutableBufferPointer { sums in
          unsafe patch.withUnsafeMutableBufferPointer { patch in
            guard let picture = pixels.baseAddress, let rows = rows.baseAddress, let sums = sums.baseAddress,
              let patch = patch.baseAddress
            else { return }
            unsafe kernels.average(
              AreaTask(
                box: picture + first, stride: stride, width: across.length, rows: rows, count: down.count,
                pixel: across.pixel, offset: across.offset, sums: sums, patch: patch))
          }
        }
      }
    }
  }

  /// Fills ``patch`` in plain Swift: what every fast kernel has to equal.
  private mutating func runReference(_ pixels: [UInt8], stride: Int, across: Axis, down: Axis) {
    begin(across)
    let mean = Mean(area: across.pixel &* down.pixel)
    // The box lies in the picture, and `columns` have one more than it is wide.
    unsafe pixels.withUnsafeBytes { pixels in
      let box = unsafe UnsafeRawBufferPointer(rebasing: pixels[(down.start &* stride &+ across.start)...])
      unsafe columns.withUnsafeMutableBufferPointer { columns in
        unsafe patch.withUnsafeMutableBufferPointer { patch in
          for target in 0..<down.count {
            unsafe AreaAverage.sum(rows[target], of: box, stride: stride, width: across.length, to: columns)
            let place = target &* Normalizer.box
            let row = unsafe UnsafeMutableBufferPointer(rebasing: patch[place..<place &+ across.count])
            unsafe AreaAverage.gather(columns, edges, mean, to: row)
          }
        }
      }
    }
  }

  private mutating func begin(_ across: Axis) {
    if columns.count <= across.length { columns = [UInt32](repeating: 0, count: across.length + 1) }
    for target in 0..<across.count {
      let end = min(40 * across.length, (target + 1) * across.pixel - across.offset)
      edges[target] = Edge(column: end / 40, rest: end % 40)
    }
  }

  /// Adds up the result's pixels, and each times its column and its row.
  private mutating func weigh(columns: Int, rows: Int) {
    // Sixteen columns and the last sixteen, of which the last four are new: 20 pixels, and 20 times the row, fit 16 bits.
    var (sums, lastSums) = (Lanes(), Lanes())
    var (moments, lastMoments) = (Lanes(), Lanes())
    let last = Normalizer.box &- Lanes.count
    unsafe patch.withUnsafeBytes { patch in
      for row in 0..<rows {
        let place = row &* Normalizer.box
        let (some, others) = unsafe (Lanes(patch, at: place), Lanes(patch, at: place &+ last))
        sums = sums &+ some
        lastSums = lastSums &+ others
        moments = moments &+ some &* UInt16(truncatingIfNeeded: row)
        lastMoments = lastMoments &+ others &* UInt16(truncatingIfNeeded: row)
      }
    }
    (mass, momentX, momentY) = (0, 0, 0)
    for column in 0..<columns {
      let isLast = column >= Lanes.count
      let sum = isLast ? lastSums[column &- last] : sums[column]
      mass &+= sum
      momentX &+= sum &* column
      momentY &+= isLast ? lastMoments[column &- last] : moments[column]
    }
  }

  /// Adds up rows, column by column.
  ///
  /// - Parameters:
  ///   - box: the picture from the box's first pixel on.
  ///   - columns: gets `width` sums of ink times height.
  private static func sum(
    _ rows: AreaRows, of box: UnsafeRawBufferPointer, stride: Int, width: Int,
    to columns: UnsafeMutableBufferPointer<UInt32>
  ) {
    if width < Lanes.count {
      for x in 0..<width {
        var sum: UInt32 = 0
        for row in rows.whole { unsafe sum &+= UInt32(box[row &* stride &+ x]) }
        let above = UInt32(unsafe box[rows.above &* stride &+ x]) &* UInt32(rows.aboveShare)
        let below = UInt32(unsafe box[rows.below &* stride &+ x]) &* UInt32(rows.belowShare)
        unsafe columns[x] = 40 &* sum &+ above &+ below
      }
      return
    }
    var x = 0
    while x < width {
      // The last step goes back, so as to end where the box ends: the picture may end there too.
      x = min(x, width &- Lanes.count)
      @inline(__always)
      func lanes(_ row: Int) -> Lanes { unsafe Lanes(box, at: row &* stride &+ x) }
      var sums = Lanes.Sums(lanes(rows.above) &* rows.aboveShare &+ lanes(rows.below) &* rows.belowShare)
      var row = rows.whole.lowerBound
      repeat {
        let end = min(rows.whole.upperBound, row &+ rowLimit)
        var some = Lanes()
        while row < end {
          some = some &+ lanes(row)
          row &+= 1
        }
        sums.add(some, times: 40)
      } while row < rows.whole.upperBound
      unsafe sums.store(to: columns, at: x)
      x &+= Lanes.count
    }
  }

  /// 16 pixels of a row, or as many sums of them. They lie in halves, every other one, so that bytes become words, and words
  /// sums, by a mask and a shift: a conversion of vectors is a call.
  private struct Lanes {
    static let count = 16

    var even = SIMD8<UInt16>.zero
    var odd = SIMD8<UInt16>.zero

    @inline(__always)
    init() {}

    @inline(__always)
    init(even: SIMD8<UInt16>, odd: SIMD8<UInt16>) { (self.even, self.odd) = (even, odd) }

    @inline(__always)
    init(_ pixels: UnsafeRawBufferPointer, at place: Int) {
      let words = unsafe pixels.loadUnaligned(fromByteOffset: place, as: SIMD8<UInt16>.self)
      self.init(even: words & 0xFF, odd: words &>> 8)
    }

    @inline(__always)
    static func &+ (a: Lanes, b: Lanes) -> Lanes { Lanes(even: a.even &+ b.even, odd: a.odd &+ b.odd) }

    @inline(__always)
    static func &* (lanes: Lanes, factor: UInt16) -> Lanes {
      Lanes(even: lanes.even &* factor, odd: lanes.odd &* factor)
    }

    /// The sum of a column.
    @inline(__always)
    subscript(column: Int) -> Int { Int(column & 1 == 0 ? even[column / 2] : odd[column / 2]) }

    /// The same of 32 bits: lane i of the four are the columns 4 i to 4 i + 3.
    struct Sums {
      var (a, b, c, d): (SIMD4<UInt32>, SIMD4<UInt32>, SIMD4<UInt32>, SIMD4<UInt32>)

      @inline(__always)
      init(_ lanes: Lanes) {
        (a, c) = Sums.halves(lanes.even)
        (b, d) = Sums.halves(lanes.odd)
      }

      @inline(__always)
      private static func halves(_ words: SIMD8<UInt16>) -> (SIMD4<UInt32>, SIMD4<UInt32>) {
        let pairs = unsafe unsafeBitCast(words, to: SIMD4<UInt32>.self)
        return (pairs & 0xFFFF, pairs &>> 16)
      }

      @inline(__always)
      mutating func add(_ lanes: Lanes, times factor: UInt32) {
        let more = Sums(lanes)
        a &+= more.a &* factor
        b &+= more.b &* factor
        c &+= more.c &* factor
        d &+= more.d &* factor
      }

      @inline(__always)
      func store(to columns: UnsafeMutableBufferPointer<UInt32>, at x: Int) {
        for i in 0..<4 {
          unsafe columns[x &+ 4 &* i] = a[i]
          unsafe columns[x &+ 4 &* i &+ 1] = b[i]
          unsafe columns[x &+ 4 &* i &+ 2] = c[i]
          unsafe columns[x &+ 4 &* i &+ 3] = d[i]
        }
      }
    }
  }

  /// Brings the columns together to the pixels of a row of the result.
  private static func gather(
    _ columns: UnsafeMutableBufferPointer<UInt32>, _ edges: [Edge], _ mean: Mean,
    to row: UnsafeMutableBufferPointer<UInt8>
  ) {
    var left = Edge()
    for target in 0..<row.count {
      let right = edges[target]
      var whole = 0
      for x in left.column..<right.column { unsafe whole &+= Int(columns[x]) }
      // The column that an edge cuts is in both pixels, with its parts.
      let parts = unsafe right.rest &* Int(columns[right.column]) &- left.rest &* Int(columns[left.column])
      left = right
      unsafe row[target] = mean.of(40 &* whole &+ parts)
    }
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
