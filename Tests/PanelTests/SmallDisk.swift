import Glibc

/// A small file system in memory, mounted in a directory of its own; needs root.
final class SmallDisk {
  private let scratch = ScratchDirectory()
  var path: String { scratch.path }

  struct Refused: Error { let code: Int32 }

  /// Whether file systems can be mounted here.
  static let isPossible = geteuid() == 0 && (try? SmallDisk(kilobytes: 64)) != nil

  init(kilobytes: Int) throws {
    mkdir(path, 0o755)
    try mount(kilobytes, flags: 0)
  }

  func resize(kilobytes: Int) throws { try mount(kilobytes, flags: UInt(MS_REMOUNT)) }

  private func mount(_ kilobytes: Int, flags: UInt) throws {
    guard Glibc.mount("tmpfs", path, "tmpfs", flags, "size=\(kilobytes)k") == 0 else {
      throw Refused(code: errno)
    }
  }

  deinit {
    umount2(path, Int32(MNT_DETACH))
  }
}
