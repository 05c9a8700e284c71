import CLinux
import Glibc
import Kernel

/// Owns the mode of a virtual console: in graphics mode the kernel draws no text and no cursor into the picture.
///
/// The console gets its text back when the owner goes, and also when the program dies by a signal. It gets text even if
/// it had graphics before: those are the rest of a program that was killed.
struct Console: ~Copyable {
  private let descriptor: FileDescriptor
  let path: String

  /// Takes the console that the program runs on, or else the one that is seen.
  ///
  /// - Throws: ``KernelError`` when there is none, or it is not the program's to take.
  init() throws(KernelError) {
    var mode: Int32 = 0
    let path = ioctl(STDIN_FILENO, UInt(KDGETMODE), &mode) == 0 ? "/dev/stdin" : "/dev/tty0"
    let next = "run the panel on a console, as with StandardInput=tty of its systemd unit"
    // Members of the group tty may write to a console, not read from it.
    let opened = try openDevice(path, O_WRONLY | O_NOCTTY, ifForbidden: next)
    guard ioctl(opened.raw, UInt(KDSETMODE), Int32(KD_GRAPHICS)) == 0 else {
      throw KernelError(
        "take", "console \(path)", errno: errno,
        next: "run the panel on that console or with CAP_SYS_TTY_CONFIG")
    }
    CrashGuard.watch(opened.raw)
    self.path = path
    descriptor = opened
  }

  deinit {
    CrashGuard.watch(-1)
    _ = ioctl(descriptor.raw, UInt(KDSETMODE), Int32(KD_TEXT))
  }
}

/// Gives a console its text back when the program dies by a fault of its own.
private enum CrashGuard {
  /// The console in graphics mode, or -1. Written by the thread of the screen, read by a handler that may be on any.
  nonisolated(unsafe) private static var console: Int32 = -1
  /// What was done on each signal before, by its number; filled before a handler can run, and never given back.
  nonisolated(unsafe) private static var before: UnsafeMutablePointer<sigaction>?

  static func watch(_ descriptor: Int32) {
    console = descriptor
    guard descriptor >= 0, before == nil else { return }
    let actions = UnsafeMutablePointer<sigaction>.allocate(capacity: 65)
    actions.initialize(repeating: sigaction(), count: 65)
    before = actions
    for number in [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT, SIGSYS] {
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { number in
        // Only ioctl, sigaction and raise: all may be called in a handler. Then the program ends as it would have, with
        // its core file or the backtrace of the Swift runtime.
        if CrashGuard.console >= 0 { _ = ioctl(CrashGuard.console, UInt(KDSETMODE), Int32(KD_TEXT)) }
        if let before = CrashGuard.before { sigaction(number, before + Int(number), nil) }
        raise(number)
      }
      action.sa_flags = Int32(SA_NODEFER)
      sigaction(number, &action, actions + Int(number))
    }
  }
}
