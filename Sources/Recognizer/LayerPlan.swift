import Convolving

/// A layer made ready for one kernel set: its weights in that kernel's order, and where every pixel lies.
struct LayerPlan: Sendable {
  let layer: Convolution
  /// Spans of a patch, their bytes (a multiple of 16), and the bytes from one to the next.
  let lines: Int
  let span: Int
  let pitch: Int
  /// Bytes of the input that the kernel reads, with its border.
  let inputCount: Int
  /// Whether the input is one channel, whose patches are copied out to rows of their own.
  let isGathered: Bool
  private let inputOffsets: [Int32]
  private let outputOffsets: [Int32]
  private let narrowWeights: [Int8]
  private let wideWeights: [Int16]
  private let isNarrow: Bool
  let kernels: KernelSet

  /// - Parameter nextPadding, nextSide: the border and the padded side of the layer that reads the output.
  init(_ layer: Convolution, nextPadding: Int, nextSide: Int, kernels: KernelSet) {
    self.layer = layer
    self.kernels = kernels
    isGathered = layer.inputs == 1
    let side = layer.outputSide
    let patch = layer.kernel * layer.kernel
    if isGathered {
      lines = 1
      span = (patch + 15) / 16 * 16
      pitch = 0
      inputCount = side * side * span
    } else {
      lines = layer.kernel
      span = layer.kernel * layer.inputs
      pitch = layer.paddedSide * layer.inputs
      inputCount = layer.paddedSide * layer.paddedSide * layer.inputs
    }
    var inputOffsets: [Int32] = []
    var outputOffsets: [Int32] = []
    for row in 0..<side {
      for column in 0..<side {
        let pixel = row * side + column
        let corner = (row * layer.paddedSide + column) * layer.stride * layer.inputs
        inputOffsets.append(Int32(isGathered ? pixel * span : corner))
        outputOffsets.append(Int32(((row + nextPadding) * nextSide + column + nextPadding) * layer.outputs))
      }
    }
    self.inputOffsets = inputOffsets
    self.outputOffsets = outputOffsets
    // Inputs past the end of a gathered patch have weight 0.
    let packed = LayerPlan.pack(
      layer.weights, outputs: layer.outputs, own: isGathered ? patch : lines * span, row: lines * span,
      group: kernels == .sse2 ? 2 : 4)
    isNarrow = packed.reduce(0) { max($0, $1.magnitude) } <= 64
    wideWeights = kernels == .sse2 ? packed.map { Int16($0) } : []
    narrowWeights = kernels == .sse2 ? [] : packed
  }

  /// Puts the weights in the order in which they are multiplied: of sixteen channels at once, a group of inputs of each.
  ///
  /// - Parameters:
  ///   - own: the inputs of a channel, of which each has a weight.
  ///   - row: the inputs of a channel with those past the end, whose weight is 0.
  private static func pack(_ weights: [Int8], outputs: Int, own: Int, row: Int, group: Int) -> [Int8] {
    var packed = [Int8](repeating: 0, count: outputs * row)
    var to = 0
    for block in stride(from: 0, to: outputs, by: 16) {
      for start in stride(from: 0, to: row, by: group) {
        let count = min(group, max(0, own - start))
        var from = block &* own &+ start
        for _ in 0..<16 {
          for i in 0..<count { packed[to &+ i] = weights[from &+ i] }
          to &+= group
          from &+= own
        }
      }
    }
    return packed
  }

  /// Copies the patches of a one-channel input out, each to its own row.
  ///
  /// - Parameters:
  ///   - input: the padded input and at least eight bytes more.
  ///   - patches: ``inputCount`` bytes and at least eight more. What lies behind a patch in its row has weight 0, and may be
  ///     any activation.
  func gather(_ input: [Int8], into patches: inout [Int8]) {
    let (side, kernel) = (layer.paddedSide, layer.kernel)
    precondition(input.count >= side * side + 8 && patches.count >= inputCount + 8)
    // Each line is copied as whole words of eight; the next line overwrites what was too much, and behind the last patch and
    // the input there are eight bytes to spare.
    unsafe input.withUnsafeBytes { input in
      unsafe patches.withUnsafeMutableBytes { patches in
        var target = 0
        for row in 0..<layer.outputSide {
          for column in 0..<layer.outputSide {
            var source = (row &* side &+ column) &* layer.stride
            var at = target
            for _ in 0..<kernel {
              var i = 0
              while i < kernel {
                let word = unsafe input.loadUnaligned(fromByteOffset: source &+ i, as: UInt64.self)
                unsafe patches.storeBytes(of: word, toByteOffset: at &+ i, as: UInt64.self)
                i &+= 8
              }
              at &+= kernel
              source &+= side
            }
            target &+= span
          }
        }
      }
    }
  }

  /// Runs the layer.
  ///
  /// - Parameters:
  ///   - input: at least ``inputCount`` activations.
  ///   - output: the padded input of the next layer; empty for the last layer, which writes `logits`.
  func run(input: [Int8], output: inout [Int8], logits: inout [Int16]) {
    // The promises of ConvolutionTask: the offsets were computed from shapes that the model's reader has checked, and the
    // memory for them is the network's own.
    precondition(input.count >= inputCount && logits.count == 16)
    precondition(layer.isLast || output.count >= Int(outputOffsets.last ?? 0) + layer.outputs)
    unsafe input.withUnsafeBufferPointer { input in
      unsafe output.withUnsafeMutableBufferPointer { output in
        unsafe logits.withUnsafeMutableBufferPointer { logits in
          unsafe withTask(input.baseAddress, layer.isLast ? nil : output.baseAddress, logits.baseAddress) {
            task in
            unsafe call(task)
          }
        }
      }
    }
  }

  @inline(__always)
  private func withTask(
    _ input: UnsafePointer<Int8>?, _ output: UnsafeMutablePointer<Int8>?,
    _ logits: UnsafeMutablePointer<Int16>?,
    _ body: (ConvolutionTask) -> Void
  ) {
    unsafe inputOffsets.withUnsafeBufferPointer { inputOffsets in
      unsafe outputOffsets.withUnsafeBufferPointer { outputOffsets in
        unsafe layer.biases.withUnsafeBufferPointer { biases in
          unsafe layer.multipliers.withUnsafeBufferPointer { multipliers in
            unsafe withWeights { weights in
              guard let input = unsafe input, let logits = unsafe logits,
                let inputOffsets = inputOffsets.baseAddress,
                let outputOffsets = outputOffsets.baseAddress, let biases = biases.baseAddress,
                let multipliers = multipliers.baseAddress, let weights = weights.baseAddress
              else { return }
              unsafe body(
                ConvolutionTask(
                  input: input, inputOffsets: inputOffsets, count: layer.outputSide * layer.outputSide,
                  lines: lines,
                  pitch: pitch, span: span, weights: weights, biases: biases, multipliers: multipliers,
                  outputs: layer.outputs, shift: Int32(layer.shift), isNarrow: isNarrow, output: output,
                  outputOffsets: outputOffsets, logits: logits))
            }
          }
        }
      }
    }
  }

  @inline(__always)
  private func withWeights(_ body: (UnsafeRawBufferPointer) -> Void) {
    if kernels == .sse2 {
      unsafe wideWeights.withUnsafeBytes(body)
    } else {
      unsafe narrowWeights.withUnsafeBytes(body)
    }
  }
}
