import ArgumentParser
import Glibc

/// How a command ends: what its exit status tells a script.
enum Outcome: Int32, Error, Comparable {
  /// All is well.
  case well = 0
  /// Something failed or wants attention.
  case attention = 1
  /// The command line is wrong.
  case usage = 2
  /// Data are in danger, or two stores contradict each other.
  case critical = 3

  static func < (a: Outcome, b: Outcome) -> Bool { a.rawValue < b.rawValue }

  /// Ends the command with this outcome after it has said everything itself.
  func end() throws {
    if self != .well { throw self }
  }
}

/// A command line that parses but makes no sense, with the sentence that says why.
struct UsageError: Error, CustomStringConvertible {
  let description: String
}
