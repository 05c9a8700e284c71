import Randomness
/// A person before the panel: what the hand does, sampled as often as the device looks.
///
/// Deterministic: the same seed and the same doings give the same samples.
public struct Visitor: Sendable {
  /// Everything the hand did so far.
  public private(set) var samples: [HandSample] = []
  /// When the next thing begins, in nanoseconds since the visit began.
  public private(set) var time: UInt64 = 0

  private let interval: UInt64
  private let hovers: Bool
  /// Diameter of a finger on the glass, in panel pixels.
  private let fingerSize: Double
  /// How much longer than usual everything takes.
  private let slowness: Double
  /// Deviation of the tremor, in panel pixels.
  private let tremor: Double
  private var random: SplitMix64
  private var shake = DrawingPoint(0, 0)
  private var place: DrawingPoint?

  /// - Parameters:
  ///   - device: whose rate samples the hand.
  ///   - panelWidth: in pixels; a finger covers about a 24th of it on a 10-inch panel.
  ///   - slowness: 1 for an adult, 2 for a child.
  public init(
    device: DescribedDevice, panelWidth: Int, seed: UInt64 = 1, slowness: Double = 1, tremor: Double = 0.3
  ) {
    interval = Visitor.nanoseconds(1 / device.rate)
    hovers = device.hovers
    fingerSize = Double(panelWidth) / 24
    self.slowness = slowness
    self.tremor = tremor
    random = SplitMix64(seed: seed)
  }

  public mutating func wait(milliseconds: Int) {
    time += UInt64(max(0, milliseconds)) * 1_000_000
  }

  /// Touches a place shortly, as one presses a button.
  public mutating func tap(x: Double, y: Double) {
    hold(x: x, y: y, milliseconds: 70 + Int(random.unit() * 50))
  }

  /// Touches a place and stays on it.
  public mutating func hold(x: Double, y: Double, milliseconds: Int) {
    reach(DrawingPoint(x, y))
    press(HandCurve(through: [DrawingPoint(x, y)]), seconds: Double(milliseconds) / 1000)
    lift()
  }

  /// Draws a straight line.
  public mutating func line(from: DrawingPoint, to: DrawingPoint, milliseconds: Int) {
    reach(from)
    press(HandCurve(through: [from, to]), seconds: Double(milliseconds) / 1000)
    lift()
  }

  /// Begins a straight line and leaves the finger on the glass, as when the device is pulled out under it.
  public mutating func beginLine(from: DrawingPoint, to: DrawingPoint, milliseconds: Int) {
    reach(from)
    press(HandCurve(through: [from, to]), seconds: Double(milliseconds) / 1000)
  }

  /// Draws a digit into a square of panel pixels.
  public mutating func draw(_ shape: DigitShape, x: Double, y: Double, side: Double) {
    draw(shape.strokes, x: x, y: y, side: side)
  }

  /// Draws strokes of 0 ... 1 into a square of panel pixels; each piece takes a time that grows with its length.
  public mutating func draw(_ strokes: [DigitShape.Stroke], x: Double, y: Double, side: Double) {
    for stroke in strokes {
      let pieces = stroke.map { $0.map { DrawingPoint(x + $0.x * side, y + $0.y * side) } }
      guard let start = pieces.first?.first else { continue }
      reach(start)
      for piece in pieces {
        let curve = HandCurve(through: piece)
        press(curve, seconds: (0.12 + 0.42 * curve.length / side) * (0.9 + 0.2 * random.unit()) * slowness)
      }
      lift()
    }
  }

  /// Holds two fingers on the glass at once, the second 40 ms after the first.
  public mutating func pair(_ first: DrawingPoint, _ second: DrawingPoint, milliseconds: Int) {
    reach(first)
    let end = time + UInt64(milliseconds) * 1_000_000
    let later = time + 40_000_000
    while time < end {
      var fingers = [finger(0, first)]
      if time >= later { fingers.append(finger(1, second)) }
      add(fingers)
    }
    lift()
  }

  /// Draws a line while a second finger comes down at another place and stays until the line ends.
  public mutating func lineWithRest(
    from: DrawingPoint, to: DrawingPoint, rest: DrawingPoint, milliseconds: Int
  ) {
    reach(from)
    let curve = HandCurve(through: [from, to])
    let start = time
    let duration = UInt64(max(1, milliseconds)) * 1_000_000
    while time < start + duration {
      let part = Double(time - start) / Double(duration)
      var fingers = [finger(0, curve.place(at: part))]
      if part > 0.3 { fingers.append(finger(1, rest)) }
      add(fingers)
    }
    lift()
  }

  /// Lays the ball of the hand on the glass: first a finger for the device, then known as a palm.
  public mutating func palm(x: Double, y: Double, milliseconds: Int) {
    reach(DrawingPoint(x, y))
    let start = time
    while time < start + UInt64(milliseconds) * 1_000_000 {
      var contact = finger(0, DrawingPoint(x, y))
      contact.size *= 3
      contact.isPalm = time >= start + 30_000_000
      add([contact])
    }
    lift()
  }

  // MARK: - The hand

  /// Goes to a place above the glass; a mouse or pen is seen on its way.
  private mutating func reach(_ target: DrawingPoint) {
    let from = place ?? DrawingPoint(target.x, target.y)
    let curve = HandCurve(through: [from, target])
    let duration = Visitor.nanoseconds((0.20 + 0.1 * random.unit() + curve.length / 4000) * slowness)
    let start = time
    if hovers {
      while time < start + duration {
        var above = finger(0, curve.place(at: Double(time - start) / Double(duration)))
        above.presses = false
        add([above])
      }
    } else {
      time = start + duration
    }
    place = target
  }

  /// Touches along a curve; at its end the finger is still down.
  private mutating func press(_ curve: HandCurve, seconds: Double) {
    let start = time
    let duration = Visitor.nanoseconds(max(0.02, seconds))
    while time < start + duration {
      add([finger(0, curve.place(at: Double(time - start) / Double(duration)))])
    }
    place = curve.place(at: 1)
    if let place { add([finger(0, place)]) }
  }

  /// Whole microseconds, the unit of the kernel's event times.
  private static func nanoseconds(_ seconds: Double) -> UInt64 {
    UInt64((seconds * 1e6).rounded()) * 1000
  }

  private mutating func lift() {
    samples.append(HandSample(time: time, fingers: []))
    time += interval
  }

  private mutating func add(_ fingers: [HandSample.Finger]) {
    samples.append(HandSample(time: time, fingers: fingers))
    time += interval
    shake.x = 0.7 * shake.x + 0.7 * tremor * random.normal()
    shake.y = 0.7 * shake.y + 0.7 * tremor * random.normal()
  }

  private mutating func finger(_ id: Int, _ point: DrawingPoint) -> HandSample.Finger {
    let wobble = 1 + 0.05 * random.normal()
    return HandSample.Finger(id: id, x: point.x + shake.x, y: point.y + shake.y, size: fingerSize * wobble)
  }
}
