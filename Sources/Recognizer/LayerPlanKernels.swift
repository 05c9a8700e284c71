import Convolving

#if arch(x86_64)
  import ConvolvingAVX2
  import ConvolvingAVXVNNI
  import ConvolvingSSE2
  import ConvolvingVNNI

  extension LayerPlan {
    /// Hands the task to its kernel. ``KernelSet/isAvailable`` was asked before the plan was made.
    @inline(__always)
    func call(_ task: ConvolutionTask) {
      switch kernels {
      case .vnni: unsafe ConvolvingVNNI.run(task)
      case .avxvnni: unsafe ConvolvingAVXVNNI.run(task)
      case .avx2: unsafe ConvolvingAVX2.run(task)
      default: unsafe ConvolvingSSE2.run(task)
      }
    }
  }
#elseif arch(arm64)
  import ConvolvingDotProduct
  import ConvolvingNEON

  extension LayerPlan {
    /// Hands the task to its kernel. ``KernelSet/isAvailable`` was asked before the plan was made.
    @inline(__always)
    func call(_ task: ConvolutionTask) {
      switch kernels {
      case .dotProduct: unsafe ConvolvingDotProduct.run(task)
      default: unsafe ConvolvingNEON.run(task)
      }
    }
  }
#else
  extension LayerPlan {
    /// Other processors run the reference, and make no plan.
    func call(_ task: ConvolutionTask) {}
  }
#endif
