import ArgumentParser
import Glibc
import Settings

/// `panelctl`: what the operator types, mostly over SSH.
@main
struct PanelControlProgram: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "panelctl",
    abstract: "Looks after a Digit Panel: its health, its drawings, its data set.",
    discussion: """
      Exit status: 0 all is well, 1 something failed or wants attention, 2 the command line is wrong, 3 critical. \
      What takes --json prints JSON for scripts then, whose members keep their names.
      """,
    version: "panelctl \(Software.version)",
    subcommands: commands)

  static let commands: [ParsableCommand.Type] = [
    Status.self, Sync.self, Recognize.self, ExportCommand.self, Review.self, Screenshot.self,
    Leaderboard.self, Withdraw.self, Anonymise.self, Prune.self, ImportCommand.self, Doctor.self,
    Record.self, Pin.self, Bench.self, Evaluate.self,
  ]

  /// The words that call each command which does something.
  static var leaves: [[String]] {
    commands.flatMap { command in
      let below = command.configuration.subcommands
      return below.isEmpty
        ? [[command._commandName]] : below.map { [command._commandName, $0._commandName] }
    }
  }

  /// In front of every complaint, as in those of the commands themselves.
  static let _errorPrefix = "panelctl: "

  static func main() {
    let arguments = Array(CommandLine.arguments.dropFirst())
    do {
      if let plain = Recognize.plain(arguments) { return try Recognize.answer(plain.files, json: plain.json) }
      var command = try parse(command: arguments)
      try refuseWithoutCommand(type(of: command))
      try command.run()
    } catch {
      end(with: error)
    }
  }

  /// The command that the arguments ask for.
  ///
  /// A command that its own parser takes is taken at once: the tree of all commands need not be built for it, which saves
  /// a millisecond of a start that ought to take five. Help and errors come from the tree.
  static func parse(command arguments: [String]) throws -> ParsableCommand {
    if let name = arguments.first,
      let type = commands.first(where: { $0._commandName == name && $0.configuration.subcommands.isEmpty }),
      let command = try? type.parse(Array(arguments.dropFirst()))
    {
      return command
    }
    return try parseAsRoot(arguments)
  }

  /// Refuses a command line that stops before it has named what is to be done: a command that only has others below it does
  /// nothing itself. Its help goes where complaints go.
  private static func refuseWithoutCommand(_ type: ParsableCommand.Type) throws {
    guard !type.configuration.subcommands.isEmpty else { return }
    let words = type == Self.self ? "panelctl" : "panelctl \(type._commandName)"
    throw UsageError(
      description: "\(words) needs a command; \(words) --help explains them\n\n\(helpMessage(for: type))")
  }

  /// Says what is to be said and ends the process.
  private static func end(with error: any Error) -> Never {
    switch error {
    case let outcome as Outcome:
      Glibc.exit(outcome.rawValue)
    case let usage as UsageError:
      Output.complain(usage.description)
      Glibc.exit(Outcome.usage.rawValue)
    default: break
    }
    let code = exitCode(for: error)
    guard code == .validationFailure || code == .success else {
      Output.complain("\(error)")
      Glibc.exit(Outcome.attention.rawValue)
    }
    let text = Array((fullMessage(for: error) + "\n").utf8)
    let isHelp = code == .success
    text.withUnsafeBytes { _ = write(isHelp ? STDOUT_FILENO : STDERR_FILENO, $0.baseAddress, $0.count) }
    Glibc.exit(isHelp ? Outcome.well.rawValue : Outcome.usage.rawValue)
  }
}
