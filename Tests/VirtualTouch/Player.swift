import CLinux
import DescribedDevices
import Glibc
import Kernel
import Touch

/// Does the steps of a visit in real time on a device made by uinput.
struct Player: ~Copyable {
  private let options: Options
  private var visit: Visit
  private var device: VirtualDevice?
  /// CLOCK_MONOTONIC at the visit's time 0.
  private var start: UInt64 = 0
  private var elapsed: UInt64 = 0

  init(_ options: Options) {
    self.options = options
    visit = options.visit()
    device = nil
  }

  /// Makes the device and waits until the panel may have found it.
  mutating func plug() throws(KernelError) {
    let made = try VirtualDevice(visit.device.description)
    say("device \(visit.device.key) at \(made.path)")
    device = consume made
    Player.sleep(until: MonotonicClock.now() + options.settle)
    start = MonotonicClock.now() &- elapsed
  }

  mutating func perform(_ step: VisitStep) throws(KernelError) {
    let part = visit.perform(step)
    // A visit that waits for its next line goes on now, not in the past.
    start = max(start, MonotonicClock.now() &- elapsed)
    var late: UInt64 = 0
    switch step {
    case .unplug: device = nil
    case .plug: try plug()
    default: late = try send(part.events)
    }
    if case .pull = step { device = nil }
    Player.sleep(until: start + part.end)
    elapsed = part.end
    let frames = part.events.filter(\.endsFrame).count
    say("played \(step): \(frames) frames, at most \(late / 1000) us late")
  }

  private func send(_ events: [InputEvent]) throws(KernelError) -> UInt64 {
    if events.isEmpty { return 0 }
    switch device {
    case .some(let device): return try Player.send(events, to: device, start: start)
    case .none:
      throw KernelError("play on", visit.device.key, reason: "it is unplugged", next: "plug it first")
    }
  }

  /// Sends events at their times, and returns how late the latest was (ns).
  static func send(
    _ events: [InputEvent], to device: borrowing VirtualDevice, start: UInt64
  ) throws(KernelError) -> UInt64 {
    var late: UInt64 = 0
    var last: UInt64?
    for event in events {
      if event.time != last {
        sleep(until: start + event.time)
        last = event.time
        late = max(late, MonotonicClock.now() &- (start + event.time))
      }
      try device.send(event)
    }
    return late
  }

  static func sleep(until time: UInt64) {
    var deadline = timespec(tv_sec: Int(time / 1_000_000_000), tv_nsec: Int(time % 1_000_000_000))
    while clock_nanosleep(CLOCK_MONOTONIC, Int32(TIMER_ABSTIME), &deadline, nil) == EINTR {}
  }
}
