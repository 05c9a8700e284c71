import PNG

/// What a transparent picture is laid on.
enum PictureGround {
  /// Takes the transparency from a picture: it is laid on white, or on black when it is nothing but light ink; a card (opaque paper
  /// with ink on it, and a transparent margin) is laid on its own paper.
  static func lay(_ image: inout PNGImage) {
    let ground = ground(of: image)
    lay(&image.rgba, on: ground)
  }

  private static func lay(_ rgba: inout [UInt8], on ground: Paper) {
    for i in stride(from: 0, to: rgba.count, by: 4) where rgba[i &+ 3] != 255 {
      let alpha = Int(rgba[i &+ 3])
      rgba[i] = mixed(rgba[i], alpha, ground.red)
      rgba[i &+ 1] = mixed(rgba[i &+ 1], alpha, ground.green)
      rgba[i &+ 2] = mixed(rgba[i &+ 2], alpha, ground.blue)
      rgba[i &+ 3] = 255
    }
  }

  @inline(__always)
  private static func mixed(_ value: UInt8, _ alpha: Int, _ ground: UInt8) -> UInt8 {
    UInt8(truncatingIfNeeded: (Int(value) &* alpha &+ Int(ground) &* (255 &- alpha) &+ 127) / 255)
  }

  private static func ground(of image: PNGImage) -> Paper {
    let rgba = image.rgba
    // What can be seen, by its luma (ITU-R BT.601) and where.
    var (dark, seen, opaque) = (0, 0, 0)
    var (left, top, right, bottom) = (Int.max, Int.max, -1, -1)
    var medians = ChannelMedians()
    for y in 0..<image.height {
      for x in 0..<image.width {
        let i = (y &* image.width &+ x) &* 4
        let alpha = Int(rgba[i &+ 3])
        if alpha == 0 { continue }
        let luma = (77 &* Int(rgba[i]) &+ 150 &* Int(rgba[i &+ 1]) &+ 29 &* Int(rgba[i &+ 2])) >> 8
        seen += alpha
        if luma < 128 { dark += alpha }
        guard alpha >= 128 else { continue }
        opaque += 1
        medians.add(rgba, at: i)
        left = min(left, x)
        right = max(right, x)
        top = min(top, y)
        bottom = y
      }
    }
    guard opaque > 0 else { return .white }
    let boxArea = (right - left + 1) * (bottom - top + 1)
    let twoTones = dark * 50 > seen && dark * 50 < seen * 49
    if twoTones, opaque * 100 >= boxArea * 85 { return medians.paper }
    return dark * 50 <= seen ? .black : .white
  }
}
