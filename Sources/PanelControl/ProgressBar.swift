import Glibc
import Kernel

/// How far something long is, on one line of a terminal at standard error; nothing anywhere else.
struct ProgressBar {
  private let things: String
  private let isWatched: Bool
  private let began = MonotonicClock.now()
  private var shown: UInt64 = 0

  /// Not more often, in nanoseconds.
  private static let interval: UInt64 = 100_000_000

  /// - Parameter things: what is counted: "drawings".
  init(_ things: String, isWatched: Bool = isatty(STDERR_FILENO) == 1) {
    self.things = things
    self.isWatched = isWatched
  }

  mutating func show(_ done: Int, of all: Int) {
    let now = MonotonicClock.now()
    guard isWatched, now - shown >= ProgressBar.interval else { return }
    shown = now
    Output.tell(progress: ProgressBar.line(done, of: all, things, seconds: Double(now - began) / 1e9))
  }

  func remove() {
    if isWatched && shown > 0 { Output.tell(progress: "") }
  }

  /// `[########------------]  40 %, 400000 of 1000000 drawings, 20000/s, 30 s left`
  static func line(_ done: Int, of all: Int, _ things: String, seconds: Double) -> String {
    let share = all > 0 ? min(1, Double(done) / Double(all)) : 1
    let full = Int(share * 20)
    let bar = String(repeating: "#", count: full) + String(repeating: "-", count: 20 - full)
    var line = "[\(bar)] \(Columns.right(Int(share * 100), 3)) %, \(done) of \(all) \(things)"
    // What the first moments say of the rest is worth nothing.
    if seconds >= 1 && done > 0 {
      let rate = Double(done) / seconds
      line += ", \(Int(rate))/s, \(Columns.duration(seconds: Int(Double(max(0, all - done)) / rate))) left"
    }
    return line
  }
}
