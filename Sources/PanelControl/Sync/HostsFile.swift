import Kernel

/// The panels of an installation: a host a line, as ssh takes it; empty lines and what follows a # do not count.
enum HostsFile {
  /// - Throws: ``KernelError`` when it cannot be read, or a line is no host.
  static func read(_ path: String) throws(KernelError) -> [String] {
    let bytes = try contentsOfFile(path, limit: 1 << 20)
    var hosts: [String] = []
    let lines = String(decoding: bytes, as: UTF8.self).split(
      omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (number, line) in lines.enumerated() {
      let words = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace)
      guard let host = words.first else { continue }
      guard words.count == 1, isHost(String(host)) else {
        throw KernelError(
          "read", path, reason: "line \(number + 1) is no host: \(TerminalText.escaped(String(line)))",
          next: "write one host a line")
      }
      if !hosts.contains(String(host)) { hosts.append(String(host)) }
    }
    return hosts
  }

  /// Whether ssh would take it for a host and nothing else: not for an option, not for several words.
  static func isHost(_ text: String) -> Bool {
    !text.isEmpty && !text.hasPrefix("-") && text.utf8.count <= 300
      && text.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7F && !TerminalText.isUnseen($0) }
  }
}
