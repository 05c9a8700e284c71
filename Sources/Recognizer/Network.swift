/// A model with its working memory: from a 28 x 28 image to eleven logits.
///
/// Each layer writes into the middle of the next one's input, whose border stays blank, so that no kernel has to know of
/// padding. All memory is taken in `init`.
struct Network: Sendable {
  let layers: [Convolution]
  /// The way that the fast kernels go; nil for the reference.
  private var plan: NetworkPlan?
  /// The reference's padded input of each layer, and one more that stays empty behind the last.
  private var inputs: [[Int8]] = []
  private var outputs = SIMD16<Int16>(repeating: 0)

  /// - Parameter kernels: a set that is available here; any other is replaced by the reference.
  init(_ model: Model, kernels: KernelSet) {
    layers = model.layers
    if kernels != .reference && kernels.isAvailable {
      plan = NetworkPlan(layers, kernels: kernels)
    } else {
      inputs =
        layers.map { [Int8](repeating: 0, count: $0.paddedSide * $0.paddedSide * $0.inputs) } + [[]]
    }
  }

  /// Bytes of working memory.
  var workspace: Int {
    plan?.workspace ?? inputs.reduce(MemoryLayout.size(ofValue: outputs)) { $0 + $1.count }
  }

  /// Where each part of the working memory lies.
  var places: [UnsafeRawPointer?] {
    if let plan { return unsafe [plan.place] }
    return unsafe inputs.map { unsafe $0.withUnsafeBytes { $0.baseAddress } }
  }

  /// The logits of an image in the first eleven lanes, in 1/256 of a power of two.
  mutating func logits(of image: DigitImage) -> SIMD16<Int16> {
    if plan != nil {
      // Of a copy and what it was copied from, each has memory of its own from its first image on.
      if !isKnownUniquelyReferenced(&plan) { plan = plan?.copy() }
      if let plan {
        unsafe Network.load(image, to: plan.input, of: layers[0])
        return plan.run()
      }
    }
    unsafe inputs[0].withUnsafeMutableBytes { unsafe Network.load(image, to: $0, of: layers[0]) }
    runReference()
    return outputs
  }

  /// The image as activations: 255 becomes 127.
  private static func load(
    _ image: DigitImage, to input: UnsafeMutableRawBufferPointer, of layer: Convolution
  ) {
    let (side, padding) = (layer.paddedSide, layer.padding)
    // All rows are whole: the image has 28 of them, and the input has room for its border besides.
    unsafe image.pixels.withUnsafeBytes { pixels in
      for row in 0..<DigitImage.side {
        let (target, source) = ((row &+ padding) &* side &+ padding, row &* DigitImage.side)
        // Words of eight, of which the last begins in the one before it.
        for part in 0..<4 {
          let i = min(8 &* part, DigitImage.side &- 8)
          let word = unsafe pixels.loadUnaligned(fromByteOffset: source &+ i, as: UInt64.self)
          unsafe input.storeBytes(
            of: word &>> 1 & 0x7f7f_7f7f_7f7f_7f7f, toByteOffset: target &+ i, as: UInt64.self)
        }
      }
    }
  }

  private mutating func runReference() {
    for n in layers.indices {
      // Taken out while it is written, so that it is never copied.
      var output: [Int8] = []
      swap(&output, &inputs[n + 1])
      if n + 1 == layers.count {
        ReferenceKernel.run(layers[n], input: inputs[n]) { _, _, channel, value in outputs[channel] = value }
      } else {
        let (next, channels) = (layers[n + 1], layers[n].outputs)
        ReferenceKernel.run(layers[n], input: inputs[n]) { row, column, channel, value in
          let pixel = (row + next.padding) * next.paddedSide + column + next.padding
          output[pixel * channels + channel] = Int8(truncatingIfNeeded: max(0, min(127, value)))
        }
      }
      swap(&output, &inputs[n + 1])
    }
  }
}
