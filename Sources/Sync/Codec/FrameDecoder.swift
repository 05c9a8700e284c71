import Spool

/// Makes frames out of a stream of bytes, however it is cut. It accepts any bytes, and never holds more than one frame of the
/// largest size beside what was appended last.
public struct FrameDecoder: Sendable {
  /// The most bytes that a login banner may send before the magic.
  public static let noiseLimit = 64 << 10

  private var buffer: [UInt8] = []
  private var start = 0
  private var hasMagic = false
  private let noise: Int
  private let recordsAreAllowed: Bool
  private var skipped = 0
  private var seen: [UInt8] = []

  /// - Parameters:
  ///   - noise: the most bytes before the magic.
  ///   - acceptsRecords: false at an end that is never sent one: it never holds more than some 100 KiB.
  public init(noise: Int = noiseLimit, acceptsRecords: Bool) {
    self.noise = noise
    recordsAreAllowed = acceptsRecords
  }

  /// Bytes that wait for the rest of their frame.
  public var buffered: Int { buffer.count - start }

  /// The first of what came before the magic, for a complaint.
  public var noiseSeen: String {
    String(decoding: hasMagic ? seen : Array((seen + buffer[start...]).prefix(200)), as: UTF8.self)
  }

  /// What it means when the stream ends here and not all was said.
  public var errorAtEnd: SyncError { hasMagic ? .ended : .noMagic(seen: noiseSeen) }

  /// Adds what was read from the stream.
  public mutating func append(_ bytes: some Sequence<UInt8>) {
    if start > 0 {
      buffer.removeSubrange(..<start)
      start = 0
    }
    buffer.append(contentsOf: bytes)
  }

  /// The next whole frame; nil until more bytes are appended.
  ///
  /// - Throws: ``SyncError``; nothing that comes after it can be trusted.
  public mutating func next() throws(SyncError) -> Frame? {
    guard try skipToMagic() else { return nil }
    guard buffered >= 5 else { return nil }
    guard let kind = Frame.Kind(rawValue: buffer[start]) else {
      throw .malformed("there is no frame of kind \(buffer[start])")
    }
    guard kind != .record || recordsAreAllowed else { throw .unexpected("it sent a record here") }
    let length = (0..<4).reduce(0) { $0 | Int(buffer[start + 1 + $1]) << (8 * $1) }
    guard length <= kind.limit else {
      throw .malformed("a frame \"\(kind)\" of \(length) bytes, at most \(kind.limit) are allowed")
    }
    guard buffered >= length + Frame.overhead else { return nil }
    let end = start + 5 + length
    let told = (0..<4).reduce(UInt32(0)) { $0 | UInt32(buffer[end + $1]) << UInt32(8 * $1) }
    guard told == Frame.checksum(buffer[start..<end]) else {
      throw .malformed("the checksum of a frame \"\(kind)\" does not match")
    }
    let frame = try Frame(kind, buffer[(start + 5)..<end])
    start = end + 4
    return frame
  }

  /// Drops what stands before the magic, and the magic.
  private mutating func skipToMagic() throws(SyncError) -> Bool {
    if hasMagic { return true }
    let magic = Frame.magic
    while buffered >= magic.count {
      if buffer[start] == magic[0], buffer[start..<(start + magic.count)].elementsEqual(magic) {
        start += magic.count
        hasMagic = true
        return true
      }
      if seen.count < 200 { seen.append(buffer[start]) }
      start += 1
      skipped += 1
      guard skipped <= noise else { throw .noMagic(seen: noiseSeen) }
    }
    return false
  }
}
