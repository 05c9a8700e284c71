#if arch(arm64)
  import CSIMD
  public import VectorTasks

  /// The convolution in the NEON that every aarch64 has, such as a Raspberry Pi 4's Cortex-A72.
  ///
  /// `smull` and `smlal` put two products into 16 bits (2 * 127 * 128 still fits), `sadalp` adds them by twos into 32: three
  /// instructions for 16 multiplications. A sum holds two channels with two halves each, which one pairwise addition joins at
  /// the end. Two pixels and sixteen channels take sixteen of the 32 registers.
  public enum ConvolvingNEON {
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
        while pixel < task.count {
          // The odd pixel at the end is done twice over.
          two(task, weights: weights, channel: channel, pixel: pixel, next: min(pixel &+ 1, task.count &- 1))
          pixel &+= 2
        }
        channel &+= 16
      }
    }

    @inline(__always)
    private static func load(_ at: UnsafeRawPointer) -> int8x16_t {
      csimd_load_bytes(at)
    }

    /// Four activations, twice.
    @inline(__always)
    private static func broadcast(_ at: UnsafeRawPointer) -> int8x8_t {
      vreinterpret_s8_s32(vdup_n_s32(at.loadUnaligned(as: Int32.self)))
    }

    /// The products of eight inputs with four channels, whose first four inputs' weights are `w0` and next `w1`.
    @inline(__always)
    private static func add(
      _ low: inout int32x4_t, _ high: inout int32x4_t, _ first: int8x8_t, _ second: int8x8_t, _ w0: int8x16_t,
      _ w1: int8x16_t
    ) {
      low = vpadalq_s16(low, vmlal_s8(vmull_s8(vget_low_s8(w0), first), vget_low_s8(w1), second))
      high = vpadalq_s16(high, vmlal_s8(vmull_s8(vget_high_s8(w0), first), vget_high_s8(w1), second))
    }

    @inline(__always)
    private static func two(
      _ task: ConvolutionTask, weights: UnsafeRawPointer, channel: Int, pixel: Int, next: Int
    ) {
      let zero = vdupq_n_s32(0)
      var (a0, a1, a2, a3) = (zero, zero, zero, zero)
      var (a4, a5, a6, a7) = (zero, zero, zero, zero)
      var (b0, b1, b2, b3) = (zero, zero, zero, zero)
      var (b4, b5, b6, b7) = (zero, zero, zero, zero)
      var a = UnsafeRawPointer(task.input) + Int(task.inputOffsets[pixel])
      var b = UnsafeRawPointer(task.input) + Int(task.inputOffsets[next])
      var w = weights
      var line = 0
      while line < task.lines {
        var i = 0
        while i < task.span {
          let (firstA, secondA) = (broadcast(a + i), broadcast(a + i + 4))
          let (firstB, secondB) = (broadcast(b + i), broadcast(b + i + 4))
          var (w0, w1) = (load(w), load(w + 64))
          add(&a0, &a1, firstA, secondA, w0, w1)
          add(&b0, &b1, firstB, secondB, w0, w1)
          (w0, w1) = (load(w + 16), load(w + 80))
          add(&a2, &a3, firstA, secondA, w0, w1)
          add(&b2, &b3, firstB, secondB, w0, w1)
          (w0, w1) = (load(w + 32), load(w + 96))
          add(&a4, &a5, firstA, secondA, w0, w1)
          add(&b4, &b5, firstB, secondB, w0, w1)
          (w0, w1) = (load(w + 48), load(w + 112))
          add(&a6, &a7, firstA, secondA, w0, w1)
          add(&b6, &b7, firstB, secondB, w0, w1)
          w += 128
          i &+= 8
        }
        a += task.pitch
        b += task.pitch
        line &+= 1
      }
      store(
        vpaddq_s32(a0, a1), vpaddq_s32(a2, a3), vpaddq_s32(a4, a5), vpaddq_s32(a6, a7), task,
        channel: channel,
        pixel: pixel)
      store(
        vpaddq_s32(b0, b1), vpaddq_s32(b2, b3), vpaddq_s32(b4, b5), vpaddq_s32(b6, b7), task,
        channel: channel,
        pixel: next)
    }

    /// Adds the biases and requantises sixteen sums: shift, saturate to 16 bits, `sqrdmulh`, and to 0 ... 127 where a
    /// layer follows.
    @inline(__always)
    private static func store(
      _ s0: int32x4_t, _ s1: int32x4_t, _ s2: int32x4_t, _ s3: int32x4_t, _ task: ConvolutionTask,
      channel: Int,
      pixel: Int
    ) {
      let bias = task.biases + channel
      let shift = vdupq_n_s32(-task.shift)
      let t0 = vqmovn_s32(vshlq_s32(vaddq_s32(s0, csimd_load_ints(bias)), shift))
      let t1 = vqmovn_s32(vshlq_s32(vaddq_s32(s1, csimd_load_ints(bias + 4)), shift))
      let t2 = vqmovn_s32(vshlq_s32(vaddq_s32(s2, csimd_load_ints(bias + 8)), shift))
      let t3 = vqmovn_s32(vshlq_s32(vaddq_s32(s3, csimd_load_ints(bias + 12)), shift))
      let multipliers = task.multipliers + channel
      let low = vqrdmulhq_s16(vcombine_s16(t0, t1), csimd_load_shorts(multipliers))
      let high = vqrdmulhq_s16(vcombine_s16(t2, t3), csimd_load_shorts(multipliers + 8))
      guard let output = task.output else {
        csimd_store_shorts(task.logits + channel, low)
        csimd_store_shorts(task.logits + channel + 8, high)
        return
      }
      let zero = vdupq_n_s16(0)
      let bytes = vcombine_s8(vqmovn_s16(vmaxq_s16(low, zero)), vqmovn_s16(vmaxq_s16(high, zero)))
      csimd_store_bytes(output + Int(task.outputOffsets[pixel]) + channel, bytes)
    }
  }
#endif
