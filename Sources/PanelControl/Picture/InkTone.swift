/// Which distances from the paper are ink, and how much.
struct InkTone: Equatable, Sendable {
  /// Up to this distance it is paper, with its grain and its shadows.
  let floor: Int
  /// Half of the strongest ink.
  let half: Int
  /// From this distance on it is full ink.
  let full: Int

  /// Looks at the distances of all pixels from the paper; nil when none of them is ink.
  init?(_ distances: [UInt8]) {
    var counts = [Int](repeating: 0, count: 256)
    for distance in distances { counts[Int(distance)] &+= 1 }
    // A few pixels may be anything: dust, a dead pixel of the camera.
    guard let strongest = InkTone.level(counts, from: distances.count - 3 - distances.count / 50_000),
      strongest >= PictureInk.leastContrast
    else { return nil }
    half = (strongest + 1) / 2
    let strong = counts[half...].reduce(0, +)
    // Half of what is ink for certain is at least this strong: pencil becomes as dark as a felt pen.
    let median = InkTone.level(counts, from: distances.count - strong / 2) ?? strongest
    let grain = InkTone.level(counts, from: (distances.count + 1) / 2) ?? 0
    // Between paper and ink a drawn edge has about as many faint pixels as others; a photograph and what JPEG left
    // around a line have many more.
    let faintLimit = strongest / 8
    let faint = faintLimit > 1 ? counts[1..<faintLimit].reduce(0, +) : 0
    let soft = faint * 4 > counts[faintLimit...].reduce(0, +)
    full = median
    floor = min(half - 1, max(6 * grain, soft ? strongest / 6 : 0))
  }

  /// The smallest level that at least `rank` pixels do not exceed; nil when there are fewer.
  private static func level(_ counts: [Int], from rank: Int) -> Int? {
    guard rank > 0 else { return nil }
    var below = 0
    for level in counts.indices {
      below += counts[level]
      if below >= rank { return level }
    }
    return nil
  }

  /// The ink, 0 ... 255, of each distance.
  var ramp: [UInt8] {
    (0..<256).map { distance in
      if distance <= floor { return 0 }
      if distance >= full { return 255 }
      return UInt8((255 * (distance - floor) + (full - floor) / 2) / (full - floor))
    }
  }
}
