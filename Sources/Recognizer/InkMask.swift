import VectorTasks

/// Which of 64 pixels are ink, in plain Swift: what every fast kernel has to equal.
enum InkMask {
  /// Finds where ink begins and ends.
  static func find(_ task: InkTask) {
    // Most is paper.
    unsafe task.run { at in unsafe isPaper(at) ? 0 : of(at) }
  }

  /// Which of fewer than 64 pixels are ink, the first the lowest bit; what lies past them is paper.
  static func of(_ pixels: UnsafeRawBufferPointer) -> UInt64 {
    var mask: UInt64 = 0
    for x in pixels.indices where unsafe pixels[x] != 0 { mask |= 1 &<< UInt64(x) }
    return mask
  }

  @inline(__always)
  private static func isPaper(_ pixels: UnsafeRawPointer) -> Bool {
    @inline(__always)
    func sixteen(_ place: Int) -> SIMD2<UInt64> {
      unsafe pixels.loadUnaligned(fromByteOffset: place, as: SIMD2<UInt64>.self)
    }
    let any = sixteen(0) | sixteen(16) | (sixteen(32) | sixteen(48))
    return any[0] | any[1] == 0
  }

  @inline(__always)
  private static func of(_ pixels: UnsafeRawPointer) -> UInt64 {
    var mask: UInt64 = 0
    for n in 0..<8 {
      let word = unsafe UInt64(
        littleEndian: pixels.loadUnaligned(fromByteOffset: 8 &* n, as: UInt64.self))
      // The high bit of every byte that is not zero; then all eight side by side.
      let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
      let ink = (((word & low) &+ low) | word) & ~low
      let eight = ((ink &>> 7) &* 0x0102_0408_1020_4080) &>> 56
      mask |= eight &<< UInt64(8 &* n)
    }
    return mask
  }
}
