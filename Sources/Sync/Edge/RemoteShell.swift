import Glibc
import Kernel
import Spool

/// A running `ssh` whose standard input and output are the stream of a sync.
struct RemoteShell: ~Copyable {
  /// The child's standard input, output and error; -1 once closed.
  private(set) var input: Int32
  private(set) var output: Int32
  private(set) var complaints: Int32
  let process: pid_t
  private var status: Int32?

  /// Starts `COMMAND… [options] HOST panelctl sync --serve`.
  ///
  /// - Parameters:
  ///   - command: `ssh`, or what stands in for it, split at spaces.
  ///   - host: as ssh takes it; one that could be an option is refused before.
  static func start(_ command: [String], host: String) throws(KernelError) -> RemoteShell {
    let options = [
      // Nobody could answer a question of one of several hosts.
      "-T", "-o", "BatchMode=yes", "-o", "ConnectTimeout=20",
      // A cable that was pulled is noticed within a minute, also while nothing is sent.
      "-o", "ServerAliveInterval=15", "-o", "ServerAliveCountMax=3",
    ]
    let words = command + options + [host, "panelctl sync --serve"]
    let input = try Pipe()
    let output = try Pipe()
    let complaints = try Pipe()
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, input.read.raw, 0)
    posix_spawn_file_actions_adddup2(&actions, output.write.raw, 1)
    posix_spawn_file_actions_adddup2(&actions, complaints.write.raw, 2)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGPIPE)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
    arguments.append(nil)
    defer { for argument in arguments { free(argument) } }
    var child: pid_t = 0
    let code = posix_spawnp(&child, words[0], &actions, &attributes, arguments, environ)
    guard code == 0 else {
      throw KernelError(
        "start", words[0], errno: code,
        next: "install openssh-client, or name another program with --ssh")
    }
    let shell = RemoteShell(
      input: input.keepWrite(), output: output.keepRead(), complaints: complaints.keepRead(), process: child)
    for descriptor in [shell.input, shell.output, shell.complaints] { Wire.makeNonBlocking(descriptor) }
    return shell
  }

  private init(input: Int32, output: Int32, complaints: Int32, process: pid_t) {
    self.input = input
    self.output = output
    self.complaints = complaints
    self.process = process
  }

  deinit {
    for descriptor in [input, output, complaints] where descriptor >= 0 { close(descriptor) }
    if status == nil {
      kill(process, SIGKILL)
      var state: Int32 = 0
      while waitpid(process, &state, 0) < 0 && errno == EINTR {}
    }
  }

  /// Tells the other end that nothing more comes.
  mutating func closeInput() {
    if input >= 0 { close(input) }
    input = -1
  }

  mutating func closeOutput() {
    if output >= 0 { close(output) }
    output = -1
  }

  mutating func closeComplaints() {
    if complaints >= 0 { close(complaints) }
    complaints = -1
  }

  /// How it ended: its exit status, or 128 and the number of the signal; nil while it runs.
  mutating func exitStatus() -> Int32? {
    if let status { return status }
    var state: Int32 = 0
    guard waitpid(process, &state, WNOHANG) == process else { return nil }
    let ended = state & 0x7F == 0 ? state >> 8 & 0xFF : 128 + (state & 0x7F)
    status = ended
    return ended
  }

  /// Ends it.
  func terminate() {
    if status == nil { kill(process, SIGTERM) }
  }
}

/// The two ends of a pipe(2).
private struct Pipe: ~Copyable {
  let read: FileDescriptor
  let write: FileDescriptor

  init() throws(KernelError) {
    var ends: [Int32] = [-1, -1]
    try valueOrError("create", "a pipe") { pipe2(&ends, O_CLOEXEC) }
    read = FileDescriptor(owning: ends[0])
    write = FileDescriptor(owning: ends[1])
  }

  consuming func keepRead() -> Int32 { read.release() }
  consuming func keepWrite() -> Int32 { write.release() }
}
