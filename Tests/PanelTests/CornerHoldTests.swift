import Ink
import Testing
import Touch

@testable import Panel

@Suite("The operator's gesture")
struct CornerHoldTests {
  /// A glass and its hold; events as the touch room tells them.
  private struct Glass {
    var hold = CornerHold()
    let layout: Layout
    var now: UInt64 = 1_000_000_000
    var claims = 0

    init(_ width: Int = 800, _ height: Int = 480, pixelsPerMillimetre: Float? = nil) {
      layout = Layout(width: width, height: height, pixelsPerMillimetre: pixelsPerMillimetre)
    }

    mutating func send(
      _ phase: TouchEvent.Phase, _ contact: Int32, _ x: Float, _ y: Float,
      _ pointer: TouchEvent.Pointer = .finger
    ) {
      now += 8_000_000
      let event = TouchEvent(phase: phase, contact: contact, x: x, y: y, time: now, pointer: pointer)
      if hold.touch(event, bounds: layout.bounds, zone: layout.metrics.corner) == .takesBack { claims += 1 }
    }

    /// Lays a finger near a corner: 0 and 1 above, 2 and 3 below, from the left.
    mutating func press(_ corner: Int, _ contact: Int32, inset: Float = 5.5) {
      let x = corner % 2 == 0 ? inset : Float(layout.bounds.width) - inset
      let y = corner < 2 ? inset : Float(layout.bounds.height) - inset
      send(.down, contact, x, y)
    }

    /// Whether it is recognised within so many seconds from now.
    mutating func recognises(within seconds: Double) -> Bool {
      let end = now + UInt64(seconds * 1e9)
      guard let due = hold.deadline, due <= end else {
        now = end
        return hold.tick(now)
      }
      now = due
      return hold.tick(now)
    }
  }

  private func expect(
    _ glass: inout Glass, within seconds: Double, _ wanted: Bool = true,
    at place: SourceLocation = #_sourceLocation
  ) {
    let recognised = glass.recognises(within: seconds)
    #expect(recognised == wanted, sourceLocation: place)
  }

  @Test("two opposite corners held for 3 s are it, at every size", arguments: LayoutTests.sizes)
  func everySize(width: Int, height: Int) {
    for (a, b) in [(0, 3), (3, 0), (1, 2), (2, 1)] {
      for inset: Float in [0.5, 24, 47.5] {
        var glass = Glass(width, height)
        glass.press(a, 1, inset: inset)
        #expect(glass.hold.deadline == nil)
        glass.press(b, 2, inset: inset)
        #expect(glass.claims == 1)
        let began = glass.now
        let early = glass.hold.tick(began + 2_999_999_999)
        #expect(!early)
        expect(&glass, within: 5)
        #expect(glass.now == began + 3_000_000_000)
        let twice = glass.hold.tick(glass.now + 1)
        #expect(glass.hold.deadline == nil && !twice)
      }
    }
  }

  @Test("it is recognised however picture and touch are turned", arguments: Rotation.allCases)
  func rotations(rotation: Rotation) {
    let size = rotation.panelSize(scanoutWidth: 1280, scanoutHeight: 800)
    let geometry = TouchGeometry(width: size.width, height: size.height, rotation: rotation)
    for pair: [(Float, Float)] in [[(0.02, 0.02), (0.98, 0.98)], [(0.98, 0.02), (0.02, 0.98)]] {
      var glass = Glass(size.width, size.height)
      for (index, point) in pair.enumerated() {
        let (x, y) = geometry.panel(u: point.0, v: point.1)
        glass.send(.down, Int32(index + 1), x, y)
      }
      expect(&glass, within: 5)
    }
  }

  @Test(
    "corners are at least 48 pixels and 15 mm, and leave the middle of the panel alone",
    arguments: LayoutTests.sizes)
  func zones(width: Int, height: Int) {
    for density: Float? in [nil, 2, 6, 12, 40] {
      let layout = Layout(width: width, height: height, pixelsPerMillimetre: density)
      let zone = layout.metrics.corner
      #expect(zone >= 48)
      #expect(zone * 5 <= min(width, height) * 2)
      if let density, density <= 6 { #expect(Float(zone) >= 15 * density, "\(width)x\(height) \(density)") }
    }
  }

  @Test("corners that are not opposite, one corner, and a place elsewhere are not it")
  func notOpposite() {
    for (a, b) in [(0, 1), (0, 2), (3, 1), (3, 2), (1, 1)] {
      var glass = Glass()
      glass.press(a, 1)
      glass.press(b, 2)
      expect(&glass, within: 60, false)
    }
    var one = Glass()
    one.press(0, 1)
    expect(&one, within: 60, false)
    var elsewhere = Glass()
    elsewhere.press(0, 1)
    elsewhere.send(.down, 2, 400, 240)
    expect(&elsewhere, within: 60, false)
  }

  @Test("moving off, lifting one, or a third finger ends it until the glass is free")
  func cancelled() {
    let ends: [(inout Glass) -> Void] = [
      { $0.send(.move, 1, 60, 6) }, { $0.send(.move, 2, 795, 400) }, { $0.send(.up, 1, 6, 6) },
      { $0.send(.cancel, 2, 795, 475) }, { $0.send(.down, 3, 400, 200) },
    ]
    for end in ends {
      var glass = Glass()
      glass.press(0, 1)
      glass.press(3, 2)
      glass.send(.move, 1, 8, 9)
      #expect(glass.hold.deadline != nil, "a finger that rests trembles")
      end(&glass)
      expect(&glass, within: 60, false)
      // Back in the corners, but the glass was never free.
      glass.send(.move, 1, 6, 6)
      glass.press(0, 7)
      expect(&glass, within: 60, false)
    }
  }

  @Test("once the glass is free it can be done again")
  func again() {
    var glass = Glass()
    for round in 0..<3 {
      let first = Int32(2 * round + 1)
      glass.press(1, first)
      glass.press(2, first + 1)
      expect(&glass, within: 5)
      glass.send(.up, first, 0, 0)
      glass.send(.up, first + 1, 0, 0)
    }
  }

  @Test("a mouse or a pen holds one corner for 10 s; so does a finger where no device knows two")
  func single() {
    for pointer in [TouchEvent.Pointer.mouse, .pen] {
      var glass = Glass()
      glass.send(.hover, 0, 3, 3, pointer)
      glass.send(.down, 1, 3, 3, pointer)
      let began = glass.now
      #expect(glass.hold.deadline == began + 10_000_000_000)
      expect(&glass, within: 11)
      var wandering = Glass()
      wandering.send(.down, 1, 3, 3, pointer)
      wandering.send(.move, 1, 300, 3, pointer)
      expect(&wandering, within: 60, false)
    }
    var finger = Glass()
    finger.hold.allowsOneFinger = true
    finger.press(2, 1)
    expect(&finger, within: 9.9, false)
    expect(&finger, within: 1)
  }

  @Test("events of contacts that were never seen do no harm")
  func strayEvents() {
    var glass = Glass()
    glass.send(.up, 9, 1, 1)
    glass.send(.cancel, 8, 1, 1)
    glass.send(.move, 7, 1, 1)
    glass.press(0, 1)
    glass.press(3, 2)
    expect(&glass, within: 5)
  }
}
