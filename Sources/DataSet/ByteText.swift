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
    func digits(_ half: UInt64, _ shift: UInt64) -> UInt64 {
      [UInt8].digits(UInt32(truncatingIfNeeded: half >> shift))
    }
    let (second, third) = (digits(identifier.high, 0), digits(identifier.low, 32))
    withUnsafeTemporaryAllocation(byteCount: 36, alignment: 8) { text in
      // 8-4-4-4-12 digits; where two pieces overlap, the second is right.
      text.storeBytes(of: digits(identifier.high, 32), toByteOffset: 0, as: UInt64.self)
      text.storeBytes(of: second, toByteOffset: 9, as: UInt64.self)
      text.storeBytes(of: second >> 32, toByteOffset: 14, as: UInt64.self)
      text.storeBytes(of: third, toByteOffset: 19, as: UInt64.self)
      text.storeBytes(of: third >> 32, toByteOffset: 24, as: UInt64.self)
      text.storeBytes(of: digits(identifier.low, 0), toByteOffset: 28, as: UInt64.self)
      for place in [8, 13, 18, 23] { text[place] = UInt8(ascii: "-") }
      append(contentsOf: text)
    }
  }

  /// Eight hexadecimal digits in small letters, the first one lowest: all eight are made at once.
  private static func digits(_ number: UInt32) -> UInt64 {
    // Each byte goes to its own 16 bits, and each half of it to its own eight.
    var nibbles = UInt64(number.byteSwapped)
    nibbles = (nibbles | nibbles << 16) & 0x0000_FFFF_0000_FFFF
    nibbles = (nibbles | nibbles << 8) & 0x00FF_00FF_00FF_00FF
    nibbles = (nibbles >> 4 | nibbles << 8) & 0x0F0F_0F0F_0F0F_0F0F
    // 1 where it is more than 9: the letters stand 39 places behind the digits.
    let letters = (nibbles &+ 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
    return nibbles &+ 0x3030_3030_3030_3030 &+ letters &* 39
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
