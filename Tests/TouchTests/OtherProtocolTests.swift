import DescribedDevices
import Testing

@testable import Touch

@Suite("Protocol A, single touch, mouse and pen")
struct OtherProtocolTests {
  /// 1024 x 600 units on as many pixels.
  func listing() throws -> RawDevice {
    try RawDevice(DescribedDevice.protocolA.description, geometry: TouchGeometry(width: 1024, height: 600))
  }

  /// 4096 units an axis on as many pixels.
  func single() throws -> RawDevice {
    try RawDevice(DescribedDevice.resistive.description, geometry: TouchGeometry(width: 4096, height: 4096))
  }

  // MARK: Protocol A

  @Test("protocol A: a list with one contact is a stroke, an empty list lifts it")
  func anonymousStroke() throws {
    var device = try listing()
    device.frame([mtX(100), mtY(50), endOfContact])
    device.frame([mtX(101), mtY(50), endOfContact])
    device.frame([endOfContact])
    let heard = device.heard()
    #expect(heard.map(\.phase) == [.down, .move, .up])
    #expect(heard.map(\.x) == [100.5, 101.5, 101.5])
    #expect(Set(heard.map(\.contact)).count == 1)
  }

  @Test("protocol A: BTN_TOUCH 0 lifts, whatever else the frame lists")
  func anonymousButton() throws {
    var device = try listing()
    device.frame([key(KeyCode.touch, 1), mtX(100), mtY(50), endOfContact])
    device.frame([key(KeyCode.touch, 0), mtX(0), mtY(0), endOfContact])
    let heard = device.heard()
    #expect(heard.map(\.phase) == [.down, .up])
    #expect(heard[1].x == 100.5 && heard[1].y == 50.5)
  }

  @Test("protocol A: each contact goes on with its nearest, in whatever order they are listed")
  func anonymousMatching() throws {
    var device = try listing()
    device.frame([mtX(100), mtY(50), endOfContact, mtX(500), mtY(300), endOfContact])
    device.frame([mtX(503), mtY(300), endOfContact, mtX(104), mtY(50), endOfContact])
    device.frame([mtX(107), mtY(50), endOfContact])
    let heard = device.heard()
    #expect(heard.map(\.phase) == [.down, .down, .move, .move, .move, .up])
    let first = heard[0].contact
    #expect(heard.filter { $0.contact == first }.map(\.x) == [100.5, 104.5, 107.5])
    #expect(heard.filter { $0.contact != first }.map(\.x) == [500.5, 503.5, 503.5])
  }

  @Test("protocol A: a contact at the other end of the glass is another finger")
  func anonymousFar() throws {
    var device = try listing()
    device.frame([mtX(100), mtY(50), endOfContact])
    device.frame([mtX(900), mtY(500), endOfContact])
    let heard = device.heard()
    #expect(heard.map(\.phase) == [.down, .up, .down])
    #expect(heard[1].x == 100.5)
  }

  @Test("protocol A: tracking ids are believed where the device has them")
  func anonymousIDs() throws {
    var device = try listing()
    device.frame([id(1), mtX(100), mtY(50), endOfContact, id(2), mtX(120), mtY(50), endOfContact])
    device.frame([id(2), mtX(110), mtY(50), endOfContact, id(1), mtX(130), mtY(50), endOfContact])
    let heard = device.heard()
    let first = heard[0].contact
    #expect(heard.filter { $0.contact == first }.map(\.x) == [100.5, 130.5])
  }

  @Test("protocol A: a list of one without SYN_MT_REPORT is understood")
  func anonymousWithoutDivider() throws {
    var device = try listing()
    device.frame([mtX(100), mtY(50)])
    device.frame([mtX(101), mtY(50)])
    device.frame([key(KeyCode.touch, 0)])
    #expect(device.phases() == [.down, .move, .up])
  }

  @Test("protocol A: more contacts than a hand has are let be")
  func anonymousCrowd() throws {
    var device = try listing()
    device.frame((0..<40).flatMap { [mtX($0 * 20), mtY(10), endOfContact] })
    #expect(device.heard().count == 16)
    device.frame([endOfContact])
    #expect(device.heard().count == 16)
  }

  @Test("protocol A: after lost events nothing is told until all fingers are up")
  func anonymousDropped() throws {
    var device = try listing()
    device.frame([mtX(100), mtY(50), endOfContact])
    device.decoder.overflow(time: device.time, into: &device.stream)
    device.frame([mtX(110), mtY(50), endOfContact])
    #expect(device.phases() == [.down, .cancel])
    device.frame([endOfContact])
    device.frame([mtX(110), mtY(50), endOfContact])
    #expect(device.phases() == [.down])
  }

  // MARK: Single touch

  @Test("single touch: a stroke is a down, a move for every frame, and an up")
  func singleStroke() throws {
    var device = try single()
    device.frame([abs(AbsCode.x, 100), abs(AbsCode.y, 50), key(KeyCode.touch, 1)])
    device.frame([abs(AbsCode.x, 101)])
    device.frame([abs(AbsCode.pressure, 80)])
    device.frame([key(KeyCode.touch, 0)])
    let heard = device.heard()
    #expect(heard.map(\.phase) == [.down, .move, .up])
    #expect(heard.map(\.x) == [100.5, 101.5, 101.5])
  }

  @Test("single touch: a press with unchanged coordinates keeps the last ones")
  func singleSamePlace() throws {
    var device = try single()
    device.frame([abs(AbsCode.x, 100), abs(AbsCode.y, 50), key(KeyCode.touch, 1)])
    device.frame([key(KeyCode.touch, 0)])
    device.frame([key(KeyCode.touch, 1)])
    #expect(device.heard().map(\.x) == [100.5, 100.5, 100.5])
  }

  @Test("single touch: the first press takes the place that the kernel knows when nothing was told yet")
  func singleKnownPlace() throws {
    var state = DeviceState()
    (state.x, state.y) = (77, 88)
    var device = try RawDevice(
      DescribedDevice.resistive.description, geometry: TouchGeometry(width: 4096, height: 4096), state: state)
    device.frame([key(KeyCode.touch, 1)])
    #expect(device.heard().map { [$0.x, $0.y] } == [[77.5, 88.5]])
  }

  @Test("single touch: a tap within one frame and a tap within one read yield both")
  func singleTap() throws {
    var device = try single()
    device.frame([abs(AbsCode.x, 100), key(KeyCode.touch, 1), key(KeyCode.touch, 0)])
    #expect(device.phases() == [.down, .up])
    device.frame([key(KeyCode.touch, 1)])
    device.frame([key(KeyCode.touch, 0)])
    #expect(device.phases() == [.down, .up])
  }

  @Test("single touch: a release at (0,0) lifts the contact where it was")
  func singleReleaseAtOrigin() throws {
    var device = try single()
    device.frame([abs(AbsCode.x, 2000), abs(AbsCode.y, 1500), key(KeyCode.touch, 1)])
    device.frame([abs(AbsCode.x, 0), abs(AbsCode.y, 0), key(KeyCode.touch, 0)])
    let heard = device.heard()
    #expect(heard.map(\.phase) == [.down, .up])
    #expect(heard[1].x == 2000.5 && heard[1].y == 1500.5)
  }

  @Test("single touch: a jump to (0,0) in the frame before the release is not drawn")
  func singleJumpBeforeRelease() throws {
    var device = try single()
    device.frame([abs(AbsCode.x, 2000), abs(AbsCode.y, 1500), key(KeyCode.touch, 1)])
    device.frame([abs(AbsCode.x, 0), abs(AbsCode.y, 0)])
    device.frame([key(KeyCode.touch, 0)])
    let heard = device.heard()
    #expect(heard.map(\.phase) == [.down, .up])
    #expect(heard[1].x == 2000.5)
    #expect(device.stream.counters.jumps == 1)
  }

  @Test("single touch: a single frame at (0,0) amid a stroke is not drawn")
  func singleJumpAmid() throws {
    var device = try single()
    device.frame([abs(AbsCode.x, 2000), abs(AbsCode.y, 1500), key(KeyCode.touch, 1)])
    device.frame([abs(AbsCode.x, 0), abs(AbsCode.y, 0)])
    device.frame([abs(AbsCode.x, 2010), abs(AbsCode.y, 1500)])
    #expect(device.heard().map(\.x) == [2000.5, 2010.5])
  }

  @Test("single touch: a finger that really goes to the corner gets there, each frame with its own time")
  func singleCorner() throws {
    var device = try single()
    device.frame([abs(AbsCode.x, 2000), abs(AbsCode.y, 1500), key(KeyCode.touch, 1)])
    device.frame([abs(AbsCode.x, 0), abs(AbsCode.y, 0)])
    device.frame([abs(AbsCode.x, 3)])
    let heard = device.heard()
    #expect(heard.map(\.phase) == [.down, .move, .move])
    #expect(heard.map(\.x) == [2000.5, 0.5, 3.5])
    #expect(heard.map(\.time) == [1_000_000_000, 1_010_000_000, 1_020_000_000])
  }

  @Test("single touch: lost events cancel the contact, which is ignored until it is up")
  func singleDropped() throws {
    var device = try single()
    device.frame([abs(AbsCode.x, 100), key(KeyCode.touch, 1)])
    device.decoder.overflow(time: device.time, into: &device.stream)
    device.frame([abs(AbsCode.x, 200)])
    device.frame([key(KeyCode.touch, 0)])
    device.frame([key(KeyCode.touch, 1)])
    #expect(device.phases() == [.down, .cancel, .down])
  }

  // MARK: Mouse and pen

  @Test("a mouse hovers, presses where it points, and never leaves the panel")
  func mouse() throws {
    var device = try RawDevice(
      DescribedDevice.mouse.description,
      geometry: TouchGeometry(width: 100, height: 60, rotation: .clockwise90))
    device.frame([rel(RelCode.x, 10), rel(RelCode.y, -5)])
    device.frame([key(KeyCode.buttonLeft, 1)])
    device.frame([rel(RelCode.x, 500)])
    device.frame([key(KeyCode.buttonLeft, 0)])
    device.frame([rel(RelCode.y, Int32.min)])
    let heard = device.heard()
    #expect(heard.map(\.phase) == [.hover, .down, .move, .up, .hover])
    #expect(heard.map(\.x) == [60, 60, 99.5, 99.5, 99.5])
    #expect(heard.map(\.y) == [25, 25, 25, 25, 0.5])
    #expect(heard.allSatisfy { $0.pointer == .mouse })
    #expect(heard.map { $0.contact != 0 } == [false, true, true, true, false])
  }

  @Test("a mouse that does not move and does not press says nothing, so that no cursor shows")
  func stillMouse() throws {
    var device = try RawDevice(DescribedDevice.mouse.description)
    device.frame([rel(RelCode.wheel, 1)])
    device.frame([key(KeyCode.buttonRight, 1)])
    device.frame([key(KeyCode.buttonRight, 0)])
    #expect(device.heard().isEmpty)
  }

  @Test("a click of a mouse within one frame yields press and release")
  func quickClick() throws {
    var device = try RawDevice(DescribedDevice.mouse.description)
    device.frame([key(KeyCode.buttonLeft, 1), key(KeyCode.buttonLeft, 0)])
    #expect(device.phases() == [.down, .up])
  }

  @Test("a mouse that goes away while its button is held cancels")
  func mouseUnplugged() throws {
    var device = try RawDevice(DescribedDevice.mouse.description)
    device.frame([key(KeyCode.buttonLeft, 1)])
    device.decoder.cancel(time: device.time, into: &device.stream)
    device.frame([rel(RelCode.x, 5)])
    device.frame([key(KeyCode.buttonLeft, 0)])
    device.frame([rel(RelCode.x, 5)])
    #expect(device.phases() == [.down, .cancel, .hover])
  }

  @Test("a pen hovers near the tablet, draws on it, and is up when it leaves")
  func pen() throws {
    var device = try RawDevice(DescribedDevice.penTablet.description)
    device.frame([key(KeyCode.toolPen, 1), abs(AbsCode.x, 7600), abs(AbsCode.y, 4750)])
    device.frame([key(KeyCode.touch, 1), abs(AbsCode.pressure, 900)])
    device.frame([abs(AbsCode.x, 7700)])
    device.frame([key(KeyCode.toolPen, 0)])
    device.frame([abs(AbsCode.x, 7800)])
    let heard = device.heard()
    #expect(heard.map(\.phase) == [.hover, .down, .move, .up])
    #expect(heard.allSatisfy { $0.pointer == .pen })
  }

  @Test("the absolute pointer of a virtual machine is a mouse that knows its place")
  func absolutePointer() throws {
    var device = try RawDevice(
      DescribedDevice.qemuTablet.description, geometry: TouchGeometry(width: 32768, height: 32768))
    device.frame([abs(AbsCode.x, 100), abs(AbsCode.y, 200)])
    device.frame([key(KeyCode.buttonLeft, 1)])
    device.frame([abs(AbsCode.x, 110)])
    device.frame([key(KeyCode.buttonLeft, 0)])
    let heard = device.heard()
    #expect(heard.map(\.phase) == [.hover, .down, .move, .up])
    #expect(heard.map(\.x) == [100.5, 100.5, 110.5, 110.5])
    #expect(heard.allSatisfy { $0.pointer == .mouse })
    #expect(device.stream.pointer == (110.5, 200.5))
  }
}
