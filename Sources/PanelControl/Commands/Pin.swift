import ArgumentParser
import Glibc
import Settings

/// `panelctl pin`: turns a PIN into the line for the configuration file.
struct Pin: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pin",
    abstract: "Makes the line that sets the operator's PIN.",
    discussion: """
      Asks for the PIN twice without showing it, or reads it from standard input, and prints the line that belongs under \
      [operator] in the configuration file. The line holds a slow salted hash, not the PIN. A PIN has 4 to 12 digits, and \
      none of those that anybody would try first. Exit status: 0 printed, 1 no PIN was given, or one that is refused.
      """)

  @OptionGroup var store: StoreOptions

  func run() throws {
    let isAsked = isatty(STDIN_FILENO) != 0
    let pin = try isAsked ? ask("PIN: ") : SecretLine.read(from: STDIN_FILENO)
    if let weakness = PIN.weakness(of: pin) {
      throw Refusal(sentence: "this PIN cannot be used: \(weakness)")
    }
    if isAsked, try ask("The same again: ") != pin {
      throw Refusal(sentence: "the two are not the same; run panelctl pin again")
    }
    let file = try store.settings().path ?? SettingsFile.defaultPath
    var output = Output()
    try output.line("pin = \(try PINHash(of: pin).text)")
    try output.flush()
    if isAsked {
      Output.complain(
        "put this line under [operator] in \(file) and restart the panel: systemctl restart panel")
    }
  }

  /// Why there is no line, as one sentence.
  private struct Refusal: Error, CustomStringConvertible {
    let sentence: String
    var description: String { sentence }
  }

  private func ask(_ question: String) throws -> String {
    try SecretLine.ask(question, terminal: STDIN_FILENO)
  }
}
