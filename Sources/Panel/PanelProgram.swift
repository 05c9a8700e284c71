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
  static let version = Software.version

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
        let code = try show(setUp)
        // Everything that was taken has been given back: the screen, the store.
        return code == again ? beginAnew() : code
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
    let signals = try Signals([SIGTERM, SIGINT, SIGHUP, SIGQUIT])
    // A reader of the log that goes is no reason to leave the console in graphics.
    signal(SIGPIPE, SIG_IGN)
    let service = serviceSocket()
    let recognizer = try setUp.recognizer()
    let others = Typeface.otherAlphabets()
    let letters = Lettering(
      regular: try Typeface(inter: .regular, fallback: others),
      strong: try Typeface(inter: .semiBold, fallback: others))

    // A service goes on dark and takes the display when it comes; a person who starts a panel is told at once.
    let screen = try Screen(setUp.display, waits: service != nil, log: log)
    defer { screen.close() }
    log(screen.summary)
    let touch = try TouchInput(
      setUp.touch,
      geometry: TouchGeometry(
        width: screen.width, height: screen.height, rotation: setUp.display.rotation,
        matrix: setUp.desk.choices.matrix.flatMap { DigitizerMatrix($0) } ?? setUp.touchMatrix))
    setUp.light(Backlight.find(), log)

    let (directory, rules, languages) = (setUp.spool, setUp.rules, setUp.languages)
    let provenance = setUp.provenance(model: recognizer.modelVersion)
    let worker = try Worker(recognizer: recognizer) {
      StoreRecorder(
        directory: directory, provenance: provenance, rules: rules, languages: languages, log: log)
    }
    try worker.start()

    var random = SystemRandomNumberGenerator()
    let layout = { (screen: Screen) in setUp.layout(screen) }
    let loop = try MainLoop(
      screen: screen, touch: touch, worker: worker, controlPath: setUp.controlPath, signals: signals,
      booth: Booth(
        layout: layout(screen), visit: Visit.new(using: &random, in: setUp.languages.initial),
        brush: setUp.brush, times: setUp.times, languages: setUp.languages, desk: setUp.desk,
        asksConsent: setUp.asksConsent, invites: true, demonstration: setUp.demonstration,
        hasTransitions: setUp.hasTransitions),
      view: BoothView(theme: setUp.theme, letters: letters, title: setUp.title), layout: layout,
      findings: setUp.findings, model: recognizer.modelVersion,
      upkeep: try Upkeep(pin: setUp.pin, spool: setUp.spool), configured: setUp.touchMatrix, service: service)
    let code = try loop.run()
    return loop.startsAnew ? again : code
  }

  /// Where the service manager is told how the panel is; one that cannot be told stops nothing.
  private static func serviceSocket() -> ServiceSocket? {
    do throws(KernelError) {
      return try ServiceSocket()
    } catch {
      log(error.description)
      return nil
    }
  }

  /// Stands for an exit code when the program is to begin anew: no exit code is negative.
  private static let again: Int32 = -1

  /// Puts this program in the place of itself: the same process for whoever watches over it, with or without a service
  /// manager.
  private static func beginAnew() -> Int32 {
    let arguments = CommandLine.arguments.map { strdup($0) } + [nil]
    execv("/proc/self/exe", arguments)
    log("cannot start anew: \(KernelError.words(errno)); start the panel by hand")
    return 1
  }
}

/// One line to standard error: the journal, for the installed service.
@Sendable func log(_ line: String) {
  let bytes = Array("panel: \(line)\n".utf8)
  _ = write(STDERR_FILENO, bytes, bytes.count)
}
