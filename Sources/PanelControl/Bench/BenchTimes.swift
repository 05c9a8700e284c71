import JSON

/// The distribution of measured times, in nanoseconds.
struct BenchTimes: Equatable, Sendable {
  let p50: UInt64
  let p99: UInt64
  let max: UInt64

  /// - Parameter times: in any order.
  init(_ times: [UInt64]) {
    let sorted = times.sorted()
    p50 = BenchTimes.quantile(sorted, 50)
    p99 = BenchTimes.quantile(sorted, 99)
    max = sorted.last ?? 0
  }

  init(p50: UInt64, p99: UInt64, max: UInt64) {
    (self.p50, self.p99, self.max) = (p50, p99, max)
  }

  /// The smallest of the sorted times that `percent` of them do not exceed.
  private static func quantile(_ sorted: [UInt64], _ percent: Int) -> UInt64 {
    sorted.isEmpty ? 0 : sorted[Swift.max(0, (sorted.count * percent + 99) / 100 - 1)]
  }

  /// `p50 12.3 us, p99 15.0 us, max 40.2 us`.
  var words: String {
    let parts = [("p50", p50), ("p99", p99), ("max", max)]
    return parts.map { "\($0.0) \(Columns.tenths(Double($0.1) / 1000)) us" }.joined(separator: ", ")
  }

  /// In microseconds.
  var json: JSON {
    func us(_ time: UInt64) -> JSON { .number(Double(time) / 1000) }
    return ["p50": us(p50), "p99": us(p99), "max": us(max)]
  }
}
