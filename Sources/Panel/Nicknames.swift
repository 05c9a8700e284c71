import Spool

/// The nicknames of a language: two words, each from a list of its own.
///
/// The lists are in the language's file; their words agree in gender and stand in the order of the language.
struct Nicknames: Sendable, Equatable {
  private let first: [Substring]
  private let second: [Substring]

  init(_ strings: Strings) {
    first = strings[.nicknameFirst].split(separator: " ")
    second = strings[.nicknameSecond].split(separator: " ")
  }

  /// A nickname by chance.
  func next(using random: inout some RandomNumberGenerator) -> String {
    guard let a = first.randomElement(using: &random), let b = second.randomElement(using: &random) else {
      return ""
    }
    return "\(a) \(b)"
  }

  /// Nicknames by chance that nobody has, each another one. Where too many are taken they end in a number.
  ///
  /// - Parameters:
  ///   - limit: the longest that fits, as a person counts characters.
  ///   - isTaken: whether somebody has a name; it is asked some ten times for each.
  func free(
    _ count: Int, limit: Int, using random: inout some RandomNumberGenerator,
    isTaken: (String) throws(StoreError) -> Bool
  ) throws(StoreError) -> [String] {
    var free: [String] = []
    for _ in 0..<3 * count where free.count < count {
      let nickname = next(using: &random)
      if !nickname.isEmpty, !free.contains(nickname), try !isTaken(nickname) { free.append(nickname) }
    }
    for _ in 0..<8 * count where free.count < count {
      let nickname = next(using: &random)
      guard !nickname.isEmpty else { break }
      let numbered = try Nicknames.numbered(nickname, isTaken: isTaken)
      if numbered.count <= limit, !free.contains(numbered) { free.append(numbered) }
    }
    return free
  }

  /// A name with a number behind it that nobody has: "Amber Fox 2". The number before it is taken, or it is 2.
  static func numbered(
    _ name: String, isTaken: (String) throws(StoreError) -> Bool
  ) throws(StoreError) -> String {
    // Doubled until one is free, then halved back: few questions, however many have that name.
    var (taken, free) = (1, 2)
    while free < 1 << 30, try isTaken("\(name) \(free)") { (taken, free) = (free, free * 2) }
    while free - taken > 1 {
      let middle = (taken + free) / 2
      if try isTaken("\(name) \(middle)") { taken = middle } else { free = middle }
    }
    return "\(name) \(free)"
  }

  /// Every nickname there is.
  var all: [String] { first.flatMap { a in second.map { "\(a) \($0)" } } }
}
