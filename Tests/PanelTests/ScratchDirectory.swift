import Glibc
import Kernel

/// A place of its own for a store's directory, which is yet to be made and is gone with its last user.
final class ScratchDirectory: Sendable {
  private let place: String
  var path: String { place + "/spool" }

  init() {
    // Where none can be made the name stays as it is, and the store cannot be made either.
    var name = Array("/tmp/panel-test-XXXXXX".utf8CString)
    mkdtemp(&name)
    place = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit { Directory.remove(place) }
}
