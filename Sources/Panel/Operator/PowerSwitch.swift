import Glibc
import Kernel

/// Shuts the machine down or starts it anew, by the service manager: it ends every service in order.
///
/// `systemctl` asks logind, which lets root do it and, by a rule of polkit, the panel's user; without systemd, `poweroff` and
/// `reboot` ask init. A panel that may not says so; the plug may be pulled then, since nothing that was saved is lost.
enum PowerSwitch {
  /// - Throws: ``KernelError`` with what the command complained of. When it succeeds, a signal ends this program soon.
  static func turn(_ power: OperatorRequest.Power) throws(KernelError) {
    let verb = power == .off ? "poweroff" : "reboot"
    let what = power == .off ? "shut" : "restart"
    let object = power == .off ? "the machine down" : "the machine"
    // systemd's own test whether it runs the machine: sd_booted(3).
    let words = access("/run/systemd/system", F_OK) == 0 ? ["systemctl", "--no-ask-password", verb] : [verb]
    let (code, complaint) = try run(words, what, object)
    guard code != 0 else { return }
    throw KernelError(
      what, object, reason: complaint.isEmpty ? "\(words[0]) ended with \(code)" : complaint,
      next: "let the panel's user do it by a rule of polkit, or pull the plug: what is saved stays saved")
  }

  /// Runs a command and waits for its end.
  ///
  /// - Returns: its exit code and the first line of what it complained of.
  static func run(
    _ words: [String], _ operation: String, _ object: String
  ) throws(KernelError) -> (code: Int32, complaint: String) {
    var ends: [Int32] = [-1, -1]
    try valueOrError("make", "a pipe") { pipe2(&ends, Int32(O_CLOEXEC)) }
    let reader = FileDescriptor(owning: ends[0])
    let child: pid_t
    do throws(KernelError) {
      let writer = FileDescriptor(owning: ends[1])
      child = try ChildProgram.start(words) { actions in
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, writer.raw, 1)
        posix_spawn_file_actions_adddup2(&actions, writer.raw, 2)
      }
    } catch {
      throw KernelError(
        operation, object, reason: "\(words[0]): \(error.reason)",
        next: "pull the plug: what is saved stays saved")
    }
    var told: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1024)
    while let n = try? reader.read(into: &chunk, from: "a pipe"), n > 0 {
      if told.count < 4096 { told += chunk[..<n] }
    }
    let status = ChildProgram.wait(for: child)
    let line = told.prefix { $0 != 0x0A }.filter { $0 >= 0x20 }
    return (status, String(decoding: line, as: UTF8.self))
  }
}
