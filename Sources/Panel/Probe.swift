import Display
import Glibc
import Ink
import Kernel
import Touch

/// `panel --probe`: what the panel would take, and why not the rest.
enum Probe {
  static func run(_ setUp: SetUp) throws -> Int32 {
    let touch = try TouchInput(setUp.touch, geometry: TouchGeometry(width: 1, height: 1))
    print(touch.summary)
    for finding in setUp.findings { print(finding) }
    return 0
  }
}
