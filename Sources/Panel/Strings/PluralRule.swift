/// Which form of a text a language takes for a number: `1 drawing | 2 drawings`.
///
/// The rules and the order of their forms are those of Unicode CLDR's plural rules for cardinal numbers, without
/// fractions.
enum PluralRule: String, CaseIterable, Sendable {
  /// One form for every number, as in Japanese.
  case none
  /// 1, and all others, as in English, German and Spanish.
  case one
  /// 0 and 1, and all others, as in French.
  case zeroOne = "zero-one"
  /// 1, 21, 31 …; 2 to 4, 22 to 24 …; all others, as in Ukrainian.
  case slavic

  /// What stands between the forms of a text.
  static let separator = " | "

  /// How many forms a text that depends on a number has.
  var forms: Int {
    switch self {
    case .none: 1
    case .one, .zeroOne: 2
    case .slavic: 3
    }
  }

  /// The form for a number, from 0.
  func form(for number: Int) -> Int {
    switch self {
    case .none: return 0
    case .one: return number == 1 ? 0 : 1
    case .zeroOne: return number == 0 || number == 1 ? 0 : 1
    case .slavic:
      let (ones, hundred) = (number % 10, number % 100)
      if ones == 1, hundred != 11 { return 0 }
      return (2...4).contains(ones) && !(12...14).contains(hundred) ? 1 : 2
    }
  }
}
