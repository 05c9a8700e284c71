/// A recording of one device: what it said of itself and every event it sent.
///
/// Its file is the text of evemu (https://www.freedesktop.org/wiki/Evemu), so that evemu-play and evemu-describe take it
/// too.
public struct Recording: Equatable, Sendable {
  public var description: DeviceDescription
  /// In the order in which they came; times in nanoseconds since the start of the recording.
  public var events: [InputEvent]

  public init(description: DeviceDescription, events: [InputEvent] = []) {
    self.description = description
    self.events = events
  }
}

/// A line of a recording that cannot be read.
public struct RecordingError: Error, Equatable, Sendable, CustomStringConvertible {
  /// From 1; 0 for the file as a whole.
  public let line: Int
  public let reason: String

  public init(line: Int, _ reason: String) {
    self.line = line
    self.reason = reason
  }

  public var description: String { line > 0 ? "line \(line): \(reason)" : reason }
}
