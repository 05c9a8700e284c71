import Glibc
import Kernel

/// Keeps the calling thread on one core, so that a measurement sees one cache and one clock.
enum PinnedCore {
  /// Pins to the core that the thread is on now.
  ///
  /// - Returns: the core, or nil where the system does not allow it; the measurement is then noisier, not wrong.
  static func pin() -> Int? {
    let core = Int(sched_getcpu())
    var mask = cpu_set_t()
    guard core >= 0, core / 8 < MemoryLayout<cpu_set_t>.size else { return nil }
    withUnsafeMutableBytes(of: &mask) { bytes in
      // cpu_set_t is an array of words; on the little-endian machines that we run on, bit n lies in byte n / 8.
      bytes[core / 8] = 1 << UInt8(core % 8)
    }
    return sched_setaffinity(0, MemoryLayout<cpu_set_t>.size, &mask) == 0 ? core : nil
  }
}
