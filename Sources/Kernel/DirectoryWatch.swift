import CLinux
import Glibc

/// An inotify watch on a directory of device nodes.
///
/// A node appears before udev sets its group, so both its creation and a change of its attributes are told.
public struct DirectoryWatch: ~Copyable, Sendable {
  public enum Change: Sendable, Equatable {
    /// The node is new, or its owner or mode changed: worth (another) try.
    case appeared(String)
    case disappeared(String)
    /// Events were lost; look at the whole directory again.
    case overflow
  }

  private let descriptor: FileDescriptor
  public var raw: Int32 { descriptor.raw }

  public init(_ path: String) throws(KernelError) {
    let fd = try valueOrError("create", "inotify") {
      inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK))
    }
    let made = FileDescriptor(owning: fd)
    try valueOrError("watch", path) {
      inotify_add_watch(made.raw, path, UInt32(IN_CREATE | IN_ATTRIB | IN_DELETE | IN_MOVED_TO))
    }
    descriptor = made
  }

  /// All changes since the last call.
  public func changes() -> [Change] {
    var found: [Change] = []
    withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 8) { buffer in
      while true {
        let n = read(descriptor.raw, buffer.baseAddress, buffer.count)
        guard n > 0 else { return }
        var offset = 0
        while offset + MemoryLayout<inotify_event>.size <= n {
          let event = buffer.loadUnaligned(fromByteOffset: offset, as: inotify_event.self)
          let start = offset + MemoryLayout<inotify_event>.size
          offset = start + Int(event.len)
          if event.mask & UInt32(IN_Q_OVERFLOW) != 0 { found.append(.overflow) }
          guard event.len > 0, offset <= n else { continue }
          let name = String(
            decoding: buffer[start..<offset].prefix { $0 != 0 }, as: UTF8.self)
          found.append(event.mask & UInt32(IN_DELETE) != 0 ? .disappeared(name) : .appeared(name))
        }
      }
    }
    return found
  }
}
