/// Times as text, without a time zone data base: always UTC.
enum CalendarTime {
  /// `2026-11-21T06:15:00.123+00:00`: what Python's `datetime.fromisoformat` reads, and Django writes.
  ///
  /// - Parameter milliseconds: since 1970-01-01T00:00:00Z; the years 0 ... 9999 are told, others become the nearest of them.
  static func iso8601(_ milliseconds: Int64) -> String {
    let limited = min(max(milliseconds, -62_167_219_200_000), 253_402_300_799_999)
    let seconds = limited >= 0 ? limited / 1000 : (limited - 999) / 1000
    let days = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
    let (year, month, day) = date(days)
    let time = seconds - days * 86_400
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))T\(padded(time / 3600, 2)):"
      + "\(padded(time / 60 % 60, 2)):\(padded(time % 60, 2)).\(padded(limited - seconds * 1000, 3))+00:00"
  }

  /// Year, month and day of a number of days since 1970-01-01 in the Gregorian calendar (Howard Hinnant,
  /// "chrono-compatible low-level date algorithms", civil_from_days).
  private static func date(_ days: Int64) -> (Int64, Int64, Int64) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }

  private static func padded(_ value: Int64, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
