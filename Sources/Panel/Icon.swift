import Display
import Glibc

/// The pictures on buttons and beside sentences, as lines two units wide in a grid of 24.
///
/// A picture always stands with its word; it helps who does not read the language, and shows a state without colour.
enum Icon: String, CaseIterable, Sendable {
  case undo, redo, clear, check, cross, warning, info
  case dice, shift, shiftOn, backspace, space, globe, gear, pencil, sheet
  case trophy, flame, receipt, person, lock, power, restart, pause, play, sun, target, wipe, clock
  case left, right, up, down, hand, storage, sync

  /// The figure; it gets its size and thickness where it is drawn.
  var figure: Figure { Figure(grid: 24, parts) }

  private typealias P = Figure.Point

  private var parts: [Figure.Part] {
    func line(_ values: Float...) -> Figure.Part {
      .line(stride(from: 0, to: values.count - 1, by: 2).map { P(values[$0], values[$0 + 1]) })
    }
    func area(_ values: Float...) -> Figure.Part {
      .area(stride(from: 0, to: values.count - 1, by: 2).map { P(values[$0], values[$0 + 1]) })
    }
    func arc(_ x: Float, _ y: Float, _ radius: Float, _ from: Float, _ sweep: Float) -> Figure.Part {
      .arc(x: x, y: y, radius: radius, from: from, sweep: sweep)
    }
    func ring(_ x: Float, _ y: Float, _ radius: Float) -> Figure.Part { arc(x, y, radius, 0, 360) }
    func disc(_ x: Float, _ y: Float, _ radius: Float) -> Figure.Part { .disc(x: x, y: y, radius: radius) }
    func polar(_ angle: Float, _ radius: Float) -> P {
      P(12 + radius * cosf(angle * .pi / 180), 12 + radius * sinf(angle * .pi / 180))
    }
    func box(_ x: Float, _ y: Float, _ width: Float, _ height: Float, _ r: Float = 2) -> [Figure.Part] {
      let (right, bottom) = (x + width, y + height)
      return [
        line(x + r, y, right - r, y), line(right, y + r, right, bottom - r),
        line(right - r, bottom, x + r, bottom), line(x, bottom - r, x, y + r),
        arc(x + r, y + r, r, 180, 90), arc(right - r, y + r, r, 270, 90),
        arc(right - r, bottom - r, r, 0, 90), arc(x + r, bottom - r, r, 90, 90),
      ]
    }
    return switch self {
    case .undo: [line(8, 4, 4, 8, 8, 12), line(4, 8, 14, 8), arc(14, 14, 6, 270, 180), line(14, 20, 8, 20)]
    case .redo:
      [line(16, 4, 20, 8, 16, 12), line(20, 8, 10, 8), arc(10, 14, 6, 270, -180), line(10, 20, 16, 20)]
    case .clear:
      [
        line(4, 6, 20, 6), line(9, 6, 9, 3, 15, 3, 15, 6), line(6, 6, 7, 21, 17, 21, 18, 6),
        line(10, 11, 10, 16), line(14, 11, 14, 16),
      ]
    case .check: [line(4, 13, 9.5, 18.5, 20, 6)]
    case .cross: [line(6, 6, 18, 18), line(18, 6, 6, 18)]
    case .warning: [line(12, 3, 22, 20.5, 2, 20.5, 12, 3), line(12, 10, 12, 14), disc(12, 17.3, 1.2)]
    case .info: [ring(12, 12, 9), line(12, 11, 12, 16.5), disc(12, 7.6, 1.2)]
    case .dice:
      box(4, 4, 16, 16, 3) + [
        disc(8.5, 8.5, 1.4), disc(12, 12, 1.4), disc(15.5, 15.5, 1.4), disc(15.5, 8.5, 1.4),
        disc(8.5, 15.5, 1.4),
      ]
    case .shift: [line(12, 3.5, 20.5, 12, 16, 12, 16, 19.5, 8, 19.5, 8, 12, 3.5, 12, 12, 3.5)]
    case .shiftOn:
      [
        area(12, 3.5, 20.5, 12, 16, 12, 16, 19.5, 8, 19.5, 8, 12, 3.5, 12),
        line(12, 3.5, 20.5, 12, 16, 12, 16, 19.5, 8, 19.5, 8, 12, 3.5, 12, 12, 3.5),
      ]
    case .backspace:
      [
        line(9, 5, 21, 5, 21, 19, 9, 19, 3, 12, 9, 5), line(11.5, 9.5, 16.5, 14.5),
        line(16.5, 9.5, 11.5, 14.5),
      ]
    case .space: [line(4, 11, 4, 16, 20, 16, 20, 11)]
    case .globe:
      [
        ring(12, 12, 9), line(3, 12, 21, 12), arc(4.6, 12, 11.6, -51, 102), arc(19.4, 12, 11.6, 129, 102),
      ]
    case .gear:
      [
        ring(12, 12, 3),
        .line(
          (0...32).map { corner in
            // Four corners a tooth, eight teeth.
            let tooth = Float(corner / 4) * 45
            let offsets: [(Float, Float)] = [(-14, 6.9), (-9, 9.5), (9, 9.5), (14, 6.9)]
            let (turn, radius) = offsets[corner % 4]
            return polar(tooth + turn, radius)
          }),
      ]
    case .pencil: [line(4, 20, 5, 15.5, 16, 4.5, 19.5, 8, 8.5, 19, 4, 20), line(13.5, 7, 17, 10.5)]
    case .sheet: box(5, 3, 14, 18) + [line(9, 9, 15, 9), line(9, 13, 15, 13)]
    case .trophy:
      [
        line(7, 4, 17, 4), line(7, 4, 7, 9), line(17, 4, 17, 9), arc(12, 9, 5, 0, 180),
        line(12, 14, 12, 19.5),
        line(8, 20, 16, 20), line(7, 6, 3.5, 6, 3.5, 8), arc(7, 8, 3.5, 90, 90),
        line(17, 6, 20.5, 6, 20.5, 8),
        arc(17, 8, 3.5, 0, 90),
      ]
    case .flame:
      [
        line(12.5, 2.5, 13, 6, 16.5, 10, 18, 13.5), arc(12, 15, 6.2, -14, 194),
        line(5.8, 15, 6.5, 11.5, 9, 8.5),
        line(9, 8.5, 9.5, 11, 12, 9, 12.8, 6, 12.5, 2.5),
      ]
    case .receipt:
      [
        line(6, 21, 6, 3, 18, 3, 18, 21, 15, 19, 12, 21, 9, 19, 6, 21), line(9.5, 8, 14.5, 8),
        line(9.5, 12, 14.5, 12),
      ]
    case .person: [ring(12, 8, 4.2), arc(12, 21, 8, 180, 180)]
    case .lock: box(5, 11, 14, 10) + [line(8, 11, 8, 8), line(16, 11, 16, 8), arc(12, 8, 4, 180, 180)]
    case .power: [line(12, 3, 12, 11), arc(12, 13, 8, -52, 284)]
    case .restart: [arc(12, 12, 8, -20, 290), line(20.6, 4, 20, 9, 15, 8.6)]
    case .pause: [line(9, 5, 9, 19), line(15, 5, 15, 19)]
    case .play: [area(7, 4, 20, 12, 7, 20), line(7, 4, 20, 12, 7, 20, 7, 4)]
    case .sun:
      [ring(12, 12, 4)] + (0..<8).map { .line([polar(Float($0) * 45, 7.4), polar(Float($0) * 45, 9.8)]) }
    case .target:
      [ring(12, 12, 7), line(12, 2, 12, 8), line(12, 16, 12, 22), line(2, 12, 8, 12), line(16, 12, 22, 12)]
    case .wipe:
      [line(4, 20, 20, 20), line(6, 16, 14, 4, 20, 8, 12, 20), line(6, 16, 12, 20), line(9, 11.5, 15, 15.5)]
    case .clock: [ring(12, 12, 9), line(12, 6.5, 12, 12, 16, 14)]
    case .left: [line(14.5, 5, 7.5, 12, 14.5, 19)]
    case .right: [line(9.5, 5, 16.5, 12, 9.5, 19)]
    case .up: [line(5, 15, 12, 8, 19, 15)]
    case .down: [line(5, 9, 12, 16, 19, 9)]
    case .hand:
      [
        arc(11, 5, 2, 180, 180), line(9, 5, 9, 14, 6.5, 12), arc(5.6, 13.2, 1.5, 120, 186),
        line(4.9, 14.5, 9, 20),
        line(9, 20, 11, 21.5, 16, 21.5), line(13, 5, 13, 10.5, 17.5, 11.5), arc(17, 13.5, 2.1, -76, 76),
        line(19.1, 13.5, 18.5, 18.5), arc(16, 18.8, 2.6, 0, 90),
      ]
    case .storage:
      [
        line(4, 6, 4, 18), line(20, 6, 20, 18), arc(12, -7, 15.3, 58.5, 63), arc(12, 19, 15.3, 238.5, 63),
        arc(12, -1, 15.3, 58.5, 63), arc(12, 5, 15.3, 58.5, 63),
      ]
    case .sync:
      [
        arc(12, 12, 8, 200, 130), line(20, 3.5, 19.3, 8.2, 14.6, 7.5), arc(12, 12, 8, 20, 130),
        line(4, 20.5, 4.7, 15.8, 9.4, 16.5),
      ]
    }
  }
}
