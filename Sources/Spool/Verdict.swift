/// What a person who looked at a drawing says of its label.
public enum Verdict: Hashable, Sendable {
  /// It is the digit that was asked for.
  case accept
  /// It is none that a data set should hold.
  case reject
  /// It is another digit, 0 ... 9.
  case relabel(Int)

  /// Its name in the store, in exports and in lists of verdicts.
  public var name: String {
    switch self {
    case .accept: "accept"
    case .reject: "reject"
    case .relabel: "relabel"
    }
  }

  /// The digit of a new label.
  var label: Int? {
    if case .relabel(let label) = self { label } else { nil }
  }

  /// As the store has it; nil for what no version of it writes.
  init?(name: String, label: Int?) {
    switch (name, label) {
    case ("accept", nil): self = .accept
    case ("reject", nil): self = .reject
    case ("relabel", let label?) where (0...9).contains(label): self = .relabel(label)
    default: return nil
    }
  }
}
