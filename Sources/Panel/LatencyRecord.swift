/// A histogram of latencies with a fixed number of buckets, so that counting one more costs no memory.
///
/// Buckets are 10 us wide up to 20 ms; what is later counts in the last one.
struct LatencyRecord: Sendable {
  private static let width: UInt64 = 10_000
  private var buckets = [UInt32](repeating: 0, count: 2001)
  private(set) var count = 0
  /// The longest latency seen, in nanoseconds.
  private(set) var maximum: UInt64 = 0
  /// All latencies together, in nanoseconds; five centuries of them have room.
  private(set) var sum: UInt64 = 0

  /// Counts one latency, in nanoseconds.
  mutating func add(_ nanoseconds: UInt64) {
    buckets[Int(min(nanoseconds / Self.width, 2000))] &+= 1
    count += 1
    maximum = max(maximum, nanoseconds)
    sum &+= nanoseconds
  }

  /// The latency in microseconds that `share` (0 ... 1) of all do not exceed, rounded up to a bucket but never above the
  /// longest; nil without any.
  func quantile(_ share: Double) -> Int? {
    guard count > 0 else { return nil }
    let wanted = max(1, Int((Double(count) * share).rounded(.up)))
    var seen = 0
    for (index, n) in buckets.enumerated() {
      seen += Int(n)
      if seen >= wanted {
        let longest = Int(maximum / 1000)
        return index == 2000 ? longest : min((index + 1) * 10, longest)
      }
    }
    return nil
  }
}
