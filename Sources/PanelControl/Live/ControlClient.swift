import FoundationEssentials
import Glibc
import Kernel

/// A connection to a running panel: the socket `control` in its spool directory.
struct ControlClient: ~Copyable {
  /// Longest answer that is read, in bytes.
  private static let answerLimit = 1 << 20
  /// A panel answers within a frame; one that takes longer than this many seconds hangs.
  private static let patience = 3

  private let socket: UnixSocket
  private let path: String

  /// Connects to the panel of a store, or returns nil when none runs there.
  ///
  /// - Throws: ``KernelError`` when one runs and cannot be reached.
  static func connect(spool: String) throws(KernelError) -> ControlClient? {
    let path = spool + "/control"
    do throws(KernelError) {
      let socket = try UnixSocket.connect(
        to: path, timeout: patience, next: "run panelctl as root or as the panel's user")
      return ControlClient(socket: socket, path: path)
    } catch {
      // A socket that nobody listens at was left by a panel that was killed.
      if [ENOENT, ENOTDIR, ECONNREFUSED].contains(error.code) { return nil }
      throw error
    }
  }

  private init(socket: consuming UnixSocket, path: String) {
    self.socket = socket
    self.path = path
  }

  /// What the panel tells about itself, and its answer as it was: one line of JSON.
  func status() throws(KernelError) -> (status: LiveStatus, line: String) {
    let answer = try ask("status")
    return (try decode(LiveStatus.self, from: answer.line), String(decoding: answer.line, as: UTF8.self))
  }

  /// What the panel shows now: 0x00RRGGBB, row by row from the top.
  func screenshot() throws(KernelError) -> (width: Int, height: Int, pixels: [UInt32]) {
    let answer = try ask("screenshot")
    let size = try decode(ScreenshotSize.self, from: answer.line)
    guard let raw = answer.descriptor else { throw nonsense("the picture itself is missing") }
    let memory = FileDescriptor(owning: raw)
    guard (1...16_384).contains(size.width), (1...16_384).contains(size.height),
      size.stride >= size.width * 4,
      size.stride <= 1 << 17
    else { throw nonsense("a picture of \(size.width)x\(size.height)") }
    let bytes = try SharedMemory.read(memory, count: size.stride * size.height)
    var pixels = [UInt32](repeating: 0, count: size.width * size.height)
    for y in 0..<size.height {
      for x in 0..<size.width {
        let i = y * size.stride + x * 4
        pixels[y * size.width + x] =
          UInt32(bytes[i]) | UInt32(bytes[i + 1]) << 8 | UInt32(bytes[i + 2]) << 16
      }
    }
    return (size.width, size.height, pixels)
  }

  private struct ScreenshotSize: Decodable {
    let width: Int
    let height: Int
    /// Bytes from row to row.
    let stride: Int
  }

  /// Sends a request and reads the line that answers it, with the descriptor that came along.
  private func ask(_ request: String) throws(KernelError) -> (line: [UInt8], descriptor: Int32?) {
    // Who may not ask is turned away at once, maybe before this has been said; the answer's end tells it.
    do throws(KernelError) { try socket.send(Array("\(request)\n".utf8)) } catch {
      guard error.code == EPIPE else { throw error }
    }
    var (line, descriptor): ([UInt8], Int32?) = ([], nil)
    while true {
      let part = try receive()
      if let passed = part.descriptor {
        if let earlier = descriptor { close(earlier) }
        descriptor = passed
      }
      if part.bytes.isEmpty {
        if let descriptor { close(descriptor) }
        throw KernelError(
          "ask", path, reason: "the panel closed the connection",
          next: "run panelctl as root or as the panel's user")
      }
      line += part.bytes
      if let end = line.firstIndex(of: 0x0A) { return (Array(line[..<end]), descriptor) }
      if line.count > ControlClient.answerLimit {
        if let descriptor { close(descriptor) }
        throw nonsense("an answer without end")
      }
    }
  }

  private func receive() throws(KernelError) -> (bytes: [UInt8], descriptor: Int32?) {
    do throws(KernelError) {
      return try socket.receiveWithDescriptor()
    } catch {
      // It was closed with the request unread.
      if error.code == ECONNRESET { return ([], nil) }
      guard error.code == EAGAIN else { throw error }
      throw KernelError(
        "ask", path, reason: "the panel does not answer within \(ControlClient.patience) s",
        next: "restart it with systemctl restart panel")
    }
  }

  private func decode<T: Decodable>(_ type: T.Type, from line: [UInt8]) throws(KernelError) -> T {
    do {
      return try JSONDecoder().decode(type, from: Data(line))
    } catch {
      if let refusal = try? JSONDecoder().decode(Refusal.self, from: Data(line)) {
        throw KernelError(
          "ask", path, reason: TerminalText.escaped(refusal.error),
          next: "run panelctl as root or as the panel's user")
      }
      throw nonsense(String(decoding: line.prefix(80), as: UTF8.self))
    }
  }

  /// What a panel answers when it does not do what was asked.
  private struct Refusal: Decodable {
    let error: String
  }

  private func nonsense(_ what: String) -> KernelError {
    KernelError(
      "understand", path, reason: "it answers \"\(what)\"",
      next: "update panelctl and panel to the same version")
  }
}
