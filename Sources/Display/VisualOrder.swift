/// The order in which the characters of a line stand from left to right: names may be written from right to left.
///
/// It is the Unicode Bidirectional Algorithm (UAX #9) for one line without embeddings and isolates, which names do not
/// have: levels by first strong character, neutrals by their neighbours, digits always from left to right.
public enum VisualOrder {
  /// A line's characters from left to right; the line itself where nothing in it goes the other way.
  public static func arranged(_ line: String) -> String {
    // The first byte of every letter that is written from right to left is at least that of U+0590.
    guard line.utf8.contains(where: { $0 >= 0xD6 }), line.unicodeScalars.contains(where: isRightToLeft) else {
      return line
    }
    var characters = Array(line)
    let classes = characters.map(Direction.init)
    let base = classes.first { $0 == .left || $0 == .right } == .right ? 1 : 0
    var levels = resolved(classes, base: base)
    for level in stride(from: levels.max() ?? 0, to: 0, by: -1) {
      var i = 0
      while i < levels.count {
        guard levels[i] >= level else {
          i += 1
          continue
        }
        let end = levels[i...].firstIndex { $0 < level } ?? levels.count
        if level == 1 || level % 2 == 1 {
          // What opens on the left opens on the right when it is turned (rule L4).
          for k in i..<end where levels[k] == level { characters[k] = mirrored(characters[k]) }
        }
        characters[i..<end].reverse()
        levels[i..<end].reverse()
        i = end
      }
    }
    return String(characters)
  }

  private enum Direction: Equatable {
    case left, right, number, neutral

    init(_ character: Character) {
      guard let scalar = character.unicodeScalars.first else {
        self = .neutral
        return
      }
      if VisualOrder.isRightToLeft(scalar) {
        self = .right
      } else if scalar.properties.numericType == .decimal {
        self = .number
      } else if scalar.properties.isAlphabetic {
        self = .left
      } else {
        self = .neutral
      }
    }
  }

  /// The levels of rules W7, N1, N2, I1 and I2.
  private static func resolved(_ classes: [Direction], base: Int) -> [Int] {
    let outer: Direction = base == 1 ? .right : .left
    var levels: [Int] = []
    var i = 0
    var strong = outer
    while i < classes.count {
      switch classes[i] {
      case .left: levels.append(base == 1 ? 2 : 0)
      case .right: levels.append(1)
      // A number after letters from the left is one of them.
      case .number: levels.append(strong == .left ? (base == 1 ? 2 : 0) : 2)
      case .neutral:
        let end = classes[i...].firstIndex { $0 != .neutral } ?? classes.count
        // A number counts as from the right beside letters from the right.
        let after = end < classes.count ? (classes[end] == .number ? strong : classes[end]) : outer
        let side = after == strong ? strong : outer
        levels += Array(repeating: side == .right ? 1 : (base == 1 ? 2 : 0), count: end - i)
        i = end
        continue
      }
      if classes[i] != .number { strong = classes[i] }
      i += 1
    }
    return levels
  }

  fileprivate static func isRightToLeft(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x0660...0x0669, 0x06F0...0x06F9: false
    case 0x0590...0x08FF, 0xFB1D...0xFDFF, 0xFE70...0xFEFC, 0x10800...0x10FFF, 0x1E800...0x1EFFF: true
    default: false
    }
  }

  private static func mirrored(_ character: Character) -> Character {
    let pairs: [Character: Character] = [
      "(": ")", ")": "(", "[": "]", "]": "[", "{": "}", "}": "{", "<": ">", ">": "<", "«": "»", "»": "«",
    ]
    return pairs[character] ?? character
  }
}
