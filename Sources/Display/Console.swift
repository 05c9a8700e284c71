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
    CrashGuard.watch(console: opened.raw)
    self.path = path
    descriptor = opened
  }

  deinit {
    CrashGuard.watch(console: -1)
    _ = ioctl(descriptor.raw, UInt(KDSETMODE), Int32(KD_TEXT))
  }
}
