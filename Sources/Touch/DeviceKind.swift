/// How a touchscreen tells its contacts.
public enum ContactProtocol: Equatable, Sendable {
  /// Protocol B: slots with tracking ids.
  case slots(Int)
  /// Protocol A: a list of contacts in every frame, divided by SYN_MT_REPORT.
  case anonymous
  /// `BTN_TOUCH` with `ABS_X` and `ABS_Y`.
  case single
}

/// What a device is, judged by what it can do.
public enum DeviceKind: Equatable, Sendable, CustomStringConvertible {
  case touchscreen(ContactProtocol)
  /// A stylus on a tablet or on the glass.
  case pen
  case mouse
  /// A pointer with absolute axes and a left button, as virtual machines have it.
  case absolutePointer

  /// Whether it can tell two fingers from one.
  public var knowsTwoContacts: Bool {
    switch self {
    case .touchscreen(.slots(let count)): count > 1
    case .touchscreen(.anonymous): true
    default: false
    }
  }

  public var description: String {
    switch self {
    case .touchscreen(.slots(let count)): "touchscreen with \(count) contacts"
    case .touchscreen(.anonymous): "touchscreen of protocol A"
    case .touchscreen(.single): "touchscreen with a single contact"
    case .pen: "pen tablet"
    case .mouse: "mouse"
    case .absolutePointer: "absolute pointer"
    }
  }
}

/// Why a device is not taken, as it stands behind its name.
public struct Refusal: Error, Equatable, Sendable, CustomStringConvertible {
  public let reason: String

  public init(_ reason: String) {
    self.reason = reason
  }

  public var description: String { reason }
}

extension DeviceDescription {
  /// What the device is, by its codes and properties and never by its name or event number (the order of udev's
  /// input_id: direct devices, then pens, then pointers).
  ///
  /// - Throws: ``Refusal`` for whatever is no pointing device of a panel.
  public func kind() throws(Refusal) -> DeviceKind {
    // A remote control on the HDMI cable claims REL_X and REL_Y and would show a cursor for ever (cage-kiosk/cage#422).
    if identity.bus == Bus.cec { throw Refusal("an HDMI-CEC remote control") }
    if has(property: DeviceProperty.accelerometer) { throw Refusal("an accelerometer") }
    let direct = has(property: DeviceProperty.direct)
    let finger = has(key: KeyCode.toolFinger)
    let pen = has(key: KeyCode.toolPen)
    let multitouch = has(axis: AbsCode.positionX) && has(axis: AbsCode.positionY)
    let plane = has(axis: AbsCode.x) && has(axis: AbsCode.y)
    let touchpad =
      has(property: DeviceProperty.pointer) || has(property: DeviceProperty.buttonpad) || (finger && !direct)
    if multitouch {
      if touchpad && !direct { throw Refusal("a touchpad") }
      try checkRange(AbsCode.positionX, "ABS_MT_POSITION_X")
      try checkRange(AbsCode.positionY, "ABS_MT_POSITION_Y")
      guard let slots = axes[AbsCode.slot], has(axis: AbsCode.trackingID) else {
        return .touchscreen(.anonymous)
      }
      return .touchscreen(.slots(Int(max(0, min(63, slots.maximum))) + 1))
    }
    if plane {
      if has(key: KeyCode.joystick) || has(key: KeyCode.gamepad) { throw Refusal("a joystick") }
      let touch = has(key: KeyCode.touch)
      if touch && touchpad && !direct && !pen { throw Refusal("a touchpad") }
      if touch || has(key: KeyCode.buttonLeft) {
        try checkRange(AbsCode.x, "ABS_X")
        try checkRange(AbsCode.y, "ABS_Y")
        if touch { return pen ? .pen : .touchscreen(.single) }
        return .absolutePointer
      }
      throw Refusal("it has axes, but neither BTN_TOUCH nor BTN_LEFT")
    }
    if has(relative: RelCode.x) && has(relative: RelCode.y) {
      if has(key: KeyCode.buttonLeft) { return .mouse }
      throw Refusal("it moves, but has no left button: a remote control")
    }
    if has(key: KeyCode.letterA) && has(key: KeyCode.space) { throw Refusal("a keyboard") }
    throw Refusal("it neither touches nor points")
  }

  private func checkRange(_ axis: UInt16, _ name: String) throws(Refusal) {
    guard let range = axes[axis], range.length > 0 else {
      throw Refusal("its axis \(name) has no range")
    }
  }
}
