#if arch(x86_64)
  import CSIMD
  public import VectorTasks

  /// The convolution in AVX-VNNI, the 256-bit form of `vpdpbusd` on processors without AVX-512, such as an Intel N100: 32
  /// multiplications and their sums in 32 bits, in one instruction.
  ///
  /// Six pixels and sixteen channels at a time are twelve sums; with two registers of weights and one of inputs they leave one of
  /// the sixteen free.
  public enum ConvolvingAVXVNNI {
    // Compiled here alone: a client has not the instructions of this target.
    #if compiler(>=6.3)
      @export(interface)
    #endif
    public static func run(_ task: ConvolutionTask) {
      var channel = 0
      while channel < task.outputs {
        var pixel = 0
        // In tiles of about one size: every square of pixels is made of ones, fours, fives and sixes.
        while pixel < task.count {
          let left = task.count &- pixel
          switch left / ((left &+ 5) / 6) {
          case 6: pixel &+= Tile<6>.run(task, channel: channel, pixel: pixel)
          case 5: pixel &+= Tile<5>.run(task, channel: channel, pixel: pixel)
          case 4: pixel &+= Tile<4>.run(task, channel: channel, pixel: pixel)
          default: pixel &+= Tile<1>.run(task, channel: channel, pixel: pixel)
          }
        }
        channel &+= 16
      }
    }

    /// So many pixels of sixteen channels. The compiler keeps all of its sums in registers.
    private enum Tile<let count: Int> {
      @inline(__always)
      static func run(_ task: ConvolutionTask, channel: Int, pixel: Int) -> Int {
        let biases = UnsafeRawPointer(task.biases + channel)
        var low = InlineArray<count, __m256i>(repeating: load(biases))
        var high = InlineArray<count, __m256i>(repeating: load(biases + 32))
        let offsets = InlineArray<count, Int> { Int(task.inputOffsets[pixel &+ $0]) }
        var w = task.weights + channel &* task.lines &* task.span
        var line = UnsafeRawPointer(task.input)
        for _ in 0..<task.lines {
          var p = line
          let end = line + task.span
          while p < end {
            let (w0, w1) = (load(w), load(w + 32))
            for i in 0..<count {
              let four = broadcast(p + offsets[unchecked: i])
              low[unchecked: i] = _mm256_dpbusd_avx_epi32(low[unchecked: i], four, w0)
              high[unchecked: i] = _mm256_dpbusd_avx_epi32(high[unchecked: i], four, w1)
            }
            w += 64
            p += 4
          }
          line += task.pitch
        }
        for i in 0..<count {
          store(low[unchecked: i], high[unchecked: i], task, channel: channel, pixel: pixel &+ i)
        }
        return count
      }
    }

    @inline(__always)
    private static func broadcast(_ at: UnsafeRawPointer) -> __m256i {
      _mm256_set1_epi32(at.loadUnaligned(as: Int32.self))
    }

    @inline(__always)
    private static func load(_ at: UnsafeRawPointer) -> __m256i { at.loadUnaligned(as: __m256i.self) }

    /// Requantises sixteen sums: shift, saturate to 16 bits, `vpmulhrsw`, and to 0 ... 127 where a layer follows.
    @inline(__always)
    private static func store(
      _ low: __m256i, _ high: __m256i, _ task: ConvolutionTask, channel: Int, pixel: Int
    ) {
      let shift = _mm_cvtsi32_si128(task.shift)
      let packed = _mm256_packs_epi32(_mm256_sra_epi32(low, shift), _mm256_sra_epi32(high, shift))
      // Packing works in halves of the register: the middle quarters change places.
      let ordered = csimd_permute_lanes(packed)
      let scaled = _mm256_mulhrs_epi16(ordered, load(UnsafeRawPointer(task.multipliers + channel)))
      guard let output = task.output else {
        UnsafeMutableRawPointer(task.logits + channel).storeBytes(of: scaled, as: __m256i.self)
        return
      }
      let positive = _mm256_max_epi16(scaled, _mm256_setzero_si256())
      let bytes = _mm_packs_epi16(_mm256_castsi256_si128(positive), csimd_high_half(positive))
      let at = UnsafeMutableRawPointer(output + Int(task.outputOffsets[pixel]) + channel)
      at.storeBytes(of: bytes, as: __m128i.self)
    }

    /// As many products as this processor can form: `vpdpbusd` alone, 32 an instruction, in 12 chains that wait for nothing but themselves.
    ///
    /// - Parameters:
    ///   - rounds: 12 instructions each.
    ///   - seed: any number; what is multiplied, so that no compiler can know the result.
    /// - Returns: products formed, and a number that depends on all of them.
    #if compiler(>=6.3)
      @export(interface)
    #endif
    public static func peak(rounds: Int, seed: Int32) -> (products: Int, result: Int32) {
      let factor = _mm256_set1_epi32(seed)
      var sums = InlineArray<12, __m256i>(repeating: _mm256_set1_epi32(seed &+ 1))
      for _ in 0..<rounds {
        for i in 0..<12 {
          sums[unchecked: i] = _mm256_dpbusd_avx_epi32(sums[unchecked: i], sums[unchecked: i], factor)
        }
      }
      var sum = sums[0]
      for i in 1..<12 { sum = _mm256_add_epi32(sum, sums[unchecked: i]) }
      return (rounds &* 384, _mm_cvtsi128_si32(_mm256_castsi256_si128(sum)))
    }
  }
#endif
