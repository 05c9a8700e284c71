import VectorTasks

/// A layer made ready for one kernel set: its weights in that kernel's order, and where every pixel lies.
///
/// These lie in memory of their own, which nobody writes to any more: so a plan can be shared.
@safe final class LayerPlan: @unchecked Sendable {
  let layer: Convolution
  /// Spans of a patch, their bytes (a multiple of 8), and the bytes from one to the next.
  let lines: Int
  let span: Int
  let pitch: Int
  /// Bytes of the input that the kernel reads: with its border, and with what lies behind a patch that its spans go beyond.
  let inputCount: Int
  /// Bytes of the input as it is kept: eight more than the picture has, for kernels that read whole eights of a line.
  let inputRoom: Int
  /// Bytes of the output that the kernel writes to, with the border of the layer that reads it.
  let outputCount: Int
  let kernels: KernelSet
  private let isNarrow: Bool
  private let weights: UnsafeRawPointer
  private let biases: UnsafePointer<Int32>
  private let multipliers: UnsafePointer<Int16>
  private let inputOffsets: UnsafePointer<Int32>
  private let outputOffsets: UnsafePointer<Int32>

  /// - Parameter nextPadding, nextSide: the border and the padded side of the layer that reads the output.
  init(_ layer: Convolution, nextPadding: Int, nextSide: Int, kernels: KernelSet) {
    self.layer = layer
    self.kernels = kernels
    let side = layer.outputSide
    lines = layer.kernel
    span = (layer.kernel * layer.inputs + 7) / 8 * 8
    pitch = layer.paddedSide * layer.inputs
    var inputOffsets: [Int32] = []
    var outputOffsets: [Int32] = []
    for row in 0..<side {
      for column in 0..<side {
        inputOffsets.append(Int32((row * layer.paddedSide + column) * layer.stride * layer.inputs))
        outputOffsets.append(Int32(((row + nextPadding) * nextSide + column + nextPadding) * layer.outputs))
      }
    }
    inputRoom = layer.paddedSide * layer.paddedSide * layer.inputs + 8
    inputCount = Int(inputOffsets.last ?? 0) + (lines - 1) * pitch + span
    outputCount = Int(outputOffsets.last ?? 0) + layer.outputs
    let packed = LayerPlan.pack(layer, span: span, group: kernels == .sse2 ? 2 : 4)
    isNarrow = packed.reduce(0) { max($0, $1.magnitude) } <= 64
    unsafe self.inputOffsets = LayerPlan.keep(inputOffsets)
    unsafe self.outputOffsets = LayerPlan.keep(outputOffsets)
    unsafe biases = LayerPlan.keep(layer.biases)
    unsafe multipliers = LayerPlan.keep(layer.multipliers)
    if kernels == .sse2 {
      unsafe weights = UnsafeRawPointer(LayerPlan.keep(packed.map { Int16($0) }))
    } else {
      unsafe weights = UnsafeRawPointer(LayerPlan.keep(packed))
    }
  }

  deinit {
    unsafe weights.deallocate()
    unsafe biases.deallocate()
    unsafe multipliers.deallocate()
    unsafe inputOffsets.deallocate()
    unsafe outputOffsets.deallocate()
  }

  /// A copy where a cache line begins: a register's worth that lies in two lines takes two loads.
  private static func keep<Number>(_ numbers: [Number]) -> UnsafePointer<Number> {
    let place = unsafe UnsafeMutableRawPointer.allocate(
      byteCount: numbers.count * MemoryLayout<Number>.stride, alignment: 64
    ).bindMemory(to: Number.self, capacity: numbers.count)
    for i in numbers.indices { unsafe (place + i).initialize(to: numbers[i]) }
    return unsafe UnsafePointer(place)
  }

  /// Puts the weights in the order in which they are multiplied: of sixteen channels at once, a group of inputs of each.
  ///
  /// - Parameter span: bytes of a patch's line; what lies past the layer's own inputs has weight 0.
  private static func pack(_ layer: Convolution, span: Int, group: Int) -> [Int8] {
    let own = layer.kernel * layer.inputs
    var packed = [Int8](repeating: 0, count: layer.outputs * layer.kernel * span)
    var to = 0
    for block in stride(from: 0, to: layer.outputs, by: 16) {
      for line in 0..<layer.kernel {
        for start in stride(from: 0, to: span, by: group) {
          let count = min(group, max(0, own - start))
          var from = (block &* layer.kernel &+ line) &* own &+ start
          for _ in 0..<16 {
            for i in 0..<count { packed[to &+ i] = layer.weights[from &+ i] }
            to &+= group
            from &+= layer.kernel &* own
          }
        }
      }
    }
    return packed
  }

  /// What the kernel has to do.
  ///
  /// - Parameters:
  ///   - input: at least ``inputCount`` activations.
  ///   - output: the padded input of the next layer, at least ``outputCount``; the last layer writes `logits` in its place.
  ///   - logits: sixteen.
  @unsafe func task(
    input: UnsafePointer<Int8>, output: UnsafeMutablePointer<Int8>, logits: UnsafeMutablePointer<Int16>
  ) -> ConvolutionTask {
    unsafe ConvolutionTask(
      input: input, inputOffsets: inputOffsets, count: layer.outputSide * layer.outputSide, lines: lines,
      pitch: pitch, span: span, weights: weights, biases: biases, multipliers: multipliers,
      outputs: layer.outputs, shift: Int32(layer.shift), isNarrow: isNarrow,
      output: layer.isLast ? nil : output, outputOffsets: outputOffsets, logits: logits)
  }
}
