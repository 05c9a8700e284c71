#if arch(x86_64)
  import CSIMD
  public import VectorTasks

  /// The convolution in AVX2: 32 multiplications an instruction.
  ///
  /// `vpmaddubsw` multiplies four inputs of eight channels and adds them by twos in 16 bits; two of these are added while
  /// they still fit (weights of at most 64), `vpmaddwd` with ones widens, and one addition in 32 bits ends it: five
  /// instructions for 64 multiplications. Four pixels share each load of weights; their eight sums and what they need at once
  /// just fill the sixteen registers.
  public enum ConvolvingAVX2 {
    // Compiled here alone: a client has not the instructions of this target.
    #if compiler(>=6.3)
      @export(interface)
    #endif
    public static func run(_ task: ConvolutionTask) {
      task.isNarrow ? run(task, narrow: true) : run(task, narrow: false)
    }

    @inline(__always)
    private static func run(_ task: ConvolutionTask, narrow: Bool) {
      let blockBytes = task.lines &* task.span &* 16
      var channel = 0
      while channel < task.outputs {
        let weights = task.weights + channel / 16 &* blockBytes
        var pixel = 0
        while pixel &+ 4 <= task.count {
          four(task, weights: weights, channel: channel, pixel: pixel, narrow: narrow)
          pixel &+= 4
        }
        while pixel < task.count {
          one(task, weights: weights, channel: channel, pixel: pixel, narrow: narrow)
          pixel &+= 1
        }
        channel &+= 16
      }
    }

    /// The products of eight inputs, in two broadcast fours, with eight channels, added to `sum`.
    @inline(__always)
    private static func add(
      _ sum: inout __m256i, _ first: __m256i, _ second: __m256i, _ w0: __m256i, _ w1: __m256i,
      _ ones: __m256i,
      narrow: Bool
    ) {
      if narrow {
        let products = _mm256_add_epi16(_mm256_maddubs_epi16(first, w0), _mm256_maddubs_epi16(second, w1))
        sum = _mm256_add_epi32(sum, _mm256_madd_epi16(products, ones))
      } else {
        sum = _mm256_add_epi32(sum, _mm256_madd_epi16(_mm256_maddubs_epi16(first, w0), ones))
        sum = _mm256_add_epi32(sum, _mm256_madd_epi16(_mm256_maddubs_epi16(second, w1), ones))
      }
    }

    @inline(__always)
    private static func broadcast(_ at: UnsafeRawPointer) -> __m256i {
      _mm256_set1_epi32(at.loadUnaligned(as: Int32.self))
    }

    @inline(__always)
    private static func load(_ at: UnsafeRawPointer) -> __m256i { at.loadUnaligned(as: __m256i.self) }

    @inline(__always)
    private static func four(
      _ task: ConvolutionTask, weights: UnsafeRawPointer, channel: Int, pixel: Int, narrow: Bool
    ) {
      let ones = _mm256_set1_epi16(1)
      let bias = UnsafeRawPointer(task.biases + channel)
      let (low, high) = (load(bias), load(bias + 32))
      var (a0, a1, b0, b1) = (low, high, low, high)
      var (c0, c1, d0, d1) = (low, high, low, high)
      let base = UnsafeRawPointer(task.input)
      var a = base + Int(task.inputOffsets[pixel])
      var b = base + Int(task.inputOffsets[pixel &+ 1])
      var c = base + Int(task.inputOffsets[pixel &+ 2])
      var d = base + Int(task.inputOffsets[pixel &+ 3])
      var w = weights
      var line = 0
      while line < task.lines {
        var i = 0
        while i < task.span {
          let (w0, w1, w2, w3) = (load(w), load(w + 32), load(w + 64), load(w + 96))
          var (first, second) = (broadcast(a + i), broadcast(a + i + 4))
          add(&a0, first, second, w0, w2, ones, narrow: narrow)
          add(&a1, first, second, w1, w3, ones, narrow: narrow)
          (first, second) = (broadcast(b + i), broadcast(b + i + 4))
          add(&b0, first, second, w0, w2, ones, narrow: narrow)
          add(&b1, first, second, w1, w3, ones, narrow: narrow)
          (first, second) = (broadcast(c + i), broadcast(c + i + 4))
          add(&c0, first, second, w0, w2, ones, narrow: narrow)
          add(&c1, first, second, w1, w3, ones, narrow: narrow)
          (first, second) = (broadcast(d + i), broadcast(d + i + 4))
          add(&d0, first, second, w0, w2, ones, narrow: narrow)
          add(&d1, first, second, w1, w3, ones, narrow: narrow)
          w += 128
          i &+= 8
        }
        a += task.pitch
        b += task.pitch
        c += task.pitch
        d += task.pitch
        line &+= 1
      }
      store(a0, a1, task, channel: channel, pixel: pixel)
      store(b0, b1, task, channel: channel, pixel: pixel &+ 1)
      store(c0, c1, task, channel: channel, pixel: pixel &+ 2)
      store(d0, d1, task, channel: channel, pixel: pixel &+ 3)
    }

    @inline(__always)
    private static func one(
      _ task: ConvolutionTask, weights: UnsafeRawPointer, channel: Int, pixel: Int, narrow: Bool
    ) {
      let ones = _mm256_set1_epi16(1)
      let bias = UnsafeRawPointer(task.biases + channel)
      var (a0, a1) = (load(bias), load(bias + 32))
      var a = UnsafeRawPointer(task.input) + Int(task.inputOffsets[pixel])
      var w = weights
      var line = 0
      while line < task.lines {
        var i = 0
        while i < task.span {
          let (first, second) = (broadcast(a + i), broadcast(a + i + 4))
          add(&a0, first, second, load(w), load(w + 64), ones, narrow: narrow)
          add(&a1, first, second, load(w + 32), load(w + 96), ones, narrow: narrow)
          w += 128
          i &+= 8
        }
        a += task.pitch
        line &+= 1
      }
      store(a0, a1, task, channel: channel, pixel: pixel)
    }

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

    /// As many products as this processor can form: `vpmaddubsw` alone, 32 an instruction, in 12 chains that wait for nothing but themselves.
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
        for i in 0..<12 { sums[unchecked: i] = _mm256_maddubs_epi16(sums[unchecked: i], factor) }
      }
      var sum = sums[0]
      for i in 1..<12 { sum = _mm256_add_epi16(sum, sums[unchecked: i]) }
      return (rounds &* 384, _mm_cvtsi128_si32(_mm256_castsi256_si128(sum)))
    }
  }
#endif
