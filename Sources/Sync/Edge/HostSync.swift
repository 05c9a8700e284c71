import Glibc
import Kernel
import Spool

/// How a sync with one host or file ended.
public struct SyncResult: Sendable {
  /// The host or the file.
  public let host: String
  public let report: SyncReport
  /// Why it did not finish, as a sentence; nil when it did.
  public let failure: String?
  /// Whether it contradicts the collector's store, or its own is damaged.
  public let isCritical: Bool
  /// Nanoseconds that it took.
  public let duration: UInt64

  public init(host: String, report: SyncReport, failure: String?, isCritical: Bool, duration: UInt64) {
    self.host = host
    self.report = report
    self.failure = failure
    self.isCritical = isCritical
    self.duration = duration
  }
}

/// The sync with one panel over ssh: the child process and the collector's end of the conversation with it.
final class HostSync {
  /// How long it goes on without getting further: nanoseconds.
  struct Patience: Sendable {
    /// Nothing comes at all. A panel that waits for another collector says so every two seconds.
    var silence: UInt64 = 180_000_000_000
    /// Something comes, but nothing that brings the sync forward. A panel waits for another collector no longer than ten minutes.
    var waiting: UInt64 = 660_000_000_000
  }

  let host: String
  private let begun: UInt64
  private let patience: Patience
  private var moved: UInt64
  /// When something brought the sync forward last; nil before the first frame.
  private var advanced: UInt64?
  private var shell: RemoteShell
  private let listener: FrameListener
  /// Frames that were heard and not taken in yet.
  private var frames: ArraySlice<Frame> = []
  private var ending: FrameListener.Ending?
  private var conversation: Conversation<Collecting>
  private var complaints: [UInt8] = []
  private var error: SyncError?
  private var isOver = false
  private(set) var result: SyncResult?

  init(
    _ host: String, command: [String], sink: any SyncSink, isDryRun: Bool, patience: Patience = Patience()
  ) throws(KernelError) {
    shell = try RemoteShell.start(command, host: host)
    listener = try FrameListener(shell.takeOutput())
    self.host = host
    self.patience = patience
    begun = MonotonicClock.now()
    moved = begun
    conversation = Conversation(Collecting(sink, isDryRun ? .dryRun : .live))
  }

  var report: SyncReport { conversation.end.report }

  /// What it waits for.
  var watched: [pollfd] {
    var list: [pollfd] = []
    if !isOver { list.append(pollfd(fd: listener.news.raw, events: Int16(POLLIN), revents: 0)) }
    if shell.complaints >= 0 { list.append(pollfd(fd: shell.complaints, events: Int16(POLLIN), revents: 0)) }
    if shell.input >= 0, !conversation.output.isEmpty {
      list.append(pollfd(fd: shell.input, events: Int16(POLLOUT), revents: 0))
    }
    return list
  }

  /// Whether it can go on without waiting for anything.
  var hasWork: Bool { !frames.isEmpty && !isOver }

  deinit { listener.stop() }

  /// Moves what can be moved now.
  func step(_ buffer: inout [UInt8]) {
    guard result == nil else { return }
    listen(&buffer)
    if !isOver {
      do throws(SyncError) {
        try converse()
      } catch {
        fail(error)
      }
    }
    finish()
  }

  /// Frames that are taken in before anything is said again.
  private static let framesAtOnce = 64

  private func converse() throws(SyncError) {
    if frames.isEmpty {
      let (heard, ending) = listener.take()
      frames = heard[...]
      self.ending = ending ?? self.ending
    }
    for frame in frames.prefix(HostSync.framesAtOnce) {
      frames.removeFirst()
      try conversation.end.receive(frame)
      moved = MonotonicClock.now()
      if advanced == nil || frame.bringsForward { advanced = moved }
    }
    if frames.isEmpty, let ending {
      self.ending = nil
      switch ending {
      case .broken(let error): throw error
      // The other end may not have shut its ears yet: what it said last was taken first.
      case .closed(let error): if !conversation.end.isEnded { throw error }
      }
    }
    try conversation.fill()
    if shell.input >= 0, !conversation.output.isEmpty {
      // The end of its output says why it does not read any more.
      if let sent = Wire.write(shell.input, conversation.output) {
        if sent > 0 {
          moved = MonotonicClock.now()
          if advanced != nil { advanced = moved }
        }
        conversation.sent(sent)
      } else {
        shell.closeInput()
      }
    }
    if conversation.isEnded { end() }
    // Before the clock is read: something may come at this instant.
    let last = max(moved, listener.last)
    let now = MonotonicClock.now()
    if now - last > patience.silence { throw .silence(seconds: patience.silence / 1_000_000_000) }
    if let advanced, now - advanced > patience.waiting, !conversation.isEnded {
      let seconds = patience.waiting / 1_000_000_000
      throw report.source == nil ? .busy(seconds: seconds) : .stalled(seconds: seconds)
    }
  }

  private func fail(_ error: SyncError) {
    var error = error
    do throws(SyncError) {
      if !error.isOfStore { try conversation.end.keepPending() }
    } catch let other {
      error = other
    }
    self.error = error
    conversation.say(error)
    if shell.input >= 0, let sent = Wire.write(shell.input, conversation.output) { conversation.sent(sent) }
    end()
  }

  /// Nothing more is said; ssh is left to end by itself, and is ended if it does not. What it still says is thrown away: unread it
  /// could not end.
  private func end() {
    isOver = true
    frames = []
    listener.ignore()
    moved = MonotonicClock.now()
    shell.closeInput()
  }

  private func listen(_ buffer: inout [UInt8]) {
    guard shell.complaints >= 0 else { return }
    switch Wire.read(shell.complaints, &buffer) {
    case .bytes(let bytes):
      complaints.append(contentsOf: bytes)
      if complaints.count > 16_384 { complaints.removeFirst(complaints.count - 8192) }
    case .nothing: break
    case .end: shell.closeComplaints()
    }
  }

  private func finish() {
    guard isOver else { return }
    let status = shell.exitStatus()
    let waited = MonotonicClock.now() - moved
    // What was to be said is said; a child that lingers after that is not worth more.
    if status == nil {
      if waited > 5_000_000_000 { shell.terminate() }
      if waited < 7_000_000_000 { return }
    } else if shell.complaints >= 0, waited < 1_000_000_000 {
      return
    }
    let failure = error.map {
      RemoteFailure(
        host: host, status: status, complaints: String(decoding: complaints, as: UTF8.self), error: $0
      ).sentence
    }
    result = SyncResult(
      host: host, report: report, failure: failure,
      isCritical: report.hasConflict || error?.isCritical == true, duration: MonotonicClock.now() - begun)
  }
}

extension Frame {
  /// Whether a sync has got further with it, so that it ends at some time: only so much of this is taken, or it was asked for.
  fileprivate var bringsForward: Bool {
    switch self {
    case .wait, .notice, .marked: false
    case .tombstones(let list): !list.isEmpty
    case .names(let visitors): !visitors.isEmpty
    default: true
    }
  }
}

extension SyncError {
  /// Whether a store at this end failed: then nothing more is written there.
  var isOfStore: Bool { if case .store = self { true } else { false } }

  /// Whether drawings are in danger, or two stores contradict each other.
  public var isCritical: Bool {
    switch self {
    case .ownIdentity, .refused(.damaged, _): true
    case .store(let error): error.kind == .damaged
    default: false
    }
  }
}
