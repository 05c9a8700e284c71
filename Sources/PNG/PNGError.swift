/// Why bytes are not a picture, or a picture does not become a file; it prints as one sentence.
public enum PNGError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The bytes do not begin with the signature of PNG.
  case notPNG(String)
  /// A PNG file that cannot be read to its end: truncated, a wrong checksum, an impossible header.
  case damaged(String)
  /// A file that declares more pixels than the caller takes.
  case tooLarge(width: Int, height: Int, limit: Int)
  /// The pixels do not make up a picture of that size.
  case notEncodable(String)

  public var description: String {
    switch self {
    case .notPNG(let reason): "not a PNG file: \(reason)"
    case .damaged(let reason): "damaged PNG file: \(reason)"
    case .tooLarge(let width, let height, let limit):
      "PNG file too large: \(width)x\(height) pixels, at most \(limit) are read"
    case .notEncodable(let reason): "cannot write a PNG file: \(reason)"
    }
  }
}
