#if arch(x86_64)
  import CSIMD
  public import Convolving

  /// The convolution in AVX-512 VNNI: `vpdpbusd` multiplies 64 bytes and adds them in 32 bits, in one instruction.
  ///
  /// Eight pixels share each load of weights: eight sums in flight hide the instruction's five cycles on two ports.
  public enum ConvolvingVNNI {
    // Compiled here alone: a client has not the instructions of this target.
    #if compiler(>=6.3)
      @export(interface)
    #endif
    public static func run(_ task: ConvolutionTask) {
      let blockBytes = task.lines &* task.span &* 16
      var channel = 0
      while channel < task.outputs {
        let weights = task.weights + channel / 16 &* blockBytes
        var pixel = 0
        while pixel &+ 8 <= task.count {
          eight(task, weights: weights, channel: channel, pixel: pixel)
          pixel &+= 8
        }
        while pixel < task.count {
          one(task, weights: weights, channel: channel, pixel: pixel)
          pixel &+= 1
        }
        channel &+= 16
      }
    }

    @inline(__always)
    private static func broadcast(_ at: UnsafeRawPointer) -> __m512i {
      _mm512_set1_epi32(at.loadUnaligned(as: Int32.self))
    }

    @inline(__always)
    private static func load(_ at: UnsafeRawPointer) -> __m512i { at.loadUnaligned(as: __m512i.self) }

    @inline(__always)
    private static func eight(_ task: ConvolutionTask, weights: UnsafeRawPointer, channel: Int, pixel: Int) {
      let bias = load(UnsafeRawPointer(task.biases + channel))
      var (a, b, c, d) = (bias, bias, bias, bias)
      var (e, f, g, h) = (bias, bias, bias, bias)
      let base = UnsafeRawPointer(task.input)
      let at = task.inputOffsets + pixel
      let (o0, o1, o2, o3) = (Int(at[0]), Int(at[1]), Int(at[2]), Int(at[3]))
      let (o4, o5, o6, o7) = (Int(at[4]), Int(at[5]), Int(at[6]), Int(at[7]))
      var w = weights
      var line = 0
      while line < task.lines {
        var p = base + line &* task.pitch
        let end = p + task.span
        while p < end {
          let four = load(w)
          a = _mm512_dpbusd_epi32(a, broadcast(p + o0), four)
          b = _mm512_dpbusd_epi32(b, broadcast(p + o1), four)
          c = _mm512_dpbusd_epi32(c, broadcast(p + o2), four)
          d = _mm512_dpbusd_epi32(d, broadcast(p + o3), four)
          e = _mm512_dpbusd_epi32(e, broadcast(p + o4), four)
          f = _mm512_dpbusd_epi32(f, broadcast(p + o5), four)
          g = _mm512_dpbusd_epi32(g, broadcast(p + o6), four)
          h = _mm512_dpbusd_epi32(h, broadcast(p + o7), four)
          w += 64
          p += 4
        }
        line &+= 1
      }
      store(a, task, channel: channel, pixel: pixel)
      store(b, task, channel: channel, pixel: pixel &+ 1)
      store(c, task, channel: channel, pixel: pixel &+ 2)
      store(d, task, channel: channel, pixel: pixel &+ 3)
      store(e, task, channel: channel, pixel: pixel &+ 4)
      store(f, task, channel: channel, pixel: pixel &+ 5)
      store(g, task, channel: channel, pixel: pixel &+ 6)
      store(h, task, channel: channel, pixel: pixel &+ 7)
    }

    /// One pixel; four sums take turns, so that no addition waits for the one before it.
    @inline(__always)
    private static func one(_ task: ConvolutionTask, weights: UnsafeRawPointer, channel: Int, pixel: Int) {
      var a = load(UnsafeRawPointer(task.biases + channel))
      var (b, c, d) = (_mm512_setzero_si512(), _mm512_setzero_si512(), _mm512_setzero_si512())
      let base = UnsafeRawPointer(task.input) + Int(task.inputOffsets[pixel])
      var w = weights
      var line = 0
      while line < task.lines {
        var p = base + line &* task.pitch
        let end = p + task.span
        while p < end {
          a = _mm512_dpbusd_epi32(a, broadcast(p), load(w))
          b = _mm512_dpbusd_epi32(b, broadcast(p + 4), load(w + 64))
          c = _mm512_dpbusd_epi32(c, broadcast(p + 8), load(w + 128))
          d = _mm512_dpbusd_epi32(d, broadcast(p + 12), load(w + 192))
          w += 256
          p += 16
        }
        line &+= 1
      }
      store(
        _mm512_add_epi32(_mm512_add_epi32(a, b), _mm512_add_epi32(c, d)), task, channel: channel, pixel: pixel
      )
    }

    /// Requantises sixteen sums: shift, saturate to 16 bits, `vpmulhrsw`, and to 0 ... 127 where a layer follows.
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
      let start = _mm512_set1_epi32(seed &+ 1)
      var (a, b, c, d, e, f, g, h, i, j, k, l) = (
        start, start, start, start, start, start, start, start, start, start, start, start
      )
      for _ in 0..<rounds {
        a = _mm512_dpbusd_epi32(a, a, factor)
        b = _mm512_dpbusd_epi32(b, b, factor)
        c = _mm512_dpbusd_epi32(c, c, factor)
        d = _mm512_dpbusd_epi32(d, d, factor)
        e = _mm512_dpbusd_epi32(e, e, factor)
        f = _mm512_dpbusd_epi32(f, f, factor)
        g = _mm512_dpbusd_epi32(g, g, factor)
        h = _mm512_dpbusd_epi32(h, h, factor)
        i = _mm512_dpbusd_epi32(i, i, factor)
        j = _mm512_dpbusd_epi32(j, j, factor)
        k = _mm512_dpbusd_epi32(k, k, factor)
        l = _mm512_dpbusd_epi32(l, l, factor)
      }
      a = _mm512_add_epi32(a, b)
      a = _mm512_add_epi32(a, c)
      a = _mm512_add_epi32(a, d)
      a = _mm512_add_epi32(a, e)
      a = _mm512_add_epi32(a, f)
      a = _mm512_add_epi32(a, g)
      a = _mm512_add_epi32(a, h)
      a = _mm512_add_epi32(a, i)
      a = _mm512_add_epi32(a, j)
      a = _mm512_add_epi32(a, k)
      a = _mm512_add_epi32(a, l)
      return (rounds &* 768, _mm_cvtsi128_si32(_mm512_castsi512_si128(a)))
    }
  }
#endif
