import Glibc
import Kernel

/// The directory of a store: `panel.db` with SQLite's `panel.db-wal` and `panel.db-shm`, and `panel.lock`.
struct StoreDirectory {
  let path: String
  /// The name of SQLite's layer of file operations; nil is its own. Tests put one there that fails.
  var files: String?

  init(_ path: String, files: String? = nil) {
    self.path = path
    self.files = files
  }

  /// Opens the database. Damage that it meets from then on is noted: see ``noteDamage(_:)``.
  func connect(_ access: Connection.Access) throws(StoreError) -> Connection {
    // What is read while nobody may write to the directory cannot be told from what somebody writes at this moment.
    guard access != .immutable, let opened = FileNumber(of: database) else {
      return try Connection(database, access, files: files)
    }
    let watch = DamageWatch { reason in
      // Another file may have that name by now, when this one was set aside: nothing is known of it.
      if FileNumber(of: database) == opened { noteDamage(reason) }
    }
    return try Connection(database, access, files: files, damage: watch)
  }

  /// By what a file is known, whatever its name.
  private struct FileNumber: Equatable {
    let device: dev_t
    let number: ino_t

    /// Nil where there is none.
    init?(of path: String) {
      var info = stat()
      guard stat(path, &info) == 0 else { return nil }
      (device, number) = (info.st_dev, info.st_ino)
    }
  }

  var database: String { path + "/panel.db" }
  var lock: String { path + "/panel.lock" }

  /// SQLite's files, the database first.
  private static let suffixes = ["", "-wal", "-shm"]

  /// Makes the directory with all above it; the group of the panel's user may read it, nobody else.
  func create() throws(StoreError) {
    var partial = path.hasPrefix("/") ? "/" : ""
    let parts = path.split(separator: "/")
    for (number, part) in parts.enumerated() {
      partial += partial.isEmpty || partial.hasSuffix("/") ? String(part) : "/" + part
      if mkdir(partial, number == parts.count - 1 ? 0o750 : 0o755) == 0 {
        try synchronise(OutputFile.parent(of: partial))
        continue
      }
      // Looking whether it is there sets errno too.
      let code = errno
      if code != EEXIST && !StoreDirectory.isDirectory(partial) {
        throw StoreError(KernelError("create", partial, errno: code))
      }
    }
    guard StoreDirectory.isDirectory(path) else {
      throw StoreError(.missing, "use", path, reason: "it is not a directory", code: ENOTDIR)
    }
  }

  /// Makes an empty file for the database where there is none, and writes its name to disk.
  ///
  /// SQLite gives its other files the mode of this one. Whether the group may write too, as whoever collects from an installed
  /// panel must, is the umask's to say.
  /// - Parameter model: a file whose mode it gets, whatever the umask: the one in whose place it comes.
  func createDatabase(like model: String? = nil) throws(StoreError) {
    let file = try StoreError.mapping { () throws(KernelError) in
      try FileDescriptor.open(database, O_RDWR | O_CREAT, mode: 0o660)
    }
    var info = stat()
    if let model, stat(model, &info) == 0 { fchmod(file.raw, info.st_mode & 0o666) }
    file.give(toOwnerOf: path)
    try synchronise(path)
  }

  var hasDatabase: Bool { access(database, F_OK) == 0 }

  /// - Throws: ``StoreError`` of kind missing when there is no database, of kind permission when nobody lets us look.
  func requireDatabase() throws(StoreError) {
    var info = stat()
    if stat(database, &info) == 0 { return }
    let code = errno
    let reason: String
    switch code {
    case ENOENT: reason = "there is no panel.db in it"
    case ENOTDIR: reason = "it is not a directory"
    default: throw StoreError(KernelError("open the store", path, errno: code))
    }
    throw StoreError(.missing, "open the store", path, reason: reason, code: code)
  }

  /// Whether the write-ahead log holds anything; without it the database file is all there is.
  var hasLog: Bool {
    var info = stat()
    return stat(database + "-wal", &info) == 0 && info.st_size > 0
  }

  /// Whether a log lies beside a database file of no bytes: the file was lost, and SQLite would delete the log when it opens it.
  /// A new store never looks so, as its file is written before its log.
  var isLogAlone: Bool { StoreDirectory.isLogAlone(database) }

  static func isLogAlone(_ database: String) -> Bool {
    var (file, log) = (stat(), stat())
    return stat(database, &file) == 0 && file.st_size == 0 && stat(database + "-wal", &log) == 0
      && log.st_size > 0
  }

  /// A note that the database turned out to be damaged while it was used, with the reason: the next panel to open it sets it
  /// aside, also where the damage lies so deep that opening would not meet it, and so does salvaging.
  private var note: String { path + "/panel.damaged" }

  /// Leaves the note. Where that fails too, opening or the next append will find the damage again.
  func noteDamage(_ reason: String) {
    guard let file = try? FileDescriptor.open(note, O_WRONLY | O_CREAT | O_TRUNC, mode: 0o640) else { return }
    try? file.writeAll(Array(reason.utf8), to: note)
    file.give(toOwnerOf: path)
    fsync(file.raw)
  }

  /// The reason in the note, or nil where there is none.
  var notedDamage: String? {
    guard access(note, F_OK) == 0 else { return nil }
    let bytes = (try? contentsOfFile(note, limit: 4096)) ?? []
    return bytes.isEmpty ? "no reason was left" : String(decoding: bytes, as: UTF8.self)
  }

  /// The databases that were set aside and are still there, by their names; none where the directory cannot be read.
  var damagedDatabases: [String] {
    let names = (try? Directory.names(at: path)) ?? []
    return names.filter {
      $0.hasPrefix("panel.db.damaged-") && !$0.hasSuffix("-wal") && !$0.hasSuffix("-shm")
    }.sorted()
  }

  /// Puts a damaged database out of the way, with its log, under a name that was never used; returns that name.
  ///
  /// - Parameter time: seconds since 1970, for people who look for it later.
  func setAside(time: Int64) throws(StoreError) -> String {
    var number = 0
    var name = ""
    repeat {
      name = "\(database).damaged-\(time)" + (number == 0 ? "" : "-\(number)")
      number += 1
    } while StoreDirectory.suffixes.contains { access(name + $0, F_OK) == 0 }
    // The log goes first: a database without its log is older, but a log beside a new database would be wrong.
    for suffix in StoreDirectory.suffixes.reversed() where access(database + suffix, F_OK) == 0 {
      guard rename(database + suffix, name + suffix) == 0 else {
        throw StoreError(KernelError("set aside", database + suffix, errno: errno))
      }
    }
    unlink(note)
    try synchronise(path)
    return name
  }

  /// Writes the names in a directory to disk: see ``Kernel/synchronise(directory:)``.
  private func synchronise(_ directory: String) throws(StoreError) {
    try StoreError.mapping { () throws(KernelError) in try Kernel.synchronise(directory: directory) }
  }

  /// Bytes that this user may still write on the disk of the store, and all of its bytes.
  func space() throws(StoreError) -> (free: Int64, total: Int64) {
    var info = statvfs()
    try StoreError.mapping { () throws(KernelError) in
      _ = try valueOrError("measure", path) { statvfs(path, &info) }
    }
    let block = Int64(info.f_frsize)
    return (Int64(info.f_bavail) * block, Int64(info.f_blocks) * block)
  }

  /// Bytes of the database and its log.
  func size() -> Int64 {
    StoreDirectory.suffixes.prefix(2).reduce(0) { sum, suffix in
      var info = stat()
      return stat(database + suffix, &info) == 0 ? sum + Int64(info.st_size) : sum
    }
  }

  private static func isDirectory(_ path: String) -> Bool {
    var info = stat()
    return stat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFDIR
  }
}
