import Ink
import PNG
import Recognizer
import Spool
import Testing

@testable import Panel

/// A visitor who draws straight into the real store, as the worker does it.
private struct Contestant {
  let recorder: StoreRecorder
  let directory: ScratchDirectory
  var visit = Visit(pseudonym: .random(), session: .random(), nickname: "Amber Fox", name: "Amber Fox")
  var now: UInt64 = 1_000_000_000_000
  var board = Scoreboard()
  private var drawn = 0

  init(_ rules: ChallengeRules = ChallengeRules(), in directory: ScratchDirectory = ScratchDirectory()) throws
  {
    self.directory = directory
    recorder = StoreRecorder(
      directory: directory.path, provenance: .init(software: "panel test", model: "test"), rules: rules,
      log: { _ in })
    board = try recorder.scoreboard(for: visit)
  }

  /// Another visitor steps up.
  mutating func replace(name: String? = nil, shown: Bool = true) throws {
    visit = Visit(
      pseudonym: .random(), session: .random(), nickname: "Amber Fox", name: name ?? "Amber Fox",
      isNameTyped: name != nil,
      consent: Consent(version: "test-2", dataSet: true, nameShown: shown))
    board = try recorder.scoreboard(for: visit)
  }

  /// Draws what is asked for, each time another shape, and submits it.
  ///
  /// - Parameters:
  ///   - pace: from one point to the next, in milliseconds.
  ///   - same: draws the shape of last time.
  @discardableResult
  mutating func draw(
    after seconds: UInt64 = 4, pace: UInt64 = 60, same: Bool = false, palm: Bool = false
  ) throws -> SavedSample {
    now += seconds * 1_000_000_000
    if !same { drawn += 1 }
    // 64 shapes, of which none is another moved.
    let (right, low) = (Float(drawn % 8) * 16, Float(drawn / 8 % 8) * 16)
    var visitor = Visitor()
    visitor.pace = pace
    visitor.draw([(40 + right, 40), (120, 60 + low), (60, 140 + low), (120 + right, 230)])
    let submission = Worker.Submission(
      asked: board.prompt ?? 0, strokes: visitor.booth.sketch.strokes, canvas: visitor.booth.sketch.canvas,
      visit: visit, palmSeen: palm, time: now)
    let (saved, board) = try recorder.record(submission, .blank)
    self.board = board
    return saved
  }

  /// All samples as they are stored.
  func samples() throws -> [Sample] {
    let store = try Store.openReadOnly(directory: directory.path)
    var rows: [StoredSample] = []
    try store.forEachSample { rows.append($0) }
    return try rows.map { try $0.sample() }
  }
}

@Suite("The competition")
struct CompetitionTests {
  @Test("count, rank, total and board are those of the store at once")
  func atOnce() throws {
    var contestant = try Contestant()
    for count in 1...3 {
      let saved = try contestant.draw()
      #expect(saved.rank == 1)
      #expect(contestant.board.own == count)
      #expect(contestant.board.total == count)
    }
    try contestant.replace(name: "Zoë")
    #expect(contestant.board.own == 0)
    #expect(contestant.board.rank == nil)
    #expect(contestant.board.board.map(\.own) == [false])
    let saved = try contestant.draw()
    #expect(saved.rank == 2)
    #expect(contestant.board.total == 4)
    #expect(
      contestant.board.board == [
        Scoreboard.Row(rank: 1, name: "Amber Fox", count: 3, own: false),
        Scoreboard.Row(rank: 2, name: "Zoë", count: 1, own: true),
      ])
  }

  @Test("the board names only those who chose to be shown, and stores no other name")
  func hidden() throws {
    var contestant = try Contestant()
    try contestant.replace(name: "Secret", shown: false)
    try contestant.draw()
    #expect(contestant.board.board == [Scoreboard.Row(rank: 1, name: nil, count: 1, own: true)])
    #expect(try Store.openReadOnly(directory: contestant.directory.path).contributor(named: "Secret") == nil)
  }

  @Test("a name that is on the board already goes on counting there")
  func goesOn() throws {
    var contestant = try Contestant()
    try contestant.replace(name: "Zoë")
    try contestant.draw()
    try contestant.draw()
    try contestant.replace(name: "Somebody")
    try contestant.draw()
    try contestant.replace(name: "zoë")
    #expect(contestant.board.own == 2)
    #expect(contestant.board.rank == 1)
    try contestant.draw()
    #expect(contestant.board.own == 3)
    #expect(contestant.board.board.map(\.count) == [3, 1])
    let samples = try contestant.samples()
    #expect(samples[0].contributor == samples[3].contributor)
    #expect(samples[0].session != samples[3].session)
  }

  @Test("a nickname that was only taken from the offer counts for nobody else")
  func offered() throws {
    var contestant = try Contestant()
    try contestant.draw()
    try contestant.replace()
    #expect(contestant.visit.name == "Amber Fox")
    #expect(contestant.board.own == 0)
    try contestant.draw()
    #expect(contestant.board.board.map(\.count) == [1, 1])
    #expect(contestant.board.board.map(\.name) == ["Amber Fox", "Amber Fox 2"], "told apart by a number")
    try contestant.draw()
    #expect(contestant.board.board.map(\.name) == ["Amber Fox 2", "Amber Fox"], "the same the next time")
    try contestant.replace()
    try contestant.draw()
    #expect(Set(contestant.board.board.map(\.name)) == ["Amber Fox", "Amber Fox 2", "Amber Fox 3"])
  }

  @Test("no nickname is on offer that anybody in the store has, wherever on the board")
  func offeredIsFree() throws {
    let directory = ScratchDirectory()
    let all = Nicknames(.english).all
    let free = Set(stride(from: 5, to: all.count, by: 60).map { all[$0] })
    do {
      let store = try Store.open(directory: directory.path)
      let png = try PNG.encode(drawing: Canvas().pixels, width: Canvas.side, height: Canvas.side)
      for name in all where !free.contains(name) {
        // As somebody may have typed it.
        try store.append(
          Sample(
            label: 1, strokes: [], png: png, contributor: .random(), session: .random(), language: "en",
            consent: Consent(version: "1", dataSet: true, nameShown: true), softwareVersion: "test",
            modelVersion: "none", prediction: nil, flags: [], time: .now()), name: name.uppercased())
      }
    }
    var contestant = try Contestant(in: directory)
    var offered: Set<String> = []
    for _ in 0..<40 {
      try contestant.replace()
      let nicknames = try #require(contestant.board.nicknames["en"])
      #expect(nicknames.count == 8 && Set(nicknames).count == 8)
      offered.formUnion(nicknames)
    }
    let plain = offered.intersection(all)
    #expect(!plain.isEmpty && plain.isSubset(of: free))
    #expect(offered.subtracting(plain).allSatisfy { $0.hasSuffix(" 2") })
    let first = contestant.board.nicknames
    try contestant.draw()
    #expect(contestant.board.nicknames == first, "they stay for the visit")
  }

  @Test("who hides a name does not count for the one who shows it")
  func hiddenNamesake() throws {
    var contestant = try Contestant()
    try contestant.replace(name: "Zoë")
    try contestant.draw()
    try contestant.replace(name: "Zoë", shown: false)
    #expect(contestant.board.own == 0)
  }

  @Test("a drawing that is handed in again is stored and flagged, and does not score")
  func repeated() throws {
    var contestant = try Contestant()
    #expect(try contestant.draw().uncounted == [])
    let again = try contestant.draw(same: true)
    #expect(again.uncounted == .repeated)
    #expect(contestant.board.own == 1)
    #expect(contestant.board.total == 2)
    #expect(try contestant.samples().map { $0.flags.contains(.repeated) } == [false, true])
  }

  @Test("a tap-through is stored and flagged, and does not score")
  func tapThrough() throws {
    var contestant = try Contestant()
    #expect(try contestant.draw(pace: 5).uncounted == .tooFast)
    #expect(contestant.board.own == 0)
    #expect(contestant.board.total == 1)
    var patient = try Contestant(ChallengeRules(leastDuration: 1000))
    #expect(try patient.draw(pace: 60).uncounted == .tooFast)
    #expect(try patient.draw(pace: 400).uncounted == [])
  }

  @Test("more drawings a minute than the rules count do not score, and others still do")
  func rushed() throws {
    var contestant = try Contestant(ChallengeRules(perMinute: 5))
    var counted: [Bool] = []
    for _ in 0..<8 { counted.append(try contestant.draw(after: 4).uncounted.isEmpty) }
    #expect(counted == [true, true, true, true, true, false, false, false])
    #expect(contestant.board.own == 5)
    #expect(try contestant.samples().map { $0.flags.contains(.rushed) } == counted.map { !$0 })
    // The minute is over for the first of them.
    #expect(try contestant.draw(after: 33).uncounted.isEmpty)
    try contestant.replace(name: "Another")
    #expect(try contestant.draw(after: 1).uncounted.isEmpty)
  }

  @Test("who comes back under a name within the minute does not escape the limit")
  func rushedAgain() throws {
    var contestant = try Contestant(ChallengeRules(perMinute: 2))
    try contestant.replace(name: "Zoë")
    try contestant.draw()
    try contestant.draw()
    try contestant.replace(name: "Zoë")
    #expect(try contestant.draw().uncounted == .rushed)
  }

  @Test("ten digits one after the other are a full block, and a drawing that does not count begins it anew")
  func fullBlock() throws {
    var contestant = try Contestant()
    var ends: [Bool] = []
    for _ in 0..<20 { ends.append(try contestant.draw().endsBlock) }
    #expect(ends.indices.filter { ends[$0] } == [9, 19])
    #expect(contestant.board.blocks == 2)
    for _ in 0..<5 { try contestant.draw() }
    #expect(contestant.board.streak.count == 5)
    try contestant.draw(same: true)
    #expect(contestant.board.streak.isEmpty)
    try contestant.replace(name: "Next")
    #expect(contestant.board.blocks == 0)
  }

  @Test("a visitor draws all ten before any comes again")
  func withoutRepeats() throws {
    var contestant = try Contestant()
    for _ in 0..<4 { try contestant.draw() }
    try contestant.replace(name: "Next")
    for _ in 0..<3 {
      var asked: Set<Int> = []
      for _ in 0..<10 { asked.insert(try contestant.draw().asked) }
      #expect(asked.count == 10)
    }
  }

  @Test("only the digits of the configuration are asked for, in blocks of their own")
  func someDigits() throws {
    let digits: DigitSet = [DigitSet(1), DigitSet(4), DigitSet(7)]
    var contestant = try Contestant(ChallengeRules(digits: digits))
    for _ in 0..<4 {
      var asked: [Int] = []
      for _ in 0..<3 { asked.append(try contestant.draw().asked) }
      #expect(asked.sorted() == [1, 4, 7])
    }
    #expect(contestant.board.blocks == 4)
    #expect(contestant.board.prompts == digits)
  }

  @Test("a digit whose target is reached rests until all are, and then all go on")
  func targets() throws {
    let rules = ChallengeRules(
      digits: [DigitSet(2), DigitSet(3), DigitSet(5)], targets: [0, 0, 1, 3, 0, 2, 0, 0, 0, 0])
    var contestant = try Contestant(rules)
    for _ in 0..<6 { try contestant.draw() }
    let store = try Store.openReadOnly(directory: contestant.directory.path)
    #expect(try store.statistics().perDigit == [0, 0, 1, 3, 0, 2, 0, 0, 0, 0])
    for _ in 0..<3 { try contestant.draw() }
    #expect(try store.statistics().perDigit == [0, 0, 2, 4, 0, 3, 0, 0, 0, 0])
  }

  @Test("a palm on the glass is flagged, and scores all the same")
  func palm() throws {
    var contestant = try Contestant()
    #expect(try contestant.draw(palm: true).uncounted == [])
    #expect(try contestant.samples().map { $0.flags.contains(.palm) } == [true])
  }

  @Test("consent and language of the visit are in every sample of it")
  func consent() throws {
    var contestant = try Contestant()
    try contestant.draw()
    contestant.visit.consent = Consent(version: "text-3", dataSet: false, nameShown: true)
    contestant.visit.language = "uk"
    try contestant.draw()
    let samples = try contestant.samples()
    #expect(samples.map(\.language) == ["en", "uk"])
    #expect(samples.map(\.consent.dataSet) == [true, false])
    #expect(samples.last?.consent.version == "text-3")
  }
}
