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
  private let stored: Shared
  final class Shared: Sendable { let ids = Mutex<[Identifier]>([]) }

  init(refusals: Int, stored: Shared) {
    self.refusals = refusals
    self.stored = stored
  }

  func tidy() {}

  func scoreboard(for visit: Visit) throws(RecorderError) -> Scoreboard { Scoreboard(prompt: 4) }

  func record(
    _ submission: Worker.Submission, _ reading: Reading
  ) throws(RecorderError) -> (SavedSample, Scoreboard) {
    refusals -= 1
    if refusals >= 0 {
      throw RecorderError(description: "cannot store: no space left on device", isSetUp: false)
    }
    stored.ids.withLock { $0.append(submission.id) }
    return (SavedSample(asked: submission.asked, read: nil, percent: 0, receipt: "X"), Scoreboard(prompt: 5))
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
}
