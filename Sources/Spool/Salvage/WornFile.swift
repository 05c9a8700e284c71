import Glibc
import Kernel

/// A file on a disk that may not give all of its bytes: what cannot be read is zeros, and counted.
final class WornFile {
  let path: String
  /// Bytes of the file.
  let size: Int
  /// Bytes that the disk did not give.
  private(set) var unreadable = 0
  private let descriptor: Int32

  /// Disks fail by sectors, the kernel reads by pages: the smallest part that is tried alone.
  private static let part = 4096

  /// - Throws: ``StoreError`` when it cannot even be opened.
  init(_ path: String) throws(StoreError) {
    let file = try StoreError.mapping { () throws(KernelError) in try FileDescriptor.open(path, O_RDONLY) }
    var info = stat()
    try StoreError.mapping { () throws(KernelError) in
      _ = try valueOrError("measure", path) { fstat(file.raw, &info) }
    }
    self.path = path
    size = Int(info.st_size)
    descriptor = file.release()
  }

  deinit { close(descriptor) }

  /// The bytes at a place; fewer at the end of the file.
  func bytes(at offset: Int, count: Int) -> [UInt8] {
    let count = max(0, min(count, size - offset))
    guard count > 0, offset >= 0 else { return [] }
    var bytes = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
      let n = bytes.withUnsafeMutableBytes {
        pread(descriptor, $0.baseAddress?.advanced(by: done), count - done, off_t(offset + done))
      }
      if n > 0 {
        done += n
      } else if n == 0 {
        break
      } else if errno != EINTR {
        // The parts around the bad one are read alone; a part that fails by itself stays zero.
        let end = min(count, (offset + done) / WornFile.part * WornFile.part + WornFile.part - offset)
        let single = bytes.withUnsafeMutableBytes {
          pread(descriptor, $0.baseAddress?.advanced(by: done), end - done, off_t(offset + done))
        }
        if single <= 0 { unreadable += end - done }
        done += single > 0 ? single : end - done
      }
    }
    return bytes
  }
}
