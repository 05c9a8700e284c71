/// A SHA-256 hash (FIPS 180-4): 32 bytes.
public struct Digest: Hashable, Sendable, CustomStringConvertible {
  /// Bytes in a hash.
  public static let length = 32

  public let bytes: [UInt8]

  /// A hash that came from elsewhere; nil unless it has 32 bytes.
  public init?(bytes: some Collection<UInt8>) {
    guard bytes.count == Digest.length else { return nil }
    self.bytes = Array(bytes)
  }

  /// A hash that was just computed.
  init(finished bytes: [UInt8]) { self.bytes = bytes }

  /// The hash of some bytes.
  public init(of message: some Sequence<UInt8>) {
    var hash = SHA256()
    if message.withContiguousStorageIfAvailable({ hash.update($0) }) == nil {
      Array(message).withUnsafeBufferPointer { hash.update($0) }
    }
    self = hash.finish()
  }

  /// 64 hexadecimal digits in small letters.
  public var description: String {
    String(unsafeUninitializedCapacity: 2 * Digest.length) { text in
      for (i, byte) in bytes.enumerated() {
        text[2 * i] = Digest.digit(byte >> 4)
        text[2 * i + 1] = Digest.digit(byte & 15)
      }
      return 2 * Digest.length
    }
  }

  private static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
  }
}
