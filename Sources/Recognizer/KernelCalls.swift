import VectorTasks

// Hands each task to its kernel. `isAvailable` was asked before.

#if arch(x86_64)
  import VectorAVX2
  import VectorAVXVNNI
  import VectorSSE2
  import VectorVNNI

  extension KernelSet {
    /// A layer's work; the reference makes no plans, and so no tasks.
    @inline(__always)
    func convolve(_ task: ConvolutionTask) {
      switch self {
      case .vnni: unsafe ConvolvingVNNI.run(task)
      case .avxvnni: unsafe ConvolvingAVXVNNI.run(task)
      case .avx2: unsafe ConvolvingAVX2.run(task)
      default: unsafe ConvolvingSSE2.run(task)
      }
    }

    @inline(__always)
    func find(_ task: InkTask) {
      switch self {
      case .vnni: unsafe NormalizingVNNI.find(task)
      case .avxvnni, .avx2: unsafe NormalizingAVX2.find(task)
      case .sse2: unsafe NormalizingSSE2.find(task)
      default: unsafe InkMask.find(task)
      }
    }

    /// Whether there is a fast kernel for ``AreaAverage``.
    var canAverage: Bool { self == .vnni || self == .avxvnni || self == .avx2 }

    @inline(__always)
    func average(_ task: AreaTask) { unsafe NormalizingAVX2.average(task) }
  }
#elseif arch(arm64)
  import VectorDotProduct
  import VectorNEON

  extension KernelSet {
    /// A layer's work; the reference makes no plans, and so no tasks.
    @inline(__always)
    func convolve(_ task: ConvolutionTask) {
      switch self {
      case .dotProduct: unsafe ConvolvingDotProduct.run(task)
      default: unsafe ConvolvingNEON.run(task)
      }
    }

    @inline(__always)
    func find(_ task: InkTask) {
      if self == .reference {
        unsafe InkMask.find(task)
      } else {
        unsafe NormalizingNEON.find(task)
      }
    }

    /// No fast kernel for ``AreaAverage`` is there: the vectors of plain Swift are NEON's.
    var canAverage: Bool { false }

    func average(_ task: AreaTask) {}
  }
#else
  extension KernelSet {
    /// Other processors run the reference, and make no plan.
    func convolve(_ task: ConvolutionTask) {}

    func find(_ task: InkTask) {
      unsafe InkMask.find(task)
    }

    var canAverage: Bool { false }

    func average(_ task: AreaTask) {}
  }
#endif
