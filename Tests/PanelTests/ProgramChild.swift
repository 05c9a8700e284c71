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
    var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let length = readlink("/proc/self/exe", &buffer, buffer.count)
    let bundle = String(decoding: buffer[..<max(0, length)], as: UTF8.self)
    let slash = try #require(bundle.lastIndex(of: "/"))
    let program = "\(bundle[..<slash])/\(name)"
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for descriptor in Int32(0)...1 {
      posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
    }
    if let errors { posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT, 0o600) }
    let argv = ([program] + arguments).map { strdup($0) } + [nil]
    let envp = ["HOME=/nonexistent"] + environment.map { "\($0.key)=\($0.value)" }
    let environ = envp.map { strdup($0) } + [nil]
    defer { (argv + environ).forEach { free($0) } }
    var child = pid_t()
    let code = posix_spawn(&child, program, &actions, nil, argv, environ)
    try #require(code == 0, "cannot start \(program): \(KernelError.words(code))")
    self.child = child
  }

  /// Asks it to end.
  func terminate() { kill(child, SIGTERM) }

  /// Waits for its end; its exit status, or 128 and more for a signal. After 5 minutes it is killed.
  func status() -> Int32 {
    var state: Int32 = 0
    let end = MonotonicClock.now() + 300_000_000_000
    while waitpid(child, &state, WNOHANG) == 0 {
      if MonotonicClock.now() > end { kill(child, SIGKILL) }
      usleep(500)
    }
    return state & 0x7F == 0 ? state >> 8 & 0xFF : 128 + (state & 0x7F)
  }
}
