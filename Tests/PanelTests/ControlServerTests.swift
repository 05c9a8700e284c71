import Display
import Glibc
import Kernel
import Randomness
import Testing

@testable import Panel

/// A control socket, and the panel behind it: a picture of 4 x 2 pixels.
private final class Served {
  let directory = ScratchDirectory()
  let server: ControlServer
  private(set) var asked = 0
  private let surface = Surface(width: 4, height: 2)

  init() throws {
    mkdir(directory.path, 0o700)
    server = try ControlServer(path: directory.path + "/control")
  }

  func connect() throws -> UnixSocket { try UnixSocket.connect(to: directory.path + "/control", timeout: 2) }

  /// One turn of the main loop.
  func serve() {
    server.serve(
      status: {
        asked += 1
        return StatusReport.example
      }, screenshot: { surface })
  }

  /// Whether there is something for ``serve()``: the main loop sleeps until there is.
  var isReady: Bool {
    var event = pollfd(fd: server.descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&event, 1, 0) == 1
  }
}

/// What a client has got, without waiting: its bytes, empty at the connection's end, nil for nothing yet.
private func got(_ client: borrowing UnixSocket) -> [UInt8]? {
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  let n = recv(client.raw, &buffer, buffer.count, Int32(MSG_DONTWAIT))
  // A connection that is closed with something unread in it is reset.
  if n < 0 { return errno == EAGAIN ? nil : [] }
  return Array(buffer[..<n])
}

@Suite("The control socket")
struct ControlServerTests {
  @Test("who asks for the status gets one line of JSON")
  func status() throws {
    let served = try Served()
    let client = try served.connect()
    for _ in 1...3 {
      try client.send(Array("status\n".utf8))
      #expect(served.isReady)
      served.serve()
      let line = String(decoding: got(client) ?? [], as: UTF8.self)
      #expect(line == StatusReport.example.json + "\n")
    }
    #expect(!served.isReady, "with nothing to answer the loop sleeps")
  }

  @Test("who asks for the picture gets its size and its pixels")
  func screenshot() throws {
    let served = try Served()
    let client = try served.connect()
    try client.send(Array("screenshot\n".utf8))
    served.serve()
    let answer = try client.receiveWithDescriptor()
    #expect(String(decoding: answer.bytes, as: UTF8.self) == "{\"height\":2,\"stride\":16,\"width\":4}\n")
    let memory = FileDescriptor(owning: try #require(answer.descriptor))
    #expect(try SharedMemory.read(memory, count: 32).count == 32)
  }

  @Test("a request that comes in pieces is answered when it is whole")
  func pieces() throws {
    let served = try Served()
    let client = try served.connect()
    for byte in Array("status".utf8) {
      try client.send([byte])
      served.serve()
      #expect(got(client) == nil)
    }
    try client.send([0x0A])
    served.serve()
    #expect(got(client)?.last == 0x0A)
  }

  @Test("an unknown request is told what there is, and the client may ask again")
  func unknown() throws {
    let served = try Served()
    let client = try served.connect()
    for request in ["", "STATUS", "status ", "shutdown", "\u{0}status", "\u{FF}\u{FE}"] {
      try client.send(Array("\(request)\n".utf8))
      served.serve()
      #expect(String(decoding: got(client) ?? [], as: UTF8.self).contains("ask for status or screenshot"))
    }
    #expect(served.asked == 0)
  }

  @Test(
    "a client that asks without waiting, or without end, is dropped",
    arguments: ["status\nstatus\n", "status\ns", String(repeating: "x", count: 256)])
  func rude(bytes: String) throws {
    let served = try Served()
    let client = try served.connect()
    try client.send(Array(bytes.utf8))
    served.serve()
    #expect(got(client) == [])
    #expect(served.asked == 0)
  }

  @Test("one turn answers a client once, however quickly it asks")
  func oneAnswer() throws {
    let served = try Served()
    let clients = [try UnixSocketBox(served.connect()), try UnixSocketBox(served.connect())]
    served.serve()
    for client in clients { try client.socket.send(Array("status\n".utf8)) }
    served.serve()
    #expect(served.asked == 2)
  }

  @Test("clients that say nothing make room for those who ask")
  func silent() throws {
    let served = try Served()
    var crowd: [UnixSocketBox] = []
    for _ in 0..<ControlServer.clientLimit {
      crowd.append(UnixSocketBox(try served.connect()))
      served.serve()
    }
    // The first one asks now and then, so another one is the silent one.
    try crowd[0].socket.send(Array("status\n".utf8))
    served.serve()
    #expect(got(crowd[0].socket)?.last == 0x0A)
    let late = try served.connect()
    try late.send(Array("status\n".utf8))
    served.serve()
    served.serve()
    #expect(got(late)?.last == 0x0A)
    #expect(got(crowd[0].socket) == nil, "who asked stays")
    #expect(got(crowd[1].socket) == [], "who was silent longest goes")
    #expect(got(crowd[2].socket) == nil)
  }

  @Test("a client that does not read its answers is dropped, and nobody waits for it")
  func unread() throws {
    let served = try Served()
    let client = try served.connect()
    var turns = 0
    // Its answers fill the socket's buffer; then it is gone.
    while turns < 10_000 {
      do throws(KernelError) { try client.send(Array("status\n".utf8)) } catch { break }
      served.serve()
      turns += 1
    }
    #expect(turns > 10 && turns < 10_000)
  }

  @Test("a socket file that a killed panel left is replaced, and its mode lets the group in")
  func replaced() throws {
    let served = try Served()
    let path = served.directory.path + "/control"
    let second = try ControlServer(path: path)
    let client = try UnixSocket.connect(to: path, timeout: 2)
    try client.send(Array("status\n".utf8))
    second.serve(status: { .example }, screenshot: { Surface(width: 1, height: 1) })
    #expect(got(client)?.last == 0x0A)
    var information = stat()
    #expect(stat(path, &information) == 0 && information.st_mode & 0o777 == 0o660)
  }

  @Test("whatever 400 clients say and wherever they break off, one that asks is answered", arguments: 0..<5)
  func fuzz(seed: Int) throws {
    let served = try Served()
    var random = SplitMix64(seed: UInt64(seed))
    let words = ["status", "screenshot", "\n", "\0", "status\n", "\u{1B}[2J", "{\"status\":1}", "é"]
    var open: [UnixSocketBox] = []
    for _ in 0..<400 {
      if open.isEmpty || Int.random(in: 0..<3, using: &random) == 0 {
        open.append(UnixSocketBox(try served.connect()))
      }
      let index = Int.random(in: 0..<open.count, using: &random)
      var bytes: [UInt8] = []
      for _ in 0..<Int.random(in: 0..<6, using: &random) {
        if Bool.random(using: &random) {
          bytes += Array((words.randomElement(using: &random) ?? "").utf8)
        } else {
          bytes += (0..<Int.random(in: 0..<300, using: &random)).map { _ in
            UInt8.random(in: 0...255, using: &random)
          }
        }
      }
      // The panel may have dropped it already.
      if !bytes.isEmpty { try? open[index].socket.send(bytes) }
      served.serve()
      if Int.random(in: 0..<4, using: &random) == 0 { open.remove(at: index) }
    }
    let client = try served.connect()
    try client.send(Array("status\n".utf8))
    for _ in 0..<3 { served.serve() }
    #expect(String(decoding: got(client) ?? [], as: UTF8.self) == StatusReport.example.json + "\n")
  }
}

/// A socket that can stand in a list.
private final class UnixSocketBox {
  let socket: UnixSocket
  init(_ socket: consuming UnixSocket) { self.socket = socket }
}
