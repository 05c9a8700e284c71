import ArgumentParser
import Ink
import JSON
import Kernel
import Recognizer

/// `panelctl bench inference`: how long a reading takes with each way of computing it that this processor has.
struct BenchInference: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inference",
    abstract: "Measures one reading on one core, for every kernel set of this processor.")

  @Flag(help: "Print JSON.")
  var json = false

  @Option(help: ArgumentHelp("Readings to time, 1 to 1000000.", valueName: "n"))
  var runs = 2000

  @OptionGroup var store: StoreOptions

  func validate() throws {
    guard (1...1_000_000).contains(runs) else {
      throw ValidationError("--runs takes a number from 1 to 1000000, not \(runs).")
    }
  }

  func run() throws {
    let model = try ModelFile.load()
    let core = PinnedCore.pin()
    let canvas = BenchInference.drawing.pixels
    let results = KernelSet.available.compactMap { kernels in
      InferenceBenchmark.run(
        model, kernels: kernels, canvas: canvas, repetitions: runs, clock: MonotonicClock.now)
    }
    let peaks = results.map { PeakRate(of: $0.kernels, clock: MonotonicClock.now) }
    var output = Output()
    if json {
      try output.json([
        "schema": 1, "model": .string(model.version), "core": core.map { .int($0) } ?? .null,
        "runs": .int(runs),
        "multiplications": .int(model.multiplications),
        "kernels": .array(zip(results, peaks).map(BenchInference.json)),
      ])
    } else {
      try output.line(
        "model \(model.version), \(model.multiplications) multiplications, \(runs) readings each, "
          + (core.map { "on core \($0)" } ?? "on no core in particular"))
      try output.line("kernels     inference p50      p99   canvas to reading p50      p99   of the peak")
      for (result, peak) in zip(results, peaks) {
        let times = [
          BenchInference.microseconds(result.inference.p50, 14),
          BenchInference.microseconds(result.inference.p99, 9),
          BenchInference.microseconds(result.reading.p50, 24),
          BenchInference.microseconds(result.reading.p99, 9),
          BenchInference.share(result, peak).map { " " + Columns.right("\(Columns.tenths($0 * 100)) %", 13) }
            ?? "",
        ]
        try output.line(Columns.left(result.kernels.rawValue, 11) + times.joined())
      }
    }
    try output.flush()
  }

  /// The products of one inference over what the multiplying instruction alone could form in the same time.
  private static func share(_ result: InferenceBenchmark, _ peak: PeakRate?) -> Double? {
    guard let peak, result.inference.p50 > 0 else { return nil }
    return Double(result.multiplications) / (peak.products * Double(result.inference.p50))
  }

  private static func json(_ result: InferenceBenchmark, _ peak: PeakRate?) -> JSON {
    func quantiles(_ times: InferenceBenchmark.Quantiles) -> JSON {
      ["p50": .int(Int(times.p50)), "p99": .int(Int(times.p99))]
    }
    return [
      "name": .string(result.kernels.rawValue), "inference_ns": quantiles(result.inference),
      "canvas_to_reading_ns": quantiles(result.reading),
      "share_of_peak": share(result, peak).map { .number($0) } ?? .null,
    ]
  }

  private static func microseconds(_ time: UInt64, _ width: Int) -> String {
    let text = "\(Columns.tenths(Double(time) / 1000)) us"
    return String(repeating: " ", count: max(1, width - text.count)) + text
  }

  /// A seven with a bar, as a finger draws it.
  private static let drawing: Canvas = {
    var canvas = Canvas()
    for corners in [[(80, 62), (140, 58), (202, 66), (165, 130), (122, 238)], [(105, 150), (190, 142)]] {
      canvas.draw(Stroke(points: corners.map { StrokePoint(x: Float($0.0), y: Float($0.1)) }))
    }
    return canvas
  }()
}
