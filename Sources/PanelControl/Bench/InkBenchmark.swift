import Display
import Ink
import Kernel

/// The panel's share of the way from a touch to its ink: brush, colours, and the copy to a screen in memory.
struct InkBenchmark {
  /// Of one touch event each.
  let times: BenchTimes

  /// Draws loops over the whole sheet, as fast as they can be drawn.
  ///
  /// - Parameters:
  ///   - events: touch events to measure, after a tenth as many to warm up.
  ///   - scale: panel pixels per canvas pixel.
  init(events: Int, scale: Int) throws(KernelError) {
    let screen = try Screen(
      DisplayRequest(kind: .headless(width: 1280, height: max(800, Canvas.side * scale))), log: { _ in })
    defer { screen.close() }
    let ramp = InkRamp(paper: Color(0xF4F1EA), ink: Color(0x101418))
    var sketch = Sketch(scale: scale)
    var times: [UInt64] = []
    times.reserveCapacity(events)
    let warmUp = events / 10
    for event in 0..<warmUp + events {
      // A stroke has 200 events, two seconds of a quick panel; each drawing has three of them.
      let place = Float(event % 200) / 200
      let point = InkBenchmark.point(place, turn: event / 200)
      let start = MonotonicClock.now()
      let damage = event % 200 == 0 ? sketch.begin(point) : sketch.extend(point)
      let changed = sketch.withShown { canvas in
        screen.surface.ink(canvas, damage, x: 100, y: 0, ramp: ramp)
      }
      screen.show(changed)
      let end = MonotonicClock.now()
      if event >= warmUp { times.append(end &- start) }
      if event % 600 == 599 { sketch = Sketch(scale: scale) }
    }
    self.times = BenchTimes(times)
  }

  /// A point of a loop that leans with each turn, by straight pieces: sine and cosine are not what is measured.
  private static func point(_ place: Float, turn: Int) -> StrokePoint {
    let corners: [(x: Float, y: Float)] = [(70, 60), (200, 40), (230, 150), (180, 240), (60, 220), (70, 60)]
    let position = place * Float(corners.count - 1)
    let index = min(corners.count - 2, Int(position))
    let (a, b) = (corners[index], corners[index + 1])
    let share = position - Float(index)
    let lean = Float(turn % 7)
    return StrokePoint(x: a.x + (b.x - a.x) * share + lean, y: a.y + (b.y - a.y) * share - lean)
  }
}
