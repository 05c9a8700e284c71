import Ink
import Kernel
import PNG
import Recognizer
import Settings
import Spool
import Testing

@testable import Panel

@Suite("Visitors who do anything")
struct MonkeyTests {
  @Test(
    "a hundred of them: every screen is left by waiting, every stored sample is valid, digits are in balance")
  func hundred() throws {
    let scratch = ScratchDirectory()
    let path = try AssetSearch().find("model/digits.safetensors")
    let recognizer = try Recognizer(model: try contentsOfFile(path, limit: 1 << 20))
    let recorder = StoreRecorder(
      directory: scratch.path, provenance: .init(software: "panel test", model: recognizer.modelVersion),
      log: { _ in })
    var (touches, stored) = (0, 0)
    var screens: Set<String> = []
    for seed in 0..<100 {
      var monkey = try Monkey(
        seed: UInt64(seed), size: LayoutTests.sizes[seed % LayoutTests.sizes.count], recorder: recorder,
        recognizer: recognizer)
      while monkey.touches < 150 { try monkey.act() }
      try monkey.leave()
      try expectNothingLeft(monkey.visitor.booth, seed)
      touches += monkey.touches
      stored += monkey.stored
      screens.formUnion(monkey.screens)
      let counts = try Store.openReadOnly(directory: scratch.path).statistics().perDigit
      #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 1, "visitor \(seed) left \(counts)")
    }
    #expect(touches >= 10_000)
    #expect(stored >= 100, "they have stored only \(stored)")
    #expect(screens.isSuperset(of: ["attract", "consent", "name", "challenge", "free play", "still there"]))
    try expectValid(scratch.path, stored)
  }

  /// What the next visitor finds.
  private func expectNothingLeft(_ booth: Booth, _ seed: Int) throws {
    #expect(booth.screen == "attract", "visitor \(seed) left \(booth.screen)")
    #expect(booth.stillThere == nil)
    #expect(booth.phase == .drawing)
    #expect(booth.sketch.isEmpty)
    #expect(!booth.sketch.canUndo)
    #expect(booth.message == .none)
    #expect(booth.pressed == nil)
    #expect(booth.scoreboard.own == 0)
    #expect(booth.scoreboard.board.allSatisfy { !$0.own })
    #expect(booth.deadline == nil, "visitor \(seed) left something to wake for")
  }

  private func expectValid(_ directory: String, _ count: Int) throws {
    let store = try Store.openReadOnly(directory: directory)
    var rows: [StoredSample] = []
    try store.forEachSample { rows.append($0) }
    #expect(rows.count == count)
    for (index, row) in rows.enumerated() {
      // Reading a record checks its hash.
      let sample = try row.sample()
      #expect(sample.sequence == UInt64(index + 1))
      #expect(sample.strokes.contains { !$0.points.isEmpty })
      #expect(sample.flags.isDisjoint(with: [.blank, .dot]))
      let picture = try PNG.decode(sample.png)
      #expect(picture.width == Canvas.side && picture.height == Canvas.side)
    }
  }
}
