/// The next digit on its way into the prompt: three frames, so that the eye sees that it is another one.
///
/// A frame draws the prompt's card again and nothing else.
struct Entrance: Sendable, Equatable {
  /// Which of the frames is shown.
  private(set) var frame = 0
  /// When the next one is due, CLOCK_MONOTONIC in nanoseconds.
  private(set) var due: UInt64

  /// How far the figure is from its place in each frame, and how much of its colour it has: parts of 256.
  private static let frames: [(distance: Int, strength: UInt8)] = [(72, 90), (26, 170), (7, 225)]
  private static let interval: UInt64 = 25_000_000

  init(at time: UInt64) { due = time &+ Entrance.interval }

  /// Below its place, in 256ths of its height.
  var distance: Int { Entrance.frames[frame].distance }
  /// How much of its colour shows, 255 all of it.
  var strength: UInt8 { Entrance.frames[frame].strength }

  /// The next frame; nil when the figure has arrived.
  func next(at time: UInt64) -> Entrance? {
    guard frame + 1 < Entrance.frames.count else { return nil }
    var next = Entrance(at: time)
    next.frame = frame + 1
    return next
  }
}
