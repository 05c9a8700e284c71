#if arch(x86_64)
  import CSIMD
  public import VectorTasks

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

    /// Makes the box of a picture smaller.
    ///
    /// First all rows of the result: their columns' sums, of 16 bits, lie in memory before any of them is read. Then four columns of the
    /// result at a time, from top to bottom.
    #if compiler(>=6.3)
      @export(interface)
    #endif
    public static func average(_ task: AreaTask) {
      for row in 0..<task.count {
        add(task.rows[row], of: task, to: task.sums + 2 &* AreaTask.pitch &* row)
      }
      let mean = Mean(pixel: task.pixel)
      var column = 0
      while column < AreaTask.side {
        let (a, b) = (Window(column, task), Window(column &+ 1, task))
        let (c, d) = (Window(column &+ 2, task), Window(column &+ 3, task))
        var sums = UnsafePointer(task.sums)
        var target = UnsafeMutableRawPointer(task.patch + column)
        for _ in 0..<task.count {
          let ab = _mm256_hadd_epi32(a.sums(of: sums), b.sums(of: sums))
          let cd = _mm256_hadd_epi32(c.sums(of: sums), d.sums(of: sums))
          let halves = _mm256_hadd_epi32(ab, cd)
          let four = _mm_add_epi32(_mm256_castsi256_si128(halves), csimd_high_half(halves))
          target.storeBytes(of: mean.of(four), as: Int32.self)
          sums += 2 &* AreaTask.pitch
          target += AreaTask.side
        }
        column &+= 4
      }
    }

    /// Adds up rows of the box, column by column: at most 15 whole ones, and the parts of two, times at most 40.
    @inline(__always)
    private static func add(_ rows: AreaRows, of task: AreaTask, to sums: UnsafeMutablePointer<UInt16>) {
      let above = task.box + rows.above &* task.stride
      let below = task.box + rows.below &* task.stride
      let aboveShare = _mm256_set1_epi16(Int16(truncatingIfNeeded: rows.aboveShare))
      let belowShare = _mm256_set1_epi16(Int16(truncatingIfNeeded: rows.belowShare))
      let whole = task.box + rows.whole.lowerBound &* task.stride
      let count = rows.whole.upperBound &- rows.whole.lowerBound
      @inline(__always)
      func parts(_ x: Int) -> __m256i {
        _mm256_add_epi16(
          _mm256_mullo_epi16(sixteen(above + x), aboveShare),
          _mm256_mullo_epi16(sixteen(below + x), belowShare))
      }
      var x = 0
      while x < task.width {
        // The last step goes back, so as to end where the box ends: the picture may end there too.
        x = min(x, task.width &- 32)
        var (first, second) = (_mm256_setzero_si256(), _mm256_setzero_si256())
        var row = whole + x
        for _ in 0..<count {
          first = _mm256_add_epi16(first, sixteen(row))
          second = _mm256_add_epi16(second, sixteen(row + 16))
          row += task.stride
        }
        let to = UnsafeMutableRawPointer(sums + x)
        to.storeBytes(of: first, as: __m256i.self)
        (to + 32).storeBytes(of: second, as: __m256i.self)
        (to + 2 &* AreaTask.pitch).storeBytes(of: parts(x), as: __m256i.self)
        (to + 2 &* AreaTask.pitch + 32).storeBytes(of: parts(x &+ 16), as: __m256i.self)
        x &+= 32
      }
    }

    /// Sixteen pixels, widened.
    @inline(__always)
    private static func sixteen(_ at: UnsafeRawPointer) -> __m256i {
      _mm256_cvtepu8_epi16(at.loadUnaligned(as: __m128i.self))
    }

    /// The sixteen columns of the box from the first that a pixel of the result covers, with what it covers of each.
    private struct Window {
      let first: Int
      /// In fortieths, 0 ... 40: what the sums of parts of rows are multiplied with.
      let shares: __m256i
      /// 40 times as much: what the sums of whole rows are multiplied with.
      let areas: __m256i

      @inline(__always)
      init(_ column: Int, _ task: AreaTask) {
        let end = 40 &* task.width
        let left = min(end, max(0, column &* task.pixel &- task.offset))
        let right = min(end, (column &+ 1) &* task.pixel &- task.offset)
        first = left / 40
        // No number here is beyond 40 * (300 + 16).
        let steps = __v16hi(0, 40, 80, 120, 160, 200, 240, 280, 320, 360, 400, 440, 480, 520, 560, 600)
        let begins = _mm256_add_epi16(unsafeBitCast(steps, to: __m256i.self), Window.all(40 &* first))
        let ends = _mm256_add_epi16(begins, Window.all(40))
        let covered = _mm256_sub_epi16(
          _mm256_min_epi16(ends, Window.all(right)), _mm256_max_epi16(begins, Window.all(left)))
        shares = _mm256_max_epi16(covered, _mm256_setzero_si256())
        areas = _mm256_mullo_epi16(shares, Window.all(40))
      }

      @inline(__always)
      private static func all(_ value: Int) -> __m256i {
        _mm256_set1_epi16(Int16(truncatingIfNeeded: value))
      }

      /// Ink times area, in eight sums. Past the box's columns anything may lie: it is multiplied with 0.
      @inline(__always)
      func sums(of columns: UnsafePointer<UInt16>) -> __m256i {
        let at = UnsafeRawPointer(columns + first)
        return _mm256_add_epi32(
          _mm256_madd_epi16(load(at), areas), _mm256_madd_epi16(load(at + 2 &* AreaTask.pitch), shares))
      }
    }

    /// Divides by an area, and rounds to the nearest, a half up.
    ///
    /// With d = 2 * area < 2^b, n = 2 * sum + area is less than 256 d, and f = 2^(8 + 2b) / d + 1 is too large by less than one: n * f / 2^(8 + 2b)
    /// is beyond n / d by less than 1 / d, and so has the same whole part (Granlund and Montgomery 1994).
    private struct Mean {
      let area: __m128i
      let factor: __m128i
      let shift: __m128i

      /// - Parameter pixel: the side of the area, 64 ... 600.
      @inline(__always)
      init(pixel: Int) {
        let twice = 2 &* pixel &* pixel
        let bits = 8 &+ 2 &* (Int.bitWidth &- twice.leadingZeroBitCount)
        area = _mm_set1_epi32(Int32(truncatingIfNeeded: pixel &* pixel))
        factor = _mm_set1_epi32(Int32(truncatingIfNeeded: (1 &<< bits) / twice &+ 1))
        shift = _mm_cvtsi32_si128(Int32(truncatingIfNeeded: bits))
      }

      /// Four means, a byte each.
      ///
      /// - Parameter sums: each at most 255 times the area.
      @inline(__always)
      func of(_ sums: __m128i) -> Int32 {
        let twice = _mm_add_epi32(_mm_add_epi32(sums, sums), area)
        // A product of 64 bits takes two lanes.
        let even = _mm_srl_epi64(_mm_mul_epu32(twice, factor), shift)
        let odd = _mm_srl_epi64(_mm_mul_epu32(_mm_srli_epi64(twice, 32), factor), shift)
        let words = _mm_or_si128(even, _mm_slli_epi64(odd, 32))
        let halves = _mm_packs_epi32(words, words)
        return _mm_cvtsi128_si32(_mm_packus_epi16(halves, halves))
      }
    }
  }
#endif
