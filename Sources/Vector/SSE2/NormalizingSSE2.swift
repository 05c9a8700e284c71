#if arch(x86_64)
  import CSIMD
  public import VectorTasks

  /// What the normaliser does with every pixel, in SSE2.
  public enum NormalizingSSE2 {
    /// Finds where ink begins and ends, 16 pixels at a time.
    // Compiled here alone: a client has not the instructions of this target.
    #if compiler(>=6.3)
      @export(interface)
    #endif
    public static func find(_ task: InkTask) {
      task.run { at in
        let (a, b, c, d) = (load(at), load(at + 16), load(at + 32), load(at + 48))
        if paper(_mm_or_si128(_mm_or_si128(a, b), _mm_or_si128(c, d))) == 0xFFFF { return 0 }
        return ~(paper(a) | paper(b) &<< 16 | paper(c) &<< 32 | paper(d) &<< 48)
      }
    }

    @inline(__always)
    private static func load(_ at: UnsafeRawPointer) -> __m128i { at.loadUnaligned(as: __m128i.self) }

    /// A bit for each of 16 pixels: 1 is paper.
    @inline(__always)
    private static func paper(_ pixels: __m128i) -> UInt64 {
      UInt64(UInt32(bitPattern: _mm_movemask_epi8(_mm_cmpeq_epi8(pixels, _mm_setzero_si128()))))
    }
  }
#endif
