import CLinux
import Glibc

/// A timerfd on CLOCK_MONOTONIC: readable once its time has come. Unarmed it never wakes anyone.
public struct Timer: ~Copyable, Sendable {
  private let descriptor: FileDescriptor
  public var raw: Int32 { descriptor.raw }

  public init() throws(KernelError) {
    let fd = try valueOrError("create", "timerfd") {
      timerfd_create(CLOCK_MONOTONIC, Int32(TFD_CLOEXEC | TFD_NONBLOCK))
    }
    descriptor = FileDescriptor(owning: fd)
  }

  /// Fires once at `deadline` (CLOCK_MONOTONIC, ns; a past one fires at once); nil disarms it.
  public func set(_ deadline: UInt64?) {
    var spec = itimerspec()
    if let deadline {
      let at = max(1, deadline)
      spec.it_value.tv_sec = Int(at / 1_000_000_000)
      spec.it_value.tv_nsec = Int(at % 1_000_000_000)
    }
    timerfd_settime(descriptor.raw, Int32(TFD_TIMER_ABSTIME), &spec, nil)
  }

  /// Takes the expiry away, so that the timer is no longer readable.
  public func acknowledge() {
    var count: UInt64 = 0
    _ = read(descriptor.raw, &count, 8)
  }
}

/// An eventfd: one thread wakes another.
public struct Wakeup: ~Copyable, Sendable {
  private let descriptor: FileDescriptor
  public var raw: Int32 { descriptor.raw }

  public init() throws(KernelError) {
    let fd = try valueOrError("create", "eventfd") {
      eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
    }
    descriptor = FileDescriptor(owning: fd)
  }

  public func signal() {
    var one: UInt64 = 1
    _ = write(descriptor.raw, &one, 8)
  }

  public func acknowledge() {
    var count: UInt64 = 0
    _ = read(descriptor.raw, &count, 8)
  }
}

/// A signalfd: the given signals, blocked for the whole process, as readable events. Make it before any thread.
public struct Signals: ~Copyable, Sendable {
  private let descriptor: FileDescriptor
  public var raw: Int32 { descriptor.raw }

  public init(_ signals: [Int32]) throws(KernelError) {
    var set = sigset_t()
    sigemptyset(&set)
    for number in signals { sigaddset(&set, number) }
    pthread_sigmask(SIG_BLOCK, &set, nil)
    let fd = try valueOrError("create", "signalfd") {
      signalfd(-1, &set, Int32(SFD_CLOEXEC | SFD_NONBLOCK))
    }
    descriptor = FileDescriptor(owning: fd)
  }

  /// The number of a signal that came, or nil when none is left.
  public func next() -> Int32? {
    var info = signalfd_siginfo()
    let size = MemoryLayout<signalfd_siginfo>.size
    return read(descriptor.raw, &info, size) == size ? Int32(info.ssi_signo) : nil
  }
}
