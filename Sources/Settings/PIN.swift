/// The operator's number: which ones may be chosen.
///
/// A PIN of four digits is one of ten thousand, so it is the wait after wrong tries that guards the panel (``PINTries``), and
/// that only helps when the number is not among the first that anybody would try.
public enum PIN {
  /// Digits that a PIN may have.
  public static let lengths = 4...12

  /// Why a number cannot be the PIN, as the end of a sentence with the next step; nil for one that can.
  public static func weakness(of pin: String) -> String? {
    let digits = pin.utf8.map { Int($0) - 0x30 }
    guard digits.allSatisfy({ (0...9).contains($0) }) else {
      return "it may have digits only; the panel has no other keys"
    }
    guard digits.count >= lengths.lowerBound else {
      return
        "it has \(digits.count) digit\(digits.count == 1 ? "" : "s"); take \(lengths.lowerBound) at least"
    }
    guard digits.count <= lengths.upperBound else {
      return "it has \(digits.count) digits; take \(lengths.upperBound) at most"
    }
    let steps = zip(digits, digits.dropFirst()).map { ($1 - $0 + 10) % 10 }
    if let step = steps.first, [0, 1, 9].contains(step), steps.allSatisfy({ $0 == step }) {
      return step == 0
        ? "it is one digit again and again; take another" : "its digits count up or down; take another"
    }
    for length in 2...max(2, digits.count / 2) where digits.count % length == 0 && digits.count > length {
      if digits.indices.allSatisfy({ digits[$0] == digits[$0 % length] }) {
        return "it repeats a few digits; take another"
      }
    }
    if digits.count == 4, digits[0] == 1 && digits[1] == 9 || digits[0] == 2 && digits[1] == 0 {
      return "it looks like a year; take another"
    }
    if keypadLines.contains(pin) { return "it is a line on the keypad; take another" }
    return nil
  }

  /// Four keys in a row of a telephone's keypad.
  private static let keypadLines: Set<String> = ["2580", "0852", "1470", "0741", "3690", "0963"]
}
