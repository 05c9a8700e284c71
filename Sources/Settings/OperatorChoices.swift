import Glibc
import Kernel

/// What the operator chose on the panel's own screen: it stands above the configuration file and survives a restart.
///
/// It is kept as `operator` in the store's directory, lines of `key value`; removing that file gives the configuration its word
/// back. nil leaves a choice to the configuration.
public struct OperatorChoices: Equatable, Sendable {
  /// The digitizer matrix found by four taps: six numbers as in ``Settings/touchMatrix``.
  public var matrix: [Float]?
  /// Whether drawings are stored.
  public var collecting: Bool?
  /// The language that a new visit begins in, as its file in Assets/strings is called.
  public var language: String?
  /// Of the backlight, in percent, 5 ... 100.
  public var brightness: Int?
  /// PINs that were wrong since the last right one.
  public var wrongPINs = 0

  public init() {}

  /// The file in a store's directory.
  public static func path(spool: String) -> String { spool + "/operator" }

  /// Reads the choices of a store. A file that is not there, or a line that cannot be read, leaves the configuration its word.
  ///
  /// - Returns: the choices, and a sentence when the file could not be read as a whole.
  public static func load(spool: String) -> (choices: OperatorChoices, problem: String?) {
    let path = path(spool: spool)
    do throws(KernelError) {
      let text = String(decoding: try contentsOfFile(path, limit: 4096), as: UTF8.self)
      let (choices, isWhole) = parse(text)
      return (
        choices,
        isWhole
          ? nil
          : "a line of \(path) cannot be read and is passed over; remove the file, or choose again at the panel"
      )
    } catch {
      let isMissing = error.code == ENOENT || error.code == ENOTDIR
      return (OperatorChoices(), isMissing ? nil : error.description)
    }
  }

  /// Writes the choices durably, which waits for the disk.
  ///
  /// - Throws: ``KernelError``; the earlier choices then stay on the disk.
  public func save(spool: String) throws(KernelError) {
    try OutputFile.write(
      Array(text.utf8), to: OperatorChoices.path(spool: spool), mode: 0o640,
      next: "check the disk and who owns its directory")
  }

  var text: String {
    var lines = ["# chosen on the panel's operator screen; remove this file to go by the configuration again"]
    if let matrix { lines.append("matrix " + matrix.map { "\($0)" }.joined(separator: " ")) }
    if let collecting { lines.append("collecting \(collecting ? "yes" : "no")") }
    if let language { lines.append("language \(language)") }
    if let brightness { lines.append("brightness \(brightness)") }
    if wrongPINs > 0 { lines.append("wrong_pins \(wrongPINs)") }
    return lines.joined(separator: "\n") + "\n"
  }

  /// - Returns: what could be read, and whether that was all.
  static func parse(_ text: String) -> (choices: OperatorChoices, isWhole: Bool) {
    var choices = OperatorChoices()
    var isWhole = true
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      let words = line.split(separator: " ")
      let value = words.count == 2 ? String(words[1]) : ""
      switch words.first {
      case "matrix":
        choices.matrix = SettingsKey.matrix(words.dropFirst().joined(separator: " "))
        isWhole = isWhole && choices.matrix != nil
      case "collecting" where value == "yes" || value == "no": choices.collecting = value == "yes"
      case "language" where !value.isEmpty && value.utf8.allSatisfy(isWord): choices.language = value
      case "brightness" where Int(value).map((5...100).contains) == true: choices.brightness = Int(value)
      case "wrong_pins" where Int(value).map({ $0 >= 0 }) == true:
        // More of them cost no longer wait.
        choices.wrongPINs = min(Int(value) ?? 0, 1000)
      default: isWhole = false
      }
    }
    return (choices, isWhole)
  }

  /// Letters, digits, - and _: nothing that a path could be made of.
  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: true
    default: false
    }
  }
}
