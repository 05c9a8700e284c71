import Glibc

/// Numbers and times as people read them in a column.
enum Columns {
  /// The number at the right of a column.
  static func right(_ number: Int, _ width: Int) -> String { right(String(number), width) }

  /// The text at the right of a column.
  static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  /// The text at the left of a column.
  static func left(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  /// A number with one digit after the point.
  static func tenths(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)"
  }

  /// A probability in 1/65536 as `99.8 %`; never 100 % or 0 % of something that is not certain.
  static func percent(_ probability: UInt32) -> String {
    let tenths = (Int(probability) * 1000 + 32_768) / 65_536
    let shown = probability == 0 ? 0 : probability >= 65_536 ? 1000 : max(1, min(999, tenths))
    return "\(shown / 10).\(shown % 10) %"
  }

  /// `1 drawing`, `0 drawings`, of a noun whose plural takes an s.
  static func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

  /// `12.3 GB`, in powers of ten as disks are sold.
  static func bytes(_ count: Int64) -> String {
    let units = ["kB", "MB", "GB", "TB"]
    if count < 1000 { return "\(count) bytes" }
    var value = Double(count) / 1000
    for unit in units {
      if value < 999.95 || unit == units.last { return "\(tenths(value)) \(unit)" }
      value /= 1000
    }
    return "\(count) bytes"
  }

  /// `3 d 4 h`, `2 h 5 min`, `12 min 3 s`, `8 s`.
  static func duration(seconds: Int) -> String {
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60)
    if days > 0 { return "\(days) d \(hours) h" }
    if hours > 0 { return "\(hours) h \(minutes) min" }
    if minutes > 0 { return "\(minutes) min \(seconds % 60) s" }
    return "\(seconds) s"
  }

  /// A time in milliseconds since 1970 as `2026-11-21T06:45:00Z`; nil for one that no calendar has.
  static func time(_ milliseconds: Int64) -> String? {
    var seconds = time_t(milliseconds / 1000 - (milliseconds % 1000 < 0 ? 1 : 0))
    var parts = tm()
    guard gmtime_r(&seconds, &parts) != nil, (0...9999).contains(Int(parts.tm_year) + 1900) else {
      return nil
    }
    func digits(_ number: Int32, _ count: Int) -> String {
      let text = String(number)
      return String(repeating: "0", count: max(0, count - text.count)) + text
    }
    return "\(digits(parts.tm_year + 1900, 4))-\(digits(parts.tm_mon + 1, 2))-\(digits(parts.tm_mday, 2))T"
      + "\(digits(parts.tm_hour, 2)):\(digits(parts.tm_min, 2)):\(digits(parts.tm_sec, 2))Z"
  }
}
