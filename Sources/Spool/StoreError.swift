import CSQLite
import Glibc
import Kernel

/// Why the store could not do something: what was being done, to which file, and what a person can do about it.
///
/// The sample of a failed append is not lost as long as the caller keeps it: the same sample can be appended again when the
/// cause is gone, and is stored once however often that is tried.
public struct StoreError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What a caller decides by.
  public enum Kind: Sendable {
    /// No space left, or over a quota.
    case full
    /// The file system, the file or the open store may only be read.
    case readOnly
    /// The disk could not read or write.
    case inputOutput
    /// The file is no database any more, or contradicts itself: ``Store/open(directory:)`` sets it aside.
    case damaged
    /// Another panel has the store.
    case inUse
    /// Another process writes, and did not end within the time that we wait.
    case busy
    /// No permission.
    case permission
    /// There is no store at that place.
    case missing
    /// A database of something else.
    case notAStore
    /// A later software wrote it.
    case tooNew
    /// An earlier software wrote it, and it cannot be brought up to date where it lies.
    case tooOld
    /// The sample can never be stored: it breaks a rule of the record, or its id belongs to another one.
    case refused
    /// The visit was withdrawn by the visitor.
    case withdrawn
    /// Anything else, which should not happen.
    case other
  }

  public let kind: Kind
  /// What was being done: "store a sample in".
  public let operation: String
  /// To which file or directory.
  public let object: String
  /// The reason in words.
  public let reason: String
  /// SQLite's extended result code, or errno; 0 where there is none.
  public let code: Int32
  /// The SQL that failed, for the log; nil where none ran.
  public let statement: String?

  public init(
    _ kind: Kind, _ operation: String, _ object: String, reason: String, code: Int32 = 0,
    statement: String? = nil
  ) {
    self.kind = kind
    self.operation = operation
    self.object = object
    self.reason = reason
    self.code = code
    self.statement = statement
  }

  /// From a system call on a file of the store.
  init(_ error: KernelError) {
    self.init(
      StoreError.kind(errno: error.code), error.operation, error.object, reason: error.reason,
      code: error.code)
  }

  /// From SQLite's extended result code, its message and, where the system refused, its errno (sqlite.org/rescode.html).
  init(sqlite code: Int32, message: String, errno system: Int32, path: String, statement: String?) {
    let kind: Kind
    var operation = "use"
    var reason = message
    switch code & 0xFF {
    case SQLITE_FULL: kind = .full
    case SQLITE_READONLY: kind = .readOnly
    case SQLITE_CORRUPT, SQLITE_NOTADB: kind = .damaged
    case SQLITE_BUSY, SQLITE_LOCKED: kind = .busy
    case SQLITE_PERM, SQLITE_AUTH: kind = .permission
    case SQLITE_CONSTRAINT, SQLITE_TOOBIG, SQLITE_MISMATCH: kind = .refused
    case SQLITE_CANTOPEN, SQLITE_IOERR:
      // SQLite asks for errno after the fact, so only one that such an operation can set is believed.
      let systemKind = StoreError.kind(errno: system)
      if code & 0xFF == SQLITE_CANTOPEN {
        operation = "open"
        kind = systemKind == .other ? .inputOutput : systemKind
      } else {
        kind = systemKind == .full || systemKind == .readOnly ? systemKind : .inputOutput
      }
      if systemKind == kind { reason = KernelError.words(system) }
    default: kind = .other
    }
    self.init(kind, operation, path, reason: reason, code: code, statement: statement)
  }

  private static func kind(errno code: Int32) -> Kind {
    switch code {
    case ENOSPC, EDQUOT, EFBIG: .full
    case EROFS: .readOnly
    case EACCES, EPERM: .permission
    case ENOENT, ENOTDIR: .missing
    case EIO, ENXIO, ENODEV, ETIMEDOUT, EREMOTEIO, EUCLEAN: .inputOutput
    default: .other
    }
  }

  /// The result of `body`, or its error as an error of the store.
  static func mapping<Result: ~Copyable>(
    _ body: () throws(KernelError) -> Result
  ) throws(StoreError) -> Result {
    do throws(KernelError) { return try body() } catch { throw StoreError(error) }
  }

  /// The same error, with what was being done.
  public func during(_ operation: String) -> StoreError {
    StoreError(kind, operation, object, reason: reason, code: code, statement: statement)
  }

  /// What a person can do about it; nil where nothing is known to help.
  public var nextStep: String? {
    switch kind {
    case .full: "make room on that disk; a drawing in hand is kept in memory until then"
    case .readOnly: "mount that file system read-write, or give another --spool"
    case .inputOutput: "check the disk and its cable with dmesg; a drawing in hand is kept in memory"
    case .damaged: "panelctl doctor --salvage sets the file aside and recovers its drawings"
    case .inUse: "stop that one, or give this one another --spool"
    case .busy: "try again when the other program has ended"
    case .permission: "run it as the user who owns the spool, or as root"
    case .missing: "give the directory of a panel's store with --spool"
    case .notAStore: "give another --spool; nothing was changed there"
    case .tooNew: "update this software; nothing was changed there"
    case .tooOld: "copy it with cp -r to where you may write, and give the copy as --spool"
    case .refused, .withdrawn, .other: nil
    }
  }

  public var description: String {
    let sentence = "cannot \(operation) \(object): \(reason)"
    return nextStep.map { "\(sentence); \($0)" } ?? sentence
  }
}
