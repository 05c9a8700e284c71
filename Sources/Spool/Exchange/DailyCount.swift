/// How often a day something was done that another store asked for; it lies in the settings of the store, so that whoever asks
/// again and again gets no further.
struct DailyCount {
  private let key: String
  /// Days since 1970; the count begins anew with another day.
  private let day: Int64
  private let limit: Int
  private var count = 0
  private var before = 0

  init(_ key: String, day: Int64, limit: Int) {
    self.key = key
    self.day = day
    self.limit = limit
  }

  /// Reads how often it was done today.
  mutating func load(_ connection: borrowing Connection) throws(StoreError) {
    guard limit != Int.max else { return }
    let text = try connection.text("SELECT value FROM settings WHERE key = ?", .text(key)) ?? ""
    let numbers = text.split(separator: " ").map { Int64($0) ?? 0 }
    count = numbers.count == 2 && numbers[0] == day ? Int(clamping: numbers[1]) : 0
    before = count
  }

  /// Whether it may be done once more today.
  var hasRoom: Bool { count < limit }

  /// Counts it once, unless it may not be done any more.
  mutating func take() -> Bool {
    guard hasRoom else { return false }
    count += 1
    return true
  }

  /// Keeps the count; within the transaction that did it.
  func save(_ connection: borrowing Connection) throws(StoreError) {
    guard limit != Int.max, count > before else { return }
    try connection.run(
      "INSERT INTO settings VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = ?2", .text(key),
      .text("\(day) \(count)"))
  }
}
