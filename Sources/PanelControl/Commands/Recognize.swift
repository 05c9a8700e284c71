import ArgumentParser
import Glibc
import JSON
import Kernel
import PNG
import Recognizer

/// `panelctl recognize`: which digit is in a picture.
struct Recognize: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recognize",
    abstract: "Reads digits from PNG files, a line each.",
    discussion: """
      Any size and colour type, dark ink on light paper or light on dark, with or without alpha. A file that cannot be \
      read is told and the others go on; the exit status is then 1.
      """)

  @Flag(help: "Print a JSON object for each file.")
  var json = false

  @Argument(help: ArgumentHelp("PNG files; - is standard input.", valueName: "file"))
  var files: [String]

  @OptionGroup var store: StoreOptions

  func run() throws {
    try Recognize.answer(files, json: json)
  }

  /// The files and whether JSON is wanted, when a command line says just that; nil when it takes a parser to know.
  ///
  /// ArgumentParser takes a third of the time from the start of the process to the first answer, most of it for looking
  /// types up in the tables of the Swift runtime.
  static func plain(_ arguments: [String]) -> (files: [String], json: Bool)? {
    guard arguments.first == configuration.commandName else { return nil }
    let rest = arguments.dropFirst()
    let files = rest.filter { $0 != "--json" }
    guard !files.isEmpty, files.allSatisfy({ $0 == "-" || !$0.hasPrefix("-") }) else { return nil }
    return (files, files.count < rest.count)
  }

  /// Reads the files and prints a line for each.
  static func answer(_ files: [String], json: Bool) throws {
    var recognizer = Recognizer(try ModelFile.load())
    var output = Output()
    var failed = false
    for file in files {
      switch Recognize.read(file, &recognizer) {
      case .success(let reading):
        if json {
          try output.json(Recognize.json(file, reading))
        } else {
          try output.line("\(TerminalText.escaped(file)): \(Recognize.words(reading))")
        }
      case .failure(let problem):
        failed = true
        if json {
          try output.json(["file": .string(file), "error": .string(problem.reason)])
        } else {
          try output.flush()
          Output.complain("\(TerminalText.escaped(file)): \(problem.reason)")
        }
      }
    }
    try output.flush()
    if failed { throw Outcome.attention }
  }

  /// Why a file cannot be read, as it stands after the file's name.
  private struct FileProblem: Error {
    let reason: String
  }

  /// Longest file that is read, in bytes.
  static let sizeLimit = 128 << 20
  /// Most pixels that are read: a photograph of 67 megapixels, where phones take 48 to 64. It takes four bytes a pixel as
  /// decoded and one more for its distances from the paper, so that all stays below 512 MiB with the file itself.
  static let pixelLimit = 64 << 20

  private static func read(_ file: String, _ recognizer: inout Recognizer) -> Result<Reading, FileProblem> {
    do throws(KernelError) {
      let bytes = try contentsOfFileOrInput(file, limit: sizeLimit)
      do throws(PNGError) {
        let ink = PictureInk(try PNG.decode(bytes, maximumPixels: pixelLimit))
        return .success(recognizer.read(canvas: ink.pixels, width: ink.width, height: ink.height))
      } catch {
        return .failure(FileProblem(reason: error.description))
      }
    } catch {
      return .failure(FileProblem(reason: error.reason))
    }
  }

  static func words(_ reading: Reading) -> String {
    let guess = "\(reading.digit) (\(Columns.percent(reading.confidence)))"
    return reading.isDigit ? guess : "not a digit; if it were one, \(guess)"
  }

  /// The probabilities are multiples of 1/65536, exact in JSON's numbers, and sum to exactly 1.
  static func json(_ file: String, _ reading: Reading) -> JSON {
    [
      "file": .string(file),
      "digit": .int(reading.digit),
      "confidence": .number(Double(reading.confidence) / 65_536),
      "probabilities": .array(reading.probabilities.map { .number(Double($0) / 65_536) }),
      "is_digit": .bool(reading.isDigit),
    ]
  }
}
