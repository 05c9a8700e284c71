import Display
import Spool
import Testing

@testable import Panel

/// What the screens tell of counts, rank and board, at every size.
@Suite("The visitor's standing")
struct StandingTests {
  @Test("own count, rank and total are told on every panel, in every language", arguments: LayoutTests.sizes)
  func counts(width: Int, height: Int) throws {
    let studio = try Studio()
    for language in Picture.languages {
      for isLeftHanded in [false, true] {
        let booth = studio.booth(
          Picture(
            scene: .challenge, width: width, height: height, language: language, isLeftHanded: isLeftHanded))
        let strings = booth.strings
        let texts = Set(studio.said(booth))
        #expect(texts.isSuperset(of: ["12", "4", BoothView.grouped(1284)]), "\(language) \(width)x\(height)")
        #expect(texts.isSuperset(of: [strings[.yours], strings[.rank]]), "\(language) \(width)x\(height)")
        #expect(
          texts.contains(strings[.everyone]) || texts.contains(strings[.everyoneShort]),
          "\(language) \(width)x\(height)")
      }
    }
  }

  @Test("the invitation shows the best three on every panel", arguments: LayoutTests.sizes)
  func best(width: Int, height: Int) throws {
    let studio = try Studio()
    for isLeftHanded in [false, true] {
      let texts = studio.said(
        studio.booth(Picture(scene: .attract, width: width, height: height, isLeftHanded: isLeftHanded)))
      for row in Studio.board.board.prefix(3) {
        #expect(texts.contains(row.name ?? "") && texts.contains("\(row.count)"), "\(width)x\(height)")
      }
    }
  }

  @Test("with Saved stands the own rank, on every panel and in every language", arguments: LayoutTests.sizes)
  func rank(width: Int, height: Int) throws {
    let studio = try Studio()
    for language in Picture.languages {
      let booth = studio.booth(
        Picture(scene: .thanks, width: width, height: height, language: language))
      let (strings, texts) = (booth.strings, studio.said(booth))
      #expect(texts.contains(strings[.saved]))
      #expect(texts.contains { $0.hasSuffix("K7TM-2QXD") }, "\(language) \(width)x\(height)")
      #expect(
        texts.contains(strings(.yourRank, [.count: "4"])) || texts.contains("\(strings[.rank]) 4"),
        "\(language) \(width)x\(height)")
    }
  }

  @Test("a small panel has the first three of the board beside the sheet, where Submit stays large")
  func small() throws {
    let layout = Layout(width: 480, height: 320)
    let board = try #require(layout.board)
    #expect(board.y > layout.clear.maxY && board.maxY < layout.submit.y)
    #expect(layout.submit.height >= 48)
    let studio = try Studio()
    let texts = studio.said(studio.booth(Picture(scene: .challenge, width: 480, height: 320)))
    #expect(texts.contains("Amber Otter"))
  }
}
