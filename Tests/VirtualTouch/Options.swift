import DescribedDevices
import Ink
import Kernel
import Touch

/// The options of a command, and the words that are none.
struct Options {
  var device = DescribedDevice.usbTenPoint
  var width = 1280
  var height = 800
  var rotation = Rotation.none
  var matrix: DigitizerMatrix?
  var seed: UInt64 = 1
  var slowness = 1.0
  var tremor = 0.3
  /// Nanoseconds.
  var settle: UInt64 = 1_000_000_000
  var script: String?
  var words: [String] = []

  init(_ arguments: [String]) throws {
    var rest = arguments[...]
    while let word = rest.popFirst() {
      guard word.hasPrefix("--") else {
        words.append(word)
        continue
      }
      guard let value = rest.popFirst() else { throw Usage("a value must follow \(word)") }
      switch word {
      case "--device": device = try Options.device(value)
      case "--panel":
        let sides = value.split(separator: "x").map { Int($0) }
        guard sides.count == 2, let w = sides[0], let h = sides[1], (1...65_536).contains(w),
          (1...65_536).contains(h)
        else { throw Usage("--panel takes WIDTHxHEIGHT, not \(value)") }
        (width, height) = (w, h)
      case "--rotate":
        guard let turned = Int(value).flatMap({ Rotation(rawValue: $0) }) else {
          throw Usage("--rotate takes 0, 90, 180 or 270, not \(value)")
        }
        rotation = turned
      case "--matrix":
        guard let matrix = DigitizerMatrix(value.split(separator: " ").map { Float($0) ?? .nan }) else {
          throw Usage("--matrix takes six numbers, not \(value)")
        }
        self.matrix = matrix
      case "--seed": seed = try Options.number(word, value) { UInt64($0) }
      case "--slow":
        slowness = try Options.number(word, value) {
          Double($0).flatMap { (0.1...100).contains($0) ? $0 : nil }
        }
      case "--tremor":
        tremor = try Options.number(word, value) { Double($0).flatMap { (0...100).contains($0) ? $0 : nil } }
      case "--settle": settle = UInt64(try Options.number(word, value) { UInt32($0) }) * 1_000_000
      case "--script": script = value
      default: throw Usage("there is no option \(word)")
      }
    }
  }

  /// The panel, with the digitizer matrix that it has set.
  var geometry: TouchGeometry {
    TouchGeometry(width: width, height: height, rotation: rotation, matrix: matrix ?? device.matrix)
  }

  func visit() -> Visit {
    Visit(device: device, geometry: geometry, seed: seed, slowness: slowness, tremor: tremor)
  }

  /// The steps of the script.
  func scriptSteps() throws -> [VisitStep] {
    guard let script else { return [] }
    let text = String(decoding: try contentsOfFile(script, limit: 1 << 20), as: UTF8.self)
    return try VisitStep.parse(text, contents: VirtualTouchProgram.textOfFile)
  }

  /// The steps of the script and of the command line.
  func steps() throws -> [VisitStep] {
    let typed = words.flatMap { $0.split(separator: " ").map(String.init) }
    let all = try scriptSteps() + VisitStep.parse(words: typed, contents: VirtualTouchProgram.textOfFile)
    if all.isEmpty { throw Usage("there is no step") }
    return all
  }

  static func device(_ key: String) throws -> DescribedDevice {
    guard let device = DescribedDevice.named(key) else {
      throw Usage("there is no device \(key); virtual-touch list shows them")
    }
    return device
  }

  private static func number<Number>(_ option: String, _ text: String, _ read: (String) -> Number?) throws
    -> Number
  {
    guard let number = read(text) else { throw Usage("\(option) does not take \(text)") }
    return number
  }
}
