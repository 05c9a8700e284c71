/// The command line of `panel`.
struct Options: Sendable, Equatable {
  enum Action: Sendable, Equatable {
    case run
    /// Say which display, mode and touch device would be taken, and why not the others.
    case probe
    case help
    case version
  }

  /// Wrong usage, as one sentence; the program exits with 2.
  struct Misuse: Error, Equatable, CustomStringConvertible {
    let description: String
  }

  var action = Action.run
  var config: String?
  var display: String?
  var touch: String?
  var rotate: String?
  var spool: String?
  var frames: String?
  var assets: String?

  static let help = """
    panel: the fullscreen program of the touch panel

    usage: panel [--config FILE] [--display auto|drm[:CONNECTOR]|fbdev[:DEVICE]|headless:WxH]
                 [--touch auto|DEVICE|replay:FILE] [--rotate 0|90|180|270]
                 [--spool DIR] [--frames DIR] [--assets DIR]
           panel --probe

      --config FILE   settings; /etc/panel/panel.ini where it is there
      --display WHAT  the display to draw on; auto takes the first DRM card with a connected connector, else fbdev
      --touch WHAT    the touch device; auto takes every touch screen, tablet and mouse; replay plays a recording
      --rotate N      turns picture and touch clockwise
      --spool DIR     the store: /var/lib/panel for the installed service, else $XDG_DATA_HOME/panel
      --frames DIR    with a headless display, each picture as a PNG file
      --assets DIR    model, recordings and strings, where they are not next to the program
      --probe         which display, mode and touch device would be taken, why not the others, and exit
      --version       the version, and exit

    Signals TERM, INT and HUP end it and give the console back. Exit codes: 0 well, 1 failed, 2 wrong usage.
    """

  /// - Parameter arguments: without the program's name.
  static func parse(_ arguments: some Sequence<String>) throws(Misuse) -> Options {
    var options = Options()
    var rest = arguments.makeIterator()
    while let argument = rest.next() {
      let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts[0])
      func value() throws(Misuse) -> String {
        if parts.count == 2 { return String(parts[1]) }
        guard let next = rest.next() else {
          throw Misuse(description: "option \(name) needs a value; see panel --help")
        }
        return next
      }
      func plain(_ action: Action) throws(Misuse) -> Action {
        guard parts.count == 1 else {
          throw Misuse(description: "option \(name) takes no value; see panel --help")
        }
        return action
      }
      switch name {
      case "--config": options.config = try value()
      case "--display": options.display = try value()
      case "--touch": options.touch = try value()
      case "--spool": options.spool = try value()
      case "--frames": options.frames = try value()
      case "--assets": options.assets = try value()
      case "--rotate": options.rotate = try value()
      case "--probe": options.action = try plain(.probe)
      case "--help", "-h": options.action = try plain(.help)
      case "--version": options.action = try plain(.version)
      default:
        throw Misuse(description: "unknown option \"\(argument)\"; see panel --help")
      }
    }
    return options
  }
}
