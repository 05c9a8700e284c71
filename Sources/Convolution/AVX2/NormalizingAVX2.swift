#if arch(x86_64)
  import CSIMD
  public import Convolving

  /// What the normaliser does with every pixel, in AVX2.
  public enum NormalizingAVX2 {
    /// Finds where ink begins and ends, 32 pixels at a time.
    // Compiled here alone: a client has not the instructions of this target.
    #if compiler(>=6.3)
      @export(interface)
    #endif
    public static func find(_ task: InkTask) {
      task.run { at in ~(paper(at) | paper(at + 32) &<< 32) }
    }

    /// A bit for each of 32 pixels: 1 is paper.
    @inline(__always)
    private static func paper(_ at: UnsafeRawPointer) -> UInt64 {
      UInt64(UInt32(bitPattern: _mm256_movemask_epi8(_mm256_cmpeq_epi8(load(at), _mm256_setzero_si256()))))
    }

    @inline(__always)
    private static func load(_ at: UnsafeRawPointer) -> __m256i { at.loadUnaligned(as: __m256i.self) }
  }
#endif
