import Display
import Glibc
import Ink
import Kernel
import Recognizer
import Settings
import Spool
import Touch

/// The fullscreen program of the touch panel.
@main
enum PanelProgram {
  static let version = "0.1.0"

  static func main() {
    exit(run(CommandLine.arguments.dropFirst()))
  }

  /// - Returns: the exit code: 0 well, 1 failed, 2 wrong usage.
  static func run(_ arguments: some Sequence<String>) -> Int32 {
    do {
      let options = try Options.parse(arguments)
      switch options.action {
      case .help: print(Options.help)
      case .version: print("panel \(version)")
      case .probe:
        let setUp = try SetUp(options)
        return try Probe.run(setUp)
      case .run:
        let setUp = try SetUp(options)
        return try show(setUp)
      }
      return 0
    } catch let error as Options.Misuse {
      log(error.description)
      return 2
    } catch let error as SetUp.Misuse {
      log(error.description)
      return 2
    } catch {
      log("\(error)")
      return 1
    }
  }

  /// Takes display, touch and store, and runs until a signal comes. Whatever is taken here is given back here.
  private static func show(_ setUp: SetUp) throws -> Int32 {
    for finding in setUp.findings { log(finding) }
    // Blocked before the first thread starts, so that all threads inherit it.
    let signals = try Signals([SIGTERM, SIGINT, SIGHUP])
    let recognizer = try setUp.recognizer()
    let letters = Lettering(
      regular: try Typeface(inter: .regular), strong: try Typeface(inter: .semiBold))

    let screen = try Screen(setUp.display, log: log)
    defer { screen.close() }
    log(screen.summary)
    let touch = try TouchInput(
      setUp.touch,
      geometry: TouchGeometry(
        width: screen.width, height: screen.height, rotation: setUp.display.rotation,
        matrix: setUp.touchMatrix))

    let (directory, rules) = (setUp.spool, setUp.rules)
    let provenance = setUp.provenance(model: recognizer.modelVersion)
    let worker = try Worker(recognizer: recognizer) {
      StoreRecorder(directory: directory, provenance: provenance, rules: rules, log: log)
    }
    try worker.start()

    var random = SystemRandomNumberGenerator()
    let layout = { (screen: Screen) in setUp.layout(screen) }
    let loop = try MainLoop(
      screen: screen, touch: touch, worker: worker, controlPath: setUp.controlPath, signals: signals,
      booth: Booth(
        layout: layout(screen), visit: Visit.new(using: &random), brush: setUp.brush, times: setUp.times,
        languages: setUp.languages),
      view: BoothView(theme: .dark, letters: letters, title: setUp.title), layout: layout,
      findings: setUp.findings, model: recognizer.modelVersion)
    return try loop.run()
  }
}

/// One line to standard error: the journal, for the installed service.
@Sendable func log(_ line: String) {
  let bytes = Array("panel: \(line)\n".utf8)
  _ = write(STDERR_FILENO, bytes, bytes.count)
}
