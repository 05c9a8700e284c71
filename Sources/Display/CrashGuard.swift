import CDRM
import CLinux
import Glibc
import Kernel

/// Gives back what others need when the program dies by a fault of its own, or by the watchdog of the service manager
/// (SIGABRT): the console its text, and the card its master.
///
/// The console's mode outlives a process. The card the kernel takes back by itself as soon as a process has ended; but one
/// whose thread waits for a disk that does not answer cannot end, not even by SIGKILL, and keeps its descriptors: the panel that
/// is started in its place could not show anything.
enum CrashGuard {
  /// The console in graphics mode and the card that is held, or -1. Written by the thread of the screen, read by a handler
  /// that may be on any.
  nonisolated(unsafe) private static var console: Int32 = -1
  nonisolated(unsafe) private static var card: Int32 = -1
  /// What was done on each signal before, by its number; filled before a handler can run, and never given back.
  nonisolated(unsafe) private static var before: UnsafeMutablePointer<sigaction>?

  /// - Parameter descriptor: of the console, or -1 for none any more.
  static func watch(console descriptor: Int32) {
    console = descriptor
    if descriptor >= 0 { install() }
  }

  /// - Parameter descriptor: of the card whose master this program is, or -1 for none any more.
  static func watch(card descriptor: Int32) {
    card = descriptor
    if descriptor >= 0 { install() }
  }

  private static func install() {
    guard before == nil else { return }
    let actions = UnsafeMutablePointer<sigaction>.allocate(capacity: 65)
    actions.initialize(repeating: sigaction(), count: 65)
    before = actions
    for number in Thread.faults {
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { number in
        // Only ioctl, sigaction and raise: all may be called in a handler. Then the program ends as it would have, with
        // its core file or the backtrace of the Swift runtime.
        if CrashGuard.console >= 0 { _ = ioctl(CrashGuard.console, UInt(KDSETMODE), Int32(KD_TEXT)) }
        // One ioctl, and nothing else (libdrm, xf86drm.c). The picture stays until the next master sets a mode.
        if CrashGuard.card >= 0 { _ = drmDropMaster(CrashGuard.card) }
        if let before = CrashGuard.before { sigaction(number, before + Int(number), nil) }
        raise(number)
      }
      action.sa_flags = Int32(SA_NODEFER)
      sigaction(number, &action, actions + Int(number))
    }
  }
}
