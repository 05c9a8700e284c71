/// A change of one contact, in panel pixels: what the screens of the panel get.
public struct TouchEvent: Equatable, Sendable, BitwiseCopyable {
  public enum Phase: Sendable, Equatable, BitwiseCopyable {
    case down, move, up
    /// What the contact did is to be taken back; ``TouchEvent/cancellation`` tells why.
    case cancel
    /// A mouse or pen moves without touching; ``TouchEvent/contact`` is 0.
    case hover
  }

  /// Why a contact is taken back.
  public enum Cancellation: Sendable, Equatable, BitwiseCopyable {
    /// It was a palm, as the device tells.
    case palm
    /// Its device went away.
    case deviceGone
    /// The kernel dropped events (SYN_DROPPED), and how it went on is unknown.
    case eventsLost
    /// It stayed in one place for so long that it is no finger: see ``StuckContacts``.
    case stuck
  }

  public enum Pointer: Sendable, Equatable, BitwiseCopyable {
    case finger, mouse, pen
  }

  public var phase: Phase
  /// A number above 0 that no other contact of this program has, on any device; 0 for hover.
  public var contact: Int32
  /// Panel pixels from the left edge, 0.5 (the middle of the first column) ... width - 0.5. That of the last move for up
  /// and cancel.
  public var x: Float
  /// Panel pixels from the top edge, 0.5 ... height - 0.5.
  public var y: Float
  /// Diameter of the contact in panel pixels; 0 where the device does not tell.
  public var size: Float
  /// The kernel's time of the frame, CLOCK_MONOTONIC in nanoseconds.
  public var time: UInt64
  public var pointer: Pointer
  /// Why the contact is taken back; nil for every phase but cancel.
  public var cancellation: Cancellation?

  public init(
    phase: Phase, contact: Int32, x: Float, y: Float, size: Float = 0, time: UInt64,
    pointer: Pointer = .finger, cancellation: Cancellation? = nil
  ) {
    self.phase = phase
    self.contact = contact
    self.x = x
    self.y = y
    self.size = size
    self.time = time
    self.pointer = pointer
    self.cancellation = cancellation
  }
}
