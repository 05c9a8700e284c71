import CDRM
import CLinux
import Glibc

/// What the tests of the virtual panel ask in the guest, and its shell cannot tell.
///
///     guest-witness console            "text" or "graphics": the mode of the active virtual terminal
///     guest-witness hold-master CARD   becomes DRM master of CARD, says "held", keeps it until killed
@main
enum GuestWitness {
  static func main() {
    let words = Array(CommandLine.arguments.dropFirst())
    switch words.first {
    case "console" where words.count == 1: console()
    case "hold-master" where words.count == 2: holdMaster(words[1])
    default:
      complain("usage: guest-witness console | hold-master CARD")
      exit(2)
    }
  }

  private static func console() {
    let terminal = opened("/dev/tty0")
    var mode: CInt = 0
    guard ioctl(terminal, UInt(KDGETMODE), &mode) == 0 else { fail("ask the mode of", "/dev/tty0") }
    switch mode {
    case CInt(KD_TEXT): print("text")
    case CInt(KD_GRAPHICS): print("graphics")
    default: print("mode \(mode)")
    }
  }

  private static func holdMaster(_ card: String) {
    let device = opened(card)
    guard drmSetMaster(device) == 0 else { fail("become DRM master of", card) }
    print("held")
    fflush(nil)
    while true { pause() }
  }

  private static func opened(_ path: String) -> CInt {
    let descriptor = open(path, O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else { fail("open", path) }
    return descriptor
  }

  private static func fail(_ operation: String, _ object: String) -> Never {
    complain("guest-witness: cannot \(operation) \(object): \(String(cString: strerror(errno)))")
    exit(1)
  }

  private static func complain(_ sentence: String) {
    let line = sentence + "\n"
    write(STDERR_FILENO, line, line.utf8.count)
  }
}
