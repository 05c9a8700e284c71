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
  /// The touch devices in use.
  var touch: [String]
  /// Touch frames a second while a finger moves, of the quickest device; nil before the first strokes.
  var touchRate: Double?
  var inkLatency: InkLatency
  /// Whether the picture is seen: "lit", "dark" or "suspended"; nil from a panel of an older version, as the next four.
  var displayState: String? = nil
  /// Visits and drawings stored since the start.
  var visits: Int? = nil
  var stored: Int? = nil
  var software: String? = nil
  var model: String? = nil
  /// What is wrong now, a sentence each.
  var notices: [String]

  /// From a touch's kernel time to its ink in the scanout buffer, in microseconds.
  struct InkLatency: Decodable, Equatable, Sendable {
    var count: Int
    var p50: Int?
    var p99: Int?
    var max: Int
    /// All together; nil from a panel of an older version.
    var sum: Int? = nil
  }

  /// ``display`` without the word that begins a line of the log.
  var displayChoice: String {
    display.hasPrefix("display: ") ? String(display.dropFirst("display: ".count)) : display
  }

  enum CodingKeys: String, CodingKey {
    case screen, collecting, display, touch, notices, visits, stored, software, model
    case displayState = "display_state"
    case runningSeconds = "running_s"
    case touchRate = "touch_rate_hz"
    case inkLatency = "ink_latency_us"
  }
}
