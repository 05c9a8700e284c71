import JSON
import Spool

/// Text is put together as bytes here: a data set is millions of short texts, and a String for each would cost more than all
/// the rest.
extension [UInt8] {
  mutating func append(text: StaticString) {
    text.withUTF8Buffer { append(contentsOf: $0) }
  }

  mutating func append(text: String) {
    append(contentsOf: text.utf8)
  }

  /// A number in decimal.
  mutating func append(decimal value: Int64) {
    if value < 0 { append(UInt8(ascii: "-")) }
    var rest = value.magnitude
    var digits: (UInt64, UInt64) = (0, 0)
    var count = 0
    // At most 20 digits, which lie as nibbles in two words until their number is known.
    repeat {
      let digit = rest % 10
      rest /= 10
      if count < 16 {
        digits.0 |= digit << UInt64(4 * count)
      } else {
        digits.1 |= digit << UInt64(4 * (count - 16))
      }
      count += 1
    } while rest > 0
    while count > 0 {
      count -= 1
      let digit = count < 16 ? digits.0 >> UInt64(4 * count) : digits.1 >> UInt64(4 * (count - 16))
      append(UInt8(ascii: "0") + UInt8(digit & 15))
    }
  }

  /// A number in decimal with leading zeros.
  mutating func append(decimal value: Int64, width: Int) {
    var power: Int64 = 1
    for _ in 1..<width { power *= 10 }
    var rest = value
    while power > 0 {
      append(UInt8(ascii: "0") + UInt8(rest / power % 10))
      rest %= power
      power /= 10
    }
  }

  /// The shortest decimal that reads back the same; null for what is no number.
  mutating func append(real value: Double) {
    guard value.isFinite else { return append(text: "null") }
    // Most probabilities are exactly none.
    if value == 0 { return append(text: "0.0") }
    append(contentsOf: value.description.utf8)
  }

  mutating func append(real value: Float) {
    guard value.isFinite else { return append(text: "null") }
    append(contentsOf: value.description.utf8)
  }

  /// As ``Identifier/description`` writes it.
  mutating func append(_ identifier: Identifier) {
    var text = SIMD64<UInt8>()
    var place = 0
    for nibble in 0..<32 {
      if nibble == 8 || nibble == 12 || nibble == 16 || nibble == 20 {
        text[place] = UInt8(ascii: "-")
        place += 1
      }
      let half = nibble < 16 ? identifier.high : identifier.low
      let digit = UInt8(half >> UInt64(60 - 4 * (nibble & 15)) & 15)
      text[place] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
      place += 1
    }
    Swift.withUnsafeBytes(of: text) { append(contentsOf: $0.prefix(place)) }
  }

  /// As a JSON string.
  mutating func append(json text: String) {
    let isPlain = text.utf8.allSatisfy {
      $0 >= 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
    }
    if isPlain {
      append(UInt8(ascii: "\""))
      append(contentsOf: text.utf8)
      append(UInt8(ascii: "\""))
    } else {
      var quoted = ""
      JSON.quote(text, to: &quoted)
      append(contentsOf: quoted.utf8)
    }
  }

  /// As a field of a CSV file (RFC 4180).
  mutating func append(csv text: String) {
    let needsQuotes = text.utf8.contains {
      $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") || $0 == 0x0A || $0 == 0x0D
    }
    guard needsQuotes else { return append(contentsOf: text.utf8) }
    append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      if byte == UInt8(ascii: "\"") { append(byte) }
      append(byte)
    }
    append(UInt8(ascii: "\""))
  }

  /// The bytes of a number, the lowest first.
  mutating func append<I: FixedWidthInteger>(little value: I) {
    Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
  }

  /// The bytes of a number, the highest first.
  mutating func append<I: FixedWidthInteger>(big value: I) {
    Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
  }
}
