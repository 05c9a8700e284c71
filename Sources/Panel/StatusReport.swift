import JSON
import Touch

/// What a running panel tells about itself on the control socket.
struct StatusReport: Sendable {
  /// What stands on the panel: attract, consent, name, challenge, free play, still there or operator.
  var screen: String
  /// The digit that the visitor is asked to draw; nil in free play and before the store has told it.
  var prompt: Int?
  /// When the first picture stood in the scanout buffer, CLOCK_MONOTONIC in ns.
  var firstPicture: UInt64?
  /// The line that says which display was taken.
  var display: String
  var touch: [TouchDevice]
  var inkLatency: LatencyRecord
  var collecting: Bool
  /// Sentences for the operator: what is wrong now.
  var notices: [String]
  var startedAgo: UInt64
  var model: String
  var software: String

  var json: String {
    let value: JSON = [
      "version": 1,
      "software": .string(software),
      "model": .string(model),
      "running_s": .int(Int(startedAgo / 1_000_000_000)),
      "screen": .string(screen),
      "prompt": prompt.map { .int($0) } ?? .null,
      "first_picture_ns": firstPicture.map { .int(Int($0)) } ?? .null,
      "collecting": .bool(collecting),
      "display": .string(display),
      "touch": .array(touch.map { .string("\($0.name) (\($0.path)), \($0.kind)") }),
      "touch_rate_hz": touch.lazy.compactMap(\.reportRate).max().map { .number(($0 * 10).rounded() / 10) }
        ?? .null,
      "ink_latency_us": [
        "count": .int(inkLatency.count),
        "p50": inkLatency.quantile(0.5).map { .int($0) } ?? .null,
        "p99": inkLatency.quantile(0.99).map { .int($0) } ?? .null,
        "max": .int(Int(inkLatency.maximum / 1000)),
      ],
      "notices": .array((notices + touch.compactMap(\.note)).map { .string($0) }),
    ]
    return value.text
  }
}
