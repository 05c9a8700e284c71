import Glibc
import JSON
import Kernel

/// Standard output, in large pieces, and with its errors: a full disk behind `>` is told, a reader that has gone is not.
struct Output: ~Copyable {
  private let descriptor: Int32
  private var buffer: [UInt8] = []

  init(descriptor: Int32 = STDOUT_FILENO) {
    self.descriptor = descriptor
  }

  /// Adds a line.
  mutating func line(_ text: String) throws(KernelError) {
    buffer.append(contentsOf: text.utf8)
    buffer.append(0x0A)
    if buffer.count >= 32_768 { try flush() }
  }

  /// Adds a JSON value as a line, with what a terminal would obey escaped (it stands in strings only).
  mutating func json(_ value: JSON) throws(KernelError) {
    try line(TerminalText.escaped(json: value.text))
  }

  /// Adds bytes as they are.
  mutating func bytes(_ bytes: [UInt8]) throws(KernelError) {
    buffer.append(contentsOf: bytes)
    if buffer.count >= 32_768 { try flush() }
  }

  /// Writes out what was added; to be called at the end.
  mutating func flush() throws(KernelError) {
    var done = 0
    while done < buffer.count {
      let n = buffer.withUnsafeBytes {
        write(descriptor, $0.baseAddress?.advanced(by: done), $0.count - done)
      }
      if n >= 0 {
        done += n
      } else if errno != EINTR {
        throw KernelError("write to", "standard output", errno: errno)
      }
    }
    buffer.removeAll(keepingCapacity: true)
  }

  /// Shows how far something is, in place of what was shown before, on a terminal at standard error; empty removes it.
  static func tell(progress: String) {
    let bytes = Array("\r\u{1B}[K\(progress)".utf8)
    bytes.withUnsafeBytes { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }

  /// Writes a sentence to standard error.
  static func complain(_ sentence: String) {
    let bytes = Array("panelctl: \(sentence)\n".utf8)
    bytes.withUnsafeBytes { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}
