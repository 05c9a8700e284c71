import Glibc
import Kernel

/// The operator's Ctrl-C and a service manager's TERM as something that can be waited for beside a socket.
///
/// From the moment it is made they no longer end the process by themselves: who waits is told, and leaves nothing half.
final class Interrupt {
  enum Outcome { case ready, late, interrupted }

  private let signals: Signals
  /// Whether one has come.
  private(set) var hasCome = false
  /// Work that is done a little at a time while a descriptor is waited for; false when nothing is left of it.
  var meanwhile: (() -> Bool)?

  init() throws(KernelError) {
    signals = try Signals([SIGINT, SIGTERM, SIGHUP])
  }

  /// Whether one has come by now.
  func check() -> Bool {
    if signals.next() != nil { hasCome = true }
    return hasCome
  }

  /// Sleeps until a descriptor is ready.
  ///
  /// - Parameters:
  ///   - descriptor: negative is none.
  ///   - events: POLLIN, POLLOUT.
  ///   - deadline: CLOCK_MONOTONIC in ns; nil waits for ever.
  func wait(for descriptor: Int32, _ events: Int16, until deadline: UInt64?) -> Outcome {
    var watched = [
      pollfd(fd: descriptor, events: events, revents: 0),
      pollfd(fd: signals.raw, events: Int16(POLLIN), revents: 0),
    ]
    while true {
      if check() { return .interrupted }
      if poll(&watched, 2, 0) > 0, watched[0].revents != 0 { return .ready }
      if let meanwhile, meanwhile() { continue }
      meanwhile = nil
      var patience: Int32 = -1
      if let deadline {
        let now = MonotonicClock.now()
        if now >= deadline { return .late }
        patience = Int32(clamping: (deadline - now) / 1_000_000 + 1)
      }
      if poll(&watched, 2, patience) > 0, watched[0].revents != 0 { return check() ? .interrupted : .ready }
    }
  }

  /// Sleeps; false when it was interrupted.
  func sleep(milliseconds: UInt64) -> Bool {
    wait(for: -1, 0, until: MonotonicClock.now() + milliseconds * 1_000_000) != .interrupted
  }
}
