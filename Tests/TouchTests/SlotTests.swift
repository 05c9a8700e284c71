import DescribedDevices
import Testing

@testable import Touch

@Suite("Protocol B")
struct SlotTests {
  /// 800 x 480 units on a panel of 800 x 480 pixels: a unit is a pixel.
  func pixelPanel(state: DeviceState = DeviceState()) throws -> RawDevice {
    try RawDevice(
      DescribedDevice.raspberryPi7.description, geometry: TouchGeometry(width: 800, height: 480), state: state
    )
  }

  @Test("a stroke is a down, a move for every frame, and an up, with the kernel's time of each frame")
  func stroke() throws {
    var device = try pixelPanel()
    device.frame([slot(0), id(7), mtX(100), mtY(50)])
    device.frame([mtX(101)])
    device.frame([mtY(52)])
    device.frame([id(-1)])
    let heard = device.heard()
    #expect(heard.map(\.phase) == [.down, .move, .move, .up])
    #expect(heard.map(\.x) == [100.5, 101.5, 101.5, 101.5])
    #expect(heard.map(\.y) == [50.5, 50.5, 52.5, 52.5])
    #expect(heard.map(\.time) == [1_000_000_000, 1_010_000_000, 1_020_000_000, 1_030_000_000])
    #expect(Set(heard.map(\.contact)).count == 1)
    #expect(heard.allSatisfy { $0.pointer == .finger && $0.size == 0 })
  }

  @Test("a quick tap whose press and release come in one read yields both")
  func quickTap() throws {
    var device = try pixelPanel()
    device.frame([slot(0), id(7), mtX(100), mtY(50)])
    device.frame([id(-1)])
    #expect(device.phases() == [.down, .up])
  }

  @Test("a press and a release within one frame yield both")
  func tapInOneFrame() throws {
    var device = try pixelPanel()
    device.frame([slot(0), id(7), mtX(100), mtY(50), id(-1)])
    #expect(device.phases() == [.down, .up])
    #expect(!device.decoder.isPressed)
  }

  @Test("a press where the last one was keeps its place though the kernel tells none")
  func samePlace() throws {
    var device = try pixelPanel()
    device.frame([slot(0), id(7), mtX(100), mtY(50)])
    device.frame([id(-1)])
    device.frame([id(8)])
    let heard = device.heard()
    #expect(heard.map(\.phase) == [.down, .up, .down])
    #expect(heard.last.map { [$0.x, $0.y] } == [100.5, 50.5])
  }

  @Test("every stroke has a contact number of its own, also when a device uses its ids again")
  func numbers() throws {
    var device = try pixelPanel()
    for _ in 0..<3 {
      device.frame([slot(0), id(7), mtX(100), mtY(50)])
      device.frame([id(-1)])
    }
    #expect(Set(device.heard().map(\.contact)).count == 3)
  }

  @Test("another tracking id without a release between lifts the old contact and begins a new one")
  func replacedID() throws {
    var device = try pixelPanel()
    device.frame([slot(0), id(7), mtX(100), mtY(50)])
    device.frame([id(8), mtX(300)])
    let heard = device.heard()
    #expect(heard.map(\.phase) == [.down, .up, .down])
    #expect(heard.map(\.x) == [100.5, 100.5, 300.5])
    #expect(heard[0].contact != heard[2].contact)
  }

  @Test("a release at (0,0) lifts the contact where it was")
  func releaseAtOrigin() throws {
    var device = try pixelPanel()
    device.frame([slot(0), id(7), mtX(100), mtY(50)])
    device.frame([mtX(0), mtY(0), id(-1)])
    let heard = device.heard()
    #expect(heard.map(\.phase) == [.down, .up])
    #expect(heard[1].x == 100.5 && heard[1].y == 50.5)
  }

  @Test("ten fingers are ten contacts, and each keeps its own way")
  func tenFingers() throws {
    var device = try pixelPanel()
    for finger in 0..<10 {
      device.frame([slot(Int32(finger)), id(Int32(finger)), mtX(Int32(finger) * 10), mtY(7)])
    }
    for finger in 0..<10 { device.frame([slot(Int32(finger)), mtX(Int32(finger) * 10 + 1)]) }
    for finger in 0..<10 { device.frame([slot(Int32(finger)), id(-1)]) }
    let heard = device.heard()
    #expect(heard.count == 30)
    let ways = Dictionary(grouping: heard, by: \.contact)
    #expect(ways.count == 10)
    for way in ways.values {
      #expect(way.map(\.phase) == [.down, .move, .up])
      #expect(Swift.abs(way[1].x - way[0].x - 1) < 0.001)
    }
  }

  @Test("values for a slot that the device does not have change nothing")
  func wrongSlot() throws {
    var device = try pixelPanel()
    device.frame([slot(10), id(3), mtX(5), mtY(5)])
    device.frame([slot(-1), id(3), mtX(5), mtY(5)])
    device.frame([slot(Int32.max), mtX(Int32.min), mtY(Int32.max)])
    #expect(device.heard().isEmpty)
  }

  @Test("a palm cancels its stroke, and is ignored until it is up")
  func palm() throws {
    var device = try RawDevice(DescribedDevice.usbTenPoint.description)
    device.frame([slot(0), id(7), mtX(100), mtY(50)])
    device.frame([abs(AbsCode.toolType, ToolType.palm), mtX(120)])
    device.frame([mtX(140)])
    device.frame([abs(AbsCode.toolType, ToolType.finger), mtX(160)])
    device.frame([id(-1)])
    let heard = device.heard()
    #expect(heard.map(\.phase) == [.down, .cancel])
    #expect(heard.map(\.cancellation) == [nil, .palm])
    #expect(device.stream.counters.cancelled == 1)
    device.frame([id(8), mtX(100)])
    #expect(device.phases() == [.down])
  }

  @Test("a palm that comes as one never becomes a stroke")
  func palmFromTheStart() throws {
    var device = try RawDevice(DescribedDevice.usbTenPoint.description)
    device.frame([slot(0), id(7), abs(AbsCode.toolType, ToolType.palm), mtX(100), mtY(50)])
    device.frame([mtX(140)])
    device.frame([id(-1)])
    #expect(device.heard().isEmpty)
    #expect(device.stream.counters.cancelled == 0)
  }

  @Test("a pen on a multitouch panel is told as a pen")
  func penTool() throws {
    var device = try RawDevice(DescribedDevice.usbTenPoint.description)
    device.frame([slot(0), id(7), abs(AbsCode.toolType, ToolType.pen), mtX(100), mtY(50)])
    #expect(device.heard().map(\.pointer) == [.pen])
  }

  @Test("the contact size is told in panel pixels by the scale of its axis")
  func size() throws {
    var device = try RawDevice(DescribedDevice.usbTenPoint.description)
    // 72 units at 8 a millimetre are 9 mm; 1280 x 800 pixels lie on 215.6 x 135.2 mm (the mean of both scales counts).
    device.frame([slot(0), id(7), mtX(100), mtY(50), abs(AbsCode.touchMajor, 72)])
    let pixelsPerMillimetre = (Float(1280) / (16384 / 76) * Float(800) / (9600 / 76)).squareRoot()
    let size = try #require(device.heard().first?.size)
    #expect(Swift.abs(size - 9 * pixelsPerMillimetre) < 0.1)
    device.frame([mtX(101), abs(AbsCode.touchMajor, 0)])
    #expect(device.heard().map(\.size) == [0])
  }

  @Test("without resolutions the contact size has the units of the position")
  func sizeInUnits() throws {
    var device = try RawDevice(
      DescribedDevice.swappedAxes.description,
      geometry: TouchGeometry(width: 1280, height: 800, matrix: .swapped))
    device.frame([slot(0), id(7), mtX(100), mtY(50), abs(AbsCode.touchMajor, 40)])
    let size = try #require(device.heard().first?.size)
    #expect(Swift.abs(size - 40) < 0.1)
  }

  @Test("a finger that was on the glass before the device was opened is ignored until it is up")
  func alreadyDown() throws {
    var state = DeviceState()
    state.slots = [DeviceState.Slot()]
    state.slots[0].trackingID = 3
    state.slots[0].x = 10
    var device = try pixelPanel(state: state)
    device.frame([mtX(11)])
    device.frame([id(-1)])
    #expect(device.heard().isEmpty)
    device.frame([id(4)])
    #expect(device.heard().map(\.x) == [11.5])
  }

  @Test("lost events cancel the contacts in hand, which are ignored until they are up")
  func dropped() throws {
    var device = try pixelPanel()
    device.frame([slot(0), id(7), mtX(100), mtY(50)])
    device.send(EventType.abs, AbsCode.positionX, 110)
    device.send(EventType.syn, SynCode.dropped, 0)
    // Up to the next SYN_REPORT events are incomplete and not believed.
    device.frame([mtX(700), slot(1), id(9)])
    device.frame([slot(0), mtX(120)])
    #expect(device.phases() == [.down, .cancel])
    #expect(device.stream.counters.overflows == 1)
    #expect(device.stream.counters.cancelled == 1)
    device.frame([id(-1)])
    device.frame([id(8)])
    #expect(device.phases() == [.down])
  }

  @Test("a finger that came while events were lost begins its stroke after them")
  func newAfterDrop() throws {
    var device = try pixelPanel()
    device.frame([slot(0), id(7), mtX(100), mtY(50)])
    // libevdev tells the state of now as events: the old contact ended, another is there.
    device.decoder.overflow(time: device.time, into: &device.stream)
    device.frame([id(-1)])
    device.frame([id(8), mtX(300)])
    let heard = device.heard()
    #expect(heard.map(\.phase) == [.down, .cancel, .down])
    #expect(heard.map(\.cancellation) == [nil, .eventsLost, nil])
    #expect(heard.last?.x == 300.5)
  }

  @Test("a device that goes away while it is touched cancels its contacts")
  func unplugged() throws {
    var device = try pixelPanel()
    device.frame([slot(0), id(7), mtX(100), mtY(50)])
    device.frame([slot(1), id(8), mtX(200), mtY(50)])
    device.decoder.cancel(time: device.time, into: &device.stream)
    let heard = device.heard()
    #expect(heard.map(\.phase) == [.down, .down, .cancel, .cancel])
    #expect(heard.map(\.cancellation) == [nil, nil, .deviceGone, .deviceGone])
    #expect(heard.map(\.x) == [100.5, 200.5, 100.5, 200.5])
    #expect(device.stream.counters.cancelled == 2)
  }
}
