import CLinux
import Glibc

/// An epoll instance: the one place where a thread sleeps. It can itself be watched by another.
public struct Poll: ~Copyable, Sendable {
  private let descriptor: FileDescriptor
  public var raw: Int32 { descriptor.raw }

  public init() throws(KernelError) {
    let fd = try valueOrError("create", "epoll") { epoll_create1(Int32(EPOLL_CLOEXEC)) }
    descriptor = FileDescriptor(owning: fd)
  }

  /// Watches a descriptor for input (and for its end, which epoll always tells). `tag` comes back with every event.
  public func add(_ fd: Int32, tag: UInt64) throws(KernelError) {
    var event = epoll_event()
    event.events = EPOLLIN.rawValue
    event.data.u64 = tag
    try valueOrError("watch", "descriptor \(fd)") { epoll_ctl(descriptor.raw, EPOLL_CTL_ADD, fd, &event) }
  }

  /// Stops watching. A descriptor that is already closed is no error.
  public func remove(_ fd: Int32) {
    epoll_ctl(descriptor.raw, EPOLL_CTL_DEL, fd, nil)
  }

  /// Sleeps until something is there, at most `timeout` milliseconds (-1: for ever, 0: not at all), then calls `body`
  /// with the tag and the epoll events of each ready descriptor. Nothing is allocated.
  public func wait(timeout: Int32 = -1, _ body: (UInt64, UInt32) -> Void) throws(KernelError) {
    try withUnsafeTemporaryAllocation(of: epoll_event.self, capacity: 16) { events throws(KernelError) in
      let n = epoll_wait(descriptor.raw, events.baseAddress, 16, timeout)
      if n < 0 {
        if errno == EINTR { return }
        throw KernelError("wait on", "epoll", errno: errno)
      }
      for i in 0..<Int(n) { body(events[i].data.u64, events[i].events) }
    }
  }
}
