import Spool

/// Corrects times of clocks that could not be trusted, by instants of the same boot at which the time was known: another
/// sample's, after the clock had been set, or a collector's clock. The time since the boot is exact, so the distance to such
/// an instant is too (cht-core#4957). What the panel's clock said stays as it is.
struct ClockCorrection: Sendable {
  /// Where a corrected time comes from.
  enum Basis: String, Sendable {
    /// The panel's own clock, which could be trusted.
    case clock
    /// The time since an instant of the same boot at which the time was known.
    case anchor
    /// Nothing better than a clock that could not be trusted.
    case unknown
  }

  struct Time: Equatable, Sendable {
    /// Milliseconds since 1970; nil where it is not known.
    let milliseconds: Int64?
    let basis: Basis
  }

  private struct Anchor: Sendable {
    var wall: Int64
    var sinceBoot: UInt64
    var quality: ClockQuality
  }

  private var anchors: [Identifier: Anchor] = [:]

  /// Adds an instant at which the time was known as well as `time.quality` says; worse ones than known are passed over.
  mutating func add(_ time: Timestamp) {
    // Without the id of a boot, as an import has none, nobody knows what happened in the same one.
    guard time.quality >= .rtc, time.boot != .none else { return }
    let known = anchors[time.boot]
    if let known, known.quality >= time.quality { return }
    anchors[time.boot] = Anchor(wall: time.wall, sinceBoot: time.sinceBoot, quality: time.quality)
  }

  /// The time of a sample as well as it is known.
  func time(of stamp: Timestamp) -> Time {
    if stamp.quality >= .rtc { return Time(milliseconds: stamp.wall, basis: .clock) }
    guard let anchor = anchors[stamp.boot] else { return Time(milliseconds: nil, basis: .unknown) }
    let (sample, known) = (Int64(clamping: stamp.sinceBoot), Int64(clamping: anchor.sinceBoot))
    return Time(
      milliseconds: anchor.wall.addingReportingOverflow(sample / 1_000_000 - known / 1_000_000).partialValue,
      basis: .anchor)
  }
}
