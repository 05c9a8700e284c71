import Glibc
import Kernel
import Synchronization

/// Owns the thread that looks at the displays again when the kernel tells of a change: reading an EDID takes its time.
///
/// Sendable: what is exchanged is behind the lock.
final class Prober: Sendable {
  private struct State {
    var isWanted = false
    var isOver = false
    var held: DRMCard?
    var found: Inspection?
  }

  private let state = Mutex(State())
  private let wakeup: Wakeup
  private let tell: @Sendable () -> Void

  /// - Parameter tell: called on the thread of the prober when ``take()`` has something.
  init(tell: @escaping @Sendable () -> Void) throws(KernelError) {
    self.tell = tell
    wakeup = try Wakeup()
    try Thread.start(name: "display-probe", stack: 256 << 10) { [self] in run() }
  }

  /// Asks for a look; several requests during one look make one more.
  func request(holding card: DRMCard?) {
    state.withLock {
      $0.isWanted = true
      $0.held = card
    }
    wakeup.signal()
  }

  /// What was found, once; nil while a newer look is on its way.
  func take() -> Inspection? {
    state.withLock { state in
      defer { state.found = nil }
      return state.isWanted ? nil : state.found
    }
  }

  func stop() {
    state.withLock { $0.isOver = true }
    wakeup.signal()
  }

  private func run() {
    while true {
      var event = pollfd(fd: wakeup.raw, events: Int16(POLLIN), revents: 0)
      while poll(&event, 1, -1) < 0 && errno == EINTR {}
      wakeup.acknowledge()
      let (isOver, isWanted, held) = state.withLock { state -> (Bool, Bool, DRMCard?) in
        defer {
          state.isWanted = false
          state.held = nil
          // What an older look found is out of date.
          state.found = nil
        }
        return (state.isOver, state.isWanted, state.held)
      }
      if isOver { return }
      guard isWanted else { continue }
      let found = Inspection.make(holding: held)
      state.withLock { $0.found = found }
      tell()
    }
  }
}
