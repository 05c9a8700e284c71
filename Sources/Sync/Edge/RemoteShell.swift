import Glibc
import Kernel
import Spool

/// A running `ssh` whose standard input and output are the stream of a sync.
struct RemoteShell: ~Copyable {
  /// The child's standard input, output and error; -1 once closed or taken.
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
    let ends = [input.read.raw, output.write.raw, complaints.write.raw]
    let child = try ChildProgram.start(
      words, next: "install openssh-client, or name another program with --ssh"
    ) { actions in
      for (number, end) in ends.enumerated() {
        posix_spawn_file_actions_adddup2(&actions, end, Int32(number))
      }
    }
    // Each reader's turn takes more then. Where the kernel gives no more, it is as well.
    _ = fcntl(output.read.raw, F_SETPIPE_SZ, 1 << 20)
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
      _ = ChildProgram.wait(for: process)
    }
  }

  /// Tells the other end that nothing more comes.
  mutating func closeInput() {
    if input >= 0 { close(input) }
    input = -1
  }

  /// The child's standard output, which is the caller's from now on.
  mutating func takeOutput() -> FileDescriptor {
    defer { output = -1 }
    return FileDescriptor(owning: output)
  }

  mutating func closeComplaints() {
    if complaints >= 0 { close(complaints) }
    complaints = -1
  }

  /// How it ended: its exit status, or 128 and the number of the signal; nil while it runs.
  mutating func exitStatus() -> Int32? {
    if status == nil { status = ChildProgram.status(of: process) }
    return status
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
