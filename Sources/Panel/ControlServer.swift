import Display
import Kernel

/// Answers `panelctl` on the control socket in the spool directory: one line asks, one line of JSON answers.
///
/// - `status`: what runs, and how fast.
/// - `screenshot`: width, height and stride, with the picture in shared memory (XRGB8888, as the visitor sees it).
///
/// It never waits: a client that is slow, silent or talks nonsense is dropped.
final class ControlServer {
  private static let clientLimit = 8
  private static let lineLimit = 256

  private final class Client {
    let socket: UnixSocket
    var line: [UInt8] = []
    init(_ socket: consuming UnixSocket) { self.socket = socket }
  }

  private let listener: UnixSocket
  private let poll: Poll
  private var clients: [Client] = []

  /// Readable when a client connects or asks.
  var descriptor: Int32 { poll.raw }

  /// - Parameter path: of the socket; one that a killed panel left is replaced.
  init(path: String) throws(KernelError) {
    let listener = try UnixSocket.listen(at: path)
    let poll = try Poll()
    try poll.add(listener.raw, tag: 0)
    self.listener = listener
    self.poll = poll
  }

  /// Accepts who waits and answers who asked.
  func serve(status: () -> StatusReport, screenshot: () -> Surface) {
    while let socket = listener.accept() {
      let client = Client(socket)
      guard clients.count < ControlServer.clientLimit, (try? poll.add(client.socket.raw, tag: 1)) != nil
      else { continue }
      clients.append(client)
    }
    clients.removeAll { client in
      do throws(KernelError) {
        return try ControlServer.attend(client, status, screenshot) == .gone
      } catch {
        // The client went while it was answered; that is its own affair.
        return true
      }
    }
  }

  private enum Presence { case stays, gone }

  private static func attend(
    _ client: Client, _ status: () -> StatusReport, _ screenshot: () -> Surface
  ) throws(KernelError) -> Presence {
    while let bytes = try client.socket.receive(limit: lineLimit) {
      guard !bytes.isEmpty else { return .gone }
      client.line += bytes
      while let end = client.line.firstIndex(of: UInt8(ascii: "\n")) {
        let request = String(decoding: client.line[..<end], as: UTF8.self)
        client.line.removeSubrange(...end)
        switch request {
        case "status":
          try client.socket.send(Array((status().json + "\n").utf8))
        case "screenshot":
          let surface = screenshot()
          let memory = try SharedMemory(copying: surface.pixels, name: "screenshot")
          let answer = """
            {"height":\(surface.height),"stride":\(surface.width * 4),"width":\(surface.width)}

            """
          try client.socket.send(Array(answer.utf8), attaching: memory.raw)
        default:
          try client.socket.send(Array("{\"error\":\"ask for status or screenshot\"}\n".utf8))
        }
      }
      if client.line.count > lineLimit { return .gone }
    }
    return .stays
  }
}
