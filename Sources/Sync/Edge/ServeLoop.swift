import Glibc
import Kernel
import Spool

/// The panel's end of a sync over standard input and output, as sshd starts it for a key with a forced command.
///
/// The panel goes on running: this is another process, which reads the store batch by batch and adds receipts in short
/// transactions.
public struct ServeLoop {
  /// How long nothing may move before it gives up, and how long it waits for another collector to finish: milliseconds.
  public struct Patience: Sendable {
    public var idle: UInt64 = 120_000
    public var busy: UInt64 = 600_000
    public init() {}
  }

  private let input: Int32
  private let output: Int32
  private let patience: Patience

  public init(input: Int32 = STDIN_FILENO, output: Int32 = STDOUT_FILENO, patience: Patience = Patience()) {
    self.input = input
    self.output = output
    self.patience = patience
  }

  /// Serves one collector to the end.
  ///
  /// - Returns: records given, and receipts that are new.
  /// - Throws: ``SyncError``, which the collector has been told if it could be.
  public func run(
    directory: String, name: String, software: String
  ) throws(SyncError) -> (given: Int, acknowledged: Int) {
    signal(SIGPIPE, SIG_IGN)
    Wire.makeNonBlocking(input)
    Wire.makeNonBlocking(output)
    let store: Store
    do throws(StoreError) {
      store = try Store.openBeside(directory: directory)
    } catch {
      var mute = Conversation(NoEnd())
      tell(.store(error), &mute)
      throw .store(error)
    }
    var conversation = Conversation(Serving(StoreSource(store, name: name, software: software)))
    do throws(SyncError) {
      let lock = try lock(directory, &conversation)
      try converse(&conversation)
      _ = consume lock
    } catch {
      tell(error, &conversation)
      throw error
    }
    return (conversation.end.given, conversation.end.acknowledged)
  }

  /// Waits until no other collector is at this store, and meanwhile tells this one that it does.
  private func lock<End>(
    _ directory: String, _ conversation: inout Conversation<End>
  ) throws(SyncError) -> SyncLock {
    let begin = MonotonicClock.now()
    var told: UInt64 = 0
    while true {
      do throws(KernelError) {
        if let lock = try SyncLock.take(.serve, in: directory) { return lock }
      } catch {
        throw .system(error)
      }
      let waited = (MonotonicClock.now() - begin) / 1_000_000
      guard waited < patience.busy else { throw .busy(seconds: waited / 1000) }
      if waited >= told {
        conversation.say(.wait)
        told = waited + 2000
      }
      guard let sent = Wire.write(output, conversation.output) else { throw .ended }
      conversation.sent(sent)
      usleep(50_000)
    }
  }

  private func converse<End>(_ conversation: inout Conversation<End>) throws(SyncError) {
    var decoder = FrameDecoder(noise: 0, acceptsRecords: false)
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      try conversation.fill()
      if conversation.isEnded { return }
      let hasOutput = !conversation.output.isEmpty
      var watched = [pollfd(fd: input, events: Int16(POLLIN), revents: 0)]
      if hasOutput { watched.append(pollfd(fd: output, events: Int16(POLLOUT), revents: 0)) }
      Wire.wait(&watched, milliseconds: Int32(clamping: patience.idle))
      guard watched.contains(where: { $0.revents != 0 }) else {
        throw .silence(seconds: patience.idle / 1000)
      }
      if hasOutput {
        guard let sent = Wire.write(output, conversation.output) else { throw .ended }
        conversation.sent(sent)
      }
      guard watched[0].revents != 0 else { continue }
      switch Wire.read(input, &buffer) {
      case .bytes(let bytes):
        decoder.append(bytes)
        while let frame = try decoder.next() { try conversation.end.receive(frame) }
      case .nothing: break
      case .end: throw .ended
      }
    }
  }

  /// Tells the collector why it ends here, as far as that goes within a second.
  private func tell<End>(_ error: SyncError, _ conversation: inout Conversation<End>) {
    conversation.say(error)
    for _ in 0..<20 where !conversation.output.isEmpty {
      guard let sent = Wire.write(output, conversation.output) else { return }
      conversation.sent(sent)
      if conversation.output.isEmpty { return }
      usleep(50_000)
    }
  }
}

/// An end that has nothing to say but why it cannot.
private struct NoEnd: SyncEnd {
  var isEnded: Bool { true }
  mutating func next() -> Frame? { nil }
  mutating func receive(_ frame: Frame) {}
}
