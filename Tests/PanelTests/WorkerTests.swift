import Glibc
import Ink
import Kernel
import Recognizer
import Settings
import Spool
import Synchronization
import Testing

@testable import Panel

/// A disk that refuses as often as it is told to, and then stores.
private final class StubbornRecorder: SampleRecorder {
  private var refusals: Int
  private let cause: RecorderError.Cause
  private let stored: Shared
  /// How many scoreboards tell that there is no room.
  var looksWithoutRoom = 0
  final class Shared: Sendable { let ids = Mutex<[Identifier]>([]) }

  init(refusals: Int, cause: RecorderError.Cause = .disk, stored: Shared) {
    self.refusals = refusals
    self.cause = cause
    self.stored = stored
  }

  func tidy() {}

  func visits(code: ReceiptCode) throws(RecorderError) -> [VisitSummary] {
    throw RecorderError(description: "cannot look: no space left on device", cause: .disk)
  }

  func withdraw(session: Identifier) throws(RecorderError) -> Withdrawal {
    throw RecorderError(description: "cannot withdraw: no space left on device", cause: .disk)
  }

  func scoreboard(for visit: Visit) throws(RecorderError) -> Scoreboard {
    looksWithoutRoom -= 1
    return looksWithoutRoom < 0 ? Scoreboard(prompt: 4) : Scoreboard(full: "no room")
  }

  func record(
    _ submission: Worker.Submission, _ reading: Reading
  ) throws(RecorderError) -> (SavedSample, Scoreboard) {
    refusals -= 1
    if refusals >= 0 {
      throw RecorderError(description: "cannot store: no space left on device", cause: cause)
    }
    stored.ids.withLock { $0.append(submission.id) }
    let saved = SavedSample(asked: submission.asked, read: nil, percent: 0, receipt: "X")
    return (saved, looksWithoutRoom < 0 ? Scoreboard(prompt: 5) : Scoreboard(full: "no room"))
  }
}

@Suite("The worker")
struct WorkerTests {
  private func recognizer() throws -> Recognizer {
    let path = try AssetSearch().find("model/digits.safetensors")
    return try Recognizer(model: try contentsOfFile(path, limit: 1 << 20))
  }

  private func sevenOnACanvas() -> (strokes: [Stroke], canvas: Canvas) {
    var visitor = Visitor()
    visitor.drawSeven()
    return (visitor.booth.sketch.strokes, visitor.booth.sketch.canvas)
  }

  /// Waits for answers until one fits, at most 20 s.
  private func next<T>(_ worker: Worker, _ pick: (Worker.Answer) -> T?) throws -> T? {
    let poll = try Poll()
    try poll.add(worker.answered.raw, tag: 0)
    let end = MonotonicClock.now() + 20_000_000_000
    var answers: [Worker.Answer] = []
    while MonotonicClock.now() < end {
      worker.takeAnswers(into: &answers)
      for answer in answers { if let found = pick(answer) { return found } }
      answers = []
      try poll.wait(timeout: 100) { _, _ in }
    }
    return nil
  }

  @Test("the newest canvas is read, an older one that waits is forgotten")
  func newestOnly() throws {
    let recognizer = try recognizer()
    var reference = recognizer
    let worker = try Worker(recognizer: recognizer) { StubbornRecorder(refusals: 0, stored: .init()) }
    var visitor = Visitor()
    visitor.drawSeven()
    let seven = visitor.booth.sketch
    for _ in 0..<50 { worker.recognise(Sketch()) }
    worker.recognise(seven)
    try worker.start()
    let reading = try next(worker) { if case .reading(let reading) = $0 { reading } else { nil } }
    #expect(
      reading
        == reference.read(strokes: seven.strokes, canvas: seven.canvas.pixels, brush: seven.brush))
    worker.end()
    let ended: Bool? = try next(worker) { if case .ended = $0 { true } else { nil } }
    #expect(ended == true)
  }

  @Test("a drawing that the disk refuses is kept, and stored once when it can be")
  func keptUntilStored() throws {
    let stored = StubbornRecorder.Shared()
    let worker = try Worker(recognizer: try recognizer()) { StubbornRecorder(refusals: 1, stored: stored) }
    try worker.start()
    let (strokes, canvas) = sevenOnACanvas()
    let visit = Visit(pseudonym: .random(), session: .random(), nickname: "Test Wren")
    let submission = Worker.Submission(asked: 7, strokes: strokes, canvas: canvas, visit: visit)
    worker.store(submission)
    let sentence = try next(worker) { if case .failing(let sentence) = $0 { sentence } else { nil } }
    #expect(sentence == "cannot store: no space left on device")
    let saved = try next(worker) { if case .saved(let sample, _) = $0 { sample } else { nil } }
    #expect(saved?.asked == 7)
    #expect(stored.ids.withLock { $0 } == [submission.id])
    worker.end()
  }

  @Test("a store without room is told, and looked at until it has some", arguments: [true, false])
  func room(isAtStart: Bool) throws {
    let worker = try Worker(recognizer: try recognizer()) {
      let recorder = StubbornRecorder(refusals: 0, stored: .init())
      recorder.looksWithoutRoom = 1
      return recorder
    }
    try worker.start()
    let (strokes, canvas) = sevenOnACanvas()
    let visit = Visit(pseudonym: .random(), session: .random(), nickname: "Test Wren")
    // A visitor comes, or the last drawing that there is room for.
    if isAtStart {
      worker.welcome(visit)
    } else {
      worker.store(Worker.Submission(asked: 7, strokes: strokes, canvas: canvas, visit: visit))
    }
    let sentence = try next(worker) { if case .failing(let sentence) = $0 { sentence } else { nil } }
    #expect(sentence == "no room")
    let prompt = try next(worker) { if case .scoreboard(let board) = $0 { board.prompt } else { nil } }
    #expect(prompt == 4, "without being asked again")
    worker.end()
  }

  @Test("a drawing that the disk refuses to the end is told as lost")
  func lost() throws {
    let recognizer = try recognizer()
    for refusals in [1, 1000] {
      let worker = try Worker(recognizer: recognizer) {
        StubbornRecorder(refusals: refusals, stored: .init())
      }
      let (strokes, canvas) = sevenOnACanvas()
      let visit = Visit(pseudonym: .random(), session: .random(), nickname: "Test Wren")
      try worker.start()
      worker.store(Worker.Submission(asked: 7, strokes: strokes, canvas: canvas, visit: visit))
      _ = try next(worker) { if case .failing = $0 { true } else { nil } }
      worker.end()
      let isAllStored = try next(worker) {
        if case .ended(let isAllStored) = $0 { isAllStored } else { nil }
      }
      #expect(isAllStored == (refusals == 1))
    }
  }

  @Test("a drawing goes through the real store and comes back as it was drawn")
  func realStore() throws {
    let scratch = ScratchDirectory()
    let directory = scratch.path
    let provenance = StoreRecorder.Provenance(software: "panel test", model: "test model")
    let recognizer = try recognizer()
    let worker = try Worker(recognizer: recognizer) {
      StoreRecorder(directory: directory, provenance: provenance, log: { _ in })
    }
    try worker.start()
    let visit = Visit(pseudonym: .random(), session: .random(), nickname: "Amber Fox", name: "Test Wren")
    worker.welcome(visit)
    let first = try next(worker) { if case .scoreboard(let board) = $0 { board } else { nil } }
    let asked = try #require(first?.prompt)
    let (strokes, canvas) = sevenOnACanvas()
    worker.store(Worker.Submission(asked: asked, strokes: strokes, canvas: canvas, visit: visit))
    let answer: (SavedSample, Scoreboard)? = try next(worker) {
      if case .saved(let sample, let board) = $0 { (sample, board) } else { nil }
    }
    let (saved, board) = try #require(answer)
    #expect(saved.read == 7)
    #expect(board.own == 1)
    #expect(board.rank == 1)
    #expect(board.total == 1)
    #expect(board.board == [Scoreboard.Row(rank: 1, name: "Test Wren", count: 1, own: true)])
    #expect(board.prompt != asked)
    worker.end()
    let ended: Bool? = try next(worker) { if case .ended = $0 { true } else { nil } }
    #expect(ended == true)
    let store = try Store.openReadOnly(directory: directory)
    var rows: [StoredSample] = []
    try store.forEachSample { rows.append($0) }
    let samples = try rows.map { try $0.sample() }
    #expect(samples.map(\.label) == [asked])
    #expect(samples.first?.strokes == strokes)
    #expect(samples.first?.contributor == visit.pseudonym)
  }

  // MARK: What can never be stored

  @Test("a drawing that can never be stored is told once and dropped, and the next one is stored")
  func dropped() throws {
    for cause in [RecorderError.Cause.withdrawn, .refused] {
      let stored = StubbornRecorder.Shared()
      let worker = try Worker(recognizer: try recognizer()) {
        StubbornRecorder(refusals: 1, cause: cause, stored: stored)
      }
      try worker.start()
      let (strokes, canvas) = sevenOnACanvas()
      let visit = Visit(pseudonym: .random(), session: .random(), nickname: "Test Wren")
      worker.store(Worker.Submission(asked: 7, strokes: strokes, canvas: canvas, visit: visit))
      let told = try next(worker) { $0.outcome }
      #expect(
        told == (cause == .withdrawn ? .withdrawn(visit.session) : .refused),
        "\(cause): \(String(describing: told))"
      )
      let second = Worker.Submission(asked: 3, strokes: strokes, canvas: canvas, visit: visit)
      worker.store(second)
      #expect(try next(worker) { $0.outcome } == .saved)
      #expect(stored.ids.withLock { $0 } == [second.id], "\(cause)")
      worker.end()
    }
  }

  /// A worker on a store of its own, which has welcomed a visitor.
  private func atTheStore(_ scratch: ScratchDirectory, _ visit: Visit) throws -> Worker {
    let directory = scratch.path
    let worker = try Worker(recognizer: try recognizer()) {
      StoreRecorder(
        directory: directory, provenance: .init(software: "panel test", model: "test model"), log: { _ in })
    }
    try worker.start()
    worker.welcome(visit)
    _ = try next(worker) { if case .scoreboard = $0 { true } else { nil } }
    return worker
  }

  @Test("a visit is withdrawn by panelctl while its visitor draws on: what comes is dropped, no staff called")
  func withdrawnMeanwhile() throws {
    let scratch = ScratchDirectory()
    let (strokes, canvas) = sevenOnACanvas()
    var visit = Visit(pseudonym: .random(), session: .random(), nickname: "Amber Fox", name: "Test Wren")
    let worker = try atTheStore(scratch, visit)
    var (saved, dropped) = (0, 0)
    for round in 0..<12 {
      visit.session = .random()
      visit.pseudonym = .random()
      worker.store(Worker.Submission(asked: round % 10, strokes: strokes, canvas: canvas, visit: visit))
      let receipt = try next(worker) { if case .saved(let sample, _) = $0 { sample.receipt } else { nil } }
      let code = try #require(receipt)
      // The operator withdraws while the visitor submits: now and then the one is first, now and then the other.
      let control = try ProgramChild("panelctl", ["withdraw", code, "--yes", "--spool", scratch.path])
      usleep(UInt32(round) * 4000)
      worker.store(Worker.Submission(asked: 5, strokes: strokes, canvas: canvas, visit: visit))
      switch try next(worker, { $0.outcome }) {
      case .saved: saved += 1
      case .withdrawn(visit.session): dropped += 1
      case let other: Issue.record("round \(round): \(String(describing: other))")
      }
      #expect(control.status() == 0)
      worker.store(Worker.Submission(asked: 1, strokes: strokes, canvas: canvas, visit: visit))
      #expect(try next(worker) { $0.outcome } == .withdrawn(visit.session))
    }
    #expect(saved + dropped == 12)
    visit.session = .random()
    let last = Worker.Submission(asked: 2, strokes: strokes, canvas: canvas, visit: visit)
    worker.store(last)
    #expect(try next(worker) { $0.outcome } == .saved)
    worker.end()
    var ids: [Identifier] = []
    try Store.openReadOnly(directory: scratch.path).forEachSample { ids.append($0.id) }
    #expect(ids == [last.id])
    print(
      "withdrawn while its visitor submits: \(saved) saved before, \(dropped) dropped after, none is left")
  }

  @Test("the operator finds a visit by its receipt and deletes it; a store that fails says so")
  func byReceipt() throws {
    let scratch = ScratchDirectory()
    let (strokes, canvas) = sevenOnACanvas()
    let visit = Visit(pseudonym: .random(), session: .random(), nickname: "Amber Fox", name: "Test Wren")
    let worker = try atTheStore(scratch, visit)
    worker.store(Worker.Submission(asked: 7, strokes: strokes, canvas: canvas, visit: visit))
    _ = try next(worker) { $0.outcome }
    let code = ReceiptCode(session: visit.session)
    func look(_ code: ReceiptCode) throws -> [VisitSummary]? {
      worker.look(for: code)
      return try next(worker) { if case .visits(let visits, code) = $0 { visits } else { nil } }
    }
    #expect(try look(ReceiptCode(session: .random())) == [])
    let found = try #require(try look(code)?.first)
    #expect((found.session, found.samples, found.isNamed, found.withdrawn) == (visit.session, 1, true, nil))
    #expect(found.first != nil && found.first == found.last)
    worker.withdraw(found.session)
    let done = try next(worker) { if case .withdrawal(let done, found.session) = $0 { done } else { nil } }
    #expect(done == .done(samples: 1, isErased: true))
    let after = try #require(try look(code)?.first)
    #expect(after.samples == 0 && after.withdrawn != nil && !after.isNamed)
    worker.withdraw(found.session)
    let again = try next(worker) { if case .withdrawal(let done, _) = $0 { done } else { nil } }
    #expect(again == after.withdrawn.map { .before($0) })
    worker.welcome(visit)
    #expect(try next(worker) { if case .scoreboard(let board) = $0 { board.total } else { nil } } == 0)
    worker.end()

    let failing = try Worker(recognizer: try recognizer()) { StubbornRecorder(refusals: 0, stored: .init()) }
    try failing.start()
    for ask in [{ failing.look(for: code) }, { failing.withdraw(visit.session) }] {
      ask()
      let sentence = try next(failing) { if case .notWithdrawn(let sentence) = $0 { sentence } else { nil } }
      #expect(sentence?.hasSuffix("no space left on device") == true)
    }
    failing.end()
  }
}

/// What became of a submission.
private enum SubmissionOutcome: Equatable {
  case saved, withdrawn(Identifier), refused, failing(String)
}

extension Worker.Answer {
  fileprivate var outcome: SubmissionOutcome? {
    switch self {
    case .saved: .saved
    case .withdrawn(let session): .withdrawn(session)
    case .refused: .refused
    case .failing(let sentence): .failing(sentence)
    default: nil
    }
  }
}
