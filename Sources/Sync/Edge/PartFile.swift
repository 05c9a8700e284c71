import Glibc
import Kernel

/// A file that appears under its name when it is whole and on the disk; until then it has another name, and goes with its
/// owner.
final class PartFile {
  private let file: FileDescriptor
  private let path: String
  private let part: String
  private var isNamed = false

  init(_ path: String) throws(SyncError) {
    self.path = path
    part = "\(path).\(getpid()).part"
    do throws(KernelError) {
      file = try FileDescriptor.open(
        part, O_WRONLY | O_CREAT | O_TRUNC, mode: 0o640, next: "choose another place for the file")
    } catch {
      throw .system(error)
    }
  }

  deinit {
    if !isNamed { unlink(part) }
  }

  /// Adds bytes.
  func put(_ bytes: [UInt8]) throws(SyncError) {
    do throws(KernelError) {
      try file.writeAll(bytes, to: path)
    } catch {
      throw .system(
        KernelError(
          error.operation, path, errno: error.code, next: "make room there, or choose another place"))
    }
  }

  /// Gives the file its name, once all of it is on the disk.
  func finish() throws(SyncError) {
    do throws(KernelError) {
      try valueOrError("write", path) { fsync(file.raw) }
      try valueOrError("name", path) { rename(part, path) }
      isNamed = true
      let parent = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
      let directory = try FileDescriptor.open(parent, O_RDONLY | O_DIRECTORY)
      // Some file systems of USB sticks cannot synchronise a directory; then the name is as safe as it gets.
      _ = fsync(directory.raw)
    } catch {
      throw .system(error)
    }
  }
}
