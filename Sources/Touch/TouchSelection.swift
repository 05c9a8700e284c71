import Glibc
import Kernel

/// Which touch device the panel takes: the text of `--touch`.
public enum TouchSelection: Equatable, Sendable, CustomStringConvertible {
  /// Every device that can touch or point.
  case auto
  /// One device, by the path of its node (a link of /dev/input/by-id will do).
  case device(String)
  /// A recording in evemu's format instead of a device.
  case replay(String)

  /// Reads `auto`, a path, or `replay:FILE`.
  ///
  /// - Throws: ``KernelError`` for a text that is none of them.
  public init(_ text: String) throws(KernelError) {
    let next = "write auto, the path of a device, or replay:FILE"
    if text == "auto" {
      self = .auto
    } else if text.hasPrefix("replay:") {
      let file = String(text.dropFirst("replay:".count))
      if file.isEmpty {
        throw KernelError("use", "touch \"\(text)\"", reason: "it names no recording", next: next)
      }
      self = .replay(file)
    } else if text.contains("/") {
      self = .device(text)
    } else {
      throw KernelError("use", "touch \"\(text.printable)\"", reason: "it is no path", next: next)
    }
  }

  /// Refuses a path at which something else stands than a device, such as a directory. One at which nothing stands, or
  /// that leads to nothing yet, is that of a device which may come.
  ///
  /// - Throws: ``KernelError`` that says where the devices are named.
  public func refuseFiles() throws(KernelError) {
    guard case .device(let path) = self else { return }
    var found = stat()
    guard stat(path, &found) == 0, found.st_mode & S_IFMT != S_IFCHR else { return }
    throw KernelError(
      "use", "\(path.printable) for touch",
      reason: found.st_mode & S_IFMT == S_IFDIR ? "it is a directory" : "it is no device",
      next: Libevdev.lookAround)
  }

  /// Refuses a recording that cannot be read or played.
  ///
  /// - Throws: ``KernelError`` that says why.
  public func refuseRecordings() throws(KernelError) {
    if case .replay(let file) = self { _ = try Replay(file: file, start: 0) }
  }

  public var description: String {
    switch self {
    case .auto: "auto"
    case .device(let path): path
    case .replay(let file): "replay:\(file)"
    }
  }
}
