/// One end of a sync, as ``Conversation`` drives it.
public protocol SyncEnd {
  /// The next frame to send; nil when there is none before another one has come.
  mutating func next() throws(SyncError) -> Frame?
  /// Takes a frame from the other end.
  mutating func receive(_ frame: Frame) throws(SyncError)
  /// Whether all is said, by both ends.
  var isEnded: Bool { get }
}

/// An end of a sync with its stream: bytes in, bytes out. Whoever moves the bytes decides how they are cut.
public struct Conversation<End: SyncEnd> {
  /// More frames are made only while less than this waits to be sent.
  public static var outputLimit: Int { 256 << 10 }

  public var end: End
  private var decoder: FrameDecoder
  private var buffer: [UInt8] = Frame.magic
  private var start = 0

  /// - Parameters:
  ///   - noise: the most bytes that may come before the other end's magic.
  ///   - acceptsRecords: whether this end is sent any.
  public init(_ end: End, noise: Int, acceptsRecords: Bool) {
    self.end = end
    decoder = FrameDecoder(noise: noise, acceptsRecords: acceptsRecords)
  }

  /// What waits to be sent.
  public var output: ArraySlice<UInt8> { buffer[start...] }

  /// Whether all is said and sent.
  public var isEnded: Bool { end.isEnded && start == buffer.count }

  /// Whether the other end has shown its magic.
  public var hasBegun: Bool { decoder.hasBegun }

  /// What came in place of the magic, for a complaint.
  public var noiseSeen: String { decoder.noiseSeen }

  /// Bytes held here.
  public var held: Int { decoder.buffered + buffer.count - start }

  /// Takes bytes that came, and everything whole in them.
  public mutating func receive(_ bytes: some Sequence<UInt8>) throws(SyncError) {
    decoder.append(bytes)
    while let frame = try decoder.next() { try end.receive(frame) }
  }

  /// Makes the next frames, as far as there is room.
  public mutating func fill() throws(SyncError) {
    while buffer.count - start < Conversation.outputLimit, let frame = try end.next() { say(frame) }
  }

  /// Puts a frame behind what waits to be sent.
  public mutating func say(_ frame: Frame) {
    if start > 0 {
      buffer.removeSubrange(..<start)
      start = 0
    }
    buffer.append(contentsOf: frame.bytes)
  }

  /// Forgets bytes that were sent.
  public mutating func sent(_ count: Int) {
    start = min(start + count, buffer.count)
    if start == buffer.count {
      buffer.removeAll(keepingCapacity: true)
      start = 0
    }
  }

  /// What the other end is to be told of an error that ends the sync here.
  public mutating func say(_ error: SyncError) {
    if let frame = error.refusal { say(frame) }
  }

  /// The error when the stream ends here; nil when it may.
  public var errorAtEnd: SyncError? {
    if end.isEnded { return nil }
    return hasBegun ? .ended : .noMagic(seen: noiseSeen)
  }
}
