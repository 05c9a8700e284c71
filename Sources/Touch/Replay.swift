import Kernel

/// Plays a recording as if its device were there: each event becomes due at its time after the start.
///
/// Its events bear the planned time, not that of their delivery, so that the delay up to the glass can be measured.
struct Replay: Sendable {
  let recording: Recording
  /// CLOCK_MONOTONIC (ns) at the recording's time 0.
  let start: UInt64
  private(set) var decoder: TouchDecoder
  private var next = 0

  /// - Throws: ``Refusal`` when the recorded device is none of a panel.
  init(_ recording: Recording, start: UInt64) throws(Refusal) {
    decoder = try TouchDecoder(recording.description)
    self.recording = recording
    self.start = start
  }

  /// Reads the recording from a file in evemu's format.
  init(file: String, start: UInt64) throws(KernelError) {
    let text = try contentsOfFile(file, limit: 64 << 20, next: "name a recording in evemu's format")
    let recording: Recording
    do throws(RecordingError) { recording = try Recording(evemu: text) } catch {
      throw KernelError("replay", file, reason: error.description, next: "record it again")
    }
    do throws(Refusal) { try self.init(recording, start: start) } catch {
      throw KernelError("replay", file, reason: error.reason)
    }
  }

  /// When the next event is due (CLOCK_MONOTONIC, ns); nil once all are played.
  var deadline: UInt64? {
    next < recording.events.count ? start &+ recording.events[next].time : nil
  }

  /// Decodes all events that are due.
  mutating func play(until now: UInt64, into stream: inout TouchStream) {
    while next < recording.events.count {
      var event = recording.events[next]
      event.time = start &+ event.time
      guard event.time <= now else { return }
      decoder.process(event, into: &stream)
      next += 1
    }
  }
}
