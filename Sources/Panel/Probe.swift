import Display
import Touch

/// `panel --probe`: what the panel would take, and why not the rest. It changes nothing.
enum Probe {
  /// - Returns: the exit code: 0 when there is a display to draw on, else 1.
  static func run(_ setUp: SetUp) throws -> Int32 {
    let display = Screen.probe(setUp.display)
    print(display.text)
    let touch = try TouchInput(setUp.touch, geometry: TouchGeometry(width: 1, height: 1))
    print("touch: \(touch.summary)")
    for finding in setUp.findings { print(finding) }
    return display.isFound ? 0 : 1
  }
}
