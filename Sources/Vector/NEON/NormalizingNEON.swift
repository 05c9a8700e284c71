#if arch(arm64)
  import CSIMD
  public import VectorTasks

  /// What the normaliser does with every pixel, in NEON.
  public enum NormalizingNEON {
    /// Finds where ink begins and ends, 64 pixels at a time: each of eight neighbours keeps a bit of its own, and three pairwise
    /// additions put all bits side by side.
    // Compiled here alone: a client has not the instructions of this target.
    #if compiler(>=6.3)
      @export(interface)
    #endif
    public static func find(_ task: InkTask) {
      let bits = vreinterpretq_u8_u64(vdupq_n_u64(0x8040_2010_0804_0201))
      task.run { at in
        let low = vpaddq_u8(ink(at, bits), ink(at + 16, bits))
        let high = vpaddq_u8(ink(at + 32, bits), ink(at + 48, bits))
        let fours = vpaddq_u8(low, high)
        return csimd_low_half(vpaddq_u8(fours, fours))
      }
    }

    /// Of 16 pixels those bits that belong to ink.
    @inline(__always)
    private static func ink(_ at: UnsafeRawPointer, _ bits: uint8x16_t) -> uint8x16_t {
      let pixels = vreinterpretq_u8_s8(csimd_load_bytes(at))
      return vandq_u8(vtstq_u8(pixels, pixels), bits)
    }
  }
#endif
