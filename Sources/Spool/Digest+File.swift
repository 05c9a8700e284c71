import Glibc
import Kernel

extension Digest {
  /// The hash of a file, which is read in pieces.
  public init(ofFile path: String) throws(KernelError) {
    let file = try FileDescriptor.open(path, O_RDONLY)
    var hash = SHA256()
    var piece = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = try file.read(into: &piece, from: path)
      if count == 0 { break }
      piece.withUnsafeBufferPointer { hash.update(UnsafeBufferPointer(rebasing: $0[..<count])) }
    }
    self = hash.finish()
  }
}
