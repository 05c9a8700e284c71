/// One layer's work for a fast kernel: where everything lies, with all shapes checked before.
///
/// An output pixel's patch is `lines` spans of `span` bytes, `pitch` bytes apart, from its input offset on. The kernel
/// multiplies it with sixteen output channels at a time, and requantises as ``Convolution`` in Recognizer says.
///
/// Whoever makes a task promises that every offset plus `(lines - 1) * pitch + span` lies inside the input, that weights hold
/// `outputs * lines * span` elements, that `outputs` is a multiple of 16, and `span` of 8.
@unsafe public struct ConvolutionTask {
  public var input: UnsafePointer<Int8>
  /// Where each output pixel's patch begins in `input`.
  public var inputOffsets: UnsafePointer<Int32>
  /// Output pixels.
  public var count: Int
  public var lines: Int
  public var pitch: Int
  public var span: Int
  /// The weights in the kernel's own order; see ``WeightOrder``.
  public var weights: UnsafeRawPointer
  public var biases: UnsafePointer<Int32>
  public var multipliers: UnsafePointer<Int16>
  /// Output channels.
  public var outputs: Int
  public var shift: Int32
  /// Whether no weight is beyond -64 ... 64, so that four products of bytes fit 16 bits.
  public var isNarrow: Bool
  /// Activations of 0 ... 127; nil for the last layer.
  public var output: UnsafeMutablePointer<Int8>?
  /// Where each output pixel begins in `output`.
  public var outputOffsets: UnsafePointer<Int32>
  /// Where the last layer's one pixel goes.
  public var logits: UnsafeMutablePointer<Int16>

  public init(
    input: UnsafePointer<Int8>, inputOffsets: UnsafePointer<Int32>, count: Int, lines: Int, pitch: Int,
    span: Int,
    weights: UnsafeRawPointer, biases: UnsafePointer<Int32>, multipliers: UnsafePointer<Int16>, outputs: Int,
    shift: Int32, isNarrow: Bool, output: UnsafeMutablePointer<Int8>?, outputOffsets: UnsafePointer<Int32>,
    logits: UnsafeMutablePointer<Int16>
  ) {
    self.input = input
    self.inputOffsets = inputOffsets
    self.count = count
    self.lines = lines
    self.pitch = pitch
    self.span = span
    self.weights = weights
    self.biases = biases
    self.multipliers = multipliers
    self.outputs = outputs
    self.shift = shift
    self.isNarrow = isNarrow
    self.output = output
    self.outputOffsets = outputOffsets
    self.logits = logits
  }
}

/// How a kernel wants its weights: sixteen channels after sixteen channels, and in each block
public enum WeightOrder: Sendable {
  /// four inputs of every channel after four inputs of every channel, as bytes;
  case fours
  /// two inputs of every channel after two inputs of every channel, as 16-bit integers.
  case wideTwos
}
