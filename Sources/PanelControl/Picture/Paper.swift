/// A colour of paper, 8 bits a channel in sRGB.
struct Paper: Equatable, Sendable {
  let red: UInt8
  let green: UInt8
  let blue: UInt8

  static let white = Paper(red: 255, green: 255, blue: 255)
  static let black = Paper(red: 0, green: 0, blue: 0)

  /// The largest difference of a channel, 0 ... 255, to the pixel whose red is `rgba[i]`.
  @inline(__always)
  func distance(to rgba: [UInt8], at i: Int) -> UInt8 {
    let r = Int(rgba[i]) &- Int(red)
    let g = Int(rgba[i &+ 1]) &- Int(green)
    let b = Int(rgba[i &+ 2]) &- Int(blue)
    return UInt8(truncatingIfNeeded: max(r.magnitude, g.magnitude, b.magnitude))
  }

  /// The colour of the paper of an opaque picture: the median of all of it or of its margin, whichever is the colour of
  /// more of both. The margin counts twice: a bold digit cut to its box covers most of a picture, but not its margin.
  static func colour(of rgba: [UInt8], width: Int, height: Int) -> Paper {
    let margin = max(2, min(width, height) / 12)
    let (right, bottom) = (width - margin, height - margin)
    var (all, edge) = (ChannelMedians(), ChannelMedians())
    for y in 0..<height {
      let inner = y >= margin && y < bottom
      for x in 0..<width {
        let i = (y &* width &+ x) &* 4
        all.add(rgba, at: i)
        if !inner || x < margin || x >= right { edge.add(rgba, at: i) }
      }
    }
    let candidates = [all.paper, edge.paper]
    if candidates[0] == candidates[1] { return candidates[0] }
    func score(_ paper: Paper) -> Double {
      var (near, nearEdge) = (0, 0)
      for y in 0..<height {
        let inner = y >= margin && y < bottom
        for x in 0..<width where paper.distance(to: rgba, at: (y &* width &+ x) &* 4) <= 32 {
          near += 1
          if !inner || x < margin || x >= right { nearEdge += 1 }
        }
      }
      return Double(near) / Double(all.count) + 2 * Double(nearEdge) / Double(edge.count)
    }
    return score(candidates[0]) >= score(candidates[1]) ? candidates[0] : candidates[1]
  }
}

/// Counts the values of three channels, and gives their medians.
struct ChannelMedians {
  private(set) var count = 0
  private var counts = [Int](repeating: 0, count: 3 * 256)

  @inline(__always)
  mutating func add(_ rgba: [UInt8], at i: Int) {
    count &+= 1
    counts[Int(rgba[i])] &+= 1
    counts[256 &+ Int(rgba[i &+ 1])] &+= 1
    counts[512 &+ Int(rgba[i &+ 2])] &+= 1
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
