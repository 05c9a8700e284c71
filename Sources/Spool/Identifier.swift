/// 128 random bits that name one thing for ever: a sample, a panel, a session, or a visitor's pseudonym.
///
/// It is a UUID of version 4 (RFC 9562, section 5.4) where this software made it; the kernel's boot id has the same form.
public struct Identifier: Hashable, Sendable, CustomStringConvertible {
  /// The first eight bytes in the order of RFC 9562, as a big-endian number.
  public let high: UInt64
  /// The last eight bytes.
  public let low: UInt64

  /// No identifier: stands where the store has not given one yet.
  public static let none = Identifier(high: 0, low: 0)

  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// A new random one: version 4, variant 10.
  public init(using generator: inout some RandomNumberGenerator) {
    high = generator.next() & 0xFFFF_FFFF_FFFF_0FFF | 0x4000
    low = generator.next() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
  }

  /// A new random one from the kernel's getrandom(2), which is what the system generator calls.
  public static func random() -> Identifier {
    var generator = SystemRandomNumberGenerator()
    return Identifier(using: &generator)
  }

  /// Sixteen bytes in the order of RFC 9562; nil for any other number of bytes.
  public init?(bytes: some Collection<UInt8>) {
    guard bytes.count == 16 else { return nil }
    var (high, low) = (UInt64(0), UInt64(0))
    for byte in bytes {
      high = high << 8 | low >> 56
      low = low << 8 | UInt64(byte)
    }
    (self.high, self.low) = (high, low)
  }

  /// Sixteen bytes in the order of RFC 9562.
  public var bytes: [UInt8] {
    [UInt8](unsafeUninitializedCapacity: 16) { bytes, count in
      for i in 0..<8 {
        bytes[i] = UInt8(truncatingIfNeeded: high >> UInt64(56 - 8 * i))
        bytes[8 + i] = UInt8(truncatingIfNeeded: low >> UInt64(56 - 8 * i))
      }
      count = 16
    }
  }

  /// Reads `550e8400-e29b-41d4-a716-446655440000`, in capitals too; nil when the text has another form.
  public init?(_ text: some StringProtocol) {
    var digits: [UInt8] = []
    for (index, character) in text.utf8.enumerated() {
      if index == 8 || index == 13 || index == 18 || index == 23 {
        guard character == UInt8(ascii: "-") else { return nil }
        continue
      }
      switch character {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digits.append(character - UInt8(ascii: "0"))
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digits.append(character - UInt8(ascii: "a") + 10)
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digits.append(character - UInt8(ascii: "A") + 10)
      default: return nil
      }
      guard digits.count <= 32 else { return nil }
    }
    guard digits.count == 32, text.utf8.count == 36 else { return nil }
    high = digits.prefix(16).reduce(0) { $0 << 4 | UInt64($1) }
    low = digits.dropFirst(16).reduce(0) { $0 << 4 | UInt64($1) }
  }

  /// The text form in small letters.
  public var description: String {
    let alphabet = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(36)
    for (index, byte) in bytes.enumerated() {
      if index == 4 || index == 6 || index == 8 || index == 10 { text.append(UInt8(ascii: "-")) }
      text.append(alphabet[Int(byte >> 4)])
      text.append(alphabet[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}
