/// What a running panel tells about itself on its control socket: the part of version 1 of that answer that is reported
/// in words. `status --json` hands the whole answer on.
struct LiveStatus: Decodable, Equatable, Sendable {
  /// Seconds since it started.
  var runningSeconds: Int
  /// What the visitor sees.
  var screen: String
  var collecting: Bool
  /// The line that says which display was taken, and why not the others.
  var display: String
  var touch: [TouchDevice]
  var inkLatency: InkLatency
  /// What is wrong now, a sentence each.
  var notices: [String]

  struct TouchDevice: Decodable, Equatable, Sendable {
    var name: String
    var path: String
    /// How it speaks, such as "protocol B".
    var kind: String
    /// Touch frames a second while a finger moves; nil before the first strokes.
    var rate: Double?
    /// A sentence when the device is not what it says it is.
    var note: String?

    enum CodingKeys: String, CodingKey {
      case name, path, kind, note
      case rate = "rate_hz"
    }

    /// `ILITEK (/dev/input/event2), protocol B, 98.4 Hz`.
    var words: String {
      "\(name) (\(path)), \(kind)" + (rate.map { ", \(Columns.tenths($0)) Hz" } ?? "")
        + (note.map { "; \($0)" } ?? "")
    }
  }

  /// From a touch's kernel time to its ink in the scanout buffer, in microseconds.
  struct InkLatency: Decodable, Equatable, Sendable {
    var count: Int
    var p50: Int?
    var p99: Int?
    var max: Int
  }

  enum CodingKeys: String, CodingKey {
    case screen, collecting, display, touch, notices
    case runningSeconds = "running_s"
    case inkLatency = "ink_latency_us"
  }
}
