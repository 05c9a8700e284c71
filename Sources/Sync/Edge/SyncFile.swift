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
    /// A panel's drawings; the receipt lies beside the file, unless the sentence says why it does not.
    case drawings(SyncReport, receipt: String, problem: String?, failure: SyncError?)
    /// A collector's receipt: receipts in it and those that are new, drawings removed, withdrawals put off.
    case receipt(by: Hello, receipts: Int, acknowledged: Int, removed: Int, putOff: Int)
  }

  /// Writes all that no collector has confirmed into a file, which appears when it is whole and on the disk.
  public static func write(
    _ source: any SyncSource, to path: String, progress: (Int) -> Void = { _ in }
  ) throws(SyncError) -> Written {
    var serving = Serving(source, isOneWay: true)
    var bytes = 0
    let file = try PartFile(path)
    var buffer = Frame.magic
    while let frame = try serving.next() {
      buffer.append(contentsOf: frame.bytes)
      guard buffer.count >= 1 << 20 else { continue }
      bytes += buffer.count
      try file.put(buffer)
      buffer.removeAll(keepingCapacity: true)
      progress(serving.given)
    }
    bytes += buffer.count
    try file.put(buffer)
    try file.finish()
    return Written(samples: serving.given, bytes: bytes)
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
        putOff: reading.putOff)
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
      // What is stored by now is durable, so its receipt holds.
      receipt.append(contentsOf: Frame.bye.bytes)
    }
    let place = path + ".receipt"
    var problem: String?
    do throws(SyncError) {
      let file = try PartFile(place)
      try file.put(receipt)
      try file.finish()
    } catch {
      problem = error.description
    }
    return .drawings(collecting.report, receipt: place, problem: problem, failure: failure)
  }
}
