import Kernel
import Spool

/// Where a file goes that a person has named.
enum OutputPlace {
  /// - Throws: ``KernelError`` for the directory of a store: a file there may be the store itself, and writing would replace it.
  static func check(_ path: String) throws(KernelError) {
    let directory = OutputFile.parent(of: OutputFile.target(of: path))
    guard Store.isStore(directory: directory) else { return }
    throw KernelError(
      "write", path, reason: "\(directory) is the directory of a store", next: "choose another place for it")
  }
}
