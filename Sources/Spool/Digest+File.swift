import CMessageDigest
import Glibc
import Kernel

extension Digest {
  /// The hash of a file, which is read in pieces.
  public init(ofFile path: String) throws(KernelError) {
    let file = try FileDescriptor.open(path, O_RDONLY)
    var context = SHA2_CTX()
    SHA256Init(&context)
    var piece = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = piece.withUnsafeMutableBytes { Glibc.read(file.raw, $0.baseAddress, $0.count) }
      if count > 0 {
        SHA256Update(&context, piece, count)
      } else if count == 0 {
        break
      } else if errno != EINTR {
        throw KernelError("read", path, errno: errno)
      }
    }
    var result = [UInt8](repeating: 0, count: Digest.length)
    SHA256Final(&result, &context)
    self.init(finished: result)
  }
}
