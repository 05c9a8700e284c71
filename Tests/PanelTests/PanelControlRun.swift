import Glibc
import Kernel
import Testing

/// One run of the `panelctl` that SwiftPM builds beside this test bundle; it runs while the test goes on.
struct PanelControlRun {
  private let child: pid_t

  init(_ arguments: [String]) throws {
    var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let length = readlink("/proc/self/exe", &buffer, buffer.count)
    let bundle = String(decoding: buffer[..<max(0, length)], as: UTF8.self)
    let slash = try #require(bundle.lastIndex(of: "/"))
    let program = bundle[..<slash] + "/panelctl"
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for descriptor in Int32(0)...1 {
      posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
    }
    let argv = ([String(program)] + arguments).map { strdup($0) } + [nil]
    let envp = [strdup("HOME=/nonexistent"), nil]
    defer { (argv + envp).forEach { free($0) } }
    var child = pid_t()
    let code = posix_spawn(&child, String(program), &actions, nil, argv, envp)
    try #require(code == 0, "cannot start \(program): \(KernelError.words(code))")
    self.child = child
  }

  /// Waits for its end; its exit status, or 128 and more for a signal.
  func status() -> Int32 {
    var state: Int32 = 0
    while waitpid(child, &state, 0) < 0 && errno == EINTR {}
    return state & 0x7F == 0 ? state >> 8 & 0xFF : 128 + (state & 0x7F)
  }
}
