import Glibc

/// Replaces a file durably: after a power cut it holds either all of `bytes` or what it held before.
///
/// It waits for the disk, so it belongs into a thread that may wait.
///
/// - Parameter mode: of the new file.
/// - Throws: ``KernelError``; the file is then as it was.
public func replaceFile(_ path: String, with bytes: [UInt8], mode: mode_t = 0o640) throws(KernelError) {
  let part = "\(path).\(getpid()).part"
  do throws(KernelError) {
    let file = try FileDescriptor.open(part, O_WRONLY | O_CREAT | O_TRUNC, mode: mode)
    try file.writeAll(bytes, to: path)
    try valueOrError("write", path) { fsync(file.raw) }
    try valueOrError("name", path) { rename(part, path) }
  } catch {
    unlink(part)
    throw KernelError("write", path, errno: error.code, next: "check the disk and who owns its directory")
  }
  // The new name, too, must be on the disk. Where a directory cannot be synchronised its names are as safe as they get.
  let directory = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
  if let names = try? FileDescriptor.open(directory, O_RDONLY | O_DIRECTORY) { fsync(names.raw) }
}
