import Glibc
import Kernel
import Spool

/// A sync by file, for a USB stick: the panel's stream one way, the collector's receipt the other.
public enum SyncFile {
  /// What writing gave.
  public struct Written: Sendable {
    public let samples: Int
    public let bytes: Int
  }

  /// What reading gave.
  public enum Taken: Sendable {
    /// A panel's drawings; the receipt lies beside the file, unless nothing was taken or the sentence says why it does not.
    case drawings(SyncReport, receipt: String?, problem: String?, failure: SyncError?)
    /// A collector's receipt: receipts in it and those that are new, drawings removed, names dropped; withdrawals and dropped
    /// names that are put off.
    case receipt(by: Hello, receipts: Int, acknowledged: Int, removed: Int, namesDropped: Int, putOff: Int)
  }

  /// Writes all that no collector has confirmed into a file, which appears when it is whole and on the disk, in place of an earlier
  /// one of the same store.
  ///
  /// - Throws: ``SyncError``, also when another file has that name: drawings of another panel may be nowhere else.
  public static func write(
    _ source: any SyncSource, to path: String, progress: (Int) -> Void = { _ in }
  ) throws(SyncError) -> Written {
    try refuseOther(path, source)
    var serving = Serving(source, isOneWay: true)
    let file = try mapping { () throws(KernelError) in
      try OutputFile(path, mode: 0o640, next: "make room there, or choose another place for the file")
    }
    try put(Frame.magic, into: file)
    while let frame = try serving.next() {
      let told = file.count >> 20
      try put(frame.bytes, into: file)
      if file.count >> 20 > told { progress(serving.given) }
    }
    try mapping { () throws(KernelError) in try file.finish() }
    return Written(samples: serving.given, bytes: Int(file.count))
  }

  private static func refuseOther(_ path: String, _ source: any SyncSource) throws(SyncError) {
    var info = stat()
    guard stat(path, &info) == 0, info.st_mode & S_IFMT == S_IFREG, info.st_size > 0 else { return }
    var reason = "another file is there"
    do throws(SyncError) {
      var stream = try FrameFile(path)
      if case .hello(let hello)? = try stream.next() {
        let own: Identifier
        do throws(StoreError) { own = try source.hello().store } catch { throw .store(error) }
        if hello.role == .source, hello.store == own { return }
        reason =
          hello.role == .source ? "the drawings of another panel are in it" : "it is a collector's receipt"
      }
    } catch {
      if error.isOfStore { throw error }
      if case .system = error { throw error }
    }
    throw .system(KernelError("write", path, reason: reason, next: "choose another name, or remove it first"))
  }

  /// Takes a file in: a panel's drawings into a collector's store, or a collector's receipt into a panel's.
  ///
  /// - Parameters:
  ///   - sink: made only when the file holds drawings.
  ///   - source: made only when it is a receipt.
  public static func read(
    _ path: String, sink: () throws(SyncError) -> any SyncSink,
    source: () throws(SyncError) -> any SyncSource, progress: (SyncReport) -> Void = { _ in }
  ) throws(SyncError) -> Taken {
    var stream = try FrameFile(path)
    guard let first = try stream.next() else { throw .noMagic(seen: stream.noiseSeen) }
    guard case .hello(let hello) = first else { throw .unexpected("\(first.title) at its beginning") }
    if hello.role == .collector {
      var reading = ReceiptReading(try source())
      try reading.receive(first)
      while let frame = try stream.next() { try reading.receive(frame) }
      guard reading.isEnded else { throw .ended }
      return .receipt(
        by: hello, receipts: reading.receipts, acknowledged: reading.acknowledged, removed: reading.removed,
        namesDropped: reading.namesDropped, putOff: reading.putOff)
    }
    var collecting = Collecting(try sink(), .oneWay)
    var receipt = Frame.magic
    var failure: SyncError?
    do throws(SyncError) {
      var frame: Frame? = first
      while let next = frame {
        try collecting.receive(next)
        while let said = try collecting.next() { receipt.append(contentsOf: said.bytes) }
        progress(collecting.report)
        frame = collecting.isEnded ? nil : try stream.next()
      }
      if !collecting.isEnded { throw SyncError.ended }
    } catch {
      failure = error
      do throws(SyncError) {
        if !error.isOfStore { try collecting.keepPending() }
        while let said = try collecting.next() { receipt.append(contentsOf: said.bytes) }
      } catch {
        failure = error
      }
      // One that says nothing would replace a good one of the same file.
      guard receipt.count > Frame.magic.count else {
        return .drawings(collecting.report, receipt: nil, problem: nil, failure: failure)
      }
      // What is stored by now is durable, so its receipt holds.
      receipt.append(contentsOf: Frame.bye.bytes)
    }
    let place = path + ".receipt"
    var problem: String?
    do throws(KernelError) {
      try OutputFile.write(
        receipt, to: place, mode: 0o640, next: "make room there, and take the file in once more")
    } catch {
      problem = error.description
    }
    return .drawings(
      collecting.report, receipt: problem == nil ? place : nil, problem: problem, failure: failure)
  }

  private static func put(_ bytes: [UInt8], into file: OutputFile) throws(SyncError) {
    try mapping { () throws(KernelError) in try file.write(bytes) }
  }

  /// The result of `body`, with an error of the system as one of the sync.
  private static func mapping<Result>(
    _ body: () throws(KernelError) -> Result
  ) throws(SyncError) -> Result {
    do throws(KernelError) { return try body() } catch { throw .system(error) }
  }
}
