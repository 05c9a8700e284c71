import Kernel
import Randomness
import Testing

@testable import Spool

@Suite("What a store remembers of uploads")
struct UploadTests {
  private let scratch: Scratch
  private let store: Store
  private let database = Identifier.random()

  init() throws {
    scratch = try Scratch()
    store = try Store.open(directory: scratch.path)
  }

  private func fill(_ count: Int) throws -> [(row: Int64, id: Identifier)] {
    var generator = SplitMix64(seed: UInt64(count))
    let before = try store.connection.integer("SELECT coalesce(max(id), 0) FROM samples") ?? 0
    for _ in 0..<count { try store.append(Drawings.sample(using: &generator)) }
    var rows: [(row: Int64, id: Identifier)] = []
    try store.forEachSample(after: before) { rows.append(($0.row, $0.id)) }
    return rows
  }

  @Test("nothing is remembered of a database that was never met, and each is remembered apart")
  func apart() throws {
    let rows = try fill(4)
    #expect(try store.uploads(to: database) == Uploads())
    let batch = Identifier.random()
    #expect(try store.noteUpload(batch, to: database, after: 0, samples: rows, refused: []) == 4)
    #expect(try store.uploads(to: database) == Uploads(row: 4, batches: [batch: 0], refused: []))
    #expect(try store.uploads(to: .random()) == Uploads())
    #expect(try store.count(after: 4) == 0)
    #expect(try store.count(after: 1) == 3)
    #expect(try store.count(after: 0) == 4)
  }

  @Test("a refused sample is remembered until it is taken, and forgotten when it is withdrawn")
  func refused() throws {
    let rows = try fill(4)
    _ = try store.noteUpload(
      .random(), to: database, after: 0, samples: rows, refused: [(2, "no"), (3, "no"), (4, "no")])
    #expect(try store.uploads(to: database).refused == [2, 3, 4])
    #expect(try store.uploads(to: database).row == 4)
    #expect(try store.noteUpload(.random(), to: database, after: 4, samples: [rows[1]], refused: []) == 4)
    #expect(try store.uploads(to: database).refused == [3, 4])
    try store.connection.run("DELETE FROM samples WHERE id = 4")
    #expect(try store.uploads(to: database).refused == [3])
  }

  @Test(
    "a row that was withdrawn and given to another sample is offered, also when that happened during the upload"
  )
  func rowGivenAgain() throws {
    let rows = try fill(6)
    #expect(
      try store.noteUpload(.random(), to: database, after: 0, samples: Array(rows[..<4]), refused: []) == 4)
    // Rows 4 to 6 go, and 4 comes again for another sample, while 5 and 6 are on their way.
    try store.connection.run("DELETE FROM samples WHERE id >= 4")
    #expect(try store.uploads(to: database).row == 3)
    let new = try fill(1)
    #expect(new.map(\.row) == [4])
    #expect(
      try store.noteUpload(.random(), to: database, after: 4, samples: Array(rows[4...]), refused: []) == 3)
    #expect(try store.uploads(to: database).row == 3)
    #expect(try store.sample(row: 4)?.id == new[0].id)
    #expect(try store.sample(row: 5)?.id == nil)
  }

  @Test("what a database has lost is forgotten from there on")
  func forgotten() throws {
    let rows = try fill(6)
    let (first, second) = (Identifier.random(), Identifier.random())
    _ = try store.noteUpload(first, to: database, after: 0, samples: Array(rows[..<3]), refused: [])
    _ = try store.noteUpload(second, to: database, after: 3, samples: Array(rows[3...]), refused: [])
    try store.forgetUploads(to: database, after: 3)
    #expect(try store.uploads(to: database) == Uploads(row: 3, batches: [first: 0], refused: []))
  }

  @Test("a refused sample that was taken later is offered again when the database has lost that batch")
  func refusedThenForgotten() throws {
    let rows = try fill(6)
    let (first, again, later) = (Identifier.random(), Identifier.random(), Identifier.random())
    _ = try store.noteUpload(
      first, to: database, after: 0, samples: Array(rows[..<5]), refused: [(2, "no"), (3, "no"), (4, "no")])
    // The second is refused once more, the third and the fourth are taken.
    #expect(
      try store.noteUpload(again, to: database, after: 5, samples: Array(rows[1..<4]), refused: [(2, "no")])
        == 5)
    #expect(try store.noteUpload(later, to: database, after: 5, samples: [rows[5]], refused: []) == 6)
    let uploads = try store.uploads(to: database)
    #expect(uploads == Uploads(row: 6, batches: [first: 0, again: 2, later: 5], refused: [2]))
    // A copy from before it lacks both of the later batches.
    let lost = try #require([uploads.batches[again], uploads.batches[later]].compactMap { $0 }.min())
    try store.forgetUploads(to: database, after: lost)
    #expect(try store.uploads(to: database) == Uploads(row: 2, batches: [first: 0], refused: [2]))
    #expect(try store.count(after: 2) == 4)
  }

  @Test("a batch of which nothing was taken has nothing that could be lost")
  func refusedAgain() throws {
    let rows = try fill(4)
    let again = Identifier.random()
    _ = try store.noteUpload(.random(), to: database, after: 0, samples: rows, refused: [(2, "no")])
    _ = try store.noteUpload(again, to: database, after: 4, samples: [rows[1]], refused: [(2, "no")])
    #expect(try store.uploads(to: database).batches[again] == 4)
  }

  @Test("what is offered again is offered once: it is no longer among the refused")
  func refusedAndForgotten() throws {
    let rows = try fill(6)
    _ = try store.noteUpload(
      .random(), to: database, after: 0, samples: rows, refused: [(2, "no"), (5, "no")])
    try store.forgetUploads(to: database, after: 3)
    #expect(try store.uploads(to: database).row == 3)
    #expect(try store.uploads(to: database).refused == [2])
  }
}
