import Glibc

/// What lies in a directory.
public enum Directory {
  /// The names in a directory, in no order, without "." and "..".
  ///
  /// A name that is not UTF-8 has U+FFFD in it for each piece that is none: it can be shown, but opens nothing.
  /// - Parameter next: what a person can do where it cannot be read.
  /// - Throws: ``KernelError`` when it cannot be read, or not to its end.
  public static func names(at path: String, next: String? = nil) throws(KernelError) -> [String] {
    guard let stream = opendir(path) else { throw KernelError("list", path, errno: errno, next: next) }
    defer { closedir(stream) }
    return try names(in: stream, of: path, next: next)
  }

  /// The names that an open directory has yet to tell.
  static func names(
    in stream: OpaquePointer, of path: String, next: String? = nil
  ) throws(KernelError) -> [String] {
    var names: [String] = []
    while true {
      // Only errno tells an error from the end (readdir(3)).
      errno = 0
      guard let entry = readdir(stream) else {
        let code = errno
        guard code == 0 else { throw KernelError("list", path, errno: code, next: next) }
        return names
      }
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { names.append(name) }
    }
  }

  /// Whether a directory or a file is one at which another is mounted, also one of the same disk (mount --bind): rename(2)
  /// does not replace it. Before Linux 5.8 only other disks are seen.
  public static func isMountPoint(_ path: String) -> Bool {
    let isRoot = UInt64(STATX_ATTR_MOUNT_ROOT)
    var told = statx()
    if statx(AT_FDCWD, path, 0, 0, &told) == 0, told.stx_attributes_mask & isRoot != 0 {
      return told.stx_attributes & isRoot != 0
    }
    var (here, above) = (stat(), stat())
    return stat(path, &here) == 0 && stat(OutputFile.parent(of: path), &above) == 0
      && here.st_dev != above.st_dev
  }

  /// Removes a file, or a directory with all in it, as far as that may be; symbolic links are not followed.
  public static func remove(_ path: String) {
    if unlink(path) == 0 || (errno != EISDIR && errno != EPERM) { return }
    for name in (try? names(at: path)) ?? [] { remove("\(path)/\(name)") }
    rmdir(path)
  }

  /// The paths `PREFIXn` in a directory, in the order of their numbers; none where it cannot be read, as devtmpfs takes a
  /// directory of nodes away with its last one.
  public static func nodes(at path: String, prefix: String) -> [String] {
    let names = (try? names(at: path)) ?? []
    let numbers = names.compactMap { name in
      name.hasPrefix(prefix) ? Int(name.dropFirst(prefix.count)).flatMap { $0 >= 0 ? $0 : nil } : nil
    }
    return numbers.sorted().map { "\(path)/\(prefix)\($0)" }
  }
}
