import CLinux
import Glibc
import Kernel

/// A line that must not be seen: typed at a terminal without echo, or read from a pipe.
enum SecretLine {
  /// Bytes of the longest line.
  private static let limit = 256

  /// Asks at a terminal. Backspace takes back; Ctrl-C and Ctrl-D end it. The terminal is put back as it was in every case: it
  /// is the program that reads Ctrl-C, so no signal can end it in between.
  ///
  /// - Throws: ``KernelError`` when the terminal refuses, or nothing was typed.
  static func ask(_ question: String, terminal: Int32) throws(KernelError) -> String {
    var before = termios()
    try valueOrError("use", "the terminal") { tcgetattr(terminal, &before) }
    var silent = before
    silent.c_lflag &= ~tcflag_t(ECHO | ICANON | ISIG)
    try valueOrError("silence", "the terminal") { tcsetattr(terminal, TCSADRAIN, &silent) }
    defer {
      tcsetattr(terminal, TCSADRAIN, &before)
      tell("\n")
    }
    tell(question)
    var line: [UInt8] = []
    while let byte = try next(terminal) {
      switch byte {
      case 0x0A, 0x0D: return String(decoding: line, as: UTF8.self)
      case 0x03, 0x04: throw KernelError("read", "the PIN", reason: "it was broken off")
      case 0x08, 0x7F: if !line.isEmpty { line.removeLast() }
      default: if line.count < limit { line.append(byte) }
      }
    }
    throw KernelError("read", "the PIN", reason: "the terminal has gone")
  }

  /// The first line of a file or pipe, without its end.
  static func read(from descriptor: Int32) throws(KernelError) -> String {
    var line: [UInt8] = []
    while let byte = try next(descriptor), byte != 0x0A {
      line.append(byte)
      if line.count > limit {
        throw KernelError("read", "the PIN", reason: "the line is longer than \(limit) bytes")
      }
    }
    if line.last == 0x0D { line.removeLast() }
    guard !line.isEmpty else {
      throw KernelError(
        "read", "the PIN", reason: "standard input is empty",
        next: "run panelctl pin at a terminal, or pipe the PIN in")
    }
    return String(decoding: line, as: UTF8.self)
  }

  private static func next(_ descriptor: Int32) throws(KernelError) -> UInt8? {
    var byte: UInt8 = 0
    let n = try valueOrError("read", "the PIN") {
      Int32(truncatingIfNeeded: Glibc.read(descriptor, &byte, 1))
    }
    return n == 1 ? byte : nil
  }

  private static func tell(_ text: String) {
    let bytes = Array(text.utf8)
    _ = write(STDERR_FILENO, bytes, bytes.count)
  }
}
