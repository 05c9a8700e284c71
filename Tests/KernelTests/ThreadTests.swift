import Glibc
import Synchronization
import Testing

@testable import Kernel

@Suite("A thread")
struct ThreadTests {
  @Test("a failed precondition in it comes to the program's handler, as in the main thread")
  func trap() async {
    await #expect(processExitsWith: .exitCode(42)) {
      // As the screen's handler does it: which of them a trap raises is the processor's to say.
      for number in Thread.faults { signal(number) { _ in _exit(42) } }
      try Thread.start(name: "trap") {
        let none = [Int](repeating: 0, count: Int(getpid()) & 0)
        _exit(Int32(truncatingIfNeeded: none[Int(getpid())]))
      }
      sleep(20)
      _exit(1)
    }
  }

  @Test("what others send is blocked in it, and the mask of the thread that starts it stays")
  func mask() throws {
    final class Seen: Sendable { let blocked = Mutex<[Int32]?>(nil) }
    let seen = Seen()
    let all: [Int32] = [SIGTERM, SIGINT, SIGHUP, SIGCHLD, SIGALRM, SIGUSR1] + Thread.faults
    func blocked() -> [Int32] {
      var mask = sigset_t()
      pthread_sigmask(SIG_SETMASK, nil, &mask)
      return all.filter { sigismember(&mask, $0) == 1 }
    }
    let before = blocked()
    try Thread.start(name: "mask", stack: 256 << 10) {
      var mask = sigset_t()
      pthread_sigmask(SIG_SETMASK, nil, &mask)
      seen.blocked.withLock { $0 = all.filter { sigismember(&mask, $0) == 1 } }
    }
    #expect(blocked() == before)
    let deadline = MonotonicClock.now() + 20_000_000_000
    while seen.blocked.withLock({ $0 }) == nil, MonotonicClock.now() < deadline { usleep(1000) }
    #expect(seen.blocked.withLock { $0 } == [SIGTERM, SIGINT, SIGHUP, SIGCHLD, SIGALRM, SIGUSR1])
  }
}
