import Glibc
import Kernel

/// The bytes of a file one after the other, a piece in memory at a time.
struct ByteSource: ~Copyable {
  private let file: FileDescriptor
  private let path: String
  private var buffer: [UInt8]
  private var position = 0
  private var end = 0
  /// Lines begun so far, for messages: from 1.
  private(set) var line = 1

  init(_ path: String) throws(KernelError) {
    file = try FileDescriptor.open(path, O_RDONLY)
    self.path = path
    buffer = [UInt8](repeating: 0, count: 1 << 18)
  }

  /// The next byte without taking it; nil at the end.
  mutating func peek() throws(KernelError) -> UInt8? {
    if position == end {
      position = 0
      end = try file.read(into: &buffer, from: path)
      if end == 0 { return nil }
    }
    return buffer[position]
  }

  mutating func next() throws(KernelError) -> UInt8? {
    guard let byte = try peek() else { return nil }
    position += 1
    if byte == 0x0A { line += 1 }
    return byte
  }
}
