import Glibc
import Ink
import Kernel
import Recognizer
import Settings
import Synchronization
import Testing

@testable import Panel
@testable import Spool

@Suite("The recorder, when its store fails between a drawing and its answer")
struct StoreRecorderTests {
  private final class Log: Sendable { let lines = Mutex<[String]>([]) }

  private let scratch = ScratchDirectory()
  private let log = Log()

  private func recorder(in directory: String? = nil) -> StoreRecorder {
    StoreRecorder(
      directory: directory ?? scratch.path, provenance: .init(software: "panel test", model: "test model"),
      log: { [log] line in log.lines.withLock { $0.append(line) } })
  }

  /// A visitor whose name is not shown, so that storing looks for no name.
  private func visit() -> Visit {
    var visit = Visit(pseudonym: .random(), session: .random(), nickname: "Test Wren")
    visit.consent.nameShown = false
    return visit
  }

  private func submission(of visit: Visit, asked: Int = 7) -> Worker.Submission {
    var visitor = Visitor()
    visitor.drawSeven()
    return Worker.Submission(
      asked: asked, strokes: visitor.booth.sketch.strokes, canvas: visitor.booth.sketch.canvas, visit: visit)
  }

  private func reading(of submission: Worker.Submission) throws -> Reading {
    let path = try AssetSearch().find("model/digits.safetensors")
    var recognizer = try Recognizer(model: try contentsOfFile(path, limit: 1 << 20))
    return recognizer.read(
      strokes: submission.strokes, canvas: submission.canvas.pixels, brush: submission.brush)
  }

  private func failure<Answer>(_ body: () throws(RecorderError) -> Answer) -> RecorderError? {
    do throws(RecorderError) {
      _ = try body()
      return nil
    } catch { return error }
  }

  private func samples() throws -> [StoredSample] {
    var rows: [StoredSample] = []
    try Store.openReadOnly(directory: scratch.path).forEachSample { rows.append($0) }
    return rows
  }

  /// Tears the index by which a name is looked for. Opening does not meet it, storing a drawing without a name neither; a
  /// visitor's first scoreboard does.
  private func tear() throws {
    let page: Int64
    do {
      let connection = try Connection(scratch.path + "/panel.db", .readWrite)
      try connection.script("PRAGMA wal_checkpoint(TRUNCATE)")
      let root = try connection.integer(
        "SELECT rootpage FROM sqlite_schema WHERE name = 'contributors_by_name'")
      page = (try #require(root) - 1) * (try #require(try connection.integer("PRAGMA page_size")))
    }
    let file = try FileDescriptor.open(scratch.path + "/panel.db", O_RDWR)
    lseek(file.raw, Int(page), SEEK_SET)
    try file.writeAll([UInt8](repeating: 0xFF, count: 4096), to: "panel.db")
  }

  @Test("a drawing that is stored while its answer fails is stored and counted once, and its receipt comes")
  func answerFails() throws {
    let recorder = recorder()
    _ = try recorder.scoreboard(for: visit())
    let visitor = visit()
    let submission = submission(of: visitor)
    let reading = try reading(of: submission)
    let other = try Connection(scratch.path + "/panel.db", .readWrite)
    try other.script("ALTER TABLE contributors RENAME COLUMN name_key TO hidden")
    for _ in 0..<2 {
      let error = failure { () throws(RecorderError) in try recorder.record(submission, reading) }
      #expect(error?.cause == .disk, "\(String(describing: error))")
    }
    #expect(try samples().map(\.id) == [submission.id], "it is in the store")
    try other.script("ALTER TABLE contributors RENAME COLUMN hidden TO name_key")
    let (saved, board) = try recorder.record(submission, reading)
    #expect(saved.receipt == ReceiptCode(session: visitor.session).description)
    #expect(saved.uncounted.isEmpty)
    #expect((board.own, board.total, board.streak) == (1, 1, DigitSet(7)))
    let rows = try samples()
    #expect(rows.map(\.id) == [submission.id])
    // The next drawing is another one.
    var next = self.submission(of: visitor, asked: 8)
    next.id = .random()
    #expect(try recorder.record(next, reading).0.uncounted == .repeated, "the same ink, once counted")
    #expect(try samples().count == 2)
  }

  @Test(
    "below the reserve no digit is asked for; the drawing that crosses it is stored and answered",
    .enabled(if: SmallDisk.isPossible, "only root may mount the small disk that this test fills"))
  func reserve() throws {
    let disk = try SmallDisk(kilobytes: 80 << 10)
    let recorder = recorder(in: disk.path)
    let visitor = visit()
    let first = submission(of: visitor)
    let reading = try reading(of: first)
    let before = try recorder.scoreboard(for: visitor)
    #expect(before.prompt != nil && before.full == nil)
    let now = try Store.openReadOnly(directory: disk.path).statistics()
    // A page is left above the reserve.
    let spare = Int(now.freeBytes + now.reusableBytes - Store.reserve) / 1024 - 4
    try disk.remount(kilobytes: (80 << 10) - spare)
    #expect(try recorder.scoreboard(for: visitor).full == nil)
    let (saved, after) = try recorder.record(first, reading)
    #expect(saved.receipt == ReceiptCode(session: visitor.session).description)
    let sentence = try #require(after.full)
    #expect(sentence.contains("reserve") && after.prompt == nil && (after.own, after.total) == (1, 1))
    #expect(try recorder.scoreboard(for: visit()).full == sentence)
    var next = submission(of: visitor, asked: 8)
    next.id = .random()
    let error = failure { () throws(RecorderError) in try recorder.record(next, reading) }
    #expect(error?.cause == .disk && error?.description == sentence)
    try disk.remount(kilobytes: 80 << 10)
    let again = try recorder.scoreboard(for: visitor)
    #expect(again.prompt != nil && again.full == nil)
    #expect(try recorder.record(next, reading).1.total == 2)
  }

  @Test("damage that only reading meets is set aside at once, and the panel goes on as the same one")
  func damagedReading() throws {
    let panel: Identifier
    do {
      let store = try Store.open(directory: scratch.path)
      panel = store.panel
    }
    do {
      let first = recorder()
      let submission = submission(of: visit())
      for _ in 0..<3 {
        var again = submission
        again.id = .random()
        _ = try first.record(again, try reading(of: again))
      }
    }
    try tear()
    let recorder = recorder()
    let visitor = visit()
    let error = failure { () throws(RecorderError) in try recorder.scoreboard(for: visitor) }
    #expect(error?.cause == .disk, "\(String(describing: error))")
    #expect(log.lines.withLock { $0 }.contains { $0.contains("was set aside as") })
    #expect(try recorder.scoreboard(for: visitor).total == 0)
    let submission = submission(of: visitor)
    #expect(try recorder.record(submission, try reading(of: submission)).1.total == 1)
    let store = try Store.openReadOnly(directory: scratch.path)
    #expect(store.panel == panel)
    #expect(try store.statistics().setAside.count == 1)
    #expect(try samples().map { try $0.sample().sequence } == [4], "no number is used twice")
  }

  @Test("damage that the answer of a drawing meets leaves the drawing in the new store, as it was drawn")
  func damagedAnswer() throws {
    do { _ = try recorder().scoreboard(for: visit()) }
    try tear()
    let recorder = recorder()
    let visitor = visit()
    let submission = submission(of: visitor)
    let reading = try reading(of: submission)
    let error = failure { () throws(RecorderError) in try recorder.record(submission, reading) }
    #expect(error?.cause == .disk, "\(String(describing: error))")
    let (saved, board) = try recorder.record(submission, reading)
    #expect(saved.uncounted.isEmpty, "it is no repetition of itself")
    #expect((board.own, board.total, board.streak) == (1, 1, DigitSet(7)))
    #expect(try samples().map(\.id) == [submission.id])
  }
}
