import Spool

@testable import Sync

/// An end of a sync with its ears: bytes in, bytes out.
struct Peer<End: SyncEnd> {
  private var conversation: Conversation<End>
  private var decoder: FrameDecoder

  init(_ end: End, noise: Int, acceptsRecords: Bool) {
    conversation = Conversation(end)
    decoder = FrameDecoder(noise: noise, acceptsRecords: acceptsRecords)
  }

  var end: End {
    get { conversation.end }
    set { conversation.end = newValue }
  }

  var output: ArraySlice<UInt8> { conversation.output }
  var isEnded: Bool { conversation.isEnded }
  /// Bytes held here.
  var held: Int { decoder.buffered + conversation.output.count }
  /// The error when the stream ends here; nil when it may.
  var errorAtEnd: SyncError? { conversation.end.isEnded ? nil : decoder.errorAtEnd }

  mutating func receive(_ bytes: some Sequence<UInt8>) throws(SyncError) {
    decoder.append(bytes)
    while let frame = try decoder.next() { try conversation.end.receive(frame) }
  }

  mutating func fill() throws(SyncError) { try conversation.fill() }
  mutating func say(_ error: SyncError) { conversation.say(error) }
  mutating func sent(_ count: Int) { conversation.sent(count) }
}

/// Both ends of a sync with a wire between them that can be cut and bent.
struct Link {
  /// Bytes that go over the wire at once.
  var chunk = Int.max
  /// Comes before the panel's magic.
  var banner: [UInt8] = []
  /// The wire is cut after so many bytes from the panel, and to it.
  var cutDown = Int.max
  var cutUp = Int.max
  /// Changes the byte at this place of the way down or up.
  var flipDown: Int?
  var flipUp: Int?
  var manner = Collecting.Manner.live
  /// The versions of the protocol that the panel's end and the collector's speak.
  var panelSpeaks = Hello.spoken
  var collectorSpeaks = Hello.spoken

  struct Outcome {
    var report: SyncReport
    var sourceError: SyncError?
    var sinkError: SyncError?
    var down = 0
    var up = 0
    /// The most bytes that an end held at once.
    var held = 0
    var isComplete: Bool { sourceError == nil && sinkError == nil && report.isComplete }
  }

  func run(_ source: any SyncSource, _ sink: any SyncSink) -> Outcome {
    var panel = Peer(Serving(source, speaks: panelSpeaks), noise: 0, acceptsRecords: false)
    var collector = Peer(
      Collecting(sink, manner, speaks: collectorSpeaks), noise: FrameDecoder.noiseLimit, acceptsRecords: true)
    var outcome = Outcome(report: SyncReport())
    var bannerLeft = banner[...]
    var (sourceHasTold, sinkHasTold) = (false, false)
    while outcome.sourceError == nil || outcome.sinkError == nil {
      var moved = 0
      if outcome.sourceError == nil {
        outcome.sourceError = failure { () throws(SyncError) in try panel.fill() }
      }
      if outcome.sinkError == nil {
        outcome.sinkError = failure { () throws(SyncError) in try collector.fill() }
      }
      // Whoever cannot go on says why.
      if let error = outcome.sourceError, !sourceHasTold {
        panel.say(error)
        sourceHasTold = true
      }
      if let error = outcome.sinkError, !sinkHasTold {
        collector.say(error)
        sinkHasTold = true
      }
      outcome.held = max(outcome.held, panel.held, collector.held)
      if !bannerLeft.isEmpty {
        let banner = bannerLeft.prefix(chunk)
        bannerLeft = bannerLeft.dropFirst(chunk)
        moved += banner.count
        outcome.sinkError =
          outcome.sinkError ?? failure { () throws(SyncError) in try collector.receive(banner) }
      } else {
        let down = bent(panel.output.prefix(min(chunk, cutDown - outcome.down)), outcome.down, flipDown)
        panel.sent(down.count)
        outcome.down += down.count
        moved += down.count
        if outcome.sinkError == nil {
          outcome.sinkError = failure { () throws(SyncError) in try collector.receive(down) }
        }
      }
      let up = bent(collector.output.prefix(min(chunk, cutUp - outcome.up)), outcome.up, flipUp)
      collector.sent(up.count)
      outcome.up += up.count
      moved += up.count
      if outcome.sourceError == nil {
        outcome.sourceError = failure { () throws(SyncError) in try panel.receive(up) }
      }
      if moved == 0 {
        // Nothing goes any more: both see the end of the stream.
        outcome.sourceError = outcome.sourceError ?? (panel.end.isEnded ? nil : .ended)
        outcome.sinkError = outcome.sinkError ?? collector.errorAtEnd
        break
      }
    }
    if outcome.sinkError?.isOfStore == false {
      outcome.sinkError =
        failure { () throws(SyncError) in try collector.end.keepPending() } ?? outcome.sinkError
    }
    outcome.report = collector.end.report
    return outcome
  }

  private func bent(_ bytes: ArraySlice<UInt8>, _ offset: Int, _ flip: Int?) -> [UInt8] {
    var bytes = Array(bytes)
    if let flip, bytes.indices.contains(flip - offset) { bytes[flip - offset] ^= 0x10 }
    return bytes
  }
}

/// The error that `body` throws, or nil.
func failure(_ body: () throws(SyncError) -> Void) -> SyncError? {
  do throws(SyncError) {
    try body()
    return nil
  } catch {
    return error
  }
}
