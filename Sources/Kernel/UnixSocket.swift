import CLinux
import Glibc

/// A Unix stream socket with a name in the file system: how a running panel is asked, by the same user, root, or the group.
public struct UnixSocket: ~Copyable, Sendable {
  private static let mode: mode_t = 0o660
  private let descriptor: FileDescriptor
  public var raw: Int32 { descriptor.raw }
  /// Of an accepted connection: the other end is this program's user or root, and not only of its group.
  public let isOwners: Bool

  private init(owning fd: Int32, isOwners: Bool = true) {
    descriptor = FileDescriptor(owning: fd)
    self.isOwners = isOwners
  }

  /// Listens at `path`, non-blocking, with mode 0660; a socket file left by a killed program is replaced.
  ///
  /// The caller makes sure that no other program serves the path (the store's lock does).
  public static func listen(at path: String) throws(KernelError) -> UnixSocket {
    let socket = try make(SOCK_NONBLOCK)
    unlink(path)
    // A name in the file system gets the mode of its socket, less the umask: never more than these bits. The umask is left alone, for
    // it belongs to the whole process, and what other threads make in that moment would lose its modes.
    try valueOrError("restrict the control socket", path) { fchmod(socket.raw, mode) }
    try withAddress(path) { address, size throws(KernelError) in
      try valueOrError("bind the control socket", path) {
        bind(socket.raw, __CONST_SOCKADDR_ARG(__sockaddr__: address), size)
      }
    }
    try valueOrError("restrict the control socket", path) { chmod(path, mode) }
    try valueOrError("listen at", path) { Glibc.listen(socket.raw, 8) }
    return socket
  }

  /// Connects to the socket at `path`, blocking, with `timeout` seconds for each later read and write.
  public static func connect(
    to path: String, timeout: Int, next: String? = nil
  ) throws(KernelError) -> UnixSocket {
    let socket = try make(0)
    var limit = timeval(tv_sec: timeout, tv_usec: 0)
    let size = socklen_t(MemoryLayout<timeval>.size)
    setsockopt(socket.raw, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
    setsockopt(socket.raw, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
    try withAddress(path) { address, size throws(KernelError) in
      try valueOrError("reach", path, next: next) {
        Glibc.connect(socket.raw, __CONST_SOCKADDR_ARG(__sockaddr__: address), size)
      }
    }
    return socket
  }

  /// The next waiting connection, non-blocking, or nil. One that is neither of this program's user nor root's, nor of its
  /// group, is closed.
  public func accept() -> UnixSocket? {
    let fd = accept4(
      raw, __SOCKADDR_ARG(__sockaddr__: nil), nil, Int32(SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue))
    guard fd >= 0 else { return nil }
    let peer = PeerCredentials(of: fd)
    let connection = UnixSocket(owning: fd, isOwners: peer?.isOwner(geteuid()) ?? false)
    guard let peer, peer.isOwner(geteuid()) || peer.isMember(of: getegid()) else { return nil }
    return connection
  }

  /// Bytes that are there: empty at the end of the connection, nil when there are none now (or the time is over).
  public func receive(limit: Int = 4096) throws(KernelError) -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: limit)
    while true {
      let n = recv(raw, &buffer, limit, 0)
      if n >= 0 { return [UInt8](buffer[..<n]) }
      if errno == EAGAIN { return nil }
      if errno != EINTR { throw KernelError("read from", "the control socket", errno: errno) }
    }
  }

  /// Sends all bytes, and with the first of them a copy of `attached`, if there is one.
  ///
  /// - Throws: also when a non-blocking peer does not take them: a slow reader must not hold the panel up.
  public func send(_ bytes: [UInt8], attaching attached: Int32? = nil) throws(KernelError) {
    var sent = 0
    var attachment = attached
    while sent < bytes.count {
      let n = bytes.withUnsafeBytes { all in
        sendOnce(UnsafeRawBufferPointer(rebasing: all[sent...]), attachment)
      }
      if n >= 0 {
        sent += n
        attachment = nil
      } else if errno != EINTR {
        throw KernelError("answer on", "the control socket", errno: errno)
      }
    }
  }

  /// Bytes and the descriptor that came with them, if one did.
  public func receiveWithDescriptor(limit: Int = 4096) throws(KernelError) -> (
    bytes: [UInt8], descriptor: Int32?
  ) {
    var buffer = [UInt8](repeating: 0, count: limit)
    var control = ControlMessage()
    let n = buffer.withUnsafeMutableBytes { data in
      withUnsafeMutableBytes(of: &control) { ancillary in
        var part = iovec(iov_base: data.baseAddress, iov_len: data.count)
        return withUnsafeMutablePointer(to: &part) { part in
          var message = msghdr()
          message.msg_iov = part
          message.msg_iovlen = 1
          message.msg_control = ancillary.baseAddress
          message.msg_controllen = ancillary.count
          let n = recvmsg(raw, &message, Int32(MSG_CMSG_CLOEXEC))
          if message.msg_controllen < ancillary.count { ancillary[0] = 0 }
          return n
        }
      }
    }
    guard n >= 0 else { throw KernelError("read from", "the control socket", errno: errno) }
    return ([UInt8](buffer[..<n]), control.carriesDescriptor ? control.descriptor : nil)
  }

  private func sendOnce(_ bytes: UnsafeRawBufferPointer, _ attached: Int32?) -> Int {
    var control = ControlMessage()
    control.descriptor = attached ?? -1
    return withUnsafeMutableBytes(of: &control) { ancillary in
      var part = iovec(iov_base: UnsafeMutableRawPointer(mutating: bytes.baseAddress), iov_len: bytes.count)
      return withUnsafeMutablePointer(to: &part) { part in
        var message = msghdr()
        message.msg_iov = part
        message.msg_iovlen = 1
        if attached != nil {
          message.msg_control = ancillary.baseAddress
          message.msg_controllen = ancillary.count
        }
        return sendmsg(raw, &message, Int32(MSG_NOSIGNAL))
      }
    }
  }

  private static func make(_ flags: __socket_type) throws(KernelError) -> UnixSocket {
    try make(Int32(flags.rawValue))
  }

  private static func make(_ flags: Int32) throws(KernelError) -> UnixSocket {
    let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue) | flags
    let fd = try valueOrError("create", "a Unix socket") { socket(AF_UNIX, type, 0) }
    return UnixSocket(owning: fd)
  }

  private static func withAddress(
    _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) throws(KernelError) -> Void
  ) throws(KernelError) {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
      throw KernelError(
        "use", path, reason: "a socket's path has at most 107 bytes", next: "choose a shorter spool directory"
      )
    }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    let size = socklen_t(MemoryLayout<sockaddr_un>.size)
    let result: Result<Void, KernelError> = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        do throws(KernelError) { return .success(try body(address, size)) } catch { return .failure(error) }
      }
    }
    try result.get()
  }
}

/// The ancillary message that carries one descriptor, as cmsg(3) lays it out: CMSG_LEN(4) and CMSG_SPACE(4) on
/// 64-bit Linux.
private struct ControlMessage {
  var length = 16 + 4
  var level = SOL_SOCKET
  var type = Int32(SCM_RIGHTS)
  var descriptor: Int32 = -1
  var padding: Int32 = 0

  var carriesDescriptor: Bool {
    length == 20 && level == SOL_SOCKET && type == Int32(SCM_RIGHTS) && descriptor >= 0
  }
}
