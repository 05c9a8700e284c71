/// How often a device reports while it is touched: the median of its last frame intervals.
///
/// Some panels report 25 times a second (raspberrypi/linux#3227), and then a poor line is not the program's fault.
struct ReportRate: Equatable, Sendable {
  private static let room = 63
  private var last: UInt64?
  private var intervals = [UInt64](repeating: 0, count: room)
  private var count = 0
  private var next = 0

  /// Notes a frame at `time` (ns).
  mutating func note(_ time: UInt64, pressed: Bool) {
    // A finger that rests may send nothing for long: that is no interval.
    if let last, time > last, time - last < 200_000_000 {
      intervals[next] = time - last
      next = (next + 1) % Self.room
      count = min(count + 1, Self.room)
    }
    last = pressed ? time : nil
  }

  /// Frames per second, or nil before eight intervals are known.
  var perSecond: Double? {
    guard count >= 8 else { return nil }
    return 1e9 / Double(intervals[..<count].sorted()[count / 2])
  }
}
