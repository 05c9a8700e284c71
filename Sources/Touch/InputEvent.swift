/// One raw event of a device, as the kernel tells it: a change that belongs to the frame which the next SYN_REPORT ends.
public struct InputEvent: Equatable, Sendable, BitwiseCopyable {
  /// The kernel's time in nanoseconds: CLOCK_MONOTONIC for a live device, since the start for a recording.
  public var time: UInt64
  public var type: UInt16
  public var code: UInt16
  public var value: Int32

  public init(time: UInt64 = 0, type: UInt16, code: UInt16, value: Int32) {
    self.time = time
    self.type = type
    self.code = code
    self.value = value
  }

  /// Whether the event ends a frame.
  public var endsFrame: Bool { type == EventType.syn && code == SynCode.report }
}
