import Glibc
import Kernel

/// A panel as far as its control socket goes: answers requests in a thread of its own until the test ends.
final class FakePanel: Sendable {
  private let stop: Wakeup

  /// - Parameter answer: the bytes for a request, and a descriptor to send along; nil closes the connection unanswered.
  init(spool: String, answer: @escaping @Sendable (String) -> (bytes: [UInt8], picture: [UInt32]?)?) throws {
    let stop = try Wakeup()
    let poll = try Poll()
    let listener = try UnixSocket.listen(at: "\(spool)/control")
    try poll.add(listener.raw, tag: 0)
    try poll.add(stop.raw, tag: 1)
    self.stop = stop
    let server = Server(listener: listener, poll: poll, answer: answer)
    try Thread.start(name: "fake panel") { server.run() }
  }

  deinit { stop.signal() }

  private final class Server: Sendable {
    let listener: UnixSocket
    let poll: Poll
    let answer: @Sendable (String) -> (bytes: [UInt8], picture: [UInt32]?)?

    init(
      listener: consuming UnixSocket, poll: consuming Poll,
      answer: @escaping @Sendable (String) -> (bytes: [UInt8], picture: [UInt32]?)?
    ) {
      self.listener = listener
      self.poll = poll
      self.answer = answer
    }

    func run() {
      while true {
        var ends = false
        try? poll.wait { tag, _ in ends = ends || tag == 1 }
        if ends { return }
        guard let connection = listener.accept() else { continue }
        serve(connection)
      }
    }

    private func serve(_ connection: borrowing UnixSocket) {
      var request: [UInt8] = []
      while !request.contains(0x0A) {
        guard let bytes = try? connection.receive() else {
          usleep(1000)
          continue
        }
        if bytes.isEmpty { return }
        request += bytes
      }
      guard let answer = answer(String(decoding: request.dropLast(), as: UTF8.self)) else { return }
      if let picture = answer.picture, let memory = try? SharedMemory(copying: picture, name: "test") {
        try? connection.send(answer.bytes, attaching: memory.raw)
      } else {
        try? connection.send(answer.bytes)
      }
    }
  }
}
