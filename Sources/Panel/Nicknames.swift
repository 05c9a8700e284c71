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
