import Glibc

/// A secret that was typed into the command line, which every user of the machine can read in /proc.
enum CommandLineSecret {
  /// Writes over an argument where the kernel shows it, so that `ps` no longer tells it from now on (proc_pid_cmdline(5)).
  static func cover(_ text: String) {
    let count = Int(CommandLine.argc)
    for index in 1..<max(1, count) {
      guard let argument = CommandLine.unsafeArgv[index] else { continue }
      let bytes = UnsafeMutableRawBufferPointer(start: argument, count: strlen(argument))
      let wanted = Array(text.utf8)
      guard bytes.count >= wanted.count, bytes.suffix(wanted.count).elementsEqual(wanted) else { continue }
      for place in bytes.indices.suffix(wanted.count) { bytes[place] = UInt8(ascii: "x") }
    }
  }
}
