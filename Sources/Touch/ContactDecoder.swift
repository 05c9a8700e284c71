/// Raw events of one device to contact changes, frame by frame. Pure: no clock, no file, no kernel.
protocol ContactDecoder: Sendable {
  /// Notes one event of the frame in hand, any but those of `EV_SYN`.
  mutating func take(_ event: InputEvent)
  /// SYN_MT_REPORT: the end of one contact of protocol A.
  mutating func endContact()
  /// SYN_REPORT: appends what the frame changed.
  mutating func endFrame(time: UInt64, _ stream: inout TouchStream)
  /// Takes all contacts back; those that still press are ignored until they are up.
  mutating func cancel(_ reason: TouchEvent.Cancellation, time: UInt64, _ stream: inout TouchStream)
  /// Whether something presses.
  var isPressed: Bool { get }
  /// The axes with what was seen on them; nil for a mouse.
  var axes: DeviceAxes? { get }
}

extension ContactDecoder {
  mutating func endContact() {}
}
