/// Event types, codes and properties of the kernel's input layer that this room understands
/// (linux/input-event-codes.h; a test compares them with the header).
///
/// They stand here in Swift so that the decoder needs no C header and compiles anywhere.
public enum EventType {
  public static let syn: UInt16 = 0x00
  public static let key: UInt16 = 0x01
  public static let rel: UInt16 = 0x02
  public static let abs: UInt16 = 0x03
  public static let msc: UInt16 = 0x04
}

/// Codes of `EV_SYN`.
public enum SynCode {
  public static let report: UInt16 = 0
  public static let mtReport: UInt16 = 2
  public static let dropped: UInt16 = 3
}

/// Codes of `EV_KEY` that point or touch.
public enum KeyCode {
  public static let letterA: UInt16 = 30
  public static let space: UInt16 = 57
  public static let buttonLeft: UInt16 = 0x110
  public static let buttonRight: UInt16 = 0x111
  public static let buttonMiddle: UInt16 = 0x112
  public static let joystick: UInt16 = 0x120
  public static let gamepad: UInt16 = 0x130
  public static let toolPen: UInt16 = 0x140
  public static let toolRubber: UInt16 = 0x141
  public static let toolFinger: UInt16 = 0x145
  public static let touch: UInt16 = 0x14a
  public static let stylus: UInt16 = 0x14b
  public static let stylus2: UInt16 = 0x14c
}

/// Codes of `EV_REL`.
public enum RelCode {
  public static let x: UInt16 = 0
  public static let y: UInt16 = 1
  public static let wheel: UInt16 = 8
}

/// Codes of `EV_ABS`.
public enum AbsCode {
  public static let x: UInt16 = 0x00
  public static let y: UInt16 = 0x01
  public static let pressure: UInt16 = 0x18
  public static let distance: UInt16 = 0x19
  public static let tiltX: UInt16 = 0x1a
  public static let tiltY: UInt16 = 0x1b
  public static let slot: UInt16 = 0x2f
  public static let touchMajor: UInt16 = 0x30
  public static let touchMinor: UInt16 = 0x31
  public static let widthMajor: UInt16 = 0x32
  public static let orientation: UInt16 = 0x34
  public static let positionX: UInt16 = 0x35
  public static let positionY: UInt16 = 0x36
  public static let toolType: UInt16 = 0x37
  public static let trackingID: UInt16 = 0x39
  public static let mtPressure: UInt16 = 0x3a
}

/// Codes of `EV_MSC`.
public enum MiscCode {
  public static let scan: UInt16 = 4
  public static let timestamp: UInt16 = 5
}

/// Properties of a device (`INPUT_PROP_*`).
public enum DeviceProperty {
  public static let pointer: UInt16 = 0
  public static let direct: UInt16 = 1
  public static let buttonpad: UInt16 = 2
  public static let pointingStick: UInt16 = 5
  public static let accelerometer: UInt16 = 6
}

/// Values of `ABS_MT_TOOL_TYPE`.
public enum ToolType {
  public static let finger: Int32 = 0
  public static let pen: Int32 = 1
  public static let palm: Int32 = 2
}

/// Buses (`BUS_*`) on which a device may hang.
public enum Bus {
  public static let host: UInt16 = 0x19
  public static let usb: UInt16 = 0x03
  public static let virtual: UInt16 = 0x06
  public static let i2c: UInt16 = 0x18
  public static let spi: UInt16 = 0x1c
  public static let cec: UInt16 = 0x1e
}
