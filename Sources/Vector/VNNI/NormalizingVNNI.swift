#if arch(x86_64)
  import CSIMD
  public import VectorTasks

  /// What the normaliser does with every pixel, in AVX-512.
  public enum NormalizingVNNI {
    /// Finds where ink begins and ends: 64 pixels by one instruction, and then the changes of eight words at once.
    // Compiled here alone: a client has not the instructions of this target.
    #if compiler(>=6.3)
      @export(interface)
    #endif
    public static func find(_ task: InkTask) {
      var block = 0
      while block < task.count {
        let pixels = (task.pixels + 64 &* block).loadUnaligned(as: __m512i.self)
        task.changes[block] = _mm512_test_epi8_mask(pixels, pixels)
        block &+= 1
      }
      (task.changes - 1).pointee = task.isInk ? 1 &<< 63 : 0
      task.marks[(task.count &- 1) / 64] = 0
      // From the last to the first, since each looks at the word before it.
      let marks = UnsafeMutableRawPointer(task.marks)
      block = (task.count &- 1) & ~7
      var valid = UInt8(truncatingIfNeeded: 0xFF &>> (block &+ 8 &- task.count))
      while block >= 0 {
        let at = UnsafeMutableRawPointer(task.changes + block)
        let ink = at.loadUnaligned(as: __m512i.self)
        let before = (at - 8).loadUnaligned(as: __m512i.self)
        let moved = _mm512_or_si512(_mm512_slli_epi64(ink, 1), _mm512_srli_epi64(before, 63))
        let changes = _mm512_xor_si512(ink, moved)
        at.storeBytes(of: changes, as: __m512i.self)
        marks.storeBytes(
          of: valid & _mm512_test_epi64_mask(changes, changes), toByteOffset: block / 8, as: UInt8.self)
        valid = 0xFF
        block &-= 8
      }
    }
  }
#endif
