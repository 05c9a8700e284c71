import CLinux
import Glibc

/// The memory of a program that moves much.
public enum Heap {
  /// Keeps up to 64 MiB that were freed for what comes next, where the C library would give them back to the kernel, which then
  /// clears every page anew: a sync that takes megabytes and frees them, again and again, spends a sixth of its time so.
  public static func keepFreed() {
    // 32 MiB is the most that glibc takes as the size from which an allocation has pages of its own.
    mallopt(M_MMAP_THRESHOLD, 32 << 20)
    mallopt(M_TRIM_THRESHOLD, 64 << 20)
  }
}
