import DescribedDevices
import Ink
import Testing

@testable import Touch

@Suite("From device units to panel pixels")
struct TransformTests {
  /// The pixel of a point.
  func pixel(_ point: (x: Float, y: Float)) -> [Int] { [Int(point.x), Int(point.y)] }

  @Test(
    "every corner of every rotation lands on itself", arguments: Rotation.allCases,
    [(1280, 800), (720, 1280)])
  func corners(rotation: Rotation, scanout: (Int, Int)) {
    let panel = rotation.panelSize(scanoutWidth: scanout.0, scanoutHeight: scanout.1)
    let geometry = TouchGeometry(width: panel.width, height: panel.height, rotation: rotation)
    for x in [0, panel.width - 1] {
      for y in [0, panel.height - 1] {
        // Where the picture shows this corner on the glass, a finger touches.
        let glass = rotation.scanout(x: x, y: y, scanoutWidth: scanout.0, scanoutHeight: scanout.1)
        let u = Float(glass.x) / Float(scanout.0 - 1)
        let v = Float(glass.y) / Float(scanout.1 - 1)
        #expect(pixel(geometry.panel(u: u, v: v)) == [x, y])
      }
    }
  }

  @Test("every pixel of every rotation lands on itself", arguments: Rotation.allCases)
  func pixels(rotation: Rotation) {
    let (width, height) = (320, 200)
    let panel = rotation.panelSize(scanoutWidth: width, scanoutHeight: height)
    let geometry = TouchGeometry(width: panel.width, height: panel.height, rotation: rotation)
    for x in 0..<panel.width {
      for y in stride(from: 0, to: panel.height, by: 7) {
        let glass = rotation.scanout(x: x, y: y, scanoutWidth: width, scanoutHeight: height)
        let point = geometry.panel(
          u: Float(glass.x) / Float(width - 1), v: Float(glass.y) / Float(height - 1))
        #expect(abs(point.x - Float(x) - 0.5) < 0.01 && abs(point.y - Float(y) - 0.5) < 0.01)
      }
    }
  }

  @Test(
    "a point of the panel comes back from the digitizer, whatever lies between", arguments: Rotation.allCases)
  func wayBack(rotation: Rotation) throws {
    let skewed = try #require(DigitizerMatrix([0.03, 0.97, 0.01, -1.02, 0.02, 1.01]))
    for matrix in [DigitizerMatrix.identity, .swapped, skewed] {
      let geometry = TouchGeometry(width: 1280, height: 800, rotation: rotation, matrix: matrix)
      for (x, y) in [(100, 200), (640, 400), (1200, 700)] as [(Float, Float)] {
        let back = geometry.digitizer(x: x, y: y)
        let point = geometry.panel(u: back.u, v: back.v)
        #expect(abs(point.x - x) < 0.01 && abs(point.y - y) < 0.01)
      }
    }
  }

  @Test("the digitizer matrix is libinput's and comes before the rotation")
  func matrixBeforeRotation() throws {
    // A digitizer that is built in turned by 90 degrees clockwise, in libinput's documentation.
    let matrix = try #require(DigitizerMatrix([0, -1, 1, 1, 0, 0]))
    #expect(matrix.apply(0.25, 0.75) == (0.25, 0.25))
    let geometry = TouchGeometry(width: 100, height: 50, rotation: .half, matrix: matrix)
    #expect(pixel(geometry.panel(u: 0, v: 0)) == [0, 49])
  }

  @Test("a panel whose axes are swapped is set right by the matrix")
  func swapped() throws {
    let device = DescribedDevice.swappedAxes
    var raw = try RawDevice(
      device.description, geometry: TouchGeometry(width: 1280, height: 800, matrix: device.matrix))
    raw.frame([slot(0), id(1), mtX(799), mtY(0)])
    #expect(raw.heard().map { [$0.x, $0.y] } == [[0.5, 799.5]])
  }

  @Test("a matrix that is no matrix is refused")
  func noMatrix() {
    #expect(DigitizerMatrix([1, 0, 0, 0, 1]) == nil)
    #expect(DigitizerMatrix([1, 0, 0, 1, 0, 0]) == nil)
    #expect(DigitizerMatrix([1, 0, .nan, 0, 1, 0]) == nil)
    #expect(DigitizerMatrix([.infinity, 0, 0, 0, 1, 0]) == nil)
  }

  @Test("a device that lies about its range is put on the edge, and what it sent is noted")
  func lies() throws {
    var raw = try RawDevice(DescribedDevice.lyingRange.description)
    raw.frame([slot(0), id(1), mtX(4200), mtY(-32)])
    raw.frame([mtX(Int32.min), mtY(Int32.max)])
    #expect(raw.heard().map { [$0.x, $0.y] } == [[1279.5, 0.5], [0.5, 799.5]])
    let axes = try #require(raw.decoder.axes)
    #expect(axes.x.lies && axes.x.observed == Int32.min...4200)
    let status = TouchDevice(name: "liar", path: "/dev/input/event0", decoder: raw.decoder)
    #expect(
      status.note
        == "outside its declared range: x of 0...4095 sent -2147483648...4200, y of 0...4095 sent -32...2147483647"
    )
  }

  @Test("a device that stays in its range has no note")
  func honest() throws {
    var raw = try RawDevice(DescribedDevice.usbTenPoint.description)
    raw.frame([slot(0), id(1), mtX(0), mtY(9600)])
    #expect(raw.decoder.axes?.x.lies == false)
    #expect(TouchDevice(name: "", path: "", decoder: raw.decoder).note == nil)
  }

  @Test("another size of the panel keeps the mouse on it")
  func resized() throws {
    var raw = try RawDevice(DescribedDevice.mouse.description)
    raw.frame([rel(RelCode.x, 5000)])
    raw.stream.geometry = TouchGeometry(width: 480, height: 320)
    raw.frame([key(KeyCode.buttonLeft, 1)])
    #expect(raw.heard().last.map { [$0.x, $0.y] } == [479.5, 319.5])
  }
}
