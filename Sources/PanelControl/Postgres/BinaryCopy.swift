import Spool

/// Rows in the binary format of PostgreSQL's COPY (postgresql.org/docs/current/sql-copy.html, "Binary Format"): a signature,
/// rows of counted fields in network byte order, an end.
///
/// It holds rows only; signature and end are added when rows are chosen for sending, so that some of a batch can be sent.
struct BinaryCopy {
  /// What stands before the first row: the signature, no flags, no extension.
  static let head: [UInt8] =
    Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0x00] + [0, 0, 0, 0] + [0, 0, 0, 0]
  /// What stands after the last row: a count of fields of -1.
  static let end: [UInt8] = [0xFF, 0xFF]

  private(set) var bytes: [UInt8] = []

  /// Begins a row of so many fields.
  mutating func row(_ fields: Int16) { write(fields) }

  mutating func null() { write(Int32(-1)) }

  mutating func field(_ value: Bool) {
    write(Int32(1))
    bytes.append(value ? 1 : 0)
  }

  /// smallint, integer or bigint by the width of the number.
  mutating func field(_ value: some FixedWidthInteger) {
    write(Int32(value.bitWidth / 8))
    write(value)
  }

  /// double precision.
  mutating func field(_ value: Double) { field(value.bitPattern) }

  /// bytea.
  mutating func field(_ value: some Collection<UInt8>) {
    write(Int32(value.count))
    bytes.append(contentsOf: value)
  }

  /// uuid.
  mutating func field(_ value: Identifier) {
    write(Int32(16))
    write(value.high)
    write(value.low)
  }

  /// text, in UTF-8.
  mutating func field(text: String) { field(BinaryCopy.text(text).utf8) }

  /// A text as PostgreSQL can have it: it has no character 0, which becomes U+FFFD.
  static func text(_ text: String) -> String {
    guard text.utf8.contains(0) else { return text }
    var replaced = String.UnicodeScalarView()
    for scalar in text.unicodeScalars { replaced.append(scalar == "\0" ? "\u{FFFD}" : scalar) }
    return String(replaced)
  }

  /// timestamp with time zone: microseconds since 2000.
  ///
  /// - Parameter milliseconds: since 1970-01-01T00:00:00Z. What lies outside the years 1 to 9999, which is what Python reads,
  ///   becomes the nearest in them.
  mutating func field(wall milliseconds: Int64) {
    let limited = min(max(milliseconds, -62_135_596_800_000), 253_402_300_799_999)
    field((limited - 946_684_800_000) * 1000)
  }

  private mutating func write(_ value: some FixedWidthInteger) {
    withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
  }
}
