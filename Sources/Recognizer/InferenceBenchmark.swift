/// How long a reading takes on this processor.
public struct InferenceBenchmark: Equatable, Sendable {
  /// A time that so many hundredths of the measured times do not exceed, in nanoseconds.
  public struct Quantiles: Equatable, Sendable {
    public let p50: UInt64
    public let p99: UInt64

    init(_ times: [UInt64]) {
      let sorted = times.sorted()
      p50 = sorted.isEmpty ? 0 : sorted[sorted.count / 2]
      p99 = sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, sorted.count * 99 / 100)]
    }
  }

  public let kernels: KernelSet
  /// From a 28 x 28 image to the probabilities.
  public let inference: Quantiles
  /// From the canvas to the probabilities.
  public let reading: Quantiles
  /// Multiplications of one inference.
  public let multiplications: Int

  /// Measures one kernel set, a reading at a time, after a tenth as many readings to warm up.
  ///
  /// - Parameters:
  ///   - canvas: 280 x 280 pixels with a drawing on it.
  ///   - repetitions: readings to time; at least 1 is done.
  ///   - clock: a monotonic time in nanoseconds; its own cost is part of each time.
  /// - Returns: nil when this processor lacks the kernels, or the canvas has no ink.
  public static func run(
    _ model: Model, kernels: KernelSet, canvas: [UInt8], repetitions: Int, clock: () -> UInt64
  ) -> InferenceBenchmark? {
    var normalizer = Normalizer()
    guard kernels.isAvailable, let image = normalizer.normalize(canvas, width: 280, height: 280) else {
      return nil
    }
    var recognizer = Recognizer(model, kernels: kernels)
    let count = max(1, repetitions)
    var readings: [UInt64] = []
    var inferences: [UInt64] = []
    readings.reserveCapacity(count)
    inferences.reserveCapacity(count)
    // The sum keeps the compiler from leaving the work out.
    var sum: UInt32 = 0
    for i in 0..<count + count / 10 + 1 {
      let start = clock()
      sum &+= recognizer.read(canvas: canvas, width: 280, height: 280).confidence
      let middle = clock()
      sum &+= recognizer.read(image).confidence
      let end = clock()
      if i > count / 10 {
        readings.append(middle &- start)
        inferences.append(end &- middle)
      }
    }
    guard sum != 1 else { return nil }
    return InferenceBenchmark(
      kernels: kernels, inference: Quantiles(inferences), reading: Quantiles(readings),
      multiplications: model.multiplications)
  }
}
