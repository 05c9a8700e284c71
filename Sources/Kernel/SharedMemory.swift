import CLinux
import Glibc

/// Memory without a name in the file system (memfd), to hand a picture to another process.
public struct SharedMemory: ~Copyable, Sendable {
  private let descriptor: FileDescriptor
  public var raw: Int32 { descriptor.raw }

  /// A copy of the elements' bytes.
  public init<Element: BitwiseCopyable>(copying elements: [Element], name: String) throws(KernelError) {
    let fd = try valueOrError("create", "shared memory") { memfd_create(name, UInt32(MFD_CLOEXEC)) }
    let made = FileDescriptor(owning: fd)
    try made.writeAll(elements, to: "shared memory")
    descriptor = made
  }

  /// The first `count` bytes behind a descriptor that another process sent.
  public static func read(
    _ descriptor: borrowing FileDescriptor, count: Int
  ) throws(KernelError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
      let n = bytes.withUnsafeMutableBytes {
        pread(descriptor.raw, $0.baseAddress?.advanced(by: done), count - done, done)
      }
      if n > 0 {
        done += n
      } else if n == 0 {
        throw KernelError("read", "shared memory", reason: "it ends after \(done) of \(count) bytes")
      } else if errno != EINTR {
        throw KernelError("read", "shared memory", errno: errno)
      }
    }
    return bytes
  }
}
