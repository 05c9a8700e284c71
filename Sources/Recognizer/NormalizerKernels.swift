import Convolving

#if arch(x86_64)
  import ConvolvingAVX2
  import ConvolvingSSE2
  import ConvolvingVNNI

  extension KernelSet {
    /// Hands the task to its kernel. ``isAvailable`` was asked before.
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

    /// Hands the task to it.
    @inline(__always)
    func average(_ task: AreaTask) { unsafe NormalizingAVX2.average(task) }
  }
#elseif arch(arm64)
  import ConvolvingNEON

  extension KernelSet {
    /// Hands the task to its kernel. ``isAvailable`` was asked before.
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
    func find(_ task: InkTask) {
      unsafe InkMask.find(task)
    }

    var canAverage: Bool { false }

    func average(_ task: AreaTask) {}
  }
#endif
