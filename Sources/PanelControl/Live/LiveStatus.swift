import JSON

/// What a running panel tells about itself on its control socket (version 1 of that answer).
struct LiveStatus: Decodable, Equatable, Sendable {
  var software: String
  var model: String
  /// Seconds since it started.
  var runningSeconds: Int
  /// What the visitor sees.
  var screen: String
  var collecting: Bool
  /// The line that says which display was taken, and why not the others.
  var display: String
  var touch: [String]
  /// Touch frames a second while a finger moves; nil before the first stroke.
  var touchRate: Double?
  var inkLatency: InkLatency
  /// What is wrong now, a sentence each.
  var notices: [String]

  /// From a touch's kernel time to its ink in the scanout buffer, in microseconds.
  struct InkLatency: Decodable, Equatable, Sendable {
    var count: Int
    var p50: Int?
    var p99: Int?
    var max: Int
  }

  enum CodingKeys: String, CodingKey {
    case software, model, screen, collecting, display, touch, notices
    case runningSeconds = "running_s"
    case touchRate = "touch_rate_hz"
    case inkLatency = "ink_latency_us"
  }

  var json: JSON {
    [
      "software": .string(software), "model": .string(model), "running_s": .int(runningSeconds),
      "screen": .string(screen), "collecting": .bool(collecting), "display": .string(display),
      "touch": .array(touch.map { .string($0) }), "touch_rate_hz": touchRate.map { .number($0) } ?? .null,
      "ink_latency_us": [
        "count": .int(inkLatency.count), "p50": inkLatency.p50.map { .int($0) } ?? .null,
        "p99": inkLatency.p99.map { .int($0) } ?? .null, "max": .int(inkLatency.max),
      ],
      "notices": .array(notices.map { .string($0) }),
    ]
  }
}
