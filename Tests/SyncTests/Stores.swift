import CSQLite
import Glibc
import Kernel
import Spool

@testable import Sync

/// Real stores in a directory in memory, and syncs between them.
struct Stores {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  func path(_ name: String) -> String { "\(scratch.path)/\(name)" }

  func open(_ name: String) throws(StoreError) -> Store { try Store.open(directory: path(name)) }

  /// A panel's store with drawings of as many visitors.
  func panel(_ name: String = "panel", drawings: Int) throws -> Store {
    let store = try open(name)
    try draw(drawings, on: store)
    return store
  }

  func draw(_ count: Int, on store: Store, first: Int = 0) throws {
    for index in 0..<count { try store.append(Drawings.sample(index % 10), name: "Ada \(first + index)") }
  }

  func sync(
    _ panel: Store, _ collector: Store, panels: Set<Identifier>? = nil, over link: Link = Link()
  ) -> Link.Outcome {
    link.run(source(panel), sink(collector, panels: panels))
  }

  func source(_ store: Store) -> StoreSource { StoreSource(store, name: "booth", software: "1") }

  func sink(_ store: Store, panels: Set<Identifier>? = nil) -> StoreSink {
    StoreSink(store, name: "desk", software: "1", panels: panels)
  }

  func records(_ store: Store) throws -> [Identifier: [UInt8]] {
    var found: [Identifier: [UInt8]] = [:]
    try store.forEachSample { (stored) throws(StoreError) in
      found[stored.id] = stored.record
    }
    return found
  }

  /// The names that a store shows, in alphabetical order.
  func names(_ store: Store) throws -> [String] {
    try store.leaderboard(limit: 1000).compactMap(\.name).sorted()
  }

  /// A copy of a store that nobody uses, as a backup or an image of its card has it.
  func copy(_ from: String, to: String) throws {
    mkdir(path(to), 0o750)
    for file in ["panel.db", "panel.db-wal"] where access("\(path(from))/\(file)", F_OK) == 0 {
      let bytes = try contentsOfFile("\(path(from))/\(file)", limit: 1 << 26)
      let target = try FileDescriptor.open("\(path(to))/\(file)", O_WRONLY | O_CREAT | O_TRUNC)
      try target.writeAll(bytes, to: file)
    }
  }

  /// Removes a store that nobody uses.
  func remove(_ name: String) { Directory.remove(path(name)) }

  /// Changes a store behind its back.
  func sql(_ name: String, _ statement: String) throws {
    var handle: OpaquePointer?
    guard sqlite3_open(path(name) + "/panel.db", &handle) == SQLITE_OK else {
      throw Failed("cannot open \(name)")
    }
    defer { sqlite3_close(handle) }
    guard sqlite3_exec(handle, statement, nil, nil, nil) == SQLITE_OK else {
      throw Failed(String(cString: sqlite3_errmsg(handle)))
    }
  }
}
