import Glibc
import Kernel

/// Writes a file whole or not at all: under another name first, then renamed.
enum OutputFile {
  static func write(_ bytes: [UInt8], to path: String) throws(KernelError) {
    var info = stat()
    // A device or a pipe is written to as it stands; only a file can be replaced.
    if stat(path, &info) == 0, info.st_mode & S_IFMT != S_IFREG {
      let file = try FileDescriptor.open(path, O_WRONLY, next: "choose another file")
      try file.writeAll(bytes, to: path)
      return
    }
    let part = "\(path).\(getpid()).part"
    do throws(KernelError) {
      let file = try FileDescriptor.open(part, O_WRONLY | O_CREAT | O_TRUNC)
      try file.writeAll(bytes, to: path)
      try valueOrError("write", path) { fsync(file.raw) }
      try valueOrError("name", path) { rename(part, path) }
    } catch {
      unlink(part)
      throw KernelError("write", path, errno: error.code, next: "choose another place for the file")
    }
  }
}
