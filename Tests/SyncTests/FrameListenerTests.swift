import Glibc
import Kernel
import Randomness
import Spool
import Testing

@testable import Sync

/// What the thread makes of a stream that a panel sends.
@Suite("A listener")
struct FrameListenerTests {
  /// A stream: who listens to it, and the end that is written to.
  private final class Stream {
    let listener: FrameListener
    private var end: Int32

    init() throws {
      signal(SIGPIPE, SIG_IGN)
      var ends: [Int32] = [-1, -1]
      try #require(pipe(&ends) == 0)
      end = ends[1]
      Wire.makeNonBlocking(ends[0])
      listener = try FrameListener(FileDescriptor(owning: ends[0]))
    }

    deinit { close() }

    func close() {
      if end >= 0 { Glibc.close(end) }
      end = -1
    }

    /// Writes all of it, as long as that takes.
    func write(_ bytes: [UInt8]) throws { try #require(Wire.write(end, bytes[...]) == bytes.count) }

    /// Writes what can be written now; nil when nobody reads any more.
    func writeNow(_ bytes: ArraySlice<UInt8>) -> Int? {
      Wire.makeNonBlocking(end)
      return Wire.write(end, bytes)
    }
  }

  /// Takes until the stream has ended, or so many frames are there, at most ten seconds.
  private func taken(
    _ listener: FrameListener, upTo count: Int = .max
  ) -> (frames: [Frame], ending: FrameListener.Ending?) {
    var all: [Frame] = []
    let end = MonotonicClock.now() + 10_000_000_000
    while MonotonicClock.now() < end {
      var watched = [pollfd(fd: listener.news.raw, events: Int16(POLLIN), revents: 0)]
      Wire.wait(&watched, milliseconds: 100)
      let (frames, ending) = listener.take()
      all += frames
      if ending != nil || all.count >= count { return (all, ending) }
    }
    return (all, nil)
  }

  private func records(_ count: Int) -> [Frame] {
    (0..<count).map {
      .record(batch: 0, index: $0, name: nil, CarriedRecord(Drawings.record(Drawings.sample($0 % 10))))
    }
  }

  @Test("a stream in pieces of any size comes as the frames that were sent, in order, and then its end")
  func pieces() throws {
    var generator = SplitMix64(seed: 62)
    let frames = [Frame.wait] + records(40) + [.done(offered: 40)]
    for largest in [1, 7, 1000, 100_000] {
      let stream = try Stream()
      var bytes = Array("Welcome to booth 7\n".utf8) + Frame.magic + frames.flatMap(\.bytes)
      if largest == 1 { bytes = Array(bytes.prefix(3000)) }
      while !bytes.isEmpty {
        let piece = Int.random(in: 1...largest, using: &generator)
        try stream.write(Array(bytes.prefix(piece)))
        bytes.removeFirst(min(piece, bytes.count))
      }
      stream.close()
      let (heard, ending) = taken(stream.listener)
      #expect(heard == Array(frames.prefix(heard.count)) && heard.count == (largest == 1 ? heard.count : 42))
      #expect(heard.count >= 4)
      guard case .closed(.ended)? = ending else {
        Issue.record("\(String(describing: ending))")
        return
      }
    }
  }

  @Test("what comes before anything that makes no sense counts, and nothing after it")
  func broken() throws {
    let stream = try Stream()
    try stream.write(
      Frame.magic + Frame.wait.bytes + [0xEE, 0, 0, 0, 0] + Frame.bye.bytes)
    let (heard, ending) = taken(stream.listener)
    #expect(heard == [.wait])
    guard case .broken(.malformed)? = ending else {
      Issue.record("\(String(describing: ending))")
      return
    }
    // It goes on throwing away what comes, so that who says it can end.
    try stream.write([UInt8](repeating: 0, count: 1 << 20))
    stream.close()
    let after = stream.listener.take()
    #expect(after.frames.isEmpty && after.ending == nil)
  }

  @Test("a stream without a panel in it is told from one that broke")
  func noPanel() throws {
    let stream = try Stream()
    try stream.write(Array("This account is not available.\n".utf8))
    stream.close()
    guard case .closed(.noMagic(let seen))? = taken(stream.listener).ending else {
      Issue.record("another end")
      return
    }
    #expect(seen.hasPrefix("This account"))
  }

  @Test(
    "it holds no more than its limit, however much is sent and in how small frames, and goes on when that is taken"
  )
  func limit() throws {
    for frames in [records(500), [Frame](repeating: .wait, count: 5000)] {
      let stream = try Stream()
      let bytes = frames.flatMap(\.bytes)
      try stream.write(Frame.magic)
      // As long as it reads there is room in the pipe, now or within two seconds.
      var (sent, quiet) = (0, 0)
      while quiet < 500, sent < 4 * FrameListener.limit {
        let told = stream.writeNow(bytes[(sent % bytes.count)...]) ?? 0
        sent += told
        quiet = told == 0 ? quiet + 1 : 0
        if told == 0 { usleep(4000) }
      }
      let heard = taken(stream.listener, upTo: 1)
      let held = heard.frames.reduce(0) { $0 + $1.bytes.count + MemoryLayout<Frame>.stride }
      // What it reads at once may go over it.
      let most = FrameListener.limit + (256 << 10) / frames[0].bytes.count * (held / heard.frames.count)
      #expect(held > FrameListener.limit / 2 && held <= most + FrameListener.limit / 16, "\(held) bytes")
      #expect(heard.ending == nil && sent < FrameListener.limit + (1 << 20))
      #expect(stream.writeNow(bytes[(sent % bytes.count)...]) != nil)
      #expect(!taken(stream.listener, upTo: 1).frames.isEmpty)
    }
  }

  @Test("ignored it takes everything and gives nothing; stopped it lets go of the stream")
  func silence() throws {
    let stream = try Stream()
    stream.listener.ignore()
    try stream.write(
      Frame.magic + (0..<12).flatMap { _ in records(1000).flatMap(\.bytes) })
    #expect(stream.listener.take().frames.isEmpty)
    stream.listener.stop()
    let told = taken(stream.listener, upTo: 0)
    #expect(told.frames.isEmpty && told.ending == nil)
  }

  @Test("when nobody has it any more it lets go of the stream, and who writes is told")
  func letGo() throws {
    var ends: [Int32] = [-1, -1]
    signal(SIGPIPE, SIG_IGN)
    try #require(pipe(&ends) == 0)
    let writer = FileDescriptor(owning: ends[1])
    do {
      let listener = try FrameListener(FileDescriptor(owning: ends[0]))
      Wire.makeNonBlocking(ends[0])
      listener.stop()
    }
    Wire.makeNonBlocking(writer.raw)
    for _ in 0..<5000 {
      if Wire.write(writer.raw, [0]) == nil { return }
      usleep(1000)
    }
    Issue.record("somebody still reads")
  }

  @Test("the records in it are read, also those that are no records")
  func readRecords() throws {
    let stream = try Stream()
    let sample = Drawings.sample(4)
    let whole = Drawings.record(sample)
    let frames: [Frame] = [
      .record(batch: 0, index: 0, name: nil, CarriedRecord(whole)),
      .record(batch: 0, index: 1, name: nil, CarriedRecord(Array(whole.dropLast()))),
    ]
    try stream.write(Frame.magic + frames.flatMap(\.bytes))
    let heard = taken(stream.listener, upTo: 2).frames
    guard heard.count == 2, case .record(_, _, _, let good) = heard[0],
      case .record(_, _, _, let bad) = heard[1]
    else {
      Issue.record("\(heard)")
      return
    }
    #expect(try good.sample().id == sample.id && good.bytes == whole)
    #expect(throws: RecordError.self) { try bad.sample() }
  }
}
