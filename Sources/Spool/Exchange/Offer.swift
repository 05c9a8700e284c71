/// A sample as one store offers it to another, without its bytes.
public struct Offer: Equatable, Sendable {
  /// Its row in the store that offers it: ascends with every sample that is added there.
  public let row: Int64
  public let id: Identifier
  /// Bytes of the record; 0 when the record was pruned and only the other store's receipt is left of it.
  public let length: Int
  /// The SHA-256 at the end of the record.
  public let hash: Digest

  public init(row: Int64, id: Identifier, length: Int, hash: Digest) {
    self.row = row
    self.id = id
    self.length = length
    self.hash = hash
  }
}

/// How far a store has been drained: all its rows up to this one are settled at the collector that keeps the mark.
///
/// Row and id together: a store that was restored from a copy, or was cloned, has another sample in that row.
public struct Mark: Equatable, Sendable {
  public let row: Int64
  public let id: Identifier

  public init(row: Int64, id: Identifier) {
    self.row = row
    self.id = id
  }

  /// The most marks that are kept of one store.
  public static let limit = 48

  /// Which of the rows of marks are kept: the newest, and of the others the first and the last of each quadrupling of
  /// the distance to it. So a store that was restored from a copy is offered again from shortly before the place where it left
  /// its former path, and the marks stay few.
  static func kept(_ rows: [Int64]) -> [Int64] {
    guard let newest = rows.max() else { return [] }
    var nearest: [Int: Int64] = [:]
    var farthest: [Int: Int64] = [:]
    for row in rows where row < newest {
      let power = (Int64.bitWidth - (newest &- row).leadingZeroBitCount) / 2
      nearest[power] = max(row, nearest[power] ?? row)
      farthest[power] = min(row, farthest[power] ?? row)
    }
    let kept = Set(nearest.values).union(farthest.values)
    return [newest] + kept.sorted(by: >).prefix(limit - 1)
  }
}
