import Display
import Kernel

/// Answers `panelctl` on the control socket in the spool directory: one line asks, one line of JSON answers.
///
/// - `status`: what runs, and how fast (PanelControl/Health/STATUS.md).
/// - `screenshot`: width, height and stride, with the picture in shared memory (XRGB8888, as the visitor sees it); for the
///   panel's user and root, not for its group, since a name may stand on the screen.
///
/// It never waits, and in one turn it answers each client once at most: whoever asks without end has the loop no longer than
/// one answer takes. A client that talks nonsense, asks again before it was answered, or does not take its answer is
/// dropped; so is the one that has been silent longest, when another comes and all places are taken.
final class ControlServer {
  static let clientLimit = 8
  static let lineLimit = 256

  private final class Client {
    let socket: UnixSocket
    var line: [UInt8] = []
    init(_ socket: consuming UnixSocket) { self.socket = socket }
  }

  private let listener: UnixSocket
  private let poll: Poll
  /// The one that asked last stands last.
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
    // At most as many as have room: the others are told of again.
    for _ in 0..<ControlServer.clientLimit {
      guard let socket = listener.accept() else { break }
      let client = Client(socket)
      guard (try? poll.add(client.socket.raw, tag: 1)) != nil else { continue }
      if clients.count == ControlServer.clientLimit { clients.removeFirst() }
      clients.append(client)
    }
    var (silent, heard): ([Client], [Client]) = ([], [])
    for client in clients {
      switch ControlServer.attend(client, status, screenshot) {
      case .silent: silent.append(client)
      case .heard: heard.append(client)
      case .gone: break
      }
    }
    clients = silent + heard
  }

  private enum Presence { case silent, heard, gone }

  private static func attend(
    _ client: Client, _ status: () -> StatusReport, _ screenshot: () -> Surface
  ) -> Presence {
    do throws(KernelError) {
      guard let bytes = try client.socket.receive(limit: lineLimit) else { return .silent }
      guard !bytes.isEmpty else { return .gone }
      client.line += bytes
      guard let end = client.line.firstIndex(of: UInt8(ascii: "\n")) else {
        return client.line.count < lineLimit ? .heard : .gone
      }
      guard end == client.line.endIndex - 1 else { return .gone }
      let request = client.line.dropLast()
      client.line = []
      try answer(request, on: client.socket, status, screenshot)
      return .heard
    } catch {
      // The client went while it was answered, or does not read; that is its own affair.
      return .gone
    }
  }

  private static func answer(
    _ request: ArraySlice<UInt8>, on socket: borrowing UnixSocket, _ status: () -> StatusReport,
    _ screenshot: () -> Surface
  ) throws(KernelError) {
    switch String(decoding: request, as: UTF8.self) {
    case "status":
      try socket.send(Array((status().json + "\n").utf8))
    case "screenshot" where !socket.isOwners:
      try socket.send(Array("{\"error\":\"only the panel's user and root may see the screen\"}\n".utf8))
    case "screenshot":
      let surface = screenshot()
      let memory = try SharedMemory(copying: surface.pixels, name: "screenshot")
      let size = """
        {"height":\(surface.height),"stride":\(surface.width * 4),"width":\(surface.width)}

        """
      try socket.send(Array(size.utf8), attaching: memory.raw)
    default:
      try socket.send(Array("{\"error\":\"ask for status or screenshot\"}\n".utf8))
    }
  }
}
