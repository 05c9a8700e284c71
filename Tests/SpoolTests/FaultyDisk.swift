import CSQLite
import Glibc
import Kernel

/// A layer of file operations for SQLite that logs what it writes, and fails where it is told to.
///
/// It is SQLite's own layer with four operations of its files replaced (sqlite.org/c3ref/io_methods.html). One test at a time
/// uses it.
final class FaultyDisk {
  /// What was done to a file, which is named by its end: "" is the database, "-wal" its log, "-journal" what it has before
  /// the log is there.
  enum Operation {
    case write(file: String, offset: Int, bytes: [UInt8])
    case truncate(file: String, size: Int)
    case synchronise(file: String)
    /// SQLite synchronises the directory with it, so it is safe at once.
    case delete(file: String)
  }

  /// How an operation fails.
  enum Fault: CaseIterable, Sendable {
    case full
    case writeError
    /// Half of the bytes are written before the error.
    case tornWrite
    case synchroniseError
  }

  static let name = "digit-panel-faulty"
  // SQLITE_IOERR_WRITE, _FSYNC and _TRUNCATE: C macros that Swift does not import.
  private static let writeError = SQLITE_IOERR | 3 << 8
  private static let synchroniseError = SQLITE_IOERR | 4 << 8
  private static let truncateError = SQLITE_IOERR | 6 << 8
  nonisolated(unsafe) private(set) static var current: FaultyDisk?
  /// The open files: how they are named here, and SQLite's own operations, which differ by the kind of file.
  nonisolated(unsafe) private static var files:
    [UnsafeMutableRawPointer: (name: String, own: sqlite3_io_methods)] =
      [:]

  private(set) var operations: [Operation] = []
  /// Operations that this kind of fault could have hit.
  private(set) var hits = 0
  private(set) var hasFailed = false
  private var fault: (kind: Fault, at: Int, isLasting: Bool)?

  /// Begins a new log; faults are counted from here.
  static func begin() -> FaultyDisk {
    _ = registered
    let disk = FaultyDisk()
    current = disk
    return disk
  }

  /// Has the operation number `index` from now on fail, of those that the fault can hit; a lasting one all that follow, too.
  func fail(_ kind: Fault, at index: Int, isLasting: Bool) {
    fault = (kind, index, isLasting)
    hits = 0
    hasFailed = false
  }

  func heal() { fault = nil }

  /// Whether the present operation is to fail.
  private func fails(_ kinds: Fault...) -> Fault? {
    guard let fault, kinds.contains(fault.kind) else { return nil }
    defer { hits += 1 }
    guard fault.isLasting ? hits >= fault.at : hits == fault.at else { return nil }
    hasFailed = true
    return fault.kind
  }

  private static let registered: Bool = {
    guard let base = sqlite3_vfs_find(nil) else { return false }
    let layer = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
    layer.initialize(to: base.pointee)
    layer.pointee.zName = UnsafePointer(strdup(name))
    layer.pointee.pNext = nil
    layer.pointee.xOpen = { layer, path, file, flags, out in
      guard let base = sqlite3_vfs_find(nil), let file else { return SQLITE_ERROR }
      let code = base.pointee.xOpen(layer, path, file, flags, out)
      if code == SQLITE_OK, let path, let methods = file.pointee.pMethods {
        let text = String(cString: path)
        files[UnsafeMutableRawPointer(file)] = (end(of: text), methods.pointee)
        // It stays for the life of the process: SQLite keeps the pointer as long as the file is open.
        let replaced = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
        replaced.initialize(to: methods.pointee)
        replaced.pointee.xWrite = write
        replaced.pointee.xTruncate = truncate
        replaced.pointee.xSync = synchronise
        replaced.pointee.xClose = close
        file.pointee.pMethods = UnsafePointer(replaced)
      }
      return code
    }
    layer.pointee.xDelete = { layer, path, directory in
      guard let base = sqlite3_vfs_find(nil), let path else { return SQLITE_ERROR }
      current?.operations.append(.delete(file: end(of: String(cString: path))))
      return base.pointee.xDelete(layer, path, directory)
    }
    return sqlite3_vfs_register(layer, 0) == SQLITE_OK
  }()

  private static func end(of path: String) -> String {
    ["-wal", "-journal"].first { path.hasSuffix($0) } ?? ""
  }

  private static func known(_ file: UnsafeMutablePointer<sqlite3_file>?) -> (
    name: String, own: sqlite3_io_methods
  )? {
    file.flatMap { files[UnsafeMutableRawPointer($0)] }
  }

  private static let write:
    @convention(c) (UnsafeMutablePointer<sqlite3_file>?, UnsafeRawPointer?, Int32, sqlite3_int64) -> Int32 = {
      file, bytes, count, offset in
      guard let (name, own) = known(file) else { return writeError }
      switch current?.fails(.full, .writeError, .tornWrite) {
      case .full: return SQLITE_FULL
      case .writeError: return writeError
      case .tornWrite:
        _ = own.xWrite(file, bytes, count / 2, offset)
        return writeError
      default: break
      }
      let copy = Array(UnsafeRawBufferPointer(start: bytes, count: Int(count)))
      current?.operations.append(.write(file: name, offset: Int(offset), bytes: copy))
      return own.xWrite(file, bytes, count, offset)
    }

  private static let truncate: @convention(c) (UnsafeMutablePointer<sqlite3_file>?, sqlite3_int64) -> Int32 =
    {
      file, size in
      guard let (name, own) = known(file) else { return truncateError }
      if current?.fails(.writeError, .tornWrite) != nil { return truncateError }
      current?.operations.append(.truncate(file: name, size: Int(size)))
      return own.xTruncate(file, size)
    }

  private static let synchronise: @convention(c) (UnsafeMutablePointer<sqlite3_file>?, Int32) -> Int32 = {
    file, _ in
    guard let (name, _) = known(file) else { return synchroniseError }
    if current?.fails(.synchroniseError) != nil { return synchroniseError }
    current?.operations.append(.synchronise(file: name))
    // What the power cut leaves is made from the log, so the real disk need not wait.
    return SQLITE_OK
  }

  private static let close: @convention(c) (UnsafeMutablePointer<sqlite3_file>?) -> Int32 = { file in
    guard let file, let (_, own) = known(file) else { return SQLITE_ERROR }
    files[UnsafeMutableRawPointer(file)] = nil
    return own.xClose(file)
  }

  /// What a power cut after some operations may leave of a file: all that was synchronised, and of the rest whatever
  /// `survives` says, sector by sector.
  static func image(
    of file: String, after operations: ArraySlice<Operation>, survives: () -> Bool
  ) -> [UInt8] {
    let last = operations.lastIndex {
      if case .synchronise(file) = $0 { true } else { false }
    }
    var image: [UInt8] = []
    for (index, operation) in zip(operations.indices, operations) {
      let isSafe = last.map { index < $0 } ?? false
      switch operation {
      case .write(file, let offset, let bytes):
        var start = 0
        while start < bytes.count {
          // Sectors of 512 bytes: the disk writes each of them whole.
          let end = min(bytes.count, ((offset + start) / 512 + 1) * 512 - offset)
          if isSafe || survives() {
            if image.count < offset + end {
              image += [UInt8](repeating: 0, count: offset + end - image.count)
            }
            image.replaceSubrange((offset + start)..<(offset + end), with: bytes[start..<end])
          }
          start = end
        }
      case .truncate(file, let size) where isSafe || survives():
        if image.count > size { image.removeLast(image.count - size) }
      case .delete(file): image = []
      default: break
      }
    }
    return image
  }

  /// Lays down, for a power cut after each operation, what it may have left of a store, and calls `body` with how many
  /// operations there had been: nothing unsynchronised survives, a part of it, or all of it.
  ///
  /// - Parameters:
  ///   - step: cuts after every so manieth operation only.
  ///   - place: the store's directory, emptied before each cut.
  static func cut(
    _ operations: [Operation], step: Int = 1, in place: String,
    using generator: inout some RandomNumberGenerator, _ body: (Int) throws -> Void
  ) throws {
    for end in stride(from: 0, through: operations.count, by: step) {
      for share in [0, 50, 100] where share != 50 || end % 2 == 0 {
        try Scratch.emptied(place)
        for file in ["", "-wal", "-journal"] {
          let left = image(of: file, after: operations[..<end]) {
            Int.random(in: 0..<100, using: &generator) < share
          }
          if left.isEmpty && file == "-journal" { continue }
          let out = try FileDescriptor.open(place + "/panel.db" + file, O_WRONLY | O_CREAT, mode: 0o640)
          try out.writeAll(left, to: place)
        }
        try body(end)
      }
    }
  }
}
