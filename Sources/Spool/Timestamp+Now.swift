import Glibc
import Kernel

extension Timestamp {
  /// The clocks of this machine now. It never fails: what cannot be read is zero, unset or absent.
  public static func now() -> Timestamp {
    var real = timespec()
    clock_gettime(CLOCK_REALTIME, &real)
    var boot = timespec()
    clock_gettime(CLOCK_BOOTTIME, &boot)
    let wall = Int64(real.tv_sec) * 1000 + Int64(real.tv_nsec) / 1_000_000
    return Timestamp(
      wall: wall,
      quality: ClockQuality(wall: wall, synchronised: isSynchronised(), hardware: hardwareClock()),
      boot: bootIdentifier,
      sinceBoot: UInt64(boot.tv_sec) &* 1_000_000_000 &+ UInt64(boot.tv_nsec))
  }

  /// Days since 1970, by the wall clock now.
  public static var today: Int64 { now().wall / 86_400_000 }

  /// The kernel's random id of this boot, from /proc (random(4)); it cannot change while we run.
  public static let bootIdentifier: Identifier = {
    guard let bytes = try? contentsOfFile("/proc/sys/kernel/random/boot_id", limit: 64) else { return .none }
    return Identifier(String(decoding: bytes.prefix(36), as: UTF8.self)) ?? .none
  }()

  /// Whether the kernel says that the clock is disciplined (adjtimex(2)): chrony, ntpd and systemd-timesyncd all clear
  /// STA_UNSYNC once they trust the time.
  private static func isSynchronised() -> Bool {
    var state = timex()
    guard clock_adjtime(CLOCK_REALTIME, &state) >= 0 else { return false }
    return state.status & STA_UNSYNC == 0
  }

  /// What the battery-backed clock shows (Documentation/ABI/testing/rtc-cdev), in milliseconds since 1970.
  private static func hardwareClock() -> Int64? {
    guard let bytes = try? contentsOfFile("/sys/class/rtc/rtc0/since_epoch", limit: 64) else { return nil }
    let digits = String(
      decoding: bytes.prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }, as: UTF8.self)
    guard let seconds = Int64(digits), seconds < Int64.max / 1000 else { return nil }
    return seconds * 1000
  }
}
