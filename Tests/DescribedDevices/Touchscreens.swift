import Touch

extension DescribedDevice {
  /// A ten-point USB panel of protocol B, as hid-multitouch makes it of most modern monitors.
  public static let usbTenPoint = DescribedDevice(
    "usb-10-point", "ten-point USB panel, protocol B, 10.1 inches",
    DeviceDescription(
      name: "ILITEK ILITEK-TP",
      identity: .init(bus: Bus.usb, vendor: 0x222a, product: 0x0001, version: 0x0110),
      properties: [DeviceProperty.direct], keys: [KeyCode.touch],
      axes: [
        AbsCode.x: AxisRange(0, 16384, resolution: 76), AbsCode.y: AxisRange(0, 9600, resolution: 71),
        AbsCode.slot: AxisRange(0, 9),
        AbsCode.touchMajor: AxisRange(0, 255, resolution: 8),
        AbsCode.touchMinor: AxisRange(0, 255, resolution: 8),
        AbsCode.positionX: AxisRange(0, 16384, resolution: 76),
        AbsCode.positionY: AxisRange(0, 9600, resolution: 71),
        AbsCode.toolType: AxisRange(0, 2),
        AbsCode.trackingID: AxisRange(0, 65535),
      ], misc: [MiscCode.timestamp]),
    speech: .slots, kind: .touchscreen(.slots(10)), rate: 120)

  /// The official 7-inch display of the Raspberry Pi, whose firmware is polled sixty times a second.
  public static let raspberryPi7 = DescribedDevice(
    "ft5406", "Raspberry Pi 7 inch display, protocol B, in the display's own pixels",
    DeviceDescription(
      name: "raspberrypi-ts", identity: .init(bus: Bus.host, vendor: 0, product: 0, version: 0),
      properties: [DeviceProperty.direct], keys: [KeyCode.touch],
      axes: [
        AbsCode.x: AxisRange(0, 799), AbsCode.y: AxisRange(0, 479),
        AbsCode.slot: AxisRange(0, 9),
        AbsCode.positionX: AxisRange(0, 799), AbsCode.positionY: AxisRange(0, 479),
        AbsCode.trackingID: AxisRange(0, 65535),
      ]),
    speech: .slots, kind: .touchscreen(.slots(10)), rate: 60)

  /// An older multitouch controller that lists all contacts in every frame.
  public static let protocolA = DescribedDevice(
    "protocol-a", "five-point I2C panel of protocol A",
    DeviceDescription(
      name: "ft5x0x_ts", identity: .init(bus: Bus.i2c, vendor: 0, product: 0, version: 0),
      keys: [KeyCode.touch],
      axes: [
        AbsCode.touchMajor: AxisRange(0, 1023),
        AbsCode.positionX: AxisRange(0, 1023), AbsCode.positionY: AxisRange(0, 599),
      ]),
    speech: .anonymous, kind: .touchscreen(.anonymous), rate: 60)

  /// A resistive 3.5-inch panel on SPI.
  public static let resistive = DescribedDevice(
    "resistive", "resistive single touch on SPI, 12 bits",
    DeviceDescription(
      name: "ADS7846 Touchscreen", identity: .init(bus: Bus.spi, vendor: 0, product: 0x1ea6, version: 0),
      keys: [KeyCode.touch],
      axes: [
        AbsCode.x: AxisRange(0, 4095), AbsCode.y: AxisRange(0, 4095), AbsCode.pressure: AxisRange(0, 255),
      ]),
    speech: .single, kind: .touchscreen(.single), rate: 80)

  /// An infrared frame that is built in turned: its x runs down the glass.
  public static let swappedAxes = DescribedDevice(
    "swapped-axes", "panel of protocol B whose axes have changed places",
    DeviceDescription(
      name: "Goodix Capacitive TouchScreen",
      identity: .init(bus: Bus.i2c, vendor: 0x0416, product: 0x038f, version: 0x1060),
      properties: [DeviceProperty.direct], keys: [KeyCode.touch],
      axes: [
        AbsCode.x: AxisRange(0, 799), AbsCode.y: AxisRange(0, 1279),
        AbsCode.slot: AxisRange(0, 4),
        AbsCode.touchMajor: AxisRange(0, 255), AbsCode.widthMajor: AxisRange(0, 255),
        AbsCode.positionX: AxisRange(0, 799), AbsCode.positionY: AxisRange(0, 1279),
        AbsCode.trackingID: AxisRange(0, 65535),
      ]),
    speech: .slots, kind: .touchscreen(.slots(5)), rate: 100, matrix: .swapped)

  /// A controller whose firmware was made for another glass: it sends more than it declares, on both sides.
  public static let lyingRange = DescribedDevice(
    "lying-range", "protocol B panel that sends values outside of its declared range",
    DeviceDescription(
      name: "Generic USB Touch",
      identity: .init(bus: Bus.usb, vendor: 0x0eef, product: 0x0001, version: 0x0100),
      properties: [DeviceProperty.direct], keys: [KeyCode.touch],
      axes: [
        AbsCode.x: AxisRange(0, 4095), AbsCode.y: AxisRange(0, 4095),
        AbsCode.slot: AxisRange(0, 1),
        AbsCode.positionX: AxisRange(0, 4095), AbsCode.positionY: AxisRange(0, 4095),
        AbsCode.trackingID: AxisRange(0, 65535),
      ]),
    speech: .slots, kind: .touchscreen(.slots(2)), rate: 100, actual: (-64...4200, -32...4130))

  /// A single-touch USB controller in the manner of eGalax, which reports slowly.
  public static let eGalax = DescribedDevice(
    "slow-usb", "single-touch USB controller that reports 25 times a second",
    DeviceDescription(
      name: "eGalax Inc. USB TouchController",
      identity: .init(bus: Bus.usb, vendor: 0x0eef, product: 0x0001, version: 0x0112),
      properties: [DeviceProperty.direct], keys: [KeyCode.touch],
      axes: [AbsCode.x: AxisRange(30, 2000), AbsCode.y: AxisRange(30, 1960)]),
    speech: .single, kind: .touchscreen(.single), rate: 25)
}
