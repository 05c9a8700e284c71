import Ink
import JSON
import Touch

/// What a running panel tells about itself on the control socket: the member `panel` of `panelctl status --json`
/// (PanelControl/Health/STATUS.md lists every key with its unit).
struct StatusReport: Sendable {
  /// What stands on the panel: attract, languages, consent, name, challenge, free play, still there or operator.
  var screen: String
  /// Where it can be pressed.
  var controls: [PressPlace]
  /// Where the canvas stands, in panel pixels; nil where there is none.
  var canvas: PixelRect?
  /// The digit that is asked for now, or that the next drawing will be asked for; nil in free play and before the store has
  /// told it.
  var prompt: Int?
  /// When the first picture stood in the scanout buffer, CLOCK_MONOTONIC in ns.
  var firstPicture: UInt64?
  /// The line that says which display was taken.
  var display: String
  var touch: [TouchDevice]
  var inkLatency: LatencyRecord
  /// How long drawing a whole screen took, and moving the bars, into the picture in memory.
  var redraws: LatencyRecord
  var barMoves: LatencyRecord
  var collecting: Bool
  /// Whether the picture is seen: "lit", "dark" or "suspended".
  var displayState: String
  /// Visits and drawings stored since the start.
  var visits: Int
  var stored: Int
  /// Sentences for the operator: what is wrong now.
  var notices: [String]
  var startedAgo: UInt64
  var model: String
  var software: String

  /// The answer, one line.
  var json: String { value.text }

  var value: JSON {
    [
      "version": 1,
      "software": .string(software),
      "model": .string(model),
      "running_s": .int(Int(startedAgo / 1_000_000_000)),
      "screen": .string(screen),
      "controls": .array(
        controls.map {
          [
            "name": .string($0.name), "x": .int($0.rect.x), "y": .int($0.rect.y),
            "width": .int($0.rect.width), "height": .int($0.rect.height), "enabled": .bool($0.isEnabled),
          ]
        }),
      "canvas": canvas.map { ["x": .int($0.x), "y": .int($0.y), "side": .int($0.width)] } ?? .null,
      "prompt": prompt.map { .int($0) } ?? .null,
      "first_picture_ns": firstPicture.map { .int(Int($0)) } ?? .null,
      "collecting": .bool(collecting),
      "display": .string(display),
      "display_state": .string(displayState),
      "visits": .int(visits),
      "stored": .int(stored),
      "touch": .array(touch.map { .string("\($0.name) (\($0.path)), \($0.kind)") }),
      "touch_rate_hz": touch.lazy.compactMap(\.reportRate).max().map { .number(($0 * 10).rounded() / 10) }
        ?? .null,
      "ink_latency_us": inkLatency.json,
      "redraw_us": redraws.json,
      "bars_us": barMoves.json,
      "notices": .array((notices + touch.compactMap(\.note)).map { .string($0) }),
    ]
  }
}

extension LatencyRecord {
  /// How many; median, 99th percentile, longest and all together in microseconds.
  fileprivate var json: JSON {
    [
      "count": .int(count), "p50": quantile(0.5).map { .int($0) } ?? .null,
      "p99": quantile(0.99).map { .int($0) } ?? .null, "max": .int(Int(maximum / 1000)),
      "sum": .int(Int(sum / 1000)),
    ]
  }
}
