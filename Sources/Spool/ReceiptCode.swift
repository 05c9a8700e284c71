/// The short code with which a visitor can have the drawings of a visit withdrawn: `K7M2-9QXD`.
///
/// Seven characters say 35 bits of the SHA-256 of the visit's random identifier, the eighth is a check. So every store that
/// the drawings reach knows the code without being told, even one that was recovered from loose records; and the code
/// tells nobody the identifier. The alphabet is Crockford's base 32 (crockford.com/base32.html): no I, L, O, U, and
/// the first three are read as 1, 1 and 0.
public struct ReceiptCode: Hashable, Sendable, CustomStringConvertible {
  /// Eight characters, without the hyphen: as it lies in the store.
  public let characters: String

  private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

  /// The code of a visit.
  public init(session: Identifier) {
    let hash = Digest(of: session.bytes).bytes
    var bits = hash.prefix(5).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    var values: [UInt8] = []
    for _ in 0..<7 {
      values.append(UInt8(bits & 31))
      bits >>= 5
    }
    values.append(ReceiptCode.check(values))
    characters = ReceiptCode.text(values)
  }

  /// Reads what a person typed: small letters, hyphens and spaces do not matter. Nil when it is no code; a mistyped
  /// character and two that changed places are always noticed.
  public init?(_ typed: some StringProtocol) {
    var values: [UInt8] = []
    for character in typed.uppercased().utf8 {
      switch character {
      case UInt8(ascii: "-"), UInt8(ascii: " "): continue
      case UInt8(ascii: "O"): values.append(0)
      case UInt8(ascii: "I"), UInt8(ascii: "L"): values.append(1)
      default:
        guard let value = ReceiptCode.alphabet.firstIndex(of: character), values.count < 8 else { return nil }
        values.append(UInt8(value))
      }
    }
    guard values.count == 8, values[7] == ReceiptCode.check(values.prefix(7)) else { return nil }
    characters = ReceiptCode.text(values)
  }

  /// With a hyphen in the middle, as it is shown and spoken.
  public var description: String { "\(characters.prefix(4))-\(characters.suffix(4))" }

  private static func text(_ values: [UInt8]) -> String {
    String(decoding: values.map { alphabet[Int($0)] }, as: UTF8.self)
  }

  /// A polynomial checksum over the field of 32 elements, x^5 + x^2 + 1: the weights of all places differ, so one wrong
  /// character or any two exchanged ones change it.
  private static func check(_ values: some Sequence<UInt8>) -> UInt8 {
    values.reduce(UInt8(0)) { sum, value in
      let shifted = (sum ^ value) << 1
      return shifted & 32 == 0 ? shifted : shifted ^ 0b100101
    }
  }
}
