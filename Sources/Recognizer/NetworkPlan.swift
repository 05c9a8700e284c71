import VectorTasks

/// All layers made ready for one kernel set, and the memory that they work in: a run counts no references and checks no bounds.
///
/// Whoever runs it is its only user; ``Network`` sees to that.
@safe final class NetworkPlan: @unchecked Sendable {
  private let layers: [LayerPlan]
  private let kernels: KernelSet
  /// One for each layer, from the memory of the one before it to its own.
  private let tasks: UnsafeMutableBufferPointer<ConvolutionTask>
  /// The padded input of each layer, each from the beginning of a cache line on.
  private let memory: UnsafeMutableRawPointer
  private let size: Int
  private let logits: UnsafeMutablePointer<Int16>

  /// Bytes of working memory.
  var workspace: Int { size + 16 * MemoryLayout<Int16>.stride }
  /// Where it lies.
  var place: UnsafeRawPointer { unsafe UnsafeRawPointer(memory) }

  /// - Parameter layers: each reads what the one before it writes; the last one alone writes logits.
  convenience init(_ layers: [Convolution], kernels: KernelSet) {
    self.init(
      layers.indices.map { n in
        let next = n + 1 < layers.count ? layers[n + 1] : nil
        return LayerPlan(
          layers[n], nextPadding: next?.padding ?? 0, nextSide: next?.paddedSide ?? 1, kernels: kernels)
      }, kernels)
  }

  /// Takes memory for layers that are ready.
  private init(_ layers: [LayerPlan], _ kernels: KernelSet) {
    self.kernels = kernels
    self.layers = layers
    // Where the input of each layer begins, and where the last one ends.
    var places = [0]
    for layer in layers { places.append(places[places.count - 1] + (layer.inputRoom + 63) / 64 * 64) }
    size = places[layers.count]
    unsafe memory = .allocate(byteCount: size, alignment: 64)
    let inputs = unsafe memory.initializeMemory(as: Int8.self, repeating: 0, count: size)
    unsafe logits = .allocate(capacity: 16)
    unsafe logits.initialize(repeating: 0, count: 16)
    unsafe tasks = .allocate(capacity: layers.count)
    for (n, layer) in layers.enumerated() {
      // The promises of ConvolutionTask: the offsets were computed from shapes that the model's reader has checked.
      precondition(layer.inputCount <= layer.inputRoom)
      precondition(layer.layer.isLast || layer.outputCount <= places[n + 2] - places[n + 1])
      let task = unsafe layer.task(input: inputs + places[n], output: inputs + places[n + 1], logits: logits)
      unsafe tasks.initializeElement(at: n, to: task)
    }
  }

  /// From the image in the first layer's input to eleven logits.
  func run() -> SIMD16<Int16> {
    for n in layers.indices { unsafe kernels.convolve(tasks[n]) }
    return unsafe UnsafeRawPointer(logits).loadUnaligned(as: SIMD16<Int16>.self)
  }

  /// The first layer's padded input.
  @unsafe var input: UnsafeMutableRawBufferPointer {
    unsafe UnsafeMutableRawBufferPointer(start: memory, count: layers[0].inputRoom)
  }

  /// The same layers with memory of their own.
  func copy() -> NetworkPlan { NetworkPlan(layers, kernels) }

  deinit {
    unsafe tasks.deallocate()
    unsafe memory.deallocate()
    unsafe logits.deallocate()
  }
}
