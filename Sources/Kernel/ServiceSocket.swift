import CLinux
import Glibc

/// The socket on which the service manager that started this program is told how it is (sd_notify(3)).
///
/// The protocol is a datagram of lines to the address in NOTIFY_SOCKET, which systemd documents and promises to keep, with
/// code to copy, for programs that do without its library. So do we: libsystemd would bring liblzma, libzstd, liblz4 and
/// libgcrypt into a program that has to start in an instant, for one `sendto`.
///
/// Nothing here waits. A manager that does not read loses a message, not a touch.
public final class ServiceSocket: Sendable {
  private let descriptor: FileDescriptor
  /// Where messages go; its first `length` bytes count.
  private let address: sockaddr_un
  private let length: socklen_t

  /// Within this time, in nanoseconds, ``tell(_:)`` has to say `WATCHDOG=1` again, or the program is killed and started
  /// anew; nil when nobody watches (WATCHDOG_USEC and WATCHDOG_PID, sd_watchdog_enabled(3)).
  public let watchdog: UInt64?

  /// The socket of this process's environment; nil where no service manager wants to be told.
  ///
  /// - Throws: ``KernelError`` for an address that cannot be used.
  public init?(environment: (String) -> String? = { getenv($0).map { String(cString: $0) } })
    throws(KernelError)
  {
    guard let path = environment("NOTIFY_SOCKET"), !path.isEmpty else { return nil }
    let (address, length) = try ServiceSocket.address(path)
    let fd = try valueOrError("create", "the service manager's socket") {
      socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    }
    descriptor = FileDescriptor(owning: fd)
    (self.address, self.length) = (address, length)
    watchdog = ServiceSocket.watchdog(
      microseconds: environment("WATCHDOG_USEC"), process: environment("WATCHDOG_PID"), own: getpid())
  }

  /// Sends one message, such as `["READY=1", "STATUS=all is well"]`; a line's end within a line becomes a space.
  ///
  /// - Returns: whether the manager has got it.
  @discardableResult
  public func tell(_ lines: [String]) -> Bool {
    var message: [UInt8] = []
    for line in lines {
      for byte in line.utf8 { message.append(byte < 0x20 || byte == 0x7F ? 0x20 : byte) }
      message.append(0x0A)
    }
    var target = address
    while true {
      let sent = withUnsafePointer(to: &target) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { target in
          sendto(
            descriptor.raw, message, message.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT),
            __CONST_SOCKADDR_ARG(__sockaddr__: target), length)
        }
      }
      if sent >= 0 { return true }
      if errno != EINTR { return false }
    }
  }

  /// `/run/systemd/notify`, or `@name` for a name in the abstract namespace (unix(7)).
  static func address(_ path: String) throws(KernelError) -> (sockaddr_un, socklen_t) {
    let bytes = Array(path.utf8)
    let next = "start the panel by its unit, or unset NOTIFY_SOCKET"
    guard let first = bytes.first,
      first == UInt8(ascii: "/") || (first == UInt8(ascii: "@") && bytes.count > 1)
    else {
      throw KernelError(
        "use", "NOTIFY_SOCKET=\(path)", reason: "it is neither a path nor @ and a name", next: next)
    }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let room = MemoryLayout.size(ofValue: address.sun_path)
    // A path is ended by a zero byte, an abstract name by the address's length.
    let isAbstract = first == UInt8(ascii: "@")
    guard bytes.count < room || (isAbstract && bytes.count == room) else {
      throw KernelError(
        "use", "NOTIFY_SOCKET=\(path)", reason: "a socket's name has at most \(room - 1) bytes", next: next)
    }
    withUnsafeMutableBytes(of: &address.sun_path) { name in
      name.copyBytes(from: bytes)
      if isAbstract { name[0] = 0 }
    }
    let offset = MemoryLayout<sockaddr_un>.size - room
    return (address, socklen_t(offset + bytes.count + (isAbstract ? 0 : 1)))
  }

  /// The time in nanoseconds that the environment gives this process; nil when it is for another or none, or is no time.
  static func watchdog(microseconds: String?, process: String?, own: pid_t) -> UInt64? {
    guard let microseconds, let limit = UInt64(microseconds), limit > 0, limit < UInt64.max / 1000 else {
      return nil
    }
    if let process, !process.isEmpty, pid_t(process) != own { return nil }
    return limit * 1000
  }
}
