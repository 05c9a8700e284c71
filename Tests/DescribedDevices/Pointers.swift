import Touch

extension DescribedDevice {
  /// A plain optical mouse.
  public static let mouse = DescribedDevice(
    "mouse", "USB mouse",
    DeviceDescription(
      name: "Logitech USB Optical Mouse",
      identity: .init(bus: Bus.usb, vendor: 0x046d, product: 0xc077, version: 0x0111),
      keys: [KeyCode.buttonLeft, KeyCode.buttonRight, KeyCode.buttonMiddle],
      relative: [RelCode.x, RelCode.y, RelCode.wheel], misc: [MiscCode.scan]),
    speech: .mouse, kind: .mouse, rate: 125)

  /// A graphics tablet with a stylus.
  public static let penTablet = DescribedDevice(
    "pen-tablet", "graphics tablet with a stylus",
    DeviceDescription(
      name: "Wacom Intuos S Pen",
      identity: .init(bus: Bus.usb, vendor: 0x056a, product: 0x0374, version: 0x0110),
      properties: [DeviceProperty.pointer],
      keys: [KeyCode.toolPen, KeyCode.toolRubber, KeyCode.touch, KeyCode.stylus, KeyCode.stylus2],
      axes: [
        AbsCode.x: AxisRange(0, 15200, fuzz: 4, resolution: 100),
        AbsCode.y: AxisRange(0, 9500, fuzz: 4, resolution: 100),
        AbsCode.pressure: AxisRange(0, 4095), AbsCode.distance: AxisRange(0, 63),
      ]),
    speech: .pen, kind: .pen, rate: 133)

  /// The absolute pointer that QEMU gives its guests.
  public static let qemuTablet = DescribedDevice(
    "absolute-pointer", "absolute pointer of a virtual machine",
    DeviceDescription(
      name: "QEMU QEMU USB Tablet",
      identity: .init(bus: Bus.usb, vendor: 0x0627, product: 0x0001, version: 0x0001),
      keys: [KeyCode.buttonLeft, KeyCode.buttonRight, KeyCode.buttonMiddle], relative: [RelCode.wheel],
      axes: [AbsCode.x: AxisRange(0, 32767), AbsCode.y: AxisRange(0, 32767)]),
    speech: .pointer, kind: .absolutePointer, rate: 125)

  /// A remote control on the HDMI cable: rc-core gives it REL_X and REL_Y, and no button.
  public static let hdmiCEC = DescribedDevice(
    "hdmi-cec", "HDMI-CEC remote control, which claims to move",
    DeviceDescription(
      name: "vc4-hdmi-0", identity: .init(bus: Bus.cec, vendor: 0, product: 0, version: 1),
      properties: [DeviceProperty.pointingStick],
      keys: Set([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 28, 103, 105, 106, 108, 113, 114, 115, 116, 352]),
      relative: [RelCode.x, RelCode.y], misc: [MiscCode.scan]),
    speech: .silent, kind: nil)

  /// A keyboard.
  public static let keyboard = DescribedDevice(
    "keyboard", "USB keyboard",
    DeviceDescription(
      name: "Dell KB216 Wired Keyboard",
      identity: .init(bus: Bus.usb, vendor: 0x413c, product: 0x2113, version: 0x0110),
      keys: Set(1...88), misc: [MiscCode.scan]),
    speech: .silent, kind: nil)

  /// The touchpad of a portable computer.
  public static let touchpad = DescribedDevice(
    "touchpad", "touchpad of a portable computer",
    DeviceDescription(
      name: "SYNA8004:00 06CB:CD8B Touchpad",
      identity: .init(bus: Bus.i2c, vendor: 0x06cb, product: 0xcd8b, version: 0x0100),
      properties: [DeviceProperty.pointer, DeviceProperty.buttonpad],
      keys: [KeyCode.buttonLeft, KeyCode.toolFinger, KeyCode.touch],
      axes: [
        AbsCode.x: AxisRange(0, 1221, resolution: 12), AbsCode.y: AxisRange(0, 661, resolution: 12),
        AbsCode.slot: AxisRange(0, 4),
        AbsCode.positionX: AxisRange(0, 1221, resolution: 12),
        AbsCode.positionY: AxisRange(0, 661, resolution: 12),
        AbsCode.trackingID: AxisRange(0, 65535),
      ]),
    speech: .silent, kind: nil)
}
