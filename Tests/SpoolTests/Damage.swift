import Glibc
import Kernel

@testable import Spool

/// What a bad disk does to a store's file.
enum Damage {
  static func write(_ bytes: [UInt8], to path: String, at offset: Int64? = nil) throws {
    let file = try FileDescriptor.open(path, O_RDWR | O_CREAT | (offset == nil ? O_TRUNC : 0))
    if let offset { lseek(file.raw, Int(offset), SEEK_SET) }
    try file.writeAll(bytes, to: path)
  }

  static func rootPage(of table: String, in path: String) throws -> Int64 {
    let connection = try Connection(path + "/panel.db", .readWrite)
    try connection.script("PRAGMA wal_checkpoint(TRUNCATE)")
    let root = try connection.integer("SELECT rootpage FROM sqlite_schema WHERE name = ?", .text(table)) ?? 0
    let size = try connection.integer("PRAGMA page_size") ?? 0
    return (root - 1) * size
  }
}
