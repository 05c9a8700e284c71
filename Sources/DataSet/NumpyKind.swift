/// What a NumPy array holds in a row. Only plain dtypes, never objects, so that `numpy.load(allow_pickle=False)` reads it.
enum NumpyKind: Sendable, Equatable {
  /// `<i8`
  case integer
  /// `<u4`
  case word
  /// `<f4`, so many in a row.
  case reals(Int)
  /// `<U` with the width of the longest.
  case text

  /// Bytes of a row; nil where it depends on the longest.
  var size: Int? {
    switch self {
    case .integer: 8
    case .word: 4
    case .reals(let count): 4 * count
    case .text: nil
    }
  }
}
