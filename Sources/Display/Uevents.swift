import CLinux
import Glibc
import Kernel

/// Owns a netlink socket on which the kernel tells of devices that come, change and go: NETLINK_KOBJECT_UEVENT.
struct Uevents: ~Copyable {
  /// What happened to a device of a subsystem that has displays.
  struct Event: Equatable, Sendable {
    enum Action: String, Sendable {
      case add
      case remove
      case change
    }

    var action: Action
    /// "drm" or "graphics".
    var subsystem: String
    /// "/dev/dri/card0"; empty for a device without a node, such as a connector.
    var node: String

    /// Reads a message: `change@/devices/…`, then `KEY=value`, all ended by zero bytes; nil when it is about
    /// something else.
    init?(_ message: some Sequence<UInt8>) {
      var values: [Substring: Substring] = [:]
      for field in String(decoding: Array(message), as: UTF8.self).split(separator: "\0") {
        let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 2 { values[parts[0]] = parts[1] }
      }
      guard let action = values["ACTION"].flatMap({ Action(rawValue: String($0)) }),
        let subsystem = values["SUBSYSTEM"], subsystem == "drm" || subsystem == "graphics"
      else { return nil }
      self.action = action
      self.subsystem = String(subsystem)
      node = values["DEVNAME"].map { "/dev/\($0)" } ?? ""
    }
  }

  private let descriptor: FileDescriptor
  var raw: Int32 { descriptor.raw }

  init() throws(KernelError) {
    let object = "the kernel's device events"
    let fd = try valueOrError("watch", object) {
      socket(
        AF_NETLINK, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue),
        NETLINK_KOBJECT_UEVENT)
    }
    let made = FileDescriptor(owning: fd)
    var address = sockaddr_nl()
    address.nl_family = sa_family_t(AF_NETLINK)
    // Group 1 is the kernel itself; group 2 would be udev, which need not run.
    address.nl_groups = 1
    try valueOrError("watch", object) {
      withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          bind(made.raw, __CONST_SOCKADDR_ARG(__sockaddr__: $0), socklen_t(MemoryLayout<sockaddr_nl>.size))
        }
      }
    }
    descriptor = made
  }

  /// All events since the last call. When some were lost a change without a node stands for them.
  borrowing func events() -> [Event] {
    var found: [Event] = []
    withUnsafeTemporaryAllocation(byteCount: 8192, alignment: 8) { buffer in
      while true {
        var sender = sockaddr_nl()
        var length = socklen_t(MemoryLayout<sockaddr_nl>.size)
        let count = withUnsafeMutablePointer(to: &sender) {
          $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            recvfrom(
              descriptor.raw, buffer.baseAddress, buffer.count, 0, __SOCKADDR_ARG(__sockaddr__: $0), &length)
          }
        }
        if count < 0 && errno == EINTR { continue }
        if count < 0 && errno == ENOBUFS {
          if let lost = Event("ACTION=change\0SUBSYSTEM=drm".utf8) { found.append(lost) }
          continue
        }
        guard count > 0 else { return }
        // Any program may write to the socket; the kernel has the port 0.
        if sender.nl_pid == 0, let event = Event(buffer[..<count]) { found.append(event) }
      }
    }
    return found
  }
}
