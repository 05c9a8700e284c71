/// A model with its working memory: from a 28 x 28 image to eleven logits.
///
/// Each layer writes into the middle of the next one's input, whose border stays blank, so that no kernel has to know of
/// padding. All memory is taken in `init`.
struct Network: Sendable {
  let layers: [Convolution]
  /// The padded input of each layer.
  private var inputs: [[Int8]]

  init(_ model: Model) {
    layers = model.layers
    inputs = model.layers.map { [Int8](repeating: 0, count: $0.paddedSide * $0.paddedSide * $0.inputs) }
  }

  /// Bytes of working memory.
  var workspace: Int {
    var sum = 0
    for input in inputs { sum += input.count }
    return sum
  }

  /// The logits of an image in the first eleven lanes, in 1/256 of a power of two.
  mutating func logits(of image: DigitImage) -> SIMD16<Int16> {
    load(image)
    var logits = SIMD16<Int16>(repeating: 0)
    for n in layers.indices {
      if n + 1 == layers.count {
        ReferenceKernel.run(layers[n], input: inputs[n]) { _, _, channel, value in logits[channel] = value }
      } else {
        let (next, channels) = (layers[n + 1], layers[n].outputs)
        let border = next.padding
        // Taken out while it is written, so that it is never copied.
        var output: [Int8] = []
        swap(&output, &inputs[n + 1])
        ReferenceKernel.run(layers[n], input: inputs[n]) { row, column, channel, value in
          let pixel = (row + border) * next.paddedSide + column + border
          output[pixel * channels + channel] = Int8(truncatingIfNeeded: max(0, min(127, value)))
        }
        swap(&output, &inputs[n + 1])
      }
    }
    return logits
  }

  /// The image as activations: 255 becomes 127.
  private mutating func load(_ image: DigitImage) {
    let first = layers[0]
    for row in 0..<DigitImage.side {
      let start = (row + first.padding) * first.paddedSide + first.padding
      for column in 0..<DigitImage.side {
        inputs[0][start + column] = Int8(
          truncatingIfNeeded: image.pixels[row * DigitImage.side + column] >> 1)
      }
    }
  }
}
