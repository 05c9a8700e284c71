import Glibc
import Testing

@testable import Kernel

/// The service manager's end: a datagram socket, with a path or in the abstract namespace.
private final class Manager {
  let name: String
  private let descriptor: FileDescriptor

  init(_ name: String) throws {
    self.name = name
    let fd = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
    try #require(fd >= 0)
    descriptor = FileDescriptor(owning: fd)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { bytes in
      bytes.copyBytes(from: Array(name.utf8))
      if name.hasPrefix("@") { bytes[0] = 0 }
    }
    let size = name.hasPrefix("@") ? 2 + name.utf8.count : MemoryLayout<sockaddr_un>.size
    let code = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(fd, __CONST_SOCKADDR_ARG(__sockaddr__: $0), socklen_t(size))
      }
    }
    try #require(code == 0, "cannot bind \(name): \(KernelError.words(errno))")
  }

  deinit {
    if name.hasPrefix("/") { unlink(name) }
  }

  /// The next message; nil when none waits.
  func message() -> String? {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let n = recv(descriptor.raw, &buffer, buffer.count, 0)
    return n < 0 ? nil : String(decoding: buffer[..<n], as: UTF8.self)
  }
}

@Suite("What the service manager is told")
struct ServiceSocketTests {
  @Test(
    "a message comes to a socket with a path, and to an abstract one",
    arguments: ["/tmp/service-socket-\(getpid())", "@service-socket-\(getpid())"])
  func message(name: String) throws {
    let manager = try Manager(name)
    let service = try #require(try ServiceSocket { $0 == "NOTIFY_SOCKET" ? name : nil })
    #expect(service.watchdog == nil)
    #expect(service.tell(["READY=1", "STATUS=a line\nMAINPID=1"]))
    #expect(manager.message() == "READY=1\nSTATUS=a line MAINPID=1\n")
    #expect(manager.message() == nil)
  }

  @Test("without a service manager there is no socket, and nothing fails")
  func nobody() throws {
    #expect(try ServiceSocket { _ in nil } == nil)
    #expect(try ServiceSocket { _ in "" } == nil)
  }

  @Test("a manager that is gone, or does not read, costs a message and no time")
  func deaf() throws {
    let name = "@service-socket-deaf-\(getpid())"
    let service = try #require(try ServiceSocket { $0 == "NOTIFY_SOCKET" ? name : nil })
    #expect(!service.tell(["READY=1"]))
    let manager = try Manager(name)
    // Its queue is of a bounded length (net.unix.max_dgram_qlen).
    let got = (0..<100_000).prefix { _ in service.tell(["WATCHDOG=1"]) }.count
    #expect(got > 0 && got < 100_000)
    #expect(manager.message() == "WATCHDOG=1\n")
    #expect(service.tell(["WATCHDOG=1"]))
  }

  @Test(
    "an address that is none is refused with a sentence",
    arguments: ["vsock:2:9999", "relative", "@", "/" + String(repeating: "x", count: 107)])
  func nonsense(name: String) {
    do throws(KernelError) {
      _ = try ServiceSocket { $0 == "NOTIFY_SOCKET" ? name : nil }
      Issue.record("\(name) was taken")
    } catch {
      #expect(error.description.contains("NOTIFY_SOCKET"))
      #expect(error.nextStep != nil)
    }
  }

  @Test("an abstract name may fill the address, a path leaves room for its end")
  func longest() throws {
    let (_, abstract) = try ServiceSocket.address("@" + String(repeating: "x", count: 107))
    #expect(Int(abstract) == MemoryLayout<sockaddr_un>.size)
    let (_, path) = try ServiceSocket.address("/" + String(repeating: "x", count: 106))
    #expect(Int(path) == MemoryLayout<sockaddr_un>.size)
  }

  @Test("the watchdog's time counts for the process that it is meant for")
  func watchdog() {
    #expect(ServiceSocket.watchdog(microseconds: "2500000", process: nil, own: 7) == 2_500_000_000)
    #expect(ServiceSocket.watchdog(microseconds: "2500000", process: "7", own: 7) == 2_500_000_000)
    #expect(ServiceSocket.watchdog(microseconds: "2500000", process: "8", own: 7) == nil)
    for nonsense in ["0", "-1", "", "2.5", "18446744073709551615"] {
      #expect(ServiceSocket.watchdog(microseconds: nonsense, process: nil, own: 7) == nil)
    }
    #expect(ServiceSocket.watchdog(microseconds: nil, process: "7", own: 7) == nil)
  }
}
