import Glibc

/// A small file system in memory, mounted in a directory of its own; needs root.
final class SmallDisk {
  let path: String
  private let scratch: Scratch

  /// Whether file systems can be mounted here.
  static let isPossible: Bool = {
    guard geteuid() == 0, let disk = try? SmallDisk(kilobytes: 64) else { return false }
    return access(disk.path, W_OK) == 0
  }()

  init(kilobytes: Int) throws {
    scratch = try Scratch()
    path = scratch.path + "/disk"
    mkdir(path, 0o755)
    guard mount("tmpfs", path, "tmpfs", 0, "size=\(kilobytes)k") == 0 else {
      throw Failed("cannot mount a tmpfs: errno \(errno)")
    }
  }

  /// Changes its size, or whether it can be written to.
  func remount(kilobytes: Int, readOnly: Bool = false) throws {
    let flags = UInt(MS_REMOUNT) | (readOnly ? UInt(MS_RDONLY) : 0)
    guard mount("tmpfs", path, "tmpfs", flags, "size=\(kilobytes)k") == 0 else {
      throw Failed("cannot remount a tmpfs: errno \(errno)")
    }
  }

  deinit {
    umount2(path, Int32(MNT_DETACH))
  }
}
