/// Why a model cannot be used. It prints as one sentence that names the part and the next step.
public struct ModelError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The part of the file, such as "tensor layer0.weight".
  public let object: String
  /// What is wrong with it.
  public let reason: String

  public init(object: String, reason: String) {
    self.object = object
    self.reason = reason
  }

  public var description: String {
    "cannot use the model: " + object + " " + reason
      + "; install the digits.safetensors that came with this program"
  }
}
