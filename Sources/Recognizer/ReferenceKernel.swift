/// The network's layers in plain Swift: what every fast kernel has to equal, bit for bit.
///
/// Safe code, and short enough to be checked by eye against the specification in ``Convolution``.
enum ReferenceKernel {
  /// One layer.
  ///
  /// - Parameters:
  ///   - input: `paddedSide * paddedSide * inputs` activations.
  ///   - store: called with row, column, channel and the requantised sum, for every output.
  static func run(_ layer: Convolution, input: [Int8], store: (Int, Int, Int, Int16) -> Void) {
    let span = layer.kernel * layer.inputs
    let pitch = layer.paddedSide * layer.inputs
    for row in 0..<layer.outputSide {
      for column in 0..<layer.outputSide {
        let corner = row * layer.stride * pitch + column * layer.stride * layer.inputs
        var weight = 0
        for channel in 0..<layer.outputs {
          var sum = layer.biases[channel]
          for line in 0..<layer.kernel {
            let start = corner + line * pitch
            for i in start..<start + span {
              sum &+= Int32(input[i]) &* Int32(layer.weights[weight])
              weight &+= 1
            }
          }
          store(row, column, channel, layer.requantised(sum, channel: channel))
        }
      }
    }
  }
}
