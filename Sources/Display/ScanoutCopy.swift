import Ink

/// Copies changed pixels of a surface into a scanout buffer, turned and converted.
///
/// Scanout memory is write-combined: it is written in the order of its addresses, in runs as long as can be, and never
/// read. What jumps are the reads from the surface, which is cached; a tile keeps them within the first-level cache.
///
/// - Parameters:
///   - pixels: the surface, `width * height` pixels 0xFFRRGGBB.
///   - rect: in pixels of the surface; clipped to it.
///   - memory: the first byte of the buffer; it must have the memory that `layout` was checked against.
/// - Precondition: `rotation.panelSize` of the layout's size is `width` x `height`; otherwise nothing is copied.
public func copyToScanout(
  _ pixels: UnsafeBufferPointer<UInt32>, width: Int, height: Int, _ rect: PixelRect, rotation: Rotation,
  to memory: UnsafeMutableRawPointer, layout: ScanoutLayout
) {
  let area = rect.intersection(PixelRect(x: 0, y: 0, width: width, height: height))
  guard let source = pixels.baseAddress, pixels.count >= width * height, !area.isEmpty,
    rotation.panelSize(scanoutWidth: layout.width, scanoutHeight: layout.height) == (width, height)
  else { return }
  let target = rotation.scanout(area, scanoutWidth: layout.width, scanoutHeight: layout.height)

  // Every row of the target is a straight run through the surface: where it starts, and the way to the next pixel.
  let (across, down): (Int, Int) =
    switch rotation {
    case .none: (1, width)
    case .clockwise90: (-width, 1)
    case .half: (-1, -width)
    case .clockwise270: (width, -1)
    }
  let first =
    switch rotation {
    case .none: area.y * width + area.x
    case .clockwise90: (area.maxY - 1) * width + area.x
    case .half: (area.maxY - 1) * width + area.maxX - 1
    case .clockwise270: area.y * width + area.maxX - 1
    }
  let bytes = layout.format.bytesPerPixel
  let start = memory + target.y * layout.stride + target.x * bytes

  if rotation == .none && layout.format == .xrgb8888 {
    for row in 0..<target.height {
      (start + row * layout.stride).copyMemory(
        from: source + first + row * width, byteCount: target.width * 4)
    }
    return
  }
  // 64 pixels are four whole cache lines of the target; 16 rows of it share the lines of the surface they come from.
  let (tileWidth, tileHeight) = rotation.swapsAxes ? (64, 16) : (target.width, target.height)
  var top = 0
  while top < target.height {
    let bottom = min(top + tileHeight, target.height)
    var left = 0
    while left < target.width {
      let count = min(tileWidth, target.width - left)
      for row in top..<bottom {
        let run = source + first + row * down + left * across
        writeRun(run, across, count, to: start + row * layout.stride + left * bytes, layout.format)
      }
      left += count
    }
    top = bottom
  }
}

/// Writes `count` pixels, each `step` pixels of the surface after the last.
@inline(__always)
private func writeRun(
  _ source: UnsafePointer<UInt32>, _ step: Int, _ count: Int, to target: UnsafeMutableRawPointer,
  _ format: PixelFormat
) {
  var from = source
  switch format {
  case .xrgb8888:
    for i in 0..<count {
      target.storeBytes(of: from.pointee, toByteOffset: i &* 4, as: UInt32.self)
      from += step
    }
  case .xbgr8888:
    for i in 0..<count {
      let p = from.pointee
      let swapped = p & 0xFF00_FF00 | p >> 16 & 0xFF | (p & 0xFF) << 16
      target.storeBytes(of: swapped, toByteOffset: i &* 4, as: UInt32.self)
      from += step
    }
  case .rgb888:
    for i in 0..<count {
      let p = from.pointee
      target.storeBytes(of: UInt8(truncatingIfNeeded: p), toByteOffset: i &* 3, as: UInt8.self)
      target.storeBytes(of: UInt8(truncatingIfNeeded: p >> 8), toByteOffset: i &* 3 &+ 1, as: UInt8.self)
      target.storeBytes(of: UInt8(truncatingIfNeeded: p >> 16), toByteOffset: i &* 3 &+ 2, as: UInt8.self)
      from += step
    }
  case .rgb565:
    for i in 0..<count {
      let p = from.pointee
      let packed = p >> 8 & 0xF800 | p >> 5 & 0x07E0 | p >> 3 & 0x001F
      target.storeBytes(of: UInt16(truncatingIfNeeded: packed), toByteOffset: i &* 2, as: UInt16.self)
      from += step
    }
  }
}
