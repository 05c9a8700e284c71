#if arch(x86_64)
  import CSIMD
  public import VectorTasks

  /// The convolution in AVX-512 VNNI: `vpdpbusd` multiplies 64 bytes and adds them in 32 bits, in one instruction.
  ///
  /// Ten pixels and 32 channels at a time are twenty sums, more than the instruction's latency times its two ports; they need
  /// twelve loads, so that the products, and not the loads, are what takes the time.
  public enum ConvolvingVNNI {
    // Compiled here alone: a client has not the instructions of this target.
    #if compiler(>=6.3)
      @export(interface)
    #endif
    public static func run(_ task: ConvolutionTask) {
      var channel = 0
      if let output = task.output {
        // Of four pixels 64 channels are as many sums as of eight pixels 32.
        if task.count == 4 {
          while channel &+ 64 <= task.outputs {
            _ = Tile<4, 4>.run(task, channel: channel, pixel: 0, output: output)
            channel &+= 64
          }
        }
        while channel &+ 32 <= task.outputs {
          pair(task, channel: channel, output: output)
          channel &+= 32
        }
      }
      while channel < task.outputs {
        for pixel in 0..<task.count { one(task, channel: channel, pixel: pixel) }
        channel &+= 16
      }
    }

    /// All pixels of 32 channels, in tiles of about one size: every square is one pixel, four, or made of eights, nines and tens.
    @inline(__always)
    private static func pair(_ task: ConvolutionTask, channel: Int, output: UnsafeMutablePointer<Int8>) {
      var pixel = 0
      while pixel < task.count {
        let left = task.count &- pixel
        switch left / ((left &+ 9) / 10) {
        case 10: pixel &+= Tile<10, 2>.run(task, channel: channel, pixel: pixel, output: output)
        case 9: pixel &+= Tile<9, 2>.run(task, channel: channel, pixel: pixel, output: output)
        case 8: pixel &+= Tile<8, 2>.run(task, channel: channel, pixel: pixel, output: output)
        case 4: pixel &+= Tile<4, 2>.run(task, channel: channel, pixel: pixel, output: output)
        default: pixel &+= Tile<1, 2>.run(task, channel: channel, pixel: pixel, output: output)
        }
      }
    }

    /// So many pixels, and so many times 16 channels of each. The compiler keeps all of its sums in registers, as long as the
    /// loops over them are short enough to be unrolled: twelve are not.
    private enum Tile<let count: Int, let blocks: Int> {
      @inline(__always)
      static func run(
        _ task: ConvolutionTask, channel: Int, pixel: Int, output: UnsafeMutablePointer<Int8>
      ) -> Int {
        let biases = UnsafeRawPointer(task.biases + channel)
        var sums = InlineArray<blocks, InlineArray<count, __m512i>> {
          InlineArray(repeating: load(biases + 64 &* $0))
        }
        let offsets = InlineArray<count, Int> { Int(task.inputOffsets[pixel &+ $0]) }
        let block = task.lines &* task.span &* 16
        var w = task.weights + channel / 16 &* block
        var line = UnsafeRawPointer(task.input)
        for _ in 0..<task.lines {
          var p = line
          let end = line + task.span
          while p < end {
            let weights = InlineArray<blocks, __m512i> { load(w + $0 &* block) }
            for i in 0..<count {
              let four = broadcast(p + offsets[unchecked: i])
              for b in 0..<blocks {
                sums[unchecked: b][unchecked: i] = _mm512_dpbusd_epi32(
                  sums[unchecked: b][unchecked: i], four, weights[unchecked: b])
              }
            }
            w += 64
            p += 4
          }
          line += task.pitch
        }
        for i in 0..<count {
          let at = output + Int(task.outputOffsets[pixel &+ i]) + channel
          for b in 0..<blocks / 2 {
            store(
              sums[unchecked: 2 &* b][unchecked: i], sums[unchecked: 2 &* b &+ 1][unchecked: i], task,
              channel: channel &+ 32 &* b, at: at + 32 &* b)
          }
        }
        return count
      }
    }

    @inline(__always)
    private static func broadcast(_ at: UnsafeRawPointer) -> __m512i {
      _mm512_set1_epi32(at.loadUnaligned(as: Int32.self))
    }

    @inline(__always)
    private static func load(_ at: UnsafeRawPointer) -> __m512i { at.loadUnaligned(as: __m512i.self) }

    /// One pixel of sixteen channels; four sums take turns, so that no addition waits for the one before it.
    @inline(__always)
    private static func one(_ task: ConvolutionTask, channel: Int, pixel: Int) {
      var a = load(UnsafeRawPointer(task.biases + channel))
      var (b, c, d) = (_mm512_setzero_si512(), _mm512_setzero_si512(), _mm512_setzero_si512())
      var w = task.weights + channel &* task.lines &* task.span
      var line = UnsafeRawPointer(task.input) + Int(task.inputOffsets[pixel])
      for _ in 0..<task.lines {
        var p = line
        let end = line + task.span
        while p < end {
          a = _mm512_dpbusd_epi32(a, broadcast(p), load(w))
          b = _mm512_dpbusd_epi32(b, broadcast(p + 4), load(w + 64))
          // A span is whole eights.
          if p + 8 < end {
            c = _mm512_dpbusd_epi32(c, broadcast(p + 8), load(w + 128))
            d = _mm512_dpbusd_epi32(d, broadcast(p + 12), load(w + 192))
            w += 128
          }
          w += 128
          p += 16
        }
        line += task.pitch
      }
      store(
        _mm512_add_epi32(_mm512_add_epi32(a, b), _mm512_add_epi32(c, d)), task, channel: channel, pixel: pixel
      )
    }

    /// Requantises 32 sums: shift, saturate to 16 bits, `vpmulhrsw`, and to 0 ... 127.
    @inline(__always)
    private static func store(
      _ low: __m512i, _ high: __m512i, _ task: ConvolutionTask, channel: Int, at: UnsafeMutablePointer<Int8>
    ) {
      let shift = _mm_cvtsi32_si128(task.shift)
      let packed = _mm512_packs_epi32(_mm512_sra_epi32(low, shift), _mm512_sra_epi32(high, shift))
      // Packing works in quarters of the register: each of them has four channels of `low`, and four of `high`.
      let ordered = _mm512_permutexvar_epi64(__m512i(0, 2, 4, 6, 1, 3, 5, 7), packed)
      let scaled = _mm512_mulhrs_epi16(ordered, load(UnsafeRawPointer(task.multipliers + channel)))
      let bytes = _mm512_cvtsepi16_epi8(_mm512_max_epi16(scaled, _mm512_setzero_si512()))
      UnsafeMutableRawPointer(at).storeBytes(of: bytes, as: __m256i.self)
    }

    /// Requantises sixteen sums in the same way; the last layer's stay 16 bits.
    @inline(__always)
    private static func store(_ sums: __m512i, _ task: ConvolutionTask, channel: Int, pixel: Int) {
      let shifted = _mm512_sra_epi32(sums, _mm_cvtsi32_si128(task.shift))
      let multipliers = UnsafeRawPointer(task.multipliers + channel).loadUnaligned(as: __m256i.self)
      let scaled = _mm256_mulhrs_epi16(_mm512_cvtsepi32_epi16(shifted), multipliers)
      guard let output = task.output else {
        UnsafeMutableRawPointer(task.logits + channel).storeBytes(of: scaled, as: __m256i.self)
        return
      }
      let bytes = _mm256_cvtsepi16_epi8(_mm256_max_epi16(scaled, _mm256_setzero_si256()))
      let at = UnsafeMutableRawPointer(output + Int(task.outputOffsets[pixel]) + channel)
      at.storeBytes(of: bytes, as: __m128i.self)
    }

    /// As many products as this processor can form: `vpdpbusd` alone, 64 an instruction, in 12 chains that wait for nothing but themselves.
    ///
    /// - Parameters:
    ///   - rounds: 12 instructions each.
    ///   - seed: any number; what is multiplied, so that no compiler can know the result.
    /// - Returns: products formed, and a number that depends on all of them.
    #if compiler(>=6.3)
      @export(interface)
    #endif
    public static func peak(rounds: Int, seed: Int32) -> (products: Int, result: Int32) {
      let factor = _mm512_set1_epi32(seed)
      var sums = InlineArray<12, __m512i>(repeating: _mm512_set1_epi32(seed &+ 1))
      for _ in 0..<rounds {
        for i in 0..<12 {
          sums[unchecked: i] = _mm512_dpbusd_epi32(sums[unchecked: i], sums[unchecked: i], factor)
        }
      }
      var sum = sums[0]
      for i in 1..<12 { sum = _mm512_add_epi32(sum, sums[unchecked: i]) }
      return (rounds &* 768, _mm_cvtsi128_si32(_mm512_castsi512_si128(sum)))
    }
  }
#endif
