import Glibc
import Kernel
import Spool
import Synchronization

/// Hears what a panel says, in a thread of its own: it cuts the stream into frames, takes the records in them apart and checks
/// their hashes while the loop that owns it waits for its store's disk.
///
/// Sendable: all that changes is behind the lock.
final class FrameListener: Sendable {
  /// How a stream ended.
  enum Ending: Sendable {
    /// Nothing more comes. Where not all was said that is this error.
    case closed(SyncError)
    /// What came makes no sense, so nothing after it is read.
    case broken(SyncError)
  }

  private struct Heard {
    var frames: [Frame] = []
    /// Bytes that those frames hold, what they are kept in included: a frame may have nine bytes in the stream.
    var bytes = 0
    var ending: Ending?
    var endingIsTold = false
    /// When anything came last, on CLOCK_MONOTONIC in nanoseconds.
    var last: UInt64
    /// Whether nobody wants to know any more.
    var isIgnored = false
    var isOver = false
  }

  /// While frames that hold so many bytes wait, no more are read.
  static let limit = 4 << 20
  /// Bytes that are read at once.
  private static let chunk = 256 << 10

  private let heard: Mutex<Heard>
  private let stream: FileDescriptor
  /// Tells the thread that something has changed for it.
  private let hint: Wakeup
  /// Readable when ``take()`` has something.
  let news: Wakeup

  /// - Parameter stream: does not block. It is closed when it has ended and the owner has let go.
  /// - Throws: ``KernelError`` when there is no thread to be had.
  init(_ stream: consuming FileDescriptor) throws(KernelError) {
    self.stream = stream
    heard = Mutex(Heard(last: MonotonicClock.now()))
    hint = try Wakeup()
    news = try Wakeup()
    try Thread.start(name: "sync-listen", stack: 512 << 10) { [self] in run() }
  }

  /// When anything came last, on CLOCK_MONOTONIC in nanoseconds.
  var last: UInt64 { heard.withLock { $0.last } }

  /// What has come since the last call, in order; behind the last frame, once, how the stream ended.
  func take() -> (frames: [Frame], ending: Ending?) {
    news.acknowledge()
    let (frames, ending, wasFull) = heard.withLock { heard in
      defer {
        heard.frames = []
        heard.bytes = 0
        heard.endingIsTold = heard.ending != nil
      }
      return (
        heard.frames, heard.endingIsTold ? nil : heard.ending, heard.bytes >= FrameListener.limit
      )
    }
    if wasFull { hint.signal() }
    return (frames, ending)
  }

  /// From now on what comes is thrown away, so that who says it can end.
  func ignore() {
    heard.withLock { heard in
      heard.isIgnored = true
      heard.frames = []
      heard.bytes = 0
    }
    hint.signal()
  }

  /// Ends the thread soon, without waiting for it.
  func stop() {
    heard.withLock { $0.isOver = true }
    hint.signal()
  }

  private enum Wish {
    case hear, throwAway, wait, end
  }

  private var wish: Wish {
    heard.withLock { heard in
      if heard.isOver { return .end }
      if heard.isIgnored { return .throwAway }
      return heard.bytes >= FrameListener.limit ? .wait : .hear
    }
  }

  private func run() {
    var decoder = FrameDecoder(noise: FrameDecoder.noiseLimit, acceptsRecords: true)
    var buffer = [UInt8](repeating: 0, count: FrameListener.chunk)
    while true {
      let wish = wish
      if wish == .end { return }
      var watched = [pollfd(fd: hint.raw, events: Int16(POLLIN), revents: 0)]
      if wish != .wait { watched.append(pollfd(fd: stream.raw, events: Int16(POLLIN), revents: 0)) }
      Wire.wait(&watched, milliseconds: -1)
      if watched[0].revents != 0 { hint.acknowledge() }
      guard watched.count > 1, watched[1].revents != 0 else { continue }
      switch Wire.read(stream.raw, &buffer) {
      case .nothing: continue
      case .end:
        tell([], 0, .closed(decoder.errorAtEnd))
        return
      case .bytes(let bytes):
        if wish == .throwAway { continue }
        let (frames, ending) = frames(in: bytes, &decoder)
        tell(frames, bytes.count, ending)
        if ending != nil { heard.withLock { $0.isIgnored = true } }
      }
    }
  }

  /// The frames that end in these bytes.
  private func frames(
    in bytes: ArraySlice<UInt8>, _ decoder: inout FrameDecoder
  ) -> (frames: [Frame], ending: Ending?) {
    decoder.append(bytes)
    var frames: [Frame] = []
    do throws(SyncError) {
      while let frame = try decoder.next() {
        guard case .record(let batch, let index, let name, var record) = frame else {
          frames.append(frame)
          continue
        }
        record.read()
        frames.append(.record(batch: batch, index: index, name: name, record))
      }
      return (frames, nil)
    } catch {
      return (frames, .broken(error))
    }
  }

  private func tell(_ frames: [Frame], _ bytes: Int, _ ending: Ending?) {
    let now = MonotonicClock.now()
    heard.withLock { heard in
      heard.last = now
      if heard.isIgnored { return }
      heard.frames += frames
      heard.bytes += bytes + frames.count * MemoryLayout<Frame>.stride
      heard.ending = ending
    }
    news.signal()
  }
}
