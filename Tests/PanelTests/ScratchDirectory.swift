import Glibc
import Synchronization

/// A directory of its own for a store, which is gone with its last user.
final class ScratchDirectory: Sendable {
  private static let count = Atomic(0)
  let path: String

  init() {
    let number = ScratchDirectory.count.add(1, ordering: .relaxed).newValue
    path = "/tmp/panel-test-\(getpid())-\(number)"
  }

  deinit {
    guard let list = opendir(path) else { return }
    while let entry = readdir(list) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { unlink(path + "/" + name) }
    }
    closedir(list)
    rmdir(path)
  }
}
