import Glibc

/// Finds whole records in the bytes of a damaged store, without SQLite: by their magic, and by the SHA-256 at their end.
///
/// A record of up to some 3,900 bytes lies in one piece in a page of its table. A longer one begins there and goes on in a
/// chain of overflow pages (sqlite.org/fileformat2.html, section 1.6), each of which begins with the number of the next. Where in
/// the page the chain begins follows from the length of the row, of which only the record's part is known; so every
/// length is tried that the columns before it can have, and the hash decides.
struct RecordCarver {
  private let pages: DatabasePages
  /// How much is read at once.
  private static let window = 4 << 20
  /// What the columns before the record take of a row, with the row's own header: more and less than any has.
  private static let columns = 60...400
  /// So many times as many pages as a record has are tried to find it where older copies of them exist.
  private static let trials = 64

  init(_ pages: DatabasePages) {
    self.pages = pages
  }

  /// Calls `body` with every whole record, which may come several times: from the file and from the log.
  func forEachRecord(_ body: ([UInt8]) throws(StoreError) -> Void) throws(StoreError) {
    try scan(pages.database, inLog: false, body)
    if let log = pages.log { try scan(log, inLog: true, body) }
  }

  private func scan(
    _ file: WornFile, inLog: Bool, _ body: ([UInt8]) throws(StoreError) -> Void
  ) throws(StoreError) {
    let magic = SampleRecord.magic
    var start = 0
    while start < file.size {
      let bytes = file.bytes(at: start, count: RecordCarver.window)
      var next = 0
      while let found = RecordCarver.find(magic, in: bytes, from: next) {
        if let record = record(in: file, at: start + found, inLog: inLog) { try body(record) }
        next = found + 1
      }
      guard start + bytes.count < file.size else { return }
      start += bytes.count - magic.count + 1
    }
  }

  private static func find(_ part: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
    bytes.withUnsafeBytes { bytes in
      guard start < bytes.count, let base = bytes.baseAddress,
        let hit = memmem(base + start, bytes.count - start, part, part.count)
      else { return nil }
      return UnsafeRawPointer(hit) - base
    }
  }

  private func record(in file: WornFile, at offset: Int, inLog: Bool) -> [UInt8]? {
    guard let length = try? SampleRecord.length(ofRecordBeginningWith: file.bytes(at: offset, count: 16))
    else { return nil }
    let whole = file.bytes(at: offset, count: length)
    if RecordCarver.isSound(whole) { return whole }
    let start = file.bytes(at: offset, count: pages.end(ofPageAt: offset, inLog: inLog) - offset)
    var record: [UInt8] = []
    record.reserveCapacity(length)
    for local in localLengths(of: length) where local >= 16 && local + 4 <= start.count && local < length {
      guard let first = DatabasePages.number(start[local..<local + 4]), first > 0 else { continue }
      record.removeAll(keepingCapacity: true)
      record += start[..<local]
      var trials = RecordCarver.trials * (1 + length / pages.size)
      if follow(first, &record, length, &trials) { return record }
    }
    return nil
  }

  /// How many bytes of a record of this length may lie in the page of the table.
  private func localLengths(of length: Int) -> Set<Int> {
    let most = pages.size - 35
    let least = (pages.size - 12) * 32 / 255 - 23
    return Set(
      RecordCarver.columns.compactMap { columns in
        let row = length + columns
        guard row > most else { return nil }
        let local = least + (row - least) % (pages.size - 4)
        return (local <= most ? local : least) - columns
      })
  }

  /// Goes along a chain of overflow pages, by every copy of each page that there is.
  ///
  /// Every page counts as a trial: of a chain that is broken deep down, each page before may have two copies, and there are as many
  /// ways to the break as two to the power of their number.
  /// - Parameter record: what is known of it; whole when this returns true, and as it was otherwise.
  private func follow(
    _ page: UInt32, _ record: inout [UInt8], _ length: Int, _ trials: inout Int
  ) -> Bool {
    let known = record.count
    for image in pages.images(of: page) {
      guard trials > 0 else { return false }
      trials -= 1
      record += image[4..<min(pages.size, 4 + length - known)]
      if record.count == length {
        if RecordCarver.isSound(record) { return true }
      } else if let next = DatabasePages.number(image[..<4]), next > 0, next != page,
        follow(next, &record, length, &trials)
      {
        return true
      }
      record.removeSubrange(known...)
    }
    return false
  }

  private static func isSound(_ record: [UInt8]) -> Bool { (try? SampleRecord.verify(record)) != nil }
}
