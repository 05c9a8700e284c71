import Glibc

/// Programs that this one starts.
public enum ChildProgram {
  /// Starts a program, found in PATH where its name has no slash.
  ///
  /// No signal is blocked in it, and SIGPIPE ends it. Both would be inherited (execve(2)): threads of ``Thread`` and those of
  /// libdispatch have signals blocked, and one that they start could not be asked to end.
  /// - Parameters:
  ///   - words: the program and its arguments.
  ///   - environment: `NAME=VALUE`; nil is this program's.
  ///   - next: what a person can do where it cannot be started.
  ///   - files: says what its descriptors are; those of this program that are not close-on-exec stay open in it.
  /// - Throws: ``KernelError`` when there is no such program or it cannot be started.
  public static func start(
    _ words: [String], environment: [String]? = nil, next: String? = nil,
    files: (inout posix_spawn_file_actions_t) -> Void = { _ in }
  ) throws(KernelError) -> pid_t {
    guard let program = words.first else {
      throw KernelError("start", "a program", errno: ENOENT, next: next)
    }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    files(&actions)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    // Only this one: what nohup(1) has ignored stays ignored.
    sigaddset(&signals, SIGPIPE)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    let arguments = words.map { strdup($0) } + [nil]
    let variables = (environment ?? []).map { strdup($0) } + [nil]
    defer { for text in arguments + variables { free(text) } }
    var process = pid_t()
    let code =
      environment == nil
      ? posix_spawnp(&process, program, &actions, &attributes, arguments, environ)
      : posix_spawnp(&process, program, &actions, &attributes, arguments, variables)
    guard code == 0 else { throw KernelError("start", program, errno: code, next: next) }
    return process
  }

  /// How a program ended that was started here: its exit status, or 128 and the number of the signal, as a shell tells it; nil
  /// while it runs, -1 where it was asked before. Its number is free for another program once it was told to have ended.
  public static func status(of process: pid_t) -> Int32? { status(of: process, WNOHANG) }

  /// Waits for the end of a program that was started here; tells as ``status(of:)``.
  public static func wait(for process: pid_t) -> Int32 { status(of: process, 0) ?? -1 }

  private static func status(of process: pid_t, _ options: Int32) -> Int32? {
    var state: Int32 = 0
    while true {
      let ended = waitpid(process, &state, options)
      if ended == process { return state & 0x7F == 0 ? state >> 8 & 0xFF : 128 + (state & 0x7F) }
      if ended == 0 { return nil }
      if errno != EINTR { return -1 }
    }
  }
}
