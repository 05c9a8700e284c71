import Display
import Touch

/// `panel --probe`: what the panel would take, and why not the rest. It changes nothing.
enum Probe {
  /// - Returns: the exit code: 0 when there is a display to draw on, and the touch device if one was named, else 1.
  static func run(_ setUp: SetUp) throws -> Int32 {
    let display = Screen.probe(setUp.display)
    print(display.text)
    let touch = try TouchInput(setUp.touch, geometry: TouchGeometry(width: 1, height: 1))
    print("touch: \(touch.summary)")
    for finding in setUp.findings { print(finding) }
    var isMissing = false
    if case .device = setUp.touch { isMissing = touch.devices.isEmpty }
    return display.isFound && !isMissing ? 0 : 1
  }
}
