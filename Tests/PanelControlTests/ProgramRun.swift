import Glibc
import Kernel
import Testing

/// One run of a built program, `panelctl` unless another is named, as an operator's shell starts it.
struct ProgramRun {
  let output: String
  let complaint: String
  /// The exit status; 128 and more for a signal, as a shell tells it.
  let status: Int32
  let outputBytes: [UInt8]

  /// Runs the program that lies beside this test bundle, and waits for its end: for 5 minutes, then it is killed, so that a
  /// program that hangs is a test that fails.
  ///
  /// - Parameters:
  ///   - input: a file for standard input.
  ///   - descriptor: in place of that file.
  ///   - environment: in place of this process's.
  ///   - delay: in milliseconds, after which it is killed.
  init(
    _ arguments: [String], of name: String = "panelctl", input: String = "/dev/null",
    descriptor: Int32? = nil,
    output outputPath: String? = nil,
    environment: [String: String] = ["HOME": "/nonexistent"], killedAfter delay: UInt32? = nil,
    in directory: TemporaryDirectory
  ) throws {
    let program = try BuiltProgram.path(name)
    let standardOutput = outputPath ?? directory.path("stdout")
    let standardError = directory.path("stderr")
    unlink(standardError)
    let child = try ChildProgram.start(
      [program] + arguments, environment: environment.map { "\($0.key)=\($0.value)" }
    ) { actions in
      if let descriptor {
        posix_spawn_file_actions_adddup2(&actions, descriptor, 0)
      } else {
        posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
      }
      posix_spawn_file_actions_addopen(&actions, 1, standardOutput, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
      posix_spawn_file_actions_addopen(&actions, 2, standardError, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    }
    if let delay {
      usleep(delay * 1000)
      kill(child, SIGKILL)
    }
    let end = MonotonicClock.now() + 300_000_000_000
    var ended = ChildProgram.status(of: child)
    while ended == nil {
      if MonotonicClock.now() > end { kill(child, SIGKILL) }
      usleep(500)
      ended = ChildProgram.status(of: child)
    }
    status = ended ?? -1
    outputBytes = outputPath == nil ? try contentsOfFile(standardOutput, limit: 1 << 26) : []
    output = String(decoding: outputBytes, as: UTF8.self)
    complaint = String(decoding: try contentsOfFile(standardError, limit: 1 << 20), as: UTF8.self)
  }
}

/// A directory under /tmp that is removed with all in it.
final class TemporaryDirectory {
  let root: String

  init() throws {
    let text = try #require(strdup("/tmp/panelctl-test-XXXXXX"))
    defer { free(text) }
    try #require(mkdtemp(text) != nil, "cannot make a temporary directory")
    root = String(cString: text)
  }

  deinit { Directory.remove(root) }

  /// A path in it.
  func path(_ name: String) -> String { "\(root)/\(name)" }

  /// Writes a file into it, and returns its path.
  @discardableResult
  func write(_ bytes: [UInt8], to name: String) throws -> String {
    let file = try FileDescriptor.open(path(name), O_WRONLY | O_CREAT | O_TRUNC)
    try file.writeAll(bytes, to: name)
    return path(name)
  }

  @discardableResult
  func write(_ text: String, to name: String) throws -> String { try write(Array(text.utf8), to: name) }

  func makeDirectory(_ name: String) throws -> String {
    try #require(mkdir(path(name), 0o755) == 0)
    return path(name)
  }
}
