/// When a sample was made, by every clock of the panel: a booth may have none that can be trusted (OctoPi#606,
/// cht-core#4957), so nothing is ever sorted by the wall clock alone, and its quality goes with it.
public struct Timestamp: Equatable, Sendable {
  /// The wall clock in milliseconds since 1970-01-01T00:00:00Z, as it was; never corrected afterwards.
  public var wall: Int64
  /// How far ``wall`` can be trusted.
  public var quality: ClockQuality
  /// The kernel's random id of this boot.
  public var boot: Identifier
  /// CLOCK_BOOTTIME in nanoseconds: the time since the boot, sleep included. It never goes back within a boot.
  public var sinceBoot: UInt64

  public init(wall: Int64, quality: ClockQuality, boot: Identifier, sinceBoot: UInt64) {
    self.wall = wall
    self.quality = quality
    self.boot = boot
    self.sinceBoot = sinceBoot
  }
}

/// Where the wall clock's time comes from, from worst to best.
public enum ClockQuality: UInt8, Sendable, CaseIterable, Comparable, CustomStringConvertible {
  /// Before this software existed: the clock was never set since power came.
  case unset = 0
  /// Plausible, but only because the time of the last shutdown was put back (systemd-timesyncd, fake-hwclock) or
  /// somebody set it by hand. It is late by as long as the panel was off.
  case restored = 1
  /// A battery-backed clock kept it, and it agrees with the system's.
  case rtc = 2
  /// The kernel says that the clock is disciplined by network time.
  case ntp = 3

  public static func < (a: ClockQuality, b: ClockQuality) -> Bool { a.rawValue < b.rawValue }

  public var description: String {
    switch self {
    case .unset: "unset"
    case .restored: "restored"
    case .rtc: "rtc"
    case .ntp: "ntp"
    }
  }

  /// Judges a wall clock by the evidence for it.
  ///
  /// - Parameters:
  ///   - wall: milliseconds since 1970.
  ///   - synchronised: what adjtimex(2) says: not STA_UNSYNC. The kernel sets that again by itself when nobody has
  ///     disciplined the clock for long enough that its error may exceed 16 s, so it does not outlive the daemon.
  ///   - hardware: what the battery-backed clock shows, in milliseconds since 1970; nil without one. One whose battery is
  ///     flat starts at 1970 or 2000, and one that drifted or was never set disagrees with the system by more than
  ///     ``agreement``: neither is where the time came from.
  public init(wall: Int64, synchronised: Bool, hardware: Int64?) {
    if wall < ClockQuality.earliest {
      self = .unset
    } else if synchronised {
      self = .ntp
    } else if let hardware, hardware >= ClockQuality.earliest,
      (hardware - wall).magnitude <= ClockQuality.agreement
    {
      self = .rtc
    } else {
      self = .restored
    }
  }

  /// 2026-01-01T00:00:00Z in milliseconds: no sample can be older than this software.
  public static let earliest: Int64 = 1_767_225_600_000
  /// The walls that a clock which was set can show, in milliseconds since 1970: from ``earliest`` to 2100-01-01T00:00:00Z.
  public static let plausible = earliest...4_102_444_800_000
  /// How far a battery-backed clock may be from the system's to be taken for its source: 60 s, in milliseconds.
  /// It counts whole seconds, and drifts by some seconds a day while the system runs.
  public static let agreement: UInt64 = 60_000
}
