/// The raw events of one device, of whatever kind, to contact changes: every frame is delivered, none is merged.
public struct TouchDecoder: Sendable {
  public let kind: DeviceKind
  private var decoder: any ContactDecoder
  private var rate = ReportRate()
  /// Between SYN_DROPPED and the next SYN_REPORT events are incomplete.
  private var isDiscarding = false

  /// - Parameters:
  ///   - description: what the device says of itself.
  ///   - state: what it shows now; contacts that are already on the glass are ignored until they are up.
  /// - Throws: ``Refusal`` for a device that is none of a panel.
  public init(_ description: DeviceDescription, state: DeviceState = DeviceState()) throws(Refusal) {
    kind = try description.kind()
    switch kind {
    case .touchscreen(.slots(let count)):
      decoder = SlotDecoder(description, slots: count, state: state)
    case .touchscreen(.anonymous): decoder = AnonymousDecoder(description, state: state)
    case .touchscreen(.single): decoder = PointDecoder(description, style: .touch, state: state)
    case .pen: decoder = PointDecoder(description, style: .pen, state: state)
    case .absolutePointer: decoder = PointDecoder(description, style: .pointer, state: state)
    case .mouse: decoder = MouseDecoder(state: state)
    }
  }

  /// Whether a contact or button presses.
  public var isPressed: Bool { decoder.isPressed }
  /// The axes with the range that was seen on them; nil for a mouse.
  public var axes: DeviceAxes? { decoder.axes }
  /// Frames per second while something presses, or nil before a few of them.
  public var reportRate: Double? { rate.perSecond }

  /// Takes one event; at the end of a frame its changes are appended to `stream`.
  public mutating func process(_ event: InputEvent, into stream: inout TouchStream) {
    guard event.type == EventType.syn else {
      if !isDiscarding { decoder.take(event) }
      return
    }
    switch event.code {
    case SynCode.report:
      if isDiscarding {
        isDiscarding = false
        return
      }
      stream.counters.frames += 1
      decoder.endFrame(time: event.time, &stream)
      rate.note(event.time, pressed: decoder.isPressed)
    case SynCode.mtReport:
      if !isDiscarding { decoder.endContact() }
    case SynCode.dropped:
      isDiscarding = true
      overflow(time: event.time, into: &stream)
    default: break
    }
  }

  /// Events were lost: the contacts in hand are cancelled and ignored until they are up. The state that follows comes
  /// by ``process(_:into:)``.
  public mutating func overflow(time: UInt64, into stream: inout TouchStream) {
    stream.counters.overflows += 1
    decoder.cancel(.eventsLost, time: time, &stream)
  }

  /// Takes all contacts back: the device went away.
  public mutating func cancel(time: UInt64, into stream: inout TouchStream) {
    decoder.cancel(.deviceGone, time: time, &stream)
  }
}
