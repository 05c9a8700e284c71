/// Where the pages of a damaged database lie: in its file and in its log (sqlite.org/fileformat2.html, sections 1.2 and 4).
///
/// Nothing is believed but positions; what is read there is checked by the hash of the record that it makes.
struct DatabasePages {
  /// Bytes of a page.
  let size: Int
  let database: WornFile
  let log: WornFile?
  /// Where each page lies in the log, the newest last.
  private let frames: [UInt32: [Int]]

  private static let logHeader = 32
  private static let frameHeader = 24

  init(database: WornFile, log: WornFile?) {
    self.database = database
    self.log = log
    let header = database.bytes(at: 0, count: 18)
    let told = header.count == 18 ? Int(header[16]) << 8 | Int(header[17]) : 0
    // Where the header is lost it is what our stores are made with.
    size = told >= 512 && told <= 32_768 && told.nonzeroBitCount == 1 ? told : told == 1 ? 65_536 : 4096
    var frames: [UInt32: [Int]] = [:]
    if let log {
      var offset = DatabasePages.logHeader
      while offset + DatabasePages.frameHeader + size <= log.size {
        let number = DatabasePages.number(log.bytes(at: offset, count: 4)[...])
        if let number, number > 0 { frames[number, default: []].append(offset + DatabasePages.frameHeader) }
        offset += DatabasePages.frameHeader + size
      }
    }
    self.frames = frames
  }

  /// The end of the page in which a place of a file lies.
  func end(ofPageAt offset: Int, inLog: Bool) -> Int {
    guard inLog else { return (offset / size + 1) * size }
    let frame = DatabasePages.frameHeader + size
    return DatabasePages.logHeader + ((offset - DatabasePages.logHeader) / frame + 1) * frame
  }

  /// All that a page holds or held, the newest first; what is the same in the log and in the file comes once.
  func images(of number: UInt32) -> [[UInt8]] {
    var images: [[UInt8]] = []
    func add(_ image: [UInt8]) {
      if image.count == size, !images.contains(image) { images.append(image) }
    }
    for frame in (frames[number] ?? []).reversed() { add(log?.bytes(at: frame, count: size) ?? []) }
    let offset = (Int(number) - 1) * size
    if offset + size <= database.size { add(database.bytes(at: offset, count: size)) }
    return images
  }

  /// A page's number as it stands in a page: big-endian.
  static func number(_ bytes: ArraySlice<UInt8>) -> UInt32? {
    bytes.count == 4 ? bytes.reduce(0) { $0 << 8 | UInt32($1) } : nil
  }
}
