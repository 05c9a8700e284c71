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

  /// Every nickname there is.
  var all: [String] { first.flatMap { a in second.map { "\(a) \($0)" } } }
}

/// A small generator as a value (SplitMix64, Steele et al. 2014), so that a screen that rolls dice can be compared and
/// played again.
struct SplitMix: RandomNumberGenerator, Sendable, Equatable {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
