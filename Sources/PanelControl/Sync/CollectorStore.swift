import Glibc
import Kernel
import Settings
import Spool
import Sync

/// The collector's store, opened for one sync.
final class CollectorStore {
  let store: Store
  let sink: StoreSink
  private let lock: SyncLock

  private init(_ store: Store, _ sink: StoreSink, _ lock: consuming SyncLock) {
    self.store = store
    self.sink = sink
    self.lock = lock
  }

  /// Opens it, or makes it where there is none.
  ///
  /// - Throws: ``StoreError``, or ``KernelError`` when another sync is at it or its list of panels cannot be read.
  static func open(_ place: String) throws -> CollectorStore {
    let store = try openStore(place)
    guard let lock = try SyncLock.take(.collect, in: place) else {
      throw KernelError(
        "collect into", place, reason: "another sync collects into it", next: "wait until that one has ended")
    }
    try store.expectManySamples()
    let sink = StoreSink(
      store, name: machineName(), software: Software.version, panels: try panels(place))
    for finding in store.findings { Output.complain(finding) }
    let taken = try store.reconsider(takes: sink.takes, wall: Timestamp.now().wall)
    if taken > 0 { Output.complain("took \(Columns.counted(taken, "drawing")) that had been set aside") }
    return CollectorStore(store, sink, lock)
  }

  private static func openStore(_ place: String) throws(StoreError) -> Store {
    do throws(StoreError) {
      return try Store.open(directory: place)
    } catch {
      // A panel runs on it, or another sync, which the lock will tell: what is collected goes in beside it.
      guard error.kind == .inUse else { throw error }
      return try Store.openBeside(directory: place)
    }
  }

  /// The panels whose samples are taken, from the file `panels` in the store's directory; nil without one.
  static func panels(_ place: String) throws(KernelError) -> Set<Identifier>? {
    let path = "\(place)/panels"
    guard access(path, F_OK) == 0 else { return nil }
    let bytes = try contentsOfFile(path, limit: 1 << 20)
    var panels: Set<Identifier> = []
    let lines = String(decoding: bytes, as: UTF8.self).split(
      omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (number, line) in lines.enumerated() {
      guard let word = line.prefix(while: { $0 != "#" }).split(whereSeparator: \.isWhitespace).first else {
        continue
      }
      guard let panel = Identifier(word) else {
        throw KernelError(
          "read", path, reason: "line \(number + 1) does not begin with a panel's identity",
          next: "panelctl status --json tells it on the panel")
      }
      panels.insert(panel)
    }
    return panels
  }
}

/// What this machine calls itself.
func machineName() -> String {
  var name = [CChar](repeating: 0, count: 256)
  guard gethostname(&name, name.count - 1) == 0 else { return "" }
  return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
