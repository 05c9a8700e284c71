import Display
import Glibc
import Ink
import Kernel
import Recognizer
import Settings
import Spool
import Touch

/// What options and configuration file say together; an option stands above the file.
struct SetUp: Sendable {
  /// An option or setting with a value that cannot be meant, as one sentence; the program exits with 2.
  struct Misuse: Error, CustomStringConvertible {
    let description: String
  }

  let display: DisplayRequest
  let touch: TouchSelection
  let touchMatrix: DigitizerMatrix
  let spool: String
  let brush: Float
  let times: Booth.Times
  let rules: ChallengeRules
  let title: String
  let canvasScale: Int?
  let languages: Languages
  /// The operator's PIN; nil keeps the operator screen closed.
  let pin: PINHash?
  /// What the booth knows of its operator.
  let desk: OperatorDesk
  /// Of the backlight, in percent; nil leaves it as it is.
  let brightness: Int?
  let theme: Theme
  /// What the hand of the invitation draws.
  let demonstration: Demonstration
  /// Whether pictures may move.
  let hasTransitions: Bool
  private let isLeftHanded: Bool
  let asksConsent: Bool
  /// Lines of the configuration and of the files of strings that could not be taken; the default stands for each.
  let findings: [String]
  private let model: [UInt8]

  init(_ options: Options) throws {
    let file = try SettingsFile.load(option: options.config)
    let settings = file.settings
    var unusable: [String] = []
    do throws(KernelError) {
      display = try DisplayRequest.parse(
        display: options.display ?? settings.display,
        rotation: options.rotate ?? "\(settings.rotation.rawValue)", mode: settings.mode ?? "",
        frames: options.frames)
      touch = try SetUp.touch(options.touch, file, findings: &unusable)
    } catch {
      throw Misuse(description: error.description)
    }
    touchMatrix = DigitizerMatrix(settings.touchMatrix) ?? .identity
    spool = try SpoolPlace.choose(option: options.spool, settings: settings).path
    brush = settings.brush
    times = Booth.Times(
      submitLock: UInt64(settings.submitLock) * 1_000_000, idle: UInt64(settings.idle) * 1_000_000_000,
      countdown: UInt64(settings.countdown) * 1_000_000_000)
    rules = ChallengeRules(
      digits: settings.digits.reduce(into: []) { $0.insert(DigitSet($1)) }, targets: settings.targets,
      perMinute: settings.perMinute, leastDuration: UInt32(clamping: settings.leastDuration))
    title = settings.panelName
    canvasScale = settings.canvasScale
    theme = Theme(isLight: settings.isLight, isHighContrast: settings.isHighContrast)
    hasTransitions = settings.hasTransitions
    isLeftHanded = settings.isLeftHanded
    let search = AssetSearch(option: options.assets)
    asksConsent = settings.asksConsent
    languages = Languages(settings, search: search)
    let (choices, problem) = OperatorChoices.load(spool: spool)
    pin = settings.pin
    desk = OperatorDesk(
      hasPIN: settings.pin != nil, tries: PINTries(wrong: choices.wrongPINs, now: MonotonicClock.now()),
      choices: choices, collectsByDefault: settings.collecting, rotation: display.rotation)
    brightness = choices.brightness ?? settings.brightness
    demonstration = Demonstration(search, findings: &unusable)
    findings =
      file.findings.map(\.description) + languages.findings + (problem.map { [$0] } ?? []) + unusable
    let path = try search.find("model/digits.safetensors")
    model = try contentsOfFile(path, limit: 1 << 20)
  }

  /// The touch devices that the option names, or else the file. What the file names and can be none gives way to all devices that
  /// there are: a booth does not end for a line of its configuration.
  ///
  /// - Throws: ``KernelError`` for an option that can name none. Its recording is looked at when it is played.
  private static func touch(
    _ option: String?, _ file: SettingsFile, findings: inout [String]
  ) throws(KernelError) -> TouchSelection {
    do throws(KernelError) {
      let touch = try TouchSelection(option ?? file.settings.touch)
      try touch.refuseFiles()
      if option == nil { try touch.refuseRecordings() }
      return touch
    } catch {
      if option != nil { throw error }
      findings.append(file.finding(section: "touch", name: "device", "\(error); auto is used").description)
      return .auto
    }
  }

  /// - Throws: ``ModelError`` for a model that is damaged or of another kind.
  func recognizer() throws -> Recognizer { try Recognizer(model: model) }

  func provenance(model: String) -> StoreRecorder.Provenance {
    StoreRecorder.Provenance(software: "panel \(PanelProgram.version)", model: model)
  }

  /// Sets the backlight as it was chosen; what cannot be set is told and stops nothing.
  func light(_ backlight: Backlight?, _ log: (String) -> Void) {
    guard let brightness, let backlight else { return }
    do throws(KernelError) { try backlight.set(percent: brightness) } catch { log(error.description) }
  }

  /// Where the control socket of this store is.
  var controlPath: String { spool + "/control" }

  func layout(_ screen: Screen) -> Layout {
    let density = screen.millimetres.flatMap { size in
      size.width > 0 ? Float(screen.width) / Float(size.width) : nil
    }
    return Layout(
      width: screen.width, height: screen.height, pixelsPerMillimetre: density, canvasScale: canvasScale,
      isLeftHanded: isLeftHanded)
  }
}
