import CMessageDigest

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

  /// The hash of some bytes, by libmd.
  public init(of message: some Sequence<UInt8>) {
    var context = SHA2_CTX()
    SHA256Init(&context)
    let contiguous: Void? = message.withContiguousStorageIfAvailable {
      SHA256Update(&context, $0.baseAddress, $0.count)
    }
    if contiguous == nil {
      let copy = Array(message)
      SHA256Update(&context, copy, copy.count)
    }
    var result = [UInt8](repeating: 0, count: Digest.length)
    SHA256Final(&result, &context)
    bytes = result
  }

  /// 64 hexadecimal digits in small letters.
  public var description: String {
    let alphabet = Array("0123456789abcdef".utf8)
    return String(
      decoding: bytes.flatMap { [alphabet[Int($0 >> 4)], alphabet[Int($0 & 15)]] }, as: UTF8.self)
  }
}
