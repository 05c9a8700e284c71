import Glibc
import Kernel

extension Digest {
  /// The hash of a file, which is read in pieces.
  public init(ofFile path: String) throws(KernelError) {
    let file = try FileDescriptor.open(path, O_RDONLY)
    var hash = SHA256()
    var piece = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = piece.withUnsafeMutableBytes { Glibc.read(file.raw, $0.baseAddress, $0.count) }
      if count > 0 {
        piece.withUnsafeBufferPointer { hash.update(UnsafeBufferPointer(rebasing: $0[..<count])) }
      } else if count == 0 {
        break
      } else if errno != EINTR {
        throw KernelError("read", path, errno: errno)
      }
    }
    self = hash.finish()
  }
}
