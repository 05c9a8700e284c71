/// Times as text, without a time zone data base: always UTC.
struct CalendarTime {
  let year, month, day: Int64
  let hour, minute, second, millisecond: Int64

  /// - Parameter milliseconds: since 1970-01-01T00:00:00Z; the years 0 ... 9999 are told, others become the nearest of them.
  init(_ milliseconds: Int64) {
    let limited = min(max(milliseconds, -62_167_219_200_000), 253_402_300_799_999)
    let seconds = limited >= 0 ? limited / 1000 : (limited - 999) / 1000
    let days = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
    (year, month, day) = CalendarTime.date(days)
    let time = seconds - days * 86_400
    hour = time / 3600
    minute = time / 60 % 60
    second = time % 60
    millisecond = limited - seconds * 1000
  }

  /// Adds `2026-11-21T06:15:00.123+00:00`: what Python's `datetime.fromisoformat` reads, and Django writes.
  func appendISO8601(to bytes: inout [UInt8]) {
    appendDate(to: &bytes)
    bytes.append(UInt8(ascii: "T"))
    appendTime(to: &bytes)
    bytes.append(text: "+00:00")
  }

  /// Adds `2026-11-21 06:15:00.12300 UTC`, as Quick, Draw! has it.
  func appendQuickDraw(to bytes: inout [UInt8]) {
    appendDate(to: &bytes)
    bytes.append(UInt8(ascii: " "))
    appendTime(to: &bytes)
    bytes.append(text: "00 UTC")
  }

  func appendDate(to bytes: inout [UInt8]) {
    bytes.append(decimal: year, width: 4)
    bytes.append(UInt8(ascii: "-"))
    bytes.append(decimal: month, width: 2)
    bytes.append(UInt8(ascii: "-"))
    bytes.append(decimal: day, width: 2)
  }

  private func appendTime(to bytes: inout [UInt8]) {
    bytes.append(decimal: hour, width: 2)
    bytes.append(UInt8(ascii: ":"))
    bytes.append(decimal: minute, width: 2)
    bytes.append(UInt8(ascii: ":"))
    bytes.append(decimal: second, width: 2)
    bytes.append(UInt8(ascii: "."))
    bytes.append(decimal: millisecond, width: 3)
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
}
