import CSQLite
import Glibc
import Kernel

/// The durable store of drawings: one SQLite file in a directory, which survives a pulled plug at any instant.
///
/// The write-ahead log is synchronised with every commit (synchronous=FULL), so what ``append(_:name:)`` has returned for
/// is on the disk. A store belongs to the thread that opened it; other processes may read it at any time.
public final class Store {
  private(set) var connection: Connection
  let log = LogLength()
  var copying = LogCopying()
  let directory: StoreDirectory
  private let lock: StoreLock?
  /// How long this one waits for another writer, in milliseconds.
  let busyTimeout: Int32
  /// The identity of this store: the panel's, made when it was first opened.
  public let panel: Identifier
  /// What was wrong and has been dealt with on opening, a sentence each; status is critical while there are any.
  public private(set) var findings: [String]
  private var remembered: Remembered?
  /// The name that a damaged file got, while there is no new one in its place yet.
  private var aside: String?
  /// The number of the newest sample that this process knows of, for the case that the file can no longer tell it.
  var lastSequence: Int64 = 0
  /// Whether it kept names when it was opened, for the same case.
  private var keptNames = true
  /// Whether tombstones have removed something whose bytes are to leave the disk.
  var mustErase = false
  /// Visits whose withdrawal by sync was put off since this was opened.
  var visitsPutOff: Set<Identifier> = []
  /// The digits that are asked for; with none of them it is all ten.
  public var prompts = DigitSet.all {
    didSet { if prompts.isEmpty { prompts = .all } }
  }
  /// Whether digits of which drawings were withdrawn are asked for first, until all have as many again.
  public var fillsGaps = true

  private init(
    connection: consuming Connection, directory: StoreDirectory, lock: consuming StoreLock?,
    panel: Identifier,
    findings: [String], busyTimeout: Int32 = Store.patience
  ) {
    self.connection = connection
    self.directory = directory
    self.lock = lock
    self.busyTimeout = busyTimeout
    self.panel = panel
    self.findings = findings
    log.watch(self.connection)
  }

  /// Opens the store of a panel, and makes directory and file where they are missing.
  ///
  /// A file that SQLite calls damaged is set aside under another name and a new one is opened; ``findings`` says so.
  /// How long it takes does not depend on the number of samples, but for the first time after an update of the software, when
  /// the tables are changed.
  /// - Parameters:
  ///   - patience: how long another writer is waited for, now and later, in milliseconds.
  ///   - progress: called again and again while the tables are changed, as long as that goes forward.
  /// - Throws: ``StoreError``: of kind inUse when another panel has it, missing, permission, full, readOnly, inputOutput
  ///   by the file system, notAStore and tooNew for a file that is not ours; nothing is changed in those cases.
  public static func open(
    directory path: String, patience: Int32 = Store.patience, progress: (() -> Void)? = nil
  ) throws(StoreError) -> Store {
    try open(StoreDirectory(path), patience: patience, progress: progress)
  }

  static func open(
    _ directory: StoreDirectory, patience: Int32 = Store.patience, progress: (() -> Void)? = nil
  ) throws(StoreError) -> Store {
    try directory.create()
    let lock = try StoreLock(directory)
    try directory.createDatabase()
    do throws(StoreError) {
      if let reason = directory.notedDamage {
        throw StoreError(.damaged, "open the store", directory.database, reason: reason)
      }
      if directory.isLogAlone {
        throw StoreError(
          .damaged, "open the store", directory.database,
          reason: "the file is empty, and only its log is left")
      }
      let connection = try openForWriting(directory, patience: patience, progress: progress)
      let panel = try identity(connection)
      try probe(connection)
      let store = Store(
        connection: connection, directory: directory, lock: lock, panel: panel, findings: [],
        busyTimeout: patience)
      store.lastSequence = (try? store.sequence()) ?? 0
      store.keptNames = (try? store.keepsNames()) ?? true
      // A reader kept it from being erased when it was withdrawn; if one does so again, the next checkpoint tries again.
      _ = try? store.erase(patience: 0)
      return store
    } catch {
      guard error.kind == .damaged else { throw error.during("open the store") }
      let remembered = Remembered(readingFrom: directory)
      let name = try directory.setAside(time: Timestamp.now().wall / 1000)
      try replace(directory, setAsideAs: name, remembered: remembered)
      let connection = try openForWriting(directory, patience: patience)
      let panel = try identity(connection)
      return Store(
        connection: connection, directory: directory, lock: lock, panel: panel,
        findings: [finding(directory, name, error)], busyTimeout: patience)
    }
  }

  /// Sets the file aside when it turns out to be damaged while it is used, and goes on with a new one in its place, as the
  /// same panel.
  ///
  /// - Parameter error: of kind damaged, as ``append(_:name:)`` or another call threw it; a sample can be appended again afterwards.
  /// - Throws: ``StoreError`` when no new file can be made; call it again later, and nothing else before.
  public func recover(because error: StoreError) throws(StoreError) {
    let found = Remembered(readingFrom: directory)
    let known = Remembered(
      panel: panel, sequence: max(found?.sequence ?? 0, remembered?.sequence ?? 0, lastSequence),
      keepsNames: found?.keepsNames ?? remembered?.keepsNames ?? keptNames)
    remembered = known
    if aside == nil {
      // The damaged file is closed before it gets another name: SQLite finds its log by name.
      connection = try Connection(":memory:", .readWrite)
      copying = LogCopying()
      aside = try directory.setAside(time: Timestamp.now().wall / 1000)
    }
    let name = aside ?? directory.database
    try Store.replace(directory, setAsideAs: name, remembered: known)
    connection = try Store.openForWriting(directory, patience: busyTimeout)
    log.watch(connection)
    aside = nil
    findings.append(Store.finding(directory, name, error))
  }

  /// Puts a new file where a damaged one was that is set aside under `name`. It may be called again after an error.
  private static func replace(
    _ directory: StoreDirectory, setAsideAs name: String, remembered: Remembered?
  ) throws(StoreError) {
    try directory.createDatabase(like: name)
    if let remembered { try remembered.apply(to: openForWriting(directory)) }
  }

  private static func finding(_ directory: StoreDirectory, _ name: String, _ error: StoreError) -> String {
    "the store \(directory.database) was damaged (\(error.reason)) and was set aside as \(name); a new one is in use, "
      + "panelctl doctor --salvage recovers the drawings"
  }

  /// Opens a store that is there already, for a short change beside a running panel: to withdraw, to acknowledge.
  public static func openBeside(directory path: String) throws(StoreError) -> Store {
    let directory = StoreDirectory(path)
    try directory.requireDatabase()
    do throws(StoreError) {
      let connection = try openForWriting(directory)
      let panel = try identity(connection)
      return Store(connection: connection, directory: directory, lock: nil, panel: panel, findings: [])
    } catch {
      throw error.during("open the store")
    }
  }

  /// Opens a store for reading, while a panel runs or not, also where nothing can be written.
  ///
  /// One that an earlier software wrote is brought up to date first, as the panel does it: its tables, not its drawings.
  /// - Throws: ``StoreError`` of kind missing when there is none, tooOld where it cannot be brought up to date.
  public static func openReadOnly(directory path: String) throws(StoreError) -> Store {
    let directory = StoreDirectory(path)
    try directory.requireDatabase()
    do throws(StoreError) {
      let connection = try openUpToDate(directory)
      let panel = try identity(connection)
      return Store(connection: connection, directory: directory, lock: nil, panel: panel, findings: [])
    } catch {
      throw error.during("open the store")
    }
  }

  /// How long another writer is waited for, in milliseconds.
  public static let patience: Int32 = 5000

  static func openForWriting(
    _ directory: StoreDirectory, patience: Int32 = Store.patience, progress: (() -> Void)? = nil
  ) throws(StoreError) -> Connection {
    let connection = try directory.connect(.readWrite)
    sqlite3_busy_timeout(connection.handle, patience)
    // The log stays when the last one closes it, so that the next one need not allocate it on the disk again, and so
    // that a reader who can write nothing finds it.
    var keep: Int32 = 1
    sqlite3_file_control(connection.handle, "main", SQLITE_FCNTL_PERSIST_WAL, &keep)
    try checkOwner(connection)
    guard try connection.text("PRAGMA journal_mode = WAL") == "wal" else {
      throw StoreError(
        .other, "open", directory.database, reason: "this file system cannot hold a write-ahead log")
    }
    try connection.script(
      """
      PRAGMA synchronous = FULL;
      PRAGMA foreign_keys = ON;
      PRAGMA trusted_schema = OFF;
      PRAGMA cell_size_check = ON;
      PRAGMA secure_delete = ON;
      PRAGMA temp_store = MEMORY;
      PRAGMA journal_size_limit = 33554432;
      """)
    if try connection.integer("PRAGMA user_version") != Int64(Schema.migrations.count) {
      try connection.reporting(progress) { () throws(StoreError) in try migrate(connection) }
    }
    return connection
  }

  private static func openUpToDate(_ directory: StoreDirectory) throws(StoreError) -> Connection {
    do throws(StoreError) {
      return try openForReading(directory)
    } catch {
      guard error.kind == .tooOld else { throw error }
      // It is closed again at once: who reads has no right to write.
      do throws(StoreError) { _ = try openForWriting(directory) } catch let refusal {
        // Where a log cannot be made SQLite tells ENOENT as readily as EROFS.
        guard ![.busy, .full, .inputOutput, .damaged].contains(refusal.kind) else { throw refusal }
        throw error
      }
      return try openForReading(directory)
    }
  }

  private static func openForReading(_ directory: StoreDirectory) throws(StoreError) -> Connection {
    do throws(StoreError) {
      let connection = try directory.connect(.readOnly)
      sqlite3_busy_timeout(connection.handle, Store.patience)
      try checkOwner(connection)
      try checkIsMigrated(connection)
      return connection
    } catch {
      // SQLite wants to make the log's index beside the file, which a read-only directory forbids. Without a log the
      // file is all there is, and can be read as it lies there; with one that cannot be indexed it would be wrong.
      guard ![.notAStore, .tooNew, .tooOld, .damaged].contains(error.kind), !directory.hasLog else {
        throw error
      }
      let connection = try directory.connect(.immutable)
      try checkOwner(connection)
      try checkIsMigrated(connection)
      return connection
    }
  }

  /// Refuses another program's database before anything is written to it.
  private static func checkOwner(_ connection: borrowing Connection) throws(StoreError) {
    let tables = try connection.integer("SELECT count(*) FROM sqlite_schema") ?? 0
    let application = try connection.integer("PRAGMA application_id") ?? 0
    guard tables == 0 || application == Schema.applicationID else {
      throw StoreError(
        .notAStore, "open", connection.path, reason: "it is the database of another program")
    }
    let version = try connection.integer("PRAGMA user_version") ?? 0
    guard version <= Schema.migrations.count else {
      throw StoreError(
        .tooNew, "open", connection.path,
        reason: "a later software wrote it (version \(version), this one knows \(Schema.migrations.count))")
    }
  }

  private static func checkIsMigrated(_ connection: borrowing Connection) throws(StoreError) {
    let version = try connection.integer("PRAGMA user_version") ?? 0
    guard version == Schema.migrations.count else {
      throw StoreError(
        version == 0 ? .missing : .tooOld, "read", connection.path,
        reason: version == 0
          ? "it is empty"
          : "an earlier software wrote it (version \(version), this one reads \(Schema.migrations.count)), and it "
            + "cannot be brought up to date there")
    }
  }

  private static func migrate(_ connection: borrowing Connection) throws(StoreError) {
    while true {
      let done = try connection.transaction("IMMEDIATE") { () throws(StoreError) -> Bool in
        let version = Int(try connection.integer("PRAGMA user_version") ?? 0)
        guard version < Schema.migrations.count else { return true }
        try connection.script(Schema.migrations[version])
        try connection.script(
          "PRAGMA application_id = \(Schema.applicationID); PRAGMA user_version = \(version + 1);")
        if version == 0 {
          try connection.run(
            "INSERT INTO settings VALUES ('panel', ?)", .blob(Identifier.random()))
        }
        return version + 1 == Schema.migrations.count
      }
      if done { return }
    }
  }

  private static func identity(_ connection: borrowing Connection) throws(StoreError) -> Identifier {
    guard let bytes = try connection.blob("SELECT value FROM settings WHERE key = 'panel'"),
      let identity = Identifier(bytes: bytes)
    else {
      throw connection.contradiction("open", "its identity is missing")
    }
    return identity
  }

  /// Reads the newest page of every table, so that most damage is found now and not by the next visitor.
  private static func probe(_ connection: borrowing Connection) throws(StoreError) {
    for sql in [
      "SELECT record FROM samples ORDER BY id DESC LIMIT 1", "SELECT max(value) FROM counters",
      "SELECT max(id) FROM receipts", "SELECT name FROM contributors ORDER BY id DESC LIMIT 1",
      "SELECT pseudonym FROM contributors WHERE score > 0 ORDER BY score DESC, scored_at LIMIT 1",
      "SELECT max(score) FROM scores", "SELECT digits FROM blocks", "SELECT max(id) FROM panels",
    ] {
      try connection.run(sql)
    }
  }
}
