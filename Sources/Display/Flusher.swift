import CDRM
import Glibc
import Ink
import Kernel
import Synchronization

/// Owns the thread that tells drivers with a shadow which pixels of a framebuffer changed: the ioctl DIRTYFB.
///
/// Virtual GPUs, USB and SPI displays show what is drawn into the front buffer only after it. It waits for the display,
/// up to a frame, so it is on no way of ink: damage is gathered, and told at once when none was told in the last 16 ms,
/// else when those are over. A driver that needs none says so to the first of them (ENOSYS, as bochs), which ends the thread.
/// What a driver cannot take now is told again with what changed meanwhile.
///
/// Sendable: all that changes is behind the lock.
final class Flusher: Sendable {
  private struct Work {
    var damage = PixelRect.empty
    var framebuffer: UInt32 = 0
    var isOver = false
    /// What the driver answered that is no matter of the damage: the display is lost.
    var fault: Int32 = 0
    /// The rounds of the heartbeat in which a sign of life was wanted, and given.
    var wanted: UInt64 = 0
    var answered: UInt64 = 0
  }

  /// Tells the driver of changed pixels of a framebuffer.
  ///
  /// - Returns: 0, or errno.
  typealias Send = @Sendable (PixelRect, UInt32) -> Int32

  private static let interval: UInt64 = 16_000_000
  /// How often in a row damage is told that the driver does not take: a second long.
  static let tries = 60
  private let send: Send
  private let work = Mutex(Work())
  private let wakeup: Wakeup
  /// Signals the screen that there is a fault.
  private let tell: @Sendable () -> Void

  /// - Parameter tell: called on the thread of the flusher when ``takeFault()`` has something.
  /// - Throws: ``KernelError`` when there is no thread to be had.
  convenience init(card: DRMCard, tell: @escaping @Sendable () -> Void) throws(KernelError) {
    try self.init(
      send: { rect, framebuffer in
        var clip = drmModeClip()
        clip.x1 = UInt16(clamping: rect.x)
        clip.y1 = UInt16(clamping: rect.y)
        clip.x2 = UInt16(clamping: rect.maxX)
        clip.y2 = UInt16(clamping: rect.maxY)
        return drmModeDirtyFB(card.raw, framebuffer, &clip, 1) == 0 ? 0 : errno
      }, tell: tell)
  }

  /// - Parameter send: called on the thread of the flusher, and may take its time.
  init(send: @escaping Send, tell: @escaping @Sendable () -> Void) throws(KernelError) {
    self.send = send
    self.tell = tell
    wakeup = try Wakeup()
    try Thread.start(name: "display-flush", stack: 256 << 10) { [self] in run() }
  }

  /// Notes changed pixels of a framebuffer. It never waits.
  func damage(_ rect: PixelRect, of framebuffer: UInt32) {
    let isFirst = work.withLock { work in
      if work.isOver { return false }
      let isFirst = work.damage.isEmpty
      // After a flip the old buffer needs nothing more.
      work.damage = work.framebuffer == framebuffer ? work.damage.union(rect) : rect
      work.framebuffer = framebuffer
      return isFirst
    }
    if isFirst { wakeup.signal() }
  }

  /// The errno that the driver answered last, if the display is lost.
  func takeFault() -> Int32 {
    work.withLock { work in
      defer { work.fault = 0 }
      return work.fault
    }
  }

  /// Whether the thread has come upon this round of the heartbeat, or has ended; at first it is asked. A driver that does not
  /// return keeps it from that.
  func isAlive(in round: UInt64) -> Bool {
    let (isNew, isAlive) = work.withLock { work in
      defer { work.wanted = max(work.wanted, round) }
      return (work.wanted < round, work.isOver || work.answered >= round)
    }
    if isNew, !isAlive { wakeup.signal() }
    return isAlive
  }

  /// Ends the thread, without waiting for it: a driver may hold it for as long as it likes.
  func stop() {
    work.withLock { $0.isOver = true }
    wakeup.signal()
  }

  private func run() {
    var last: UInt64 = 0
    // Whether the driver has taken any damage, and how often in a row it has not.
    var (isTaken, failures) = (false, 0)
    while true {
      sleepUntilSignalled()
      let now = MonotonicClock.now()
      if now < last + Flusher.interval { sleep(nanoseconds: last + Flusher.interval - now) }
      let taken = work.withLock { work -> Work in
        let taken = work
        work.damage = .empty
        return taken
      }
      defer { work.withLock { $0.answered = taken.wanted } }
      if taken.isOver { return }
      if taken.damage.isEmpty { continue }
      last = MonotonicClock.now()
      let code = send(taken.damage, taken.framebuffer)
      failures = code == 0 ? 0 : failures + 1
      switch code {
      case 0: isTaken = true
      case ENOSYS where !isTaken, EINVAL where !isTaken, EOPNOTSUPP where !isTaken:
        work.withLock { $0.isOver = true }
        return
      case EACCES, EPERM, ENODEV, ENXIO:
        work.withLock { $0.fault = code }
        tell()
      // The framebuffer is gone by now: the next one counts.
      case ENOENT: break
      // The driver is short of something, or busy.
      default:
        if failures < Flusher.tries { giveBack(taken.damage, of: taken.framebuffer) } else { failures = 0 }
      }
    }
  }

  /// Gives back damage that was not told, unless another framebuffer is shown by now.
  private func giveBack(_ rect: PixelRect, of framebuffer: UInt32) {
    work.withLock { work in
      if work.framebuffer == framebuffer { work.damage = work.damage.union(rect) }
    }
    wakeup.signal()
  }

  private func sleepUntilSignalled() {
    var event = pollfd(fd: wakeup.raw, events: Int16(POLLIN), revents: 0)
    while poll(&event, 1, -1) < 0 && errno == EINTR {}
    wakeup.acknowledge()
  }

  private func sleep(nanoseconds: UInt64) {
    var time = timespec(tv_sec: 0, tv_nsec: Int(min(nanoseconds, Flusher.interval)))
    nanosleep(&time, nil)
  }
}
