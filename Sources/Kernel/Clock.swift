import Glibc

/// The clock of every event and deadline: CLOCK_MONOTONIC in nanoseconds. It never goes back and is not set.
public enum MonotonicClock {
  public static func now() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
  }
}
