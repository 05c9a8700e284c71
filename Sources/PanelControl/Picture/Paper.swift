/// A colour of paper, 8 bits a channel in sRGB.
struct Paper: Equatable, Sendable {
  let red: UInt8
  let green: UInt8
  let blue: UInt8

  static let white = Paper(red: 255, green: 255, blue: 255)
  static let black = Paper(red: 0, green: 0, blue: 0)

  /// The largest difference of a channel, 0 ... 255, to the pixel whose red is `rgba[i]`.
  @inline(__always)
  func distance(to rgba: UnsafeBufferPointer<UInt8>, at i: Int) -> UInt8 {
    let r = Int(rgba[i]) &- Int(red)
    let g = Int(rgba[i &+ 1]) &- Int(green)
    let b = Int(rgba[i &+ 2]) &- Int(blue)
    return UInt8(truncatingIfNeeded: max(r.magnitude, g.magnitude, b.magnitude))
  }

  /// The colour of the paper of an opaque picture: of the medians of all of it, of its margin and of its corners, the one
  /// that is the colour of most of the three.
  ///
  /// A bold digit cut to its box covers most of a picture and of its margin, but not its corners; a drawn frame covers the
  /// margin and the corners of a small one, but not its inside. Of a large picture some 16,000 pixels are looked at.
  static func colour(of rgba: UnsafeBufferPointer<UInt8>, width: Int, height: Int) -> Paper {
    let areas = Areas(width: width, height: height)
    var medians = [ChannelMedians](repeating: ChannelMedians(), count: Areas.weights.count)
    areas.forEachRun { area, pixels in
      for i in pixels { medians[area].add(rgba, at: 4 &* i) }
    }
    // The areas lie within each other, and each was counted where it is alone.
    for area in medians.indices.dropLast().reversed() { medians[area].add(medians[area + 1]) }
    var candidates: [Paper] = []
    for area in medians where area.count > 0 && !candidates.contains(area.paper) {
      candidates.append(area.paper)
    }
    guard candidates.count > 1 else { return candidates.first ?? .white }
    let scores = candidates.map { paper in
      var near = [Int](repeating: 0, count: medians.count)
      areas.forEachRun { area, pixels in
        for i in pixels where paper.distance(to: rgba, at: 4 &* i) <= 32 { near[area] &+= 1 }
      }
      for area in near.indices.dropLast().reversed() { near[area] += near[area + 1] }
      return near.indices.reduce(0.0) {
        $0 + Areas.weights[$1] * Double(near[$1]) / Double(max(1, medians[$1].count))
      }
    }
    let best = scores.indices.max { scores[$0] < scores[$1] } ?? 0
    return candidates[best]
  }

  /// The whole picture, in it the margin, and in that the corners.
  private struct Areas {
    let width: Int
    let height: Int
    private let margin: Int
    private let corner: Int
    /// Of so many pixels of a row one is looked at, in each row others.
    private let step: Int

    /// How much the colour of each area counts.
    static let weights = [1.0, 2.0, 2.0]

    init(width: Int, height: Int) {
      self.width = width
      self.height = height
      let side = min(width, height)
      margin = min(max(2, side / 12), side)
      corner = min(margin, max(1, side / 16))
      step = max(1, width * height / 16_384)
    }

    /// Calls `body` for every run of pixels with the innermost area that it lies in and those of its pixels to look at.
    func forEachRun(_ body: (Int, StrideTo<Int>) -> Void) {
      for y in 0..<height {
        let row = y * width
        let fromEdge = min(y, height - 1 - y)
        let ends = fromEdge < corner ? 2 : 1
        let middle = fromEdge < margin ? 1 : 0
        let side = min(ends == 2 ? corner : margin, width)
        let right = max(side, width - side)
        // 7 is prime to most steps, so that the looks of neighbouring rows fall between each other.
        let phase = y * 7 % step
        func looks(_ start: Int, _ end: Int) -> StrideTo<Int> {
          let first = start + (phase + step - start % step) % step
          return stride(from: row + first, to: row + end, by: step)
        }
        body(ends, looks(0, side))
        body(middle, looks(side, right))
        body(ends, looks(right, width))
      }
    }
  }
}

/// Counts the values of three channels, and gives their medians.
struct ChannelMedians {
  private(set) var count = 0
  private var counts = [Int](repeating: 0, count: 3 * 256)

  @inline(__always)
  mutating func add<Bytes: RandomAccessCollection>(_ rgba: Bytes, at i: Int)
  where Bytes.Element == UInt8, Bytes.Index == Int {
    count &+= 1
    counts[Int(rgba[i])] &+= 1
    counts[256 &+ Int(rgba[i &+ 1])] &+= 1
    counts[512 &+ Int(rgba[i &+ 2])] &+= 1
  }

  mutating func add(_ other: ChannelMedians) {
    count += other.count
    for i in counts.indices { counts[i] += other.counts[i] }
  }

  var paper: Paper { Paper(red: median(0), green: median(256), blue: median(512)) }

  private func median(_ first: Int) -> UInt8 {
    var below = 0
    for value in 0..<256 {
      below += counts[first + value]
      if below * 2 >= count { return UInt8(value) }
    }
    return 255
  }
}
