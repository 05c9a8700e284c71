#if arch(x86_64)
  import CSIMD
  public import VectorTasks

  /// The convolution in SSE2, which every x86-64 has: `pmaddwd` on weights and activations of 16 bits.
  ///
  /// Two pixels and sixteen channels at a time are eight sums. SSE2 has no `pmulhrsw`; two halves of the product do.
  public enum ConvolvingSSE2 {
    // Compiled here alone: a client has not the instructions of this target.
    #if compiler(>=6.3)
      @export(interface)
    #endif
    public static func run(_ task: ConvolutionTask) {
      let blockBytes = task.lines &* task.span &* 32
      var channel = 0
      while channel < task.outputs {
        let weights = task.weights + channel / 16 &* blockBytes
        var pixel = 0
        while pixel &+ 2 <= task.count {
          two(task, weights: weights, channel: channel, pixel: pixel)
          pixel &+= 2
        }
        if pixel < task.count { one(task, weights: weights, channel: channel, pixel: pixel) }
        channel &+= 16
      }
    }

    @inline(__always)
    private static func load(_ at: UnsafeRawPointer) -> __m128i { at.loadUnaligned(as: __m128i.self) }

    @inline(__always)
    private static func add(_ sum: inout __m128i, _ pair: __m128i, _ weights: __m128i) {
      sum = _mm_add_epi32(sum, _mm_madd_epi16(pair, weights))
    }

    /// Four activations, none of them negative, as 16-bit integers.
    @inline(__always)
    private static func widened(_ at: UnsafeRawPointer) -> __m128i {
      _mm_unpacklo_epi8(_mm_cvtsi32_si128(at.loadUnaligned(as: Int32.self)), _mm_setzero_si128())
    }

    @inline(__always)
    private static func two(_ task: ConvolutionTask, weights: UnsafeRawPointer, channel: Int, pixel: Int) {
      let bias = UnsafeRawPointer(task.biases + channel)
      var (a0, a1, a2, a3) = (load(bias), load(bias + 16), load(bias + 32), load(bias + 48))
      var (b0, b1, b2, b3) = (a0, a1, a2, a3)
      var a = UnsafeRawPointer(task.input) + Int(task.inputOffsets[pixel])
      var b = UnsafeRawPointer(task.input) + Int(task.inputOffsets[pixel &+ 1])
      var w = weights
      var line = 0
      while line < task.lines {
        var i = 0
        while i < task.span {
          let (fourA, fourB) = (widened(a + i), widened(b + i))
          var (pairA, pairB) = (csimd_broadcast32_low(fourA), csimd_broadcast32_low(fourB))
          var (w0, w1, w2, w3) = (load(w), load(w + 16), load(w + 32), load(w + 48))
          add(&a0, pairA, w0)
          add(&a1, pairA, w1)
          add(&a2, pairA, w2)
          add(&a3, pairA, w3)
          add(&b0, pairB, w0)
          add(&b1, pairB, w1)
          add(&b2, pairB, w2)
          add(&b3, pairB, w3)
          (pairA, pairB) = (csimd_broadcast32_next(fourA), csimd_broadcast32_next(fourB))
          (w0, w1, w2, w3) = (load(w + 64), load(w + 80), load(w + 96), load(w + 112))
          add(&a0, pairA, w0)
          add(&a1, pairA, w1)
          add(&a2, pairA, w2)
          add(&a3, pairA, w3)
          add(&b0, pairB, w0)
          add(&b1, pairB, w1)
          add(&b2, pairB, w2)
          add(&b3, pairB, w3)
          w += 128
          i &+= 4
        }
        a += task.pitch
        b += task.pitch
        line &+= 1
      }
      store(a0, a1, a2, a3, task, channel: channel, pixel: pixel)
      store(b0, b1, b2, b3, task, channel: channel, pixel: pixel &+ 1)
    }

    @inline(__always)
    private static func one(_ task: ConvolutionTask, weights: UnsafeRawPointer, channel: Int, pixel: Int) {
      let bias = UnsafeRawPointer(task.biases + channel)
      var (a0, a1, a2, a3) = (load(bias), load(bias + 16), load(bias + 32), load(bias + 48))
      var a = UnsafeRawPointer(task.input) + Int(task.inputOffsets[pixel])
      var w = weights
      var line = 0
      while line < task.lines {
        var i = 0
        while i < task.span {
          let four = widened(a + i)
          let (pair, next) = (csimd_broadcast32_low(four), csimd_broadcast32_next(four))
          add(&a0, pair, load(w))
          add(&a1, pair, load(w + 16))
          add(&a2, pair, load(w + 32))
          add(&a3, pair, load(w + 48))
          add(&a0, next, load(w + 64))
          add(&a1, next, load(w + 80))
          add(&a2, next, load(w + 96))
          add(&a3, next, load(w + 112))
          w += 128
          i &+= 4
        }
        a += task.pitch
        line &+= 1
      }
      store(a0, a1, a2, a3, task, channel: channel, pixel: pixel)
    }

    /// (v * m + 2^14) >> 15 for 16-bit v and m, as `pmulhrsw` does it.
    @inline(__always)
    private static func scaled(_ v: __m128i, _ m: __m128i) -> __m128i {
      let (low, high) = (_mm_mullo_epi16(v, m), _mm_mulhi_epi16(v, m))
      let half = _mm_set1_epi32(1 << 14)
      let first = _mm_srai_epi32(_mm_add_epi32(_mm_unpacklo_epi16(low, high), half), 15)
      let second = _mm_srai_epi32(_mm_add_epi32(_mm_unpackhi_epi16(low, high), half), 15)
      return _mm_packs_epi32(first, second)
    }

    @inline(__always)
    private static func store(
      _ s0: __m128i, _ s1: __m128i, _ s2: __m128i, _ s3: __m128i, _ task: ConvolutionTask, channel: Int,
      pixel: Int
    ) {
      let shift = _mm_cvtsi32_si128(task.shift)
      let low = _mm_packs_epi32(_mm_sra_epi32(s0, shift), _mm_sra_epi32(s1, shift))
      let high = _mm_packs_epi32(_mm_sra_epi32(s2, shift), _mm_sra_epi32(s3, shift))
      let multipliers = UnsafeRawPointer(task.multipliers + channel)
      let (first, second) = (scaled(low, load(multipliers)), scaled(high, load(multipliers + 16)))
      guard let output = task.output else {
        let logits = UnsafeMutableRawPointer(task.logits + channel)
        logits.storeBytes(of: first, as: __m128i.self)
        (logits + 16).storeBytes(of: second, as: __m128i.self)
        return
      }
      let zero = _mm_setzero_si128()
      let bytes = _mm_packs_epi16(_mm_max_epi16(first, zero), _mm_max_epi16(second, zero))
      let at = UnsafeMutableRawPointer(output + Int(task.outputOffsets[pixel]) + channel)
      at.storeBytes(of: bytes, as: __m128i.self)
    }

    /// As many products as this processor can form: `pmaddwd` alone, 8 an instruction, in 12 chains that wait for nothing but themselves.
    ///
    /// - Parameters:
    ///   - rounds: 12 instructions each.
    ///   - seed: any number; what is multiplied, so that no compiler can know the result.
    /// - Returns: products formed, and a number that depends on all of them.
    #if compiler(>=6.3)
      @export(interface)
    #endif
    public static func peak(rounds: Int, seed: Int32) -> (products: Int, result: Int32) {
      let factor = _mm_set1_epi32(seed)
      var sums = InlineArray<12, __m128i>(repeating: _mm_set1_epi32(seed &+ 1))
      for _ in 0..<rounds {
        for i in 0..<12 { sums[unchecked: i] = _mm_madd_epi16(sums[unchecked: i], factor) }
      }
      var sum = sums[0]
      for i in 1..<12 { sum = _mm_add_epi32(sum, sums[unchecked: i]) }
      return (rounds &* 96, _mm_cvtsi128_si32(sum))
    }
  }
#endif
