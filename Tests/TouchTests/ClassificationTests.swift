import CLinux
import DescribedDevices
import Testing

@testable import Touch

@Suite("What a device is")
struct ClassificationTests {
  @Test("every described device is known by what it can do", arguments: DescribedDevice.all)
  func described(device: DescribedDevice) {
    let kind = try? device.description.kind()
    #expect(kind == device.kind, "\(device.key)")
  }

  @Test("each refused device is told why")
  func reasons() {
    func reason(_ device: DescribedDevice) -> String? {
      do throws(Refusal) {
        _ = try device.description.kind()
        return nil
      } catch { return error.reason }
    }
    #expect(reason(.hdmiCEC) == "an HDMI-CEC remote control")
    #expect(reason(.keyboard) == "a keyboard")
    #expect(reason(.touchpad) == "a touchpad")
  }

  @Test("a device is not known by its name")
  func nameless() {
    for device in DescribedDevice.all {
      var description = device.description
      description.name = "event7"
      #expect((try? description.kind()) == device.kind)
    }
  }

  @Test("a remote control on another bus is refused for want of a button")
  func remoteControl() {
    var description = DescribedDevice.hdmiCEC.description
    description.identity.bus = Bus.usb
    #expect(throws: Refusal("it moves, but has no left button: a remote control")) { try description.kind() }
  }

  @Test("an axis without a range is refused, not divided by")
  func noRange() {
    for range in [AxisRange(0, 0), AxisRange(100, 0)] {
      var description = DescribedDevice.raspberryPi7.description
      description.axes[AbsCode.positionY] = range
      #expect(throws: Refusal("its axis ABS_MT_POSITION_Y has no range")) { try description.kind() }
    }
  }

  @Test("joysticks and accelerometers are none of a panel")
  func axesWithoutTouch() {
    var description = DescribedDevice.qemuTablet.description
    description.codes[EventType.key] = [KeyCode.joystick]
    #expect(throws: Refusal("a joystick")) { try description.kind() }
    description.codes[EventType.key] = []
    #expect(throws: Refusal.self) { try description.kind() }
    description.properties = [DeviceProperty.accelerometer]
    #expect(throws: Refusal("an accelerometer")) { try description.kind() }
  }

  @Test("the codes are the kernel's")
  func codes() {
    let pairs: [(UInt16, Int32)] = [
      (EventType.syn, EV_SYN), (EventType.key, EV_KEY), (EventType.rel, EV_REL), (EventType.abs, EV_ABS),
      (EventType.msc, EV_MSC), (SynCode.report, SYN_REPORT), (SynCode.mtReport, SYN_MT_REPORT),
      (SynCode.dropped, SYN_DROPPED), (KeyCode.letterA, KEY_A), (KeyCode.space, KEY_SPACE),
      (KeyCode.buttonLeft, BTN_LEFT), (KeyCode.buttonRight, BTN_RIGHT), (KeyCode.buttonMiddle, BTN_MIDDLE),
      (KeyCode.joystick, BTN_JOYSTICK), (KeyCode.gamepad, BTN_GAMEPAD), (KeyCode.toolPen, BTN_TOOL_PEN),
      (KeyCode.toolRubber, BTN_TOOL_RUBBER), (KeyCode.toolFinger, BTN_TOOL_FINGER),
      (KeyCode.touch, BTN_TOUCH),
      (KeyCode.stylus, BTN_STYLUS), (KeyCode.stylus2, BTN_STYLUS2), (RelCode.x, REL_X), (RelCode.y, REL_Y),
      (RelCode.wheel, REL_WHEEL), (AbsCode.x, ABS_X), (AbsCode.y, ABS_Y), (AbsCode.pressure, ABS_PRESSURE),
      (AbsCode.distance, ABS_DISTANCE), (AbsCode.tiltX, ABS_TILT_X), (AbsCode.tiltY, ABS_TILT_Y),
      (AbsCode.slot, ABS_MT_SLOT), (AbsCode.touchMajor, ABS_MT_TOUCH_MAJOR),
      (AbsCode.touchMinor, ABS_MT_TOUCH_MINOR), (AbsCode.widthMajor, ABS_MT_WIDTH_MAJOR),
      (AbsCode.orientation, ABS_MT_ORIENTATION), (AbsCode.positionX, ABS_MT_POSITION_X),
      (AbsCode.positionY, ABS_MT_POSITION_Y), (AbsCode.toolType, ABS_MT_TOOL_TYPE),
      (AbsCode.trackingID, ABS_MT_TRACKING_ID), (AbsCode.mtPressure, ABS_MT_PRESSURE),
      (MiscCode.scan, MSC_SCAN),
      (MiscCode.timestamp, MSC_TIMESTAMP), (DeviceProperty.pointer, INPUT_PROP_POINTER),
      (DeviceProperty.direct, INPUT_PROP_DIRECT), (DeviceProperty.buttonpad, INPUT_PROP_BUTTONPAD),
      (DeviceProperty.pointingStick, INPUT_PROP_POINTING_STICK),
      (DeviceProperty.accelerometer, INPUT_PROP_ACCELEROMETER), (Bus.usb, BUS_USB),
      (Bus.virtual, BUS_VIRTUAL),
      (Bus.i2c, BUS_I2C), (Bus.spi, BUS_SPI), (Bus.host, BUS_HOST), (Bus.cec, BUS_CEC),
    ]
    for (ours, kernels) in pairs { #expect(Int32(ours) == kernels) }
    #expect(
      [ToolType.finger, ToolType.pen, ToolType.palm]
        == [MT_TOOL_FINGER, MT_TOOL_PEN, MT_TOOL_PALM].map { Int32($0) })
  }
}
