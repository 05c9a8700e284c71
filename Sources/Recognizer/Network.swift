/// A model with its working memory: from a 28 x 28 image to eleven logits.
///
/// Each layer writes into the middle of the next one's input, whose border stays blank, so that no kernel has to know of
/// padding. All memory is taken in `init`.
struct Network: Sendable {
  let layers: [Convolution]
  /// The ways that the fast kernels go; empty for the reference.
  private let plans: [LayerPlan]
  /// The padded input of each layer, and one more that stays empty behind the last.
  private(set) var inputs: [[Int8]]
  private var outputs = [Int16](repeating: 0, count: 16)

  /// - Parameter kernels: a set that is available here; any other is replaced by the reference.
  init(_ model: Model, kernels: KernelSet) {
    layers = model.layers
    // Eight bytes more than each holds, for kernels that read whole eights of a line.
    inputs =
      model.layers.map { [Int8](repeating: 0, count: $0.paddedSide * $0.paddedSide * $0.inputs + 8) } + [[]]
    var plans: [LayerPlan] = []
    if kernels != .reference && kernels.isAvailable {
      for n in layers.indices {
        let next = n + 1 < layers.count ? layers[n + 1] : nil
        plans.append(
          LayerPlan(
            layers[n], nextPadding: next?.padding ?? 0, nextSide: next?.paddedSide ?? 1, kernels: kernels))
      }
    }
    self.plans = plans
  }

  /// Bytes of working memory.
  var workspace: Int {
    var sum = 2 * outputs.count
    for input in inputs { sum += input.count }
    return sum
  }

  /// The logits of an image in the first eleven lanes, in 1/256 of a power of two.
  mutating func logits(of image: DigitImage) -> SIMD16<Int16> {
    load(image)
    if plans.isEmpty { runReference() } else { runPlans() }
    var logits = SIMD16<Int16>(repeating: 0)
    for i in 0..<16 { logits[i] = outputs[i] }
    return logits
  }

  /// The image as activations: 255 becomes 127.
  private mutating func load(_ image: DigitImage) {
    let (side, padding) = (layers[0].paddedSide, layers[0].padding)
    // All rows are whole: the image has 28 of them, and the input has room for its border besides.
    unsafe inputs[0].withUnsafeMutableBytes { input in
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

  private mutating func runPlans() {
    for n in plans.indices {
      var output: [Int8] = []
      swap(&output, &inputs[n + 1])
      plans[n].run(input: inputs[n], output: &output, logits: &outputs)
      swap(&output, &inputs[n + 1])
    }
  }
}
