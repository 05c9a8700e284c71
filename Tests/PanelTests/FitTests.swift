import Display
import Ink
import Testing

@testable import Panel

/// Every text on every screen, measured with the real letters in the box that it gets.
@Suite("Texts and their boxes")
struct FitTests {
  /// What comes from the machine or from people, not from the strings, and may be of any length.
  private static let foreign: Set<String> = {
    let facts = OperatorVisit.facts
    return Set(
      [
        facts.display.words, facts.touch.words, facts.model, facts.software, Moment.sentence,
        "Ivo Ivo Ivo Ivo Ivo",
      ]
        + Studio.board.board.compactMap(\.name) + [
          "cannot store a drawing in /var/lib/panel: no space left on device"
        ]
    )
  }()

  @Test(
    "no text is cut or set below three quarters of its size: on no screen, in no language, for neither hand",
    arguments: LayoutTests.sizes)
  func fits(width: Int, height: Int) throws {
    let studio = try Studio()
    let view = studio.view(.dark)
    // What is measured does not depend on what is drawn; nothing of it is.
    var surface = Surface(width: 1, height: 1)
    for language in Picture.languages {
      let stand = Moment.Stand(studio: studio, width: width, height: height, language: language)
      // What does not fit stands on many screens; the first of them is told.
      var misfits: [String: String] = [:]
      for moment in Moment.all {
        var booth = try moment.booth(stand)
        // Only what stands around the sheet changes sides.
        for isLeftHanded in Self.hasSheet(booth) ? [false, true] : [false] {
          if isLeftHanded { _ = booth.resize(Layout(width: width, height: height, isLeftHanded: true)) }
          var said = 0
          studio.letters.observe = { fit in
            said += 1
            guard !fit.isWhole || fit.size * 4 < fit.wanted * 3, !Self.foreign.contains(fit.text) else {
              return
            }
            let words = "'\(fit.text)' at \(fit.size) of \(fit.wanted)\(fit.isWhole ? "" : ", cut")"
            misfits[words, default: moment.name + (isLeftHanded ? ", left hand" : "")] += ""
          }
          _ = view.draw(.everything, of: booth, on: &surface)
          studio.letters.observe = nil
          #expect(said > 0, "\(moment.name) says nothing")
        }
      }
      for (words, name) in misfits.sorted(by: { $0.key < $1.key }) {
        Issue.record("\(language) \(width)x\(height), \(name): \(words)")
      }
    }
  }

  private static func hasSheet(_ booth: Booth) -> Bool {
    switch booth.stage {
    case .attract, .sheet: booth.stillThere == nil
    case .consent, .name, .operator: false
    }
  }
}
