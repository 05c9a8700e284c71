import Glibc
import Kernel
import Recognizer
import Settings
import Spool
import Synchronization
import Testing

@testable import Panel

/// A disk that does not return from its first call before it is let go, and then refuses every call.
private final class HungRecorder: SampleRecorder, Sendable {
  let isHeld = Mutex(true)
  let calls = Atomic(0)
  /// Whether it tells meanwhile that it goes forward.
  let goesForward = Atomic(false)
  private let progress = Mutex<(@Sendable () -> Void)?>(nil)

  func tidy() {}
  func report(progress: @escaping @Sendable () -> Void) { self.progress.withLock { $0 = progress } }
  func visits(code: ReceiptCode) throws(RecorderError) -> [VisitSummary] { [] }

  func withdraw(session: Identifier) throws(RecorderError) -> Withdrawal {
    throw RecorderError(description: "cannot withdraw", cause: .disk)
  }

  func scoreboard(for visit: Visit) throws(RecorderError) -> Scoreboard {
    calls.add(1, ordering: .relaxed)
    while isHeld.withLock({ $0 }) {
      usleep(1000)
      if goesForward.load(ordering: .relaxed) { progress.withLock { $0 }?() }
    }
    throw RecorderError(description: "cannot open", cause: .disk)
  }

  func record(
    _ submission: Worker.Submission, _ reading: Reading
  ) throws(RecorderError) -> (SavedSample, Scoreboard) {
    throw RecorderError(description: "cannot store", cause: .disk)
  }
}

@Suite("Signs of life of the worker")
struct WorkerLifeTests {
  private func worker(_ recorder: HungRecorder) throws -> Worker {
    let path = try AssetSearch().find("model/digits.safetensors")
    return try Worker(recognizer: try Recognizer(model: try contentsOfFile(path, limit: 1 << 20))) {
      recorder
    }
  }

  /// Whether it answers a round within `seconds`.
  private func answers(_ worker: Worker, _ round: UInt64, within seconds: Double) -> Bool {
    let end = MonotonicClock.now() + UInt64(seconds * 1e9)
    while MonotonicClock.now() < end {
      if worker.isAlive(in: round) { return true }
      usleep(1000)
    }
    return false
  }

  /// Waits until the disk was asked for the first time.
  private func waitForCall(of recorder: HungRecorder) throws {
    let end = MonotonicClock.now() + 20_000_000_000
    while recorder.calls.load(ordering: .relaxed) == 0, MonotonicClock.now() < end { usleep(1000) }
    try #require(recorder.calls.load(ordering: .relaxed) == 1)
  }

  @Test("an idle worker answers every round; one that does not run answers none")
  func idle() throws {
    let worker = try worker(HungRecorder())
    #expect(!answers(worker, 1, within: 0.05))
    try worker.start()
    for round in 1...20 as ClosedRange<UInt64> { #expect(answers(worker, round, within: 20)) }
    worker.end()
  }

  @Test("a disk that does not return leaves the round without an answer, until it returns")
  func hung() throws {
    let recorder = HungRecorder()
    let worker = try worker(recorder)
    try worker.start()
    #expect(answers(worker, 1, within: 20))
    worker.welcome(Visit(pseudonym: .random(), session: .random(), nickname: "Test Wren"))
    try waitForCall(of: recorder)
    #expect(!answers(worker, 2, within: 0.2))
    recorder.isHeld.withLock { $0 = false }
    #expect(answers(worker, 2, within: 20))
    worker.end()
  }

  @Test(
    "work that takes long and tells that it goes forward is alive, and is no longer once it tells nothing")
  func forward() throws {
    let recorder = HungRecorder()
    recorder.goesForward.store(true, ordering: .relaxed)
    let worker = try worker(recorder)
    try worker.start()
    worker.welcome(Visit(pseudonym: .random(), session: .random(), nickname: "Test Wren"))
    try waitForCall(of: recorder)
    for round in 1...20 as ClosedRange<UInt64> { #expect(answers(worker, round, within: 20)) }
    recorder.goesForward.store(false, ordering: .relaxed)
    usleep(10_000)
    #expect(!answers(worker, 21, within: 0.2))
    recorder.isHeld.withLock { $0 = false }
    #expect(answers(worker, 21, within: 20))
    worker.end()
  }

  @Test("questions for a sign of life do not make it try a disk that refuses more often")
  func retries() throws {
    let recorder = HungRecorder()
    recorder.isHeld.withLock { $0 = false }
    let worker = try worker(recorder)
    try worker.start()
    worker.welcome(Visit(pseudonym: .random(), session: .random(), nickname: "Test Wren"))
    #expect(answers(worker, 1, within: 20))
    let began = MonotonicClock.now()
    for round in 2...200 as ClosedRange<UInt64> { _ = answers(worker, round, within: 20) }
    let tries = recorder.calls.load(ordering: .relaxed)
    let allowed = 2 + Int((MonotonicClock.now() - began) / Worker.retry)
    #expect(tries <= allowed, "\(tries) tries, \(allowed) allowed")
    worker.end()
  }
}
