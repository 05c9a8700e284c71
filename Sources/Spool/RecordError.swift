/// Why some bytes are no sample record, or a sample cannot become one.
public enum RecordError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The bytes do not begin with the magic.
  case notARecord
  /// The bytes end before the record does, or go on after it.
  case wrongLength(expected: Int, found: Int)
  /// A later software wrote it.
  case unknownVersion(Int)
  /// The bytes do not hash to what the record says: something changed them.
  case wrongHash
  /// A part is larger than any sample needs: which, how large, and the limit.
  case tooLarge(String, Int, limit: Int)
  /// The bytes hash, but a part says nothing that makes sense.
  case malformed(String)

  public var description: String {
    switch self {
    case .notARecord: "not a sample record: it does not begin with the magic"
    case .wrongLength(let expected, let found):
      "not a whole sample record: \(found) bytes where it says \(expected)"
    case .unknownVersion(let version): "a sample record of version \(version); this software reads version 1"
    case .wrongHash: "a damaged sample record: its SHA-256 does not match"
    case .tooLarge(let part, let size, let limit):
      "not a sample record: its \(part) of \(size) is larger than \(limit)"
    case .malformed(let what): "not a sample record: \(what)"
    }
  }
}
