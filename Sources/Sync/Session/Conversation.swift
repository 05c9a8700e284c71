/// One end of a sync, as ``Conversation`` drives it.
public protocol SyncEnd {
  /// The next frame to send; nil when there is none before another one has come.
  mutating func next() throws(SyncError) -> Frame?
  /// Takes a frame from the other end.
  mutating func receive(_ frame: Frame) throws(SyncError)
  /// Whether all is said, by both ends.
  var isEnded: Bool { get }
}

/// An end of a sync with what it has to say: frames in, bytes out. Whoever moves the bytes decides how they are cut, and has a
/// ``FrameDecoder`` for those that come.
public struct Conversation<End: SyncEnd> {
  /// More frames are made only while less than this waits to be sent.
  public static var outputLimit: Int { 256 << 10 }

  public var end: End
  private var buffer: [UInt8] = Frame.magic
  private var start = 0

  public init(_ end: End) { self.end = end }

  /// What waits to be sent.
  public var output: ArraySlice<UInt8> { buffer[start...] }

  /// Whether all is said and sent.
  public var isEnded: Bool { end.isEnded && start == buffer.count }

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
}
