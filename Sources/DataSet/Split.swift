import Spool

/// Which visitors' drawings are for testing: never the same person's in both splits (CorporaCreator#113).
///
/// A visitor's side follows from the pseudonym alone, so it is the same in every export of every store, however the store
/// grows; a larger share only moves visitors from training to testing.
struct Split: Sendable {
  let testPercent: Int

  func isTest(_ contributor: Identifier) -> Bool {
    if testPercent <= 0 { return false }
    let digest = Digest(of: Array("digit-panel split 1 ".utf8) + contributor.bytes).bytes
    let place = digest.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return place % 100 < UInt64(testPercent)
  }

  static func name(isTest: Bool) -> String { isTest ? "test" : "train" }
}
