#if arch(x86_64)
  import VectorAVX2
  import VectorAVXVNNI
  import VectorSSE2
  import VectorVNNI
#endif

/// The most products of bytes a second that a kernel set's multiplying instruction can form on this processor: what the
/// network's speed is a share of.
///
/// It is measured, like the network, and in the same run: clocks and the number of multipliers differ from processor to
/// processor. Nothing is loaded, added up or stored meanwhile, so no convolution reaches it.
public struct PeakRate: Equatable, Sendable {
  /// Products in a nanosecond.
  public let products: Double

  /// - Parameter clock: a monotonic time in nanoseconds.
  /// - Returns: nil for plain Swift, which has no such instruction, and for kernels that are not measured.
  public init?(of kernels: KernelSet, clock: () -> UInt64) {
    #if arch(x86_64)
      guard kernels.isAvailable else { return nil }
      var best = 0.0
      var seed: Int32 = 3
      // The best of several: whatever else the processor did is not its peak.
      for _ in 0..<40 {
        let start = clock()
        let (products, result): (Int, Int32)
        switch kernels {
        case .sse2: (products, result) = ConvolvingSSE2.peak(rounds: 20_000, seed: seed)
        case .avx2: (products, result) = ConvolvingAVX2.peak(rounds: 20_000, seed: seed)
        case .avxvnni: (products, result) = ConvolvingAVXVNNI.peak(rounds: 20_000, seed: seed)
        case .vnni: (products, result) = ConvolvingVNNI.peak(rounds: 20_000, seed: seed)
        case .reference, .neon, .dotProduct: return nil
        }
        let took = clock() &- start
        seed = result | 1
        if took > 0 { best = max(best, Double(products) / Double(took)) }
      }
      self.products = best
    #else
      return nil
    #endif
  }
}
