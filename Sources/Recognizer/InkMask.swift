#if arch(x86_64)
  import CSIMD
#endif

/// Which of 64 pixels are ink.
enum InkMask {
  /// - Returns: a bit for each pixel in `start ..< start + 64`, the first the lowest: 1 is ink. From `end` on all are paper.
  @inline(__always)
  static func of(_ pixels: UnsafeRawBufferPointer, from start: Int, to end: Int) -> UInt64 {
    if start &+ 64 <= end { return unsafe whole(pixels, start) }
    var mask: UInt64 = 0
    for x in start..<end where unsafe pixels[x] != 0 { mask |= 1 &<< UInt64(x &- start) }
    return mask
  }

  /// Whether all of 64 pixels are paper; the caller has seen that they are there.
  @inline(__always)
  static func isPaper(_ pixels: UnsafeRawBufferPointer, from start: Int) -> Bool {
    @inline(__always)
    func sixteen(_ place: Int) -> SIMD2<UInt64> {
      unsafe pixels.loadUnaligned(fromByteOffset: start &+ place, as: SIMD2<UInt64>.self)
    }
    let any = sixteen(0) | sixteen(16) | (sixteen(32) | sixteen(48))
    return any[0] | any[1] == 0
  }

  #if arch(x86_64)
    @inline(__always)
    private static func whole(_ pixels: UnsafeRawBufferPointer, _ start: Int) -> UInt64 {
      @inline(__always)
      func paper(_ place: Int) -> UInt64 {
        let sixteen = unsafe pixels.loadUnaligned(fromByteOffset: start &+ place, as: __m128i.self)
        return UInt64(UInt32(bitPattern: _mm_movemask_epi8(_mm_cmpeq_epi8(sixteen, _mm_setzero_si128()))))
      }
      return ~(paper(0) | paper(16) &<< 16 | paper(32) &<< 32 | paper(48) &<< 48)
    }
  #else
    @inline(__always)
    private static func whole(_ pixels: UnsafeRawBufferPointer, _ start: Int) -> UInt64 {
      @inline(__always)
      func word(_ n: Int) -> UInt64 {
        unsafe UInt64(
          littleEndian: pixels.loadUnaligned(fromByteOffset: start &+ 8 &* n, as: UInt64.self))
      }
      var mask: UInt64 = 0
      for n in 0..<8 {
        // The high bit of every byte that is not zero; then all eight side by side.
        let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
        let ink = (((word(n) & low) &+ low) | word(n)) & ~low
        let eight = ((ink &>> 7) &* 0x0102_0408_1020_4080) &>> 56
        mask |= eight &<< UInt64(8 &* n)
      }
      return mask
    }
  #endif
}
