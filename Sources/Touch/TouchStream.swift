/// What all devices share: the way into panel pixels, the numbers of contacts, the mouse's position, and the events that
/// come out.
///
/// A decoder appends to ``events``; whoever reads them empties the array and keeps its room, so that a moving finger
/// allocates nothing.
public struct TouchStream: Sendable {
  public var events: [TouchEvent] = []
  /// Frames, lost events, cancelled contacts.
  public internal(set) var counters = TouchCounters()
  /// Where the mouse points, in panel pixels.
  public internal(set) var pointer: (x: Float, y: Float)
  private var lengthScale: Float
  private var lastContact: Int32 = 0

  public var geometry: TouchGeometry {
    didSet {
      lengthScale = geometry.lengthScale
      movePointer(0, 0)
    }
  }

  public init(geometry: TouchGeometry) {
    self.geometry = geometry
    lengthScale = geometry.lengthScale
    pointer = (Float(geometry.width) / 2, Float(geometry.height) / 2)
    events.reserveCapacity(256)
  }

  /// A contact number that none had before.
  mutating func nextContact() -> Int32 {
    lastContact = lastContact == Int32.max ? 1 : lastContact + 1
    return lastContact
  }

  /// Appends an event at a point of the digitizer (0 ... 1), with a size in parts of its length.
  mutating func append(
    _ phase: TouchEvent.Phase, _ contact: Int32, u: Float, v: Float, size: Float, time: UInt64,
    pointer kind: TouchEvent.Pointer, cancellation: TouchEvent.Cancellation? = nil
  ) {
    let point = geometry.panel(u: u, v: v)
    if kind == .mouse { pointer = point }
    events.append(
      TouchEvent(
        phase: phase, contact: contact, x: point.x, y: point.y, size: size * lengthScale, time: time,
        pointer: kind, cancellation: cancellation))
  }

  /// Appends an event of a mouse, where it points.
  mutating func appendAtPointer(
    _ phase: TouchEvent.Phase, _ contact: Int32, time: UInt64, cancellation: TouchEvent.Cancellation? = nil
  ) {
    events.append(
      TouchEvent(
        phase: phase, contact: contact, x: pointer.x, y: pointer.y, size: 0, time: time, pointer: .mouse,
        cancellation: cancellation))
  }

  /// Moves the mouse by whole pixels; it stays on the panel. A mouse is held by hand, so the rotation does not turn it.
  mutating func movePointer(_ dx: Int32, _ dy: Int32) {
    pointer.x = max(0.5, min(Float(geometry.width) - 0.5, pointer.x + Float(dx)))
    pointer.y = max(0.5, min(Float(geometry.height) - 0.5, pointer.y + Float(dy)))
  }
}

/// What the touch devices did since the start.
public struct TouchCounters: Equatable, Sendable {
  /// Frames (SYN_REPORT) of all devices.
  public internal(set) var frames: UInt64 = 0
  /// How often the kernel's buffer overflowed (SYN_DROPPED).
  public internal(set) var overflows: UInt64 = 0
  /// Contacts that were cancelled: palms, lost events, devices that went away.
  public internal(set) var cancelled: UInt64 = 0
  /// Jumps to the device's origin that were not delivered.
  public internal(set) var jumps: UInt64 = 0

  public init() {}
}
