#if arch(arm64)
  import CSIMD
  public import VectorTasks

  /// The convolution with `sdot`, which a Cortex-A76 (Raspberry Pi 5) and newer have: 16 multiplications and their sums in 32
  /// bits in one instruction. Four pixels and sixteen channels take sixteen of the 32 registers.
  public enum ConvolvingDotProduct {
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
          // Pixels past the last one are the last one again.
          four(task, weights: weights, channel: channel, pixel: pixel, last: task.count &- 1)
          pixel &+= 4
        }
        channel &+= 16
      }
    }

    @inline(__always)
    private static func load(_ at: UnsafeRawPointer) -> int8x16_t {
      csimd_load_bytes(at)
    }

    @inline(__always)
    private static func broadcast(_ at: UnsafeRawPointer) -> int8x16_t {
      vreinterpretq_s8_s32(vdupq_n_s32(at.loadUnaligned(as: Int32.self)))
    }

    @inline(__always)
    private static func four(
      _ task: ConvolutionTask, weights: UnsafeRawPointer, channel: Int, pixel: Int, last: Int
    ) {
      let bias = task.biases + channel
      let (i0, i1, i2, i3) = (
        csimd_load_ints(bias), csimd_load_ints(bias + 4), csimd_load_ints(bias + 8),
        csimd_load_ints(bias + 12)
      )
      var (a0, a1, a2, a3) = (i0, i1, i2, i3)
      var (b0, b1, b2, b3) = (i0, i1, i2, i3)
      var (c0, c1, c2, c3) = (i0, i1, i2, i3)
      var (d0, d1, d2, d3) = (i0, i1, i2, i3)
      let (pb, pc, pd) = (min(pixel &+ 1, last), min(pixel &+ 2, last), min(pixel &+ 3, last))
      let base = UnsafeRawPointer(task.input)
      var a = base + Int(task.inputOffsets[pixel])
      var b = base + Int(task.inputOffsets[pb])
      var c = base + Int(task.inputOffsets[pc])
      var d = base + Int(task.inputOffsets[pd])
      var w = weights
      var line = 0
      while line < task.lines {
        var i = 0
        while i < task.span {
          let (w0, w1, w2, w3) = (load(w), load(w + 16), load(w + 32), load(w + 48))
          var inputs = broadcast(a + i)
          a0 = vdotq_s32(a0, w0, inputs)
          a1 = vdotq_s32(a1, w1, inputs)
          a2 = vdotq_s32(a2, w2, inputs)
          a3 = vdotq_s32(a3, w3, inputs)
          inputs = broadcast(b + i)
          b0 = vdotq_s32(b0, w0, inputs)
          b1 = vdotq_s32(b1, w1, inputs)
          b2 = vdotq_s32(b2, w2, inputs)
          b3 = vdotq_s32(b3, w3, inputs)
          inputs = broadcast(c + i)
          c0 = vdotq_s32(c0, w0, inputs)
          c1 = vdotq_s32(c1, w1, inputs)
          c2 = vdotq_s32(c2, w2, inputs)
          c3 = vdotq_s32(c3, w3, inputs)
          inputs = broadcast(d + i)
          d0 = vdotq_s32(d0, w0, inputs)
          d1 = vdotq_s32(d1, w1, inputs)
          d2 = vdotq_s32(d2, w2, inputs)
          d3 = vdotq_s32(d3, w3, inputs)
          w += 64
          i &+= 4
        }
        a += task.pitch
        b += task.pitch
        c += task.pitch
        d += task.pitch
        line &+= 1
      }
      store(a0, a1, a2, a3, task, channel: channel, pixel: pixel)
      store(b0, b1, b2, b3, task, channel: channel, pixel: pb)
      store(c0, c1, c2, c3, task, channel: channel, pixel: pc)
      store(d0, d1, d2, d3, task, channel: channel, pixel: pd)
    }

    /// Requantises sixteen sums: shift, saturate to 16 bits, `sqrdmulh`, and to 0 ... 127 where a layer follows.
    @inline(__always)
    private static func store(
      _ s0: int32x4_t, _ s1: int32x4_t, _ s2: int32x4_t, _ s3: int32x4_t, _ task: ConvolutionTask,
      channel: Int,
      pixel: Int
    ) {
      let shift = vdupq_n_s32(-task.shift)
      let (t0, t1) = (vqmovn_s32(vshlq_s32(s0, shift)), vqmovn_s32(vshlq_s32(s1, shift)))
      let (t2, t3) = (vqmovn_s32(vshlq_s32(s2, shift)), vqmovn_s32(vshlq_s32(s3, shift)))
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
