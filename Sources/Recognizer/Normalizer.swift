/// Brings a drawing of any size into the form that MNIST's digits have, by integers only.
///
/// After the stray taps are dropped, the ink's box is scaled, aspect kept, so that its longest side is 20 pixels; every
/// pixel of the result is the mean of exactly the area that it covers; and the result is moved by whole pixels so that its
/// centre of mass lies in pixel (14, 14) of 28 x 28. This is how NIST's digits became MNIST (LeCun, Cortes, Burges,
/// "The MNIST database"), and MNIST's own images come out as they went in.
///
/// A normaliser keeps its workspace, so that a drawing after the first is normalised without allocation of its own.
public struct Normalizer: Sendable {
  /// The longest side of a normalised digit, in pixels.
  static let box = 20
  /// Components with less ink than this share of the whole, in percent, are strays.
  static let strayPercent = 3
  /// More pixels than this are refused.
  static let pixelLimit = 1 << 26
  /// Longer sides are refused, so that no sum below can overflow: 255 * 2 * 2^22 < 2^32 and 255 * (2 * 2^22)^2 < 2^63.
  static let sideLimit = 1 << 22

  private var ink = InkRuns()
  /// Sums of ink times covered area; 20 x 20, of which the first rows and columns are in use.
  private var sums = [Int](repeating: 0, count: Normalizer.box * Normalizer.box)
  /// Ink times covered height, a column of the box: those of the row of the result that is being filled.
  private var columns = [UInt32](repeating: 0, count: 280)
  private var patch = [UInt8](repeating: 0, count: Normalizer.box * Normalizer.box)

  public init() {}

  /// The normalised digit of a picture, or nil when there is no ink in it.
  ///
  /// - Parameters:
  ///   - pixels: `width * height` bytes, row by row from the top, 255 is ink and 0 is paper; any other count is nil too.
  ///   - width, height: in pixels, each at most 2^22 and together at most 2^26.
  public mutating func normalize(_ pixels: [UInt8], width: Int, height: Int) -> DigitImage? {
    guard width > 0, height > 0, width <= Normalizer.sideLimit, height <= Normalizer.sideLimit,
      width * height <= Normalizer.pixelLimit,
      pixels.count == width * height
    else { return nil }
    ink.find(in: pixels, width: width, height: height)
    ink.dropComponents(under: Normalizer.strayPercent, in: pixels, width: width)
    guard let last = ink.runs.last, let first = ink.runs.first else { return nil }
    var (left, right) = (first.start, first.end)
    for run in ink.runs {
      left = min(left, run.start)
      right = max(right, run.end)
    }
    let across = Axis(
      start: Int(left), end: Int(right), longest: max(Int(right - left), Int(last.row - first.row) + 1))
    let down = Axis(start: Int(first.row), end: Int(last.row) + 1, longest: across.longest)
    average(pixels, width: width, across: across, down: down)
    return centred(columns: across.count, rows: down.count)
  }

  /// One axis of the box: `longest` source pixels become 20, and the others are centred in the pixels that they touch.
  ///
  /// Lengths along it are in fortieths of a source pixel, the coarsest unit in which every edge is whole.
  private struct Axis {
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

  private mutating func average(_ pixels: [UInt8], width: Int, across: Axis, down: Axis) {
    for i in sums.indices { sums[i] = 0 }
    if columns.count < across.length { columns = [UInt32](repeating: 0, count: across.length) }
    for i in 0..<across.length { columns[i] = 0 }
    var target = 0
    var next = 0
    while next < ink.runs.count {
      // All runs of one source row, which may touch several rows of the result.
      let first = next
      let row = Int(ink.runs[first].row)
      while next < ink.runs.count, ink.runs[next].row == ink.runs[first].row { next &+= 1 }
      var position = down.position(row)
      let end = position &+ 40
      while position < end {
        if position >= (target &+ 1) &* down.pixel {
          finishRow(target, across: across)
          target = position / down.pixel
        }
        let share = min(end, (target &+ 1) &* down.pixel) &- position
        for run in first..<next {
          add(ink.runs[run], of: pixels, width: width, left: across.start, share: share)
        }
        position &+= share
      }
    }
    finishRow(target, across: across)
    let area = across.pixel * down.pixel
    for i in sums.indices { patch[i] = UInt8(truncatingIfNeeded: (2 &* sums[i] &+ area) / (2 &* area)) }
  }

  /// Adds a run's ink, times the height that it shares with the row of the result, to its columns.
  private mutating func add(_ run: InkRuns.Run, of pixels: [UInt8], width: Int, left: Int, share: Int) {
    let (start, end) = (Int(run.start), Int(run.end))
    let base = Int(run.row) &* width
    // Runs lie inside the picture, and inside the box as wide as `columns`: they were found there.
    unsafe pixels.withUnsafeBytes { pixels in
      unsafe columns.withUnsafeMutableBytes { columns in
        let height = UInt32(truncatingIfNeeded: share)
        var x = start
        while x &+ 8 <= end {
          let ink = unsafe pixels.loadUnaligned(fromByteOffset: base &+ x, as: SIMD8<UInt8>.self)
          let place = (x &- left) &* 4
          let sum = unsafe columns.loadUnaligned(fromByteOffset: place, as: SIMD8<UInt32>.self)
          let more = SIMD8<UInt32>(
            truncatingIfNeeded: SIMD8<UInt16>(truncatingIfNeeded: ink)
              &* SIMD8(repeating: UInt16(truncatingIfNeeded: height)))
          unsafe columns.storeBytes(of: sum &+ more, toByteOffset: place, as: SIMD8<UInt32>.self)
          x &+= 8
        }
        while x < end {
          let place = (x &- left) &* 4
          let sum = unsafe columns.load(fromByteOffset: place, as: UInt32.self)
          unsafe columns.storeBytes(
            of: sum &+ UInt32(pixels[base &+ x]) &* height, toByteOffset: place, as: UInt32.self)
          x &+= 1
        }
      }
    }
  }

  /// Brings the columns together to the pixels of a row of the result, and empties them.
  private mutating func finishRow(_ row: Int, across: Axis) {
    for target in 0..<across.count {
      // The part of the box that this pixel covers, in fortieths: whole columns, and a part of one at each end.
      let from = max(0, target &* across.pixel &- across.offset)
      let to = min(40 &* across.length, (target &+ 1) &* across.pixel &- across.offset)
      let (first, last) = (from / 40, to / 40)
      var sum = 0
      if first == last {
        sum = Int(columns[first]) &* (to &- from)
      } else {
        let whole = sumOfColumns(first &+ 1..<last, narrow: across.longest <= 2048)
        sum = whole &* 40 &+ Int(columns[first]) &* (40 &- from % 40)
        if last < across.length { sum &+= Int(columns[last]) &* (to % 40) }
      }
      sums[row &* Normalizer.box &+ target] = sum
    }
    for i in 0..<across.length { columns[i] = 0 }
  }

  /// The sum of whole columns; `narrow` says that it is less than 2^32, as 255 * (2 * longest)^2 / 40 is up to 2048 pixels.
  @inline(__always)
  private func sumOfColumns(_ range: Range<Int>, narrow: Bool) -> Int {
    unsafe columns.withUnsafeBufferPointer { columns in
      if narrow {
        var sum: UInt32 = 0
        for x in range { unsafe sum &+= columns[x] }
        return Int(sum)
      }
      var sum = 0
      for x in range { unsafe sum &+= Int(columns[x]) }
      return sum
    }
  }

  /// Places the patch so that its centre of mass is at least 13.5 and less than 14.5 on both axes, as in all of MNIST;
  /// a patch so uneven that it would leave the picture stays at its border.
  private func centred(columns: Int, rows: Int) -> DigitImage? {
    var (mass, sumX, sumY) = (0, 0, 0)
    for row in 0..<rows {
      for column in 0..<columns {
        let value = Int(patch[row * Normalizer.box + column])
        mass += value
        sumX += value * column
        sumY += value * row
      }
    }
    // Ink so faint that its means round to nothing is no ink.
    if mass == 0 { return nil }
    func offset(_ sum: Int, _ count: Int) -> Int {
      let twice = 27 * mass - 2 * sum
      let rounded = twice > 0 ? (twice + 2 * mass - 1) / (2 * mass) : -(-twice / (2 * mass))
      return max(0, min(DigitImage.side - count, rounded))
    }
    return DigitImage(
      patch: patch, columns: columns, rows: rows, x: offset(sumX, columns), y: offset(sumY, rows))
  }
}
