import Glibc
import Kernel

/// The frames of a file, one in memory at a time.
struct FrameFile: ~Copyable {
  private let file: FileDescriptor
  private let path: String
  private var decoder = FrameDecoder(noise: 0, acceptsRecords: true)
  private var buffer = [UInt8](repeating: 0, count: 256 << 10)
  private var isOver = false

  init(_ path: String) throws(SyncError) {
    do throws(KernelError) {
      file = try FileDescriptor.open(path, O_RDONLY)
    } catch {
      throw .system(error)
    }
    self.path = path
  }

  var noiseSeen: String { decoder.noiseSeen }

  /// The next frame; nil at the end of the file, also where that is in the middle of one.
  mutating func next() throws(SyncError) -> Frame? {
    while true {
      if let frame = try decoder.next() { return frame }
      if isOver { return nil }
      let n: Int
      do throws(KernelError) { n = try file.read(into: &buffer, from: path) } catch { throw .system(error) }
      if n > 0 { decoder.append(buffer[..<n]) } else { isOver = true }
    }
  }
}
