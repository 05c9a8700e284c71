/// A trained network, read from a safetensors file and checked whole: after `init` every shape fits.
///
/// The file holds, for each layer n, `layern.weight` (int8, output x row x column x input), `layern.bias` (int32) and
/// `layern.multiplier` (int16), and as metadata `layern.stride`, `layern.padding`, `layern.shift`, `layers`, `version` and
/// `threshold`.
public struct Model: Sendable {
  /// A model file longer than this is refused unread, in bytes.
  public static let sizeLimit = 128 << 10
  /// Outputs of the last layer: ten digits and "not a digit".
  static let classes = 11
  /// The weight channels of every layer come in groups of so many.
  static let group = 16

  /// Names the training run, such as "2026-03-01-1a2b3c4d"; stored with every sample.
  public let version: String
  /// A drawing whose rejection reaches this, in 1/65536, is not taken for a digit.
  public let threshold: UInt32
  let layers: [Convolution]

  /// Multiplications of one reading.
  public var multiplications: Int {
    var sum = 0
    for layer in layers { sum += layer.cost }
    return sum
  }

  /// Reads a model.
  ///
  /// - Parameter bytes: a whole safetensors file.
  /// - Throws: ``ModelError`` for anything that is not a model of this form; never for lack of memory, as nothing is
  ///   allocated by a number from the file before that number is checked.
  public init(_ bytes: [UInt8]) throws(ModelError) {
    guard bytes.count <= Model.sizeLimit else {
      throw ModelError(object: "the file", reason: "has more than 131072 bytes")
    }
    let file = try SafeTensors(bytes)
    guard let format = file.text("format"), format.elementsEqual("digit-panel".utf8) else {
      throw ModelError(object: "the file", reason: "holds no digit-panel model")
    }
    guard let version = file.text("version"), (1...64).contains(version.count),
      version.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
    else {
      throw ModelError(
        object: "metadata version", reason: "is missing or no plain text of 1 to 64 characters")
    }
    self.version = String(decoding: version, as: UTF8.self)
    threshold = UInt32(try file.number("threshold", in: 1...65536))
    let count = try file.number("layers", in: 1...16)
    guard file.tensors.count == 3 * count else {
      throw ModelError(object: "the file", reason: "has more or fewer tensors than its layers need")
    }
    var layers: [Convolution] = []
    var (side, channels) = (DigitImage.side, 1)
    for n in 0..<count {
      let layer = try Model.layer(n, of: file, inputSide: side, inputs: channels, isLast: n == count - 1)
      (side, channels) = (layer.outputSide, layer.outputs)
      layers.append(layer)
    }
    guard side == 1 else { throw ModelError(object: "the last layer", reason: "leaves more than one pixel") }
    self.layers = layers
    guard multiplications <= 16_000_000 else {
      throw ModelError(object: "the network", reason: "is too large for a panel")
    }
  }

  private static func layer(
    _ n: Int, of file: SafeTensors, inputSide: Int, inputs: Int, isLast: Bool
  ) throws(ModelError) -> Convolution {
    let name = "layer" + String(n)
    let weight = try file.tensor(name + ".weight", .int8, dimensions: 4)
    let bias = try file.tensor(name + ".bias", .int32, dimensions: 1)
    let multiplier = try file.tensor(name + ".multiplier", .int16, dimensions: 1)
    func wrong(_ reason: String) -> ModelError {
      ModelError(object: "tensor " + name + ".weight", reason: reason)
    }
    let (outputs, kernel) = (weight.shape[0], weight.shape[1])
    guard weight.shape[2] == kernel, (1...DigitImage.side).contains(kernel) else {
      throw wrong("has no square kernel")
    }
    guard weight.shape[3] == inputs else { throw wrong("does not fit the layer before it") }
    guard isLast ? outputs == classes : outputs % group == 0 && (1...256).contains(outputs) else {
      throw wrong(isLast ? "does not have 11 outputs" : "has outputs that do not come in sixteens up to 256")
    }
    guard bias.shape[0] == outputs, multiplier.shape[0] == outputs else {
      throw wrong("does not fit its bias or multiplier")
    }
    let stride = try file.number(name + ".stride", in: 1...8)
    let padding = try file.number(name + ".padding", in: 0...kernel - 1)
    let shift = try file.number(name + ".shift", in: 0...24)
    guard kernel <= inputSide + 2 * padding else { throw wrong("is larger than what it is laid over") }

    // Outputs are filled up to sixteens with channels that are always 0.
    let padded = (outputs + group - 1) / group * group
    let spare = [Int32](repeating: 0, count: padded - outputs)
    let biases = file.elements(of: bias) + spare
    let multipliers = file.elements(of: multiplier) + spare
    // No sum may leave 32 bits, whatever the picture: products are at most 127 * 128.
    guard biases.allSatisfy({ $0 > -(1 << 30) && $0 < 1 << 30 }), kernel * kernel * inputs <= 1 << 15 else {
      throw wrong("could overflow its sums")
    }
    guard multipliers.allSatisfy({ $0 >= 0 }) else {
      throw ModelError(object: "tensor " + name + ".multiplier", reason: "has negative elements")
    }
    var weights = [Int8](repeating: 0, count: padded * kernel * kernel * inputs)
    for (at, byte) in file.file[weight.bytes].enumerated() { weights[at] = Int8(bitPattern: byte) }
    return Convolution(
      inputs: inputs, outputs: padded, kernel: kernel, stride: stride, padding: padding, inputSide: inputSide,
      shift: shift,
      weights: weights, biases: biases, multipliers: multipliers.map { Int16(truncatingIfNeeded: $0) },
      isLast: isLast)
  }
}
