import Ink

/// What the configuration file says, with the defaults where it says nothing.
///
/// Every field is a key of ``SettingsKey/all``, which holds its section, name, allowed values and explanation; both
/// programs read the same file.
public struct Settings: Equatable, Sendable {
  /// The name of the booth or of the event, as visitors read it.
  public var panelName = "Digit Panel"

  /// The languages on offer, by the names of their files in Assets/strings; never empty.
  public var languages = ["en", "de", "es", "fr", "uk"]
  /// The language that a visit begins with.
  public var language = "en"

  /// Whether every visitor is asked for consent on the screen.
  public var asksConsent = true
  /// The file of the consent text, with `{language}` where a language's tag goes; nil for the program's own text.
  public var consentText: String?

  /// Where the picture goes: the text of `--display`.
  public var display = "auto"
  /// The display mode, such as `1280x800` or `1280x800@60`; nil takes the one that the display prefers.
  public var mode: String?
  /// How far the picture, and touch with it, is turned.
  public var rotation = Rotation.none
  /// Panel pixels per canvas pixel, 1 ... 3; nil leaves the choice to the screen's size.
  public var canvasScale: Int?
  /// The backlight in percent, 5 ... 100; nil leaves it as it is.
  public var brightness: Int?

  /// Light grounds with dark text, in place of dark ones with light text.
  public var isLight = false
  /// Colours with a contrast of at least 7:1 and a line around all that can be pressed.
  public var isHighContrast = false
  /// Whether pictures may move: the drawing hand of the first screen, the prompt that comes in.
  public var hasTransitions = true
  /// Whether Submit and the board stand at the left, for a left hand.
  public var isLeftHanded = false

  /// Which touch device: the text of `--touch`.
  public var touch = "auto"
  /// The digitizer matrix by rows, six numbers in libinput's convention: x' = a x + b y + c, y' = d x + e y + f, with
  /// x and y in 0 ... 1 over the digitizer.
  public var touchMatrix: [Float] = [1, 0, 0, 0, 1, 0]

  /// The store's directory; nil leaves the choice to ``SpoolPlace``.
  public var spool: String?

  /// The width of the line in canvas pixels, 4 ... 60.
  public var brush = Sketch.brush
  /// How long Submit rests after it was pressed, in milliseconds, 0 ... 10,000.
  public var submitLock = 600
  /// Whether drawings are stored.
  public var collecting = true

  /// The operator's PIN; nil keeps the operator screen closed.
  public var pin: PINHash?

  /// The digits that visitors are asked for, ascending.
  public var digits = Array(0...9)
  /// How many drawings of each digit 0 ... 9 are wanted; 0 for no end.
  public var targets = [Int](repeating: 0, count: 10)
  /// How many drawings of one visitor score within a minute, 1 ... 600.
  public var perMinute = 30
  /// What was drawn in less time than this scores nothing, in milliseconds, 0 ... 5000.
  public var leastDuration = 80

  /// How long a visit may go without a touch before it is asked whether anybody is there, in seconds, 5 ... 3600.
  public var idle = 30
  /// How long that question stands before name and drawing are wiped, in seconds, 3 ... 60.
  public var countdown = 10

  public init() {}
}
