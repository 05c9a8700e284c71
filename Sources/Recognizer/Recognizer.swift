/// Reads a digit in a drawing, by integers only: the same bits on every processor.
///
/// It keeps its working memory, so it is a `var` that belongs to one thread.
///
///     var recognizer = try Recognizer(model: bytes)
///     let reading = recognizer.read(canvas: sketch.canvas.pixels, width: 280, height: 280)
public struct Recognizer: Sendable {
  /// The model in use.
  public let model: Model
  private(set) var network: Network
  private var normalizer: Normalizer
  var redrawing = Redrawing()
  private let softmax = Softmax()

  /// The kernels in use.
  public let kernels: KernelSet

  /// - Parameters:
  ///   - bytes: the model file.
  ///   - kernels: the kernels to use, by default the fastest; what this processor lacks is replaced by the reference.
  /// - Throws: ``ModelError`` when it is no model that this program can run.
  public init(model bytes: [UInt8], kernels: KernelSet = .best) throws(ModelError) {
    self.init(try Model(bytes), kernels: kernels)
  }

  public init(_ model: Model, kernels: KernelSet = .best) {
    self.model = model
    self.kernels = kernels.isAvailable ? kernels : .reference
    network = Network(model, kernels: self.kernels)
    normalizer = Normalizer(kernels: self.kernels)
  }

  /// Names the training run; stored with every sample.
  public var modelVersion: String { model.version }

  /// Reads a drawing of any size.
  ///
  /// - Parameters:
  ///   - pixels: `width * height` bytes, row by row, 255 is ink and 0 is paper.
  ///   - width, height: in pixels.
  /// - Returns: ``Reading/blank`` where there is no ink.
  public mutating func read(canvas pixels: [UInt8], width: Int, height: Int) -> Reading {
    guard let image = normalizer.normalize(pixels, width: width, height: height) else { return .blank }
    return read(image)
  }

  /// Reads an image that is normalised already.
  public mutating func read(_ image: DigitImage) -> Reading {
    // In two steps: as one expression it would hold a copy of `self` while the network writes, and all working memory with it.
    let logits = network.logits(of: image)
    return reading(of: logits)
  }

  /// The eleven outputs of the network, in 1/256 of a power of two; the last is "not a digit".
  public mutating func logits(of image: DigitImage) -> SIMD16<Int16> {
    network.logits(of: image)
  }

  private func reading(of logits: SIMD16<Int16>) -> Reading {
    let rejection = softmax.shares(of: logits, count: Model.classes)[Model.classes - 1]
    return Reading(
      shares: softmax.shares(of: logits, count: Model.classes - 1), rejection: rejection,
      isDigit: rejection < model.threshold)
  }
}
