import CLinux
import Glibc

/// What went wrong, with what, and what to do next; it prints as one sentence.
///
/// `cannot open /dev/dri/card0: permission denied; add the user to the group video`
public struct KernelError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What was being done: "open", "map", "set the mode of".
  public let operation: String
  /// To what: a path, a device, a connector.
  public let object: String
  /// The reason in words, from errno or from the caller.
  public let reason: String
  /// errno, or 0 where the reason is not one.
  public let code: Int32
  /// What a person can do about it.
  public let nextStep: String?

  /// An error from errno.
  public init(_ operation: String, _ object: String, errno code: Int32, next: String? = nil) {
    self.operation = operation
    self.object = object
    self.code = code
    self.reason = KernelError.words(code)
    self.nextStep = next
  }

  /// An error with a reason of its own.
  public init(_ operation: String, _ object: String, reason: String, next: String? = nil) {
    self.operation = operation
    self.object = object
    self.code = 0
    self.reason = reason
    self.nextStep = next
  }

  public var description: String {
    let sentence = "cannot \(operation) \(object): \(reason)"
    return nextStep.map { "\(sentence); \($0)" } ?? sentence
  }

  /// What errno means, as it stands within a sentence.
  public static func words(_ code: Int32) -> String {
    var buffer = [CChar](repeating: 0, count: 128)
    guard let text = strerror_r(code, &buffer, buffer.count) else { return "error \(code)" }
    let words = String(cString: text)
    guard let first = words.first else { return "error \(code)" }
    // "I/O error" and the like keep their capitals.
    let second = words.dropFirst().first
    if let second, second.isUppercase || !second.isLetter { return words }
    return first.lowercased() + words.dropFirst()
  }
}
