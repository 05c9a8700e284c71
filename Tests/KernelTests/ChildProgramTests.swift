import Dispatch
import Glibc
import Testing

@testable import Kernel

@Suite("Programs that are started")
struct ChildProgramTests {
  /// How a program ends that is asked to: 143 is by SIGTERM. One that does not hear it is killed after 10 seconds.
  private static func statusAfterTerminating() throws -> Int32 {
    let child = try ChildProgram.start(["sleep", "120"])
    kill(child, SIGTERM)
    let deadline = MonotonicClock.now() + 10_000_000_000
    while MonotonicClock.now() < deadline {
      if let status = ChildProgram.status(of: child) { return status }
      usleep(1000)
    }
    kill(child, SIGKILL)
    return ChildProgram.wait(for: child)
  }

  @Test(
    "one that is started by a task, a worker of libdispatch or a thread with signals blocked can be asked to end"
  )
  func terminating() async throws {
    #expect(try await Task.detached { try Self.statusAfterTerminating() }.value == 143)
    let ofWorker = try await withCheckedThrowingContinuation { answer in
      DispatchQueue.global().async { answer.resume(with: Result { try Self.statusAfterTerminating() }) }
    }
    #expect(ofWorker == 143)
    let ofThread = try await withCheckedThrowingContinuation { answer in
      do {
        try Kernel.Thread.start(name: "starts one") {
          answer.resume(with: Result { try Self.statusAfterTerminating() })
        }
      } catch {
        answer.resume(throwing: error)
      }
    }
    #expect(ofThread == 143)
  }

  @Test(
    "its exit status or its signal is told, its words and variables are those given, a pipe without reader ends it"
  )
  func running() throws {
    func run(_ words: [String], environment: [String]? = nil) throws -> Int32 {
      ChildProgram.wait(for: try ChildProgram.start(words, environment: environment))
    }
    #expect(try run(["sh", "-c", "exit 3"]) == 3)
    #expect(try run(["/bin/sh", "-c", "[ \"$1\" = 'a b' ]", "sh", "a b"]) == 0)
    #expect(try run(["sh", "-c", "[ \"$WORD:$HOME\" = 'a b:' ]"], environment: ["WORD=a b"]) == 0)
    #expect(setenv("DIGIT_PANEL_CHILD_TEST", "1", 1) == 0)
    #expect(try run(["sh", "-c", "[ \"$DIGIT_PANEL_CHILD_TEST\" = 1 ]"]) == 0)
    let before = signal(SIGPIPE, SIG_IGN)
    defer { signal(SIGPIPE, before) }
    #expect(try run(["sh", "-c", "kill -PIPE $$; exit 0"]) == 128 + SIGPIPE)
  }

  @Test("what is written goes where it is to go; a program that is not there is one sentence")
  func files() throws {
    let path = "/tmp/kernel-child-\(getpid())"
    defer { unlink(path) }
    let child = try ChildProgram.start(["echo", "told"]) {
      posix_spawn_file_actions_addopen(&$0, 1, path, O_WRONLY | O_CREAT, 0o600)
    }
    #expect(ChildProgram.wait(for: child) == 0)
    #expect(try contentsOfFile(path, limit: 100) == Array("told\n".utf8))
    let missing = #expect(throws: KernelError.self) {
      try ChildProgram.start(["/no/such/program"], next: "install it")
    }
    #expect(missing?.description == "cannot start /no/such/program: no such file or directory; install it")
    #expect(throws: KernelError.self) { try ChildProgram.start([]) }
  }
}
