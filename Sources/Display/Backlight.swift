import Glibc
import Kernel

/// The backlight of a built-in display: a directory of /sys/class/backlight (Documentation/ABI/stable/sysfs-class-backlight).
///
/// Monitors on a cable have none: their brightness is set on themselves.
public struct Backlight: Equatable, Sendable {
  /// Of all panels.
  public static let root = "/sys/class/backlight"

  public let path: String
  /// The greatest value of `brightness`; 0 is dark.
  let maximum: Int

  /// The backlight that the kernel's document would have used where there are several: firmware before platform before raw; nil
  /// where there is none.
  public static func find(in root: String = root) -> Backlight? {
    guard let names = try? Directory.names(at: root) else { return nil }
    var found: [(rank: Int, light: Backlight)] = []
    for name in names where !name.hasPrefix(".") {
      let path = "\(root)/\(name)"
      guard let maximum = number("\(path)/max_brightness"), maximum > 0 else { continue }
      let kinds = ["firmware", "platform", "raw"]
      let rank = kinds.firstIndex(of: word("\(path)/type") ?? "") ?? kinds.count
      found.append((rank, Backlight(path: path, maximum: maximum)))
    }
    return found.min { ($0.rank, $0.light.path) < ($1.rank, $1.light.path) }?.light
  }

  /// How bright it is, 0 ... 100, or nil when it does not tell.
  public var percent: Int? {
    Backlight.number("\(path)/brightness").map { max(0, min(100, ($0 * 100 + maximum / 2) / maximum)) }
  }

  /// Sets how bright it is; never quite dark, or nobody could find the way back.
  ///
  /// - Parameter percent: 1 ... 100.
  /// - Throws: ``KernelError`` when this process may not.
  public func set(percent: Int) throws(KernelError) {
    let value = max(1, min(maximum, (maximum * percent + 50) / 100))
    let path = "\(path)/brightness"
    let file = try FileDescriptor.open(
      path, O_WRONLY, next: "let the panel's user write that file by a udev rule, or run it as root")
    try file.writeAll(Array("\(value)\n".utf8), to: path)
  }

  private static func number(_ path: String) -> Int? { word(path).flatMap { Int($0) } }

  private static func word(_ path: String) -> String? {
    guard let bytes = try? contentsOfFile(path, limit: 4096) else { return nil }
    return String(decoding: bytes.prefix { $0 > 0x20 }, as: UTF8.self)
  }
}
