import Glibc
import Kernel
import Testing

/// One run of a program that SwiftPM builds beside this test bundle; it runs while the test goes on.
struct ProgramChild {
  private let child: pid_t

  /// - Parameters:
  ///   - name: `panel` or `panelctl`.
  ///   - environment: beside a HOME that is not there.
  ///   - errors: a file for standard error.
  init(
    _ name: String, _ arguments: [String], environment: [String: String] = [:], errors: String? = nil
  ) throws {
    let program = try BuiltProgram.path(name)
    let variables = ["HOME=/nonexistent"] + environment.map { "\($0.key)=\($0.value)" }
    child = try ChildProgram.start([program] + arguments, environment: variables) { actions in
      for descriptor in Int32(0)...1 {
        posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
      }
      if let errors { posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT, 0o600) }
    }
  }

  /// Asks it to end.
  func terminate() { kill(child, SIGTERM) }

  /// Waits for its end; its exit status, or 128 and more for a signal. After 5 minutes it is killed.
  func status() -> Int32 {
    let end = MonotonicClock.now() + 300_000_000_000
    while true {
      if let status = ChildProgram.status(of: child) { return status }
      if MonotonicClock.now() > end { kill(child, SIGKILL) }
      usleep(500)
    }
  }
}
